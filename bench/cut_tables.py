#!/usr/bin/env python3
"""cut_tables.py FROM TO ROWS: every CSV table under FROM (packed or not), cut to ROWS rows spread evenly, in TO."""
import gzip
import pathlib
import sys


def main():
    source, target, most = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), int(sys.argv[3])
    target.mkdir(parents=True, exist_ok=True)
    for path in sorted([*source.glob("**/*.csv"), *source.glob("**/*.csv.gz")]):
        open_file = gzip.open if path.suffix == ".gz" else open
        with open_file(path, "rt", newline="") as file:
            header, *rows = file
        kept = rows if len(rows) <= most else [rows[i * len(rows) // most] for i in range(most)]
        (target / path.name.removesuffix(".gz")).write_text(header + "".join(kept))


main()
