"""The uncertainty benchmark, vectorised by hand: python numpy_inventory.py LINES GROUPS DRAWS

Lines: activity, share and group of each line; groups: factor of each group. All are normal; 95 %
half-widths of 10 %, 5 % and 20 %. Blocks of draws fit the cache, buffers are used again, all is
float64. Prints mean and standard deviation of the total on its last line.
"""

import csv
import sys

import numpy as np

BLOCK = 64
Z = 1.959963984540054


def read(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def main():
    lines, groups, draws = read(sys.argv[1]), read(sys.argv[2]), int(sys.argv[3])
    number = {row["group"]: at for at, row in enumerate(groups)}
    order = sorted(range(len(lines)), key=lambda at: number[lines[at]["group_of"]])
    group = np.array([number[lines[at]["group_of"]] for at in order])
    activity = np.array([float(lines[at]["activity (MWh)"]) for at in order])
    share = np.array([float(lines[at]["share_of"]) for at in order])
    factor = np.array([float(row["ef (tCO2/MWh)"]) for row in groups])
    starts = np.searchsorted(group, np.arange(len(groups)))
    random = np.random.default_rng(1)
    subtotals = np.empty((draws, len(groups)))
    a = np.empty((BLOCK, len(lines)))
    b = np.empty((BLOCK, len(lines)))
    f = np.empty((BLOCK, len(groups)))
    for first in range(0, draws, BLOCK):
        count = min(BLOCK, draws - first)
        x, y, z = a[:count], b[:count], f[:count]
        random.standard_normal(out=x)
        x *= 0.10 / Z * activity
        x += activity
        random.standard_normal(out=y)
        y *= 0.05 / Z * share
        y += share
        random.standard_normal(out=z)
        z *= 0.20 / Z * factor
        z += factor
        x *= y
        np.take(z, group, axis=1, out=y, mode="clip")
        x *= y
        np.add.reduceat(x, starts, axis=1, out=subtotals[first : first + count])
    total = subtotals.sum(axis=1)
    low, median, high = np.percentile(subtotals, [2.5, 50, 97.5], axis=0)
    print(subtotals.mean(axis=0).sum(), median.sum(), (high - low).sum(), subtotals.std(axis=0, ddof=1).sum())
    print(*np.percentile(total, [2.5, 50, 97.5]))
    print(total.mean(), total.std(ddof=1))


main()
