#!/usr/bin/env python3
"""cut_tables.py FROM TO ROWS: every CSV table under FROM (packed or not), cut to ROWS rows spread evenly, in TO.

Pictures (train*-images-idx3-ubyte.gz beside train*-labels-idx1-ubyte.gz) become tables as well, named after their
folder, each pixel the mean of two by two of theirs.
"""
import gzip
import pathlib
import sys


def spread(count, most):
    return range(count) if count <= most else [i * count // most for i in range(most)]


def cut_table(path, target, most):
    open_file = gzip.open if path.suffix == ".gz" else open
    with open_file(path, "rt", newline="") as file:
        header, *rows = file
    kept = "".join(rows[i] for i in spread(len(rows), most))
    (target / path.name.removesuffix(".gz")).write_text(header + kept)


def cut_pictures(path, target, most):
    images = gzip.open(path).read()
    labels = gzip.open(str(path).replace("images-idx3", "labels-idx1")).read()[8:]
    height, width = (int.from_bytes(images[at : at + 4], "big") for at in (8, 12))
    size = height * width
    with open(target / f"{path.parent.name}.csv", "w") as file:
        file.write(",".join(f"pixel{i}" for i in range(size // 4)) + ",label\n")
        for i in spread(len(labels), most):
            pixels = images[16 + i * size : 16 + (i + 1) * size]
            for y in range(0, height, 2):
                for x in range(0, width, 2):
                    at = y * width + x
                    four = pixels[at] + pixels[at + 1] + pixels[at + width] + pixels[at + width + 1]
                    file.write(f"{four // 4},")
            file.write(f"{labels[i]}\n")


def main():
    source, target, most = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), int(sys.argv[3])
    target.mkdir(parents=True, exist_ok=True)
    for path in sorted([*source.glob("**/*.csv"), *source.glob("**/*.csv.gz")]):
        cut_table(path, target, most)
    for path in sorted(source.glob("**/train*-images-idx3-ubyte.gz")):
        cut_pictures(path, target, most)


main()
