"""Softmax regression on the irises with nothing but Python, tuned by caviar over the wire.

Run by itself (`python3 train.py`) it trains once with the defaults.
"""

import csv
import math
import os
import random
import sys

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(here, "../../../clients/python"))  # or copy the file beside yours
import caviar_trial  # noqa: E402


def read(path):
    with open(path, newline="") as file:
        rows = list(csv.reader(file))[1:]
    names = sorted({row[-1] for row in rows})
    inputs = [[float(cell) for cell in row[:-1]] + [1.0] for row in rows]
    for column in range(len(inputs[0]) - 1):
        cells = [row[column] for row in inputs]
        mean = sum(cells) / len(cells)
        spread = math.sqrt(sum((cell - mean) ** 2 for cell in cells) / len(cells))
        for row in inputs:
            row[column] = (row[column] - mean) / spread
    return inputs, [names.index(row[-1]) for row in rows], len(names)


def probabilities(weights, row):
    scores = [sum(w * x for w, x in zip(line, row)) for line in weights]
    top = max(scores)
    shares = [math.exp(score - top) for score in scores]
    return [share / sum(shares) for share in shares]


def loss(weights, inputs, targets, rows):
    return sum(-math.log(probabilities(weights, inputs[n])[targets[n]] + 1e-12) for n in rows) / len(rows)


def main():
    trial = caviar_trial.start(learning_rate=0.1, momentum=0.9, batch_size=16)
    chance = random.Random(0)
    inputs, targets, classes = read(os.path.join(here, "../../../data/iris.csv"))
    order = list(range(len(inputs)))
    chance.shuffle(order)
    training, validation = order[: len(order) * 2 // 3], order[len(order) * 2 // 3 :]
    weights = [[0.0] * len(inputs[0]) for _ in range(classes)]
    steps = [[0.0] * len(inputs[0]) for _ in range(classes)]
    for epoch in range(1, 16):
        settings = trial.parameters  # a person may have changed them
        chance.shuffle(training)
        for begin in range(0, len(training), settings["batch_size"]):
            batch = training[begin : begin + settings["batch_size"]]
            shares = [probabilities(weights, inputs[n]) for n in batch]
            for k in range(classes):
                for j in range(len(inputs[0])):
                    slope = sum((share[k] - (targets[n] == k)) * inputs[n][j] for n, share in zip(batch, shares))
                    steps[k][j] = settings["momentum"] * steps[k][j] - settings["learning_rate"] * slope / len(batch)
                    weights[k][j] += steps[k][j]
        if not trial.report(epoch, loss(weights, inputs, targets, validation)):
            return


main()
