#!/usr/bin/env python3
"""fresh.py CAVIAR FOLDER NAME: a recipe chosen by folds of the training rows alone, then judged once.

NAME is digits (a table of 64 numbers), pictures (the same as 8 × 8 pixels) or adult. The digits are split anew for
every seed: four fifths of the rows, drawn by chance, are the training part. The rows of adult have an official test
part. For each split, every recipe is trained on 4 folds of the training part; that of the least log loss is trained on
all of it and judged on the test part, which nothing else has seen. Prints what was chosen, then mean and spread.
"""
import argparse
import itertools
import json
import pathlib
import random
import statistics
import struct
import subprocess
import tempfile

import tables

COMMON = {"optimizer": "adamw", "weight_decay": 0.01, "schedule": "cosine", "batch_size": 64, "early_stopping": False}


def product(**choices):
    return [dict(zip(choices, values)) for values in itertools.product(*choices.values())]


RECIPES = {
    "digits": product(scaling=["standard", "range"], hidden_units=["256-128"], learning_rate=[0.001, 0.003],
                      dropout=[0.0, 0.3], epochs=[80]),
    "pictures": product(hidden_units=["256-128"], learning_rate=[0.003], dropout=[0.1, 0.3],
                        augment=[{}, {"shift": 0.5, "scale": 0.1}, {"shift": 1, "scale": 0.1}], epochs=[80]),
    "adult": product(hidden_units=["64"], learning_rate=[0.001], dropout=[0.1, 0.3],
                     weight_average=[0, 0.999], epochs=[8, 16]),
}


def write_pictures(folder, part, rows):
    """As IDX; the table's pixels go from 0 to 16."""
    pixels = bytes(int(cell) * 255 // 16 for row in rows for cell in row[:64])
    (folder / f"{part}-images-idx3-ubyte").write_bytes(struct.pack(">IIII", 0x803, len(rows), 8, 8) + pixels)
    labels = bytes(int(row[64]) for row in rows)
    (folder / f"{part}-labels-idx1-ubyte").write_bytes(struct.pack(">II", 0x801, len(rows)) + labels)


def split(folder, home, name, seed):
    """Writes the parts of one split and says where they lie."""
    header, train, test = tables.parts_of(home, "adult" if name == "adult" else "digits")
    if name != "adult":
        rows = train + test
        random.Random(seed).shuffle(rows)
        train, test = rows[len(rows) // 5:], rows[:len(rows) // 5]
    if name == "pictures":
        write_pictures(folder, "training", train)
        write_pictures(folder, "test", test)
        return {"data": "training-images-idx3-ubyte", "labels": "training-labels-idx1-ubyte", "target": "label",
                "test_data": "test-images-idx3-ubyte", "test_labels": "test-labels-idx1-ubyte"}
    tables.write(folder / "train.csv", header, train)
    tables.write(folder / "test.csv", header, test)
    extra = {"target": "income", "ignore": ["fnlwgt"]} if name == "adult" else {"target": "digit"}
    return {"data": "train.csv", "test_data": "test.csv", "task": "classification", **extra}


def train(caviar, folder, spec):
    (folder / "spec.json").write_text(json.dumps({"objective": {"train": spec}}))
    done = subprocess.run([caviar, "train", folder / "spec.json", "--json"], check=True, capture_output=True, text=True)
    return json.loads(done.stdout)["metrics"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("caviar", type=pathlib.Path)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("name", choices=list(RECIPES))
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--first-seed", type=int, default=101)
    options = parser.parse_args()
    caviar = options.caviar.resolve()
    found, best = [], None
    for seed in range(options.first_seed, options.first_seed + options.seeds):
        with tempfile.TemporaryDirectory() as temporary:
            folder = pathlib.Path(temporary)
            spec = {**split(folder, options.folder, options.name, seed), **COMMON, "seed": seed}
            # The parts of adult are the same for every seed: chosen once.
            if best is None or options.name != "adult":
                losses = [train(caviar, folder, {**spec, **recipe, "validation": {"folds": 4}})["validation_log_loss"]
                          for recipe in RECIPES[options.name]]
                best = RECIPES[options.name][losses.index(min(losses))]
                print(f"seed {seed}: {best}, log loss {min(losses):.4f} of {', '.join(f'{x:.4f}' for x in losses)}",
                      flush=True)
            found.append(train(caviar, folder, {**spec, **best, "validation": 0})["test_accuracy"])
    print(f"{options.name}: test accuracy {statistics.mean(found):.4f} ± {statistics.stdev(found):.4f}, worst "
          f"{min(found):.4f}: {' '.join(f'{x:.4f}' for x in found)}")


if __name__ == "__main__":
    main()
