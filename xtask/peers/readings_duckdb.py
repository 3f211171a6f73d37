"""A table of readings in DuckDB: readings_duckdb.py DATA FOLDER PLANTS DAYS FIRST LOOKS

Reads the Parquet files of DATA, writes a folder for each day, sorted by meter and time, in small
row groups; then looks up days and months of meters. One line of JSON for each measurement.
"""
import datetime
import json
import resource
import shutil
import sys
import time

import duckdb


def cpu():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def median(name, times, total):
    times.sort()
    print(json.dumps({"name": name, "median_ms": times[len(times) // 2],
                      "p95_ms": times[len(times) * 95 // 100], "sum": total}))


def main():
    data, folder = sys.argv[1], sys.argv[2]
    plants, days, looks = int(sys.argv[3]), int(sys.argv[4]), int(sys.argv[6])
    first = datetime.date.fromisoformat(sys.argv[5])
    shutil.rmtree(folder, ignore_errors=True)
    connection = duckdb.connect()
    begin, before = time.perf_counter(), cpu()
    connection.execute(f"""
        copy (select plant as meter, instant, "power (kWh)" as value,
                     strftime(instant, '%Y-%m-%d') as day
              from read_parquet('{data}/*.parquet') order by meter, instant)
        to '{folder}' (format parquet, partition_by (day), row_group_size 8192)""")
    wall, used = time.perf_counter() - begin, cpu() - before
    rows = connection.execute(
        f"select count(*) from read_parquet('{folder}/*/*.parquet')").fetchone()[0]
    print(json.dumps({"name": "load", "rows": rows, "wall_s": wall, "cpu_s": used,
                      "rows_per_s": rows / wall}))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"name": "peak", "mib": peak}))
    meter = lambda number: f"E{number * 7919 % plants:05}"
    times, total = [], 0.0
    for number in range(looks):
        day = first + datetime.timedelta(days=number * 31 % days)
        begin = time.perf_counter()
        found = connection.execute(
            f"select instant, value from read_parquet('{folder}/day={day}/*.parquet', "
            "hive_partitioning = false) where meter = ? order by instant",
            [meter(number)]).fetchall()
        times.append((time.perf_counter() - begin) * 1e3)
        total += sum(value for _, value in found)
    median("day", times, total)
    times, total = [], 0.0
    for number in range(looks // 4):
        begin = time.perf_counter()
        found = connection.execute(
            f"select day, sum(value), count(*) from read_parquet('{folder}/day="
            f"{first:%Y-%m}-*/*.parquet', hive_partitioning = true) where meter = ? group by day",
            [meter(number)]).fetchall()
        times.append((time.perf_counter() - begin) * 1e3)
        total += sum(value for _, value, _ in found)
    median("month", times, total)


main()
