#!/usr/bin/env python3
"""large_table.py ROWS COLUMNS SEED: writes a CSV of numbers such as -3.142 to stdout, the columns x0, x1, … and y, which
is 1 where the first three add up to more than 0. Needs numpy; the same every time."""
import sys

import numpy as np

AT_ONCE = 50_000


def main() -> None:
    rows, columns, seed = (int(word) for word in sys.argv[1:])
    texts = [f"{(i - 5000) / 1000:+.3f},".replace("+", "0") for i in range(10_000)]  # all seven bytes long
    cells = np.array([list(text.encode()) for text in texts], dtype=np.uint8)
    chance = np.random.default_rng(seed)
    out = sys.stdout.buffer
    out.write((",".join(f"x{i}" for i in range(columns)) + ",y\n").encode())
    for first in range(0, rows, AT_ONCE):
        count = min(AT_ONCE, rows - first)
        drawn = chance.integers(0, 10_000, (count, columns))
        y = (drawn[:, 0] + drawn[:, 1] + drawn[:, 2] > 15_000).astype(np.uint8) + ord("0")
        end = np.stack([y, np.full(count, ord("\n"), np.uint8)], axis=1)
        out.write(np.concatenate([cells[drawn].reshape(count, -1), end], axis=1).tobytes())


if __name__ == "__main__":
    main()
