#!/usr/bin/env python3
"""digits.py CAVIAR: the bundled digits as pictures of 8 × 8 pixels, judged on rows that nothing else has seen.

The rows are split as in tables.py. 15 % of the training pictures choose between three recipes by their log loss; then
it is trained on all of them and judged once on the test pictures. Prints, over seeds, mean and spread.
"""
import argparse
import json
import pathlib
import statistics
import struct
import subprocess
import tempfile

import tables

COMMON = {"data": "training-images-idx3-ubyte", "labels": "training-labels-idx1-ubyte",
          "test_data": "test-images-idx3-ubyte", "test_labels": "test-labels-idx1-ubyte", "target": "label",
          "optimizer": "adamw", "weight_decay": 0.01, "schedule": "cosine", "batch_size": 64, "learning_rate": 0.003,
          "epochs": 80, "hidden_units": "256-128", "early_stopping": False}
RECIPES = [{"dropout": 0.3},
           {"dropout": 0.1, "augment": {"shift": 0.5, "scale": 0.1}},
           {"dropout": 0.1, "augment": {"shift": 1, "scale": 0.1}}]


def write_pictures(folder, part, rows):
    """As IDX; the table's pixels go from 0 to 16."""
    pixels = bytes(int(cell) * 255 // 16 for row in rows for cell in row[:64])
    (folder / f"{part}-images-idx3-ubyte").write_bytes(struct.pack(">IIII", 0x803, len(rows), 8, 8) + pixels)
    labels = bytes(int(row[64]) for row in rows)
    (folder / f"{part}-labels-idx1-ubyte").write_bytes(struct.pack(">II", 0x801, len(rows)) + labels)


def train(caviar, folder, seed, recipe, validation):
    file = folder / "digits.json"
    file.write_text(json.dumps({"objective": {"train": {**COMMON, **recipe, "seed": seed, "validation": validation}}}))
    done = subprocess.run([caviar, "train", file, "--json"], check=True, capture_output=True, text=True)
    return json.loads(done.stdout)["metrics"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("caviar", type=pathlib.Path)
    parser.add_argument("--seeds", type=int, default=5)
    options = parser.parse_args()
    caviar = options.caviar.resolve()
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        _, training, test = tables.parts_of(folder, "digits")
        write_pictures(folder, "training", training)
        write_pictures(folder, "test", test)
        chosen = {}
        for index, recipe in enumerate(RECIPES):
            losses = [train(caviar, folder, seed, recipe, 0.15)["validation_log_loss"] for seed in range(options.seeds)]
            chosen[statistics.mean(losses)] = recipe
            print(f"recipe {index}: validation log loss {statistics.mean(losses):.4f}", flush=True)
        best = chosen[min(chosen)]
        found = [train(caviar, folder, seed, best, 0)["test_accuracy"] for seed in range(options.seeds)]
    print(f"{best}: test accuracy {statistics.mean(found):.4f} ± {statistics.stdev(found):.4f}, worst {min(found):.4f}")


if __name__ == "__main__":
    main()
