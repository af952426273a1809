#!/usr/bin/env python3
"""tables.py CAVIAR FOLDER [NAME...]: networks for many tables, judged on rows that nothing else has seen.

FOLDER holds one folder for each table (docs/accuracy.md says which); digits is this project's own. Every table is
trained by a few recipes; 15 % of the training rows decide when to stop and which recipe it is, then it is trained on all of them. Where a table has no official test
part, row i is a test row when (i * 2654435769) mod 2^32 < 858993459: a fifth of the rows, spread evenly. Prints, over
seeds, mean and spread beside scikit-learn's figures on the same rows.
"""
import argparse
import concurrent.futures
import csv
import gzip
import json
import pathlib
import statistics
import subprocess
import tempfile

COMMON = {"optimizer": "adamw", "weight_decay": 0.01, "schedule": "cosine", "batch_size": 64}
RECIPES = [{"hidden_units": "256-128", "learning_rate": 0.003, "dropout": 0.0},
           {"hidden_units": "256-128", "learning_rate": 0.003, "dropout": 0.1},
           {"hidden_units": "128-64", "learning_rate": 0.001, "dropout": 0.0},
           {"hidden_units": "64", "learning_rate": 0.001, "dropout": 0.1},
           {"hidden_units": "32-32", "learning_rate": 0.003, "dropout": 0.0, "activation": "tanh"}]

# name: (target, extra keys, test figure of scikit-learn 1.2.1: MLP with 64 hidden units, gradient boosting)
TABLES = {
    "adult": ("income", {"ignore": ["fnlwgt"]}, 0.858, 0.872),
    "bank_marketing": ("target", {}, 0.905, 0.910),
    "letter": ("lettr", {}, 0.917, 0.964),
    "digits": ("digit", {}, 0.970, 0.961),
    "satellite": ("classes", {}, 0.855, 0.929),
    "shuttle": ("Class", {}, 0.999, 0.995),
    "soybean": ("Class", {"categorical": "all"}, 0.905, 0.920),
    "pima": ("diabetes", {}, 0.723, 0.697),
    "titanic": ("survived", {}, 0.763, 0.771),
    "california_housing": ("median_house_value", {}, 5.677e4, 4.888e4),
    "abalone": ("rings", {}, 2.118, 2.229),
    "airfoil": ("sound_pressure_db", {}, 3.908, 1.58),
    "concrete": ("compressive_strength", {}, 6.38, 5.426),
    "auto_mpg": ("mpg", {"ignore": ["name"]}, 3.585, 3.379),
    "wine_quality": ("quality", {}, 0.7007, 0.6664),
    "diabetes": ("progression", {}, 59.56, 58.9),
}
REGRESSION = {"california_housing", "abalone", "airfoil", "concrete", "auto_mpg", "wine_quality", "diabetes"}


def rows_of(path):
    opened = gzip.open(path, "rt", encoding="utf-8", newline="") if path.suffix == ".gz" else open(path, encoding="utf-8", newline="")
    with opened as file:
        return list(csv.reader(file))


def parts_of(folder, name):
    """Header, training rows, test rows."""
    home = folder / name if (folder / name).is_dir() else pathlib.Path(__file__).parents[2] / "data"
    files = {path.name.split(".")[0]: path for path in home.iterdir() if ".csv" in path.name}
    if f"{name}_test" in files:
        train, test = rows_of(files[f"{name}_train"]), rows_of(files[f"{name}_test"])
        return train[0], train[1:], test[1:]
    header, *rows = rows_of(files[name])
    of_test = [(i * 2654435769) % 2**32 < 858993459 for i in range(len(rows))]
    return (header, [row for row, test in zip(rows, of_test) if not test],
            [row for row, test in zip(rows, of_test) if test])


def write(path, header, rows):
    with open(path, "w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *rows])


def train(caviar, folder, name, seed, recipe, epochs, validation):
    """What one training measured."""
    target, extra, *_ = TABLES[name]
    regression = name in REGRESSION
    stopping = {"patience": 20, "monitor": "loss" if regression else "accuracy"} if validation else False
    spec = {"data": f"{name}_train.csv", "test_data": f"{name}_test.csv", "target": target, "epochs": epochs,
            "validation": validation, "seed": seed, "task": "regression" if regression else "classification",
            "early_stopping": stopping, **extra, **COMMON, **RECIPES[recipe]}
    if spec.get("categorical") == "all":
        header = (folder / f"{name}_train.csv").read_text().split("\n")[0]
        spec["categorical"] = [column for column in header.split(",") if column != target]
    file = folder / f"{name}_{recipe}_{seed}_{validation}.json"
    file.write_text(json.dumps({"objective": {"train": spec}}))
    done = subprocess.run([caviar, "train", file, "--json"], check=True, capture_output=True, text=True)
    return json.loads(done.stdout)["metrics"]


def judged(caviar, folder, name, pool, seeds, epochs):
    """The recipe with the best mean validation score, and the test scores, one a seed, of networks that it trained on
    all training rows, for as many epochs as were best."""
    sign, metric = (-1, "rmse") if name in REGRESSION else (1, "accuracy")
    runs = [[pool.submit(train, caviar, folder, name, seed, recipe, epochs, 0.15) for seed in range(seeds)]
            for recipe in range(len(RECIPES))]
    runs = [[run.result() for run in recipe] for recipe in runs]
    best = max(range(len(RECIPES)),
               key=lambda i: statistics.mean(sign * run[f"validation_{metric}"] for run in runs[i]))
    longest = round(statistics.median(run["best_epoch"] for run in runs[best]))
    tests = [pool.submit(train, caviar, folder, name, seed, best, longest, 0) for seed in range(seeds)]
    return best, [test.result()[f"test_{metric}"] for test in tests]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("caviar", type=pathlib.Path)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("names", nargs="*", default=list(TABLES))
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--epochs", type=int, default=250)
    parser.add_argument("--jobs", type=int, default=1)
    options = parser.parse_args()
    print("| table | caviar, mean ± deviation | worst | scikit-learn MLP | gradient boosting | recipe |")
    print("|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as temporary, concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        folder = pathlib.Path(temporary)
        for name in options.names or TABLES:
            header, train, test = parts_of(options.folder, name)
            write(folder / f"{name}_train.csv", header, train)
            write(folder / f"{name}_test.csv", header, test)
            recipe, found = judged(options.caviar.resolve(), folder, name, pool, options.seeds, options.epochs)
            worst = (max if name in REGRESSION else min)(found)
            settings = ", ".join(str(value) for value in RECIPES[recipe].values())
            print(f"| {name} | {statistics.mean(found):.5g} ± {statistics.stdev(found):.2g} | {worst:.5g} "
                  f"| {TABLES[name][2]:.5g} | {TABLES[name][3]:.5g} | {settings} |", flush=True)


if __name__ == "__main__":
    main()
