"""Gradient boosting on the bundled digits; the parameters are a JSON file, as many programs want them."""

import csv
import gzip
import json
import os
import sys

import numpy
import xgboost

with open(sys.argv[1]) as file:
    parameters = json.load(file)

here = os.path.dirname(os.path.abspath(__file__))
with gzip.open(os.path.join(here, "../../../data/digits.csv.gz"), "rt", newline="") as file:
    header, *rows = csv.reader(file)
target = header.index("digit")
targets = numpy.array([int(row[target]) for row in rows])
inputs = numpy.array([[float(cell) for place, cell in enumerate(row) if place != target] for row in rows])
held_out = numpy.arange(len(rows)) % 5 == 0
training = xgboost.DMatrix(inputs[~held_out], targets[~held_out])
validation = xgboost.DMatrix(inputs[held_out], targets[held_out])


class Tell(xgboost.callback.TrainingCallback):
    """One JSON line a round."""

    def after_iteration(self, model, epoch, evals_log):
        loss = evals_log["validation"]["mlogloss"][-1]
        print(json.dumps({"step": epoch + 1, "loss": loss}), flush=True)
        return False


xgboost.train(
    {
        **parameters,
        "objective": "multi:softprob",
        "num_class": 10,
        "eval_metric": "mlogloss",
        "tree_method": "hist",
        "seed": int(os.environ.get("CAVIAR_SEED", "0")),
    },
    training,
    num_boost_round=30,
    evals=[(validation, "validation")],
    verbose_eval=False,
    callbacks=[Tell()],
)
