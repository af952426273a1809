"""A random forest on the bundled digits, five folds: an ordinary program with an ordinary command line."""

import argparse
import csv
import gzip
import os

from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import cross_val_score

parser = argparse.ArgumentParser()
parser.add_argument("--trees", type=int, default=50)
parser.add_argument("--max_depth", type=int, default=10)
parser.add_argument("--max_features", type=float, default=0.2)
parser.add_argument("--criterion", choices=["gini", "entropy"], default="gini")
options = parser.parse_args()

here = os.path.dirname(os.path.abspath(__file__))
with gzip.open(os.path.join(here, "../../../data/digits.csv.gz"), "rt", newline="") as file:
    header, *rows = csv.reader(file)
target = header.index("digit")
inputs = [[float(cell) for place, cell in enumerate(row) if place != target] for row in rows]
targets = [int(row[target]) for row in rows]

forest = RandomForestClassifier(
    options.trees,
    criterion=options.criterion,
    max_depth=options.max_depth,
    max_features=options.max_features,
    random_state=int(os.environ.get("CAVIAR_SEED", "0")),
)
scores = cross_val_score(forest, inputs, targets, cv=5)
print(f"accuracy={scores.mean():.5f} spread={scores.std():.5f}")
