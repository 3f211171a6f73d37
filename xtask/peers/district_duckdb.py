"""The district's job in DuckDB: district_duckdb.py FOLDER THREADS OUT.csv

Monthly energy of each plant, times the month's factor, by town, sector and month.
"""
import sys

import duckdb

JOB = """
copy (
    with monthly as (
        select plant, date_trunc('month', instant) as month, sum("power (kWh)") as kwh
        from read_parquet('{folder}/readings/*.parquet')
        group by plant, date_trunc('month', instant)
    ), factor as (
        select strptime(month, '%Y-%m') as month, "ef (kgCO2/kWh)" as kg_per_kwh
        from read_csv('{folder}/ef.csv', header = true, types = {{'month': 'VARCHAR'}})
    )
    select town_of, sector_of, strftime(monthly.month, '%Y-%m') as month,
           sum(kwh * kg_per_kwh / 1000) as tonnes
    from monthly
    join factor on factor.month = monthly.month
    join read_csv('{folder}/plants.csv', header = true) as plants on plants.plant = monthly.plant
    group by town_of, sector_of, monthly.month
    order by town_of, sector_of, monthly.month
) to '{out}' (header true)
"""


def main():
    folder, threads, out = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    connection = duckdb.connect(config={"threads": threads})
    connection.execute(JOB.format(folder=folder, out=out))


main()
