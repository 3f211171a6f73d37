"""A job along series in DuckDB: series_duckdb.py FOLDER THREADS OUT.csv

The highest running total of each plant's readings in each month.
"""
import sys

import duckdb

JOB = """
copy (
    with running as (
        select plant, instant,
               sum("power (kWh)") over (partition by plant order by instant) as total
        from read_parquet('{folder}/readings/*.parquet')
    )
    select plant, strftime(date_trunc('month', instant), '%Y-%m') as month, max(total) as highest
    from running
    group by plant, date_trunc('month', instant)
    order by plant, date_trunc('month', instant)
) to '{out}' (header true)
"""


def main():
    folder, threads, out = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    connection = duckdb.connect(config={"threads": threads})
    connection.execute(JOB.format(folder=folder, out=out))


main()
