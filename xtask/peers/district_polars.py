"""The district's job in Polars, streaming: district_polars.py FOLDER THREADS OUT.csv

Monthly energy of each plant, times the month's factor, by town, sector and month.
"""
import os
import sys

# Read once, when the library is loaded.
os.environ["POLARS_MAX_THREADS"] = sys.argv[2]

import polars as pl  # noqa: E402


def main():
    folder, out = sys.argv[1], sys.argv[3]
    month = pl.col("instant").dt.truncate("1mo")
    monthly = (
        pl.scan_parquet(f"{folder}/readings/*.parquet")
        .group_by(pl.col("plant").cast(pl.String), month.alias("month"))
        .agg(pl.col("power (kWh)").sum().alias("kwh"))
        .with_columns(pl.col("month").dt.strftime("%Y-%m"))
    )
    factor = pl.scan_csv(f"{folder}/ef.csv", schema_overrides={"month": pl.String})
    plants = pl.scan_csv(f"{folder}/plants.csv")
    keys = ["town_of", "sector_of", "month"]
    tonnes = pl.col("kwh") * pl.col("ef (kgCO2/kWh)") / 1000
    result = (
        monthly.join(factor, on="month")
        .join(plants, on="plant")
        .group_by(keys)
        .agg(tonnes.sum().alias("tonnes"))
        .sort(keys)
        .collect(engine="streaming")
    )
    result.write_csv(out)


main()
