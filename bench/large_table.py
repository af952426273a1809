#!/usr/bin/env python3
"""large_table.py ROWS COLUMNS: writes a CSV of numbers such as -3.142 to stdout, the columns x0, x1, … and y, which is
1 where the first three add up to more than 0. The same every time."""
import random
import sys


def main() -> None:
    rows, columns = int(sys.argv[1]), int(sys.argv[2])
    chance = random.Random(1)
    numbers = [i / 1000 for i in range(-5000, 5000)]
    texts = [f"{number:.3f}" for number in numbers]
    print(",".join(f"x{i}" for i in range(columns)) + ",y")
    for _ in range(rows):
        drawn = chance.choices(range(10000), k=columns)
        y = int(sum(numbers[i] for i in drawn[:3]) > 0)
        sys.stdout.write(",".join([texts[i] for i in drawn]) + f",{y}\n")


if __name__ == "__main__":
    main()
