#!/usr/bin/env python3
"""Makes bench/quality/tables/*.json.gz: what scikit-learn's models lose over a grid of their settings.

Every table is one real tuning task. Its losses are means over the folds of a fixed cross-validation on a data set
that comes with scikit-learn or lies in data/. table.cpp interpolates between the grid's values of numbers, so a
sampler sees continuous ranges, and the grid's best cell is the best there is.

  python3 -m venv /tmp/sk && /tmp/sk/bin/pip install scikit-learn
  /tmp/sk/bin/python bench/quality/make_tables.py [NAME...]          # all of them: about ten minutes of one core
"""

import gzip
import itertools
import json
import os
import pathlib
import sys
import time
import warnings

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[variable] = "1"
warnings.filterwarnings("ignore")

import numpy
import sklearn
from sklearn import datasets, ensemble, kernel_ridge, linear_model, metrics, neighbors, neural_network, svm, tree
from sklearn.decomposition import PCA
from sklearn.model_selection import KFold, StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, PolynomialFeatures, StandardScaler

HERE = pathlib.Path(__file__).resolve().parent
DIGITS = 5  # significant ones of a stored loss


# ---- axes: the parameter's description as in a study file, and the values that the grid has of it


def number(low, high, levels, scale="linear", when=None):
    spread = numpy.geomspace if scale == "log" else numpy.linspace
    values = [float(f"{value:.12g}") for value in spread(low, high, levels)]
    return with_condition({"type": "float", "low": low, "high": high, "scale": scale}, when), values


def whole(levels, scale="linear", when=None):
    """Integers: any in between may be asked for, these are on the grid."""
    return with_condition({"type": "int", "low": levels[0], "high": levels[-1], "scale": scale}, when), levels


def choice(*values, when=None):
    return with_condition({"type": "categorical", "choices": list(values)}, when), list(values)


def with_condition(description, when):
    return description if when is None else {**description, "when": when}


# ---- data


def penguins():
    rows = (HERE.parents[1] / "data" / "penguins.csv").read_text().splitlines()
    names, cells = rows[0].split(","), [row.split(",") for row in rows[1:]]
    cells = [row for row in cells if all(row)]
    columns = {name: [row[i] for row in cells] for i, name in enumerate(names)}
    texts = OneHotEncoder(sparse_output=False).fit_transform(list(zip(columns["island"], columns["sex"])))
    others = [name for name in names if name not in ("species", "island", "sex")]
    numbers = numpy.array([columns[name] for name in others], dtype=float).T
    return numpy.hstack([numbers, texts]), numpy.unique(columns["species"], return_inverse=True)[1]


DATA = {
    "breast": lambda: datasets.load_breast_cancer(return_X_y=True),
    "wine": lambda: datasets.load_wine(return_X_y=True),
    "digits": lambda: tuple(part[:600] for part in datasets.load_digits(return_X_y=True)),
    "diabetes": lambda: datasets.load_diabetes(return_X_y=True),
    "penguins": penguins,
}


# ---- scores of one fold, smaller is better


def error(model, x, y):
    return 1 - metrics.accuracy_score(y, model.predict(x))


def log_loss(model, x, y):
    return metrics.log_loss(y, model.predict_proba(x), labels=model.classes_)


def relative_mse(model, x, y):
    """1 = always predicting the mean."""
    return float(numpy.mean((model.predict(x) - y) ** 2) / numpy.var(y))


def staged(kind, axis):
    """Losses after so many members of an ensemble, from one fit of the largest."""

    def scores(model, x, y, counts):
        out = {}
        predictions = model.staged_predict_proba(x) if kind is log_loss else model.staged_predict(x)
        for count, prediction in enumerate(predictions, 1):
            if count in counts:
                if kind is log_loss:
                    out[count] = metrics.log_loss(y, prediction, labels=model.classes_)
                elif kind is error:
                    out[count] = 1 - metrics.accuracy_score(y, prediction)
                else:
                    out[count] = float(numpy.mean((prediction - y) ** 2) / numpy.var(y))
        # A perfect fit ends boosting early: all later counts are the same.
        return [out.get(count, out[max(out)]) for count in counts]

    scores.axis = axis
    return scores


# ---- the tasks: data, score, axes, and the model that a cell describes


def scaled(model):
    return make_pipeline(StandardScaler(), model)


def tasks():
    yield "svm_breast", "breast", error, dict(
        kernel=choice("rbf", "poly", "sigmoid"),
        C=number(1e-2, 1e4, 9, "log"),
        gamma=number(1e-5, 1, 8, "log"),
        degree=whole([2, 3, 4], when={"kernel": "poly"}),
    ), lambda kernel, C, gamma, degree=3: scaled(
        svm.SVC(kernel=kernel, C=C, gamma=gamma, degree=degree, coef0=1, max_iter=5000)
    )

    yield "svm_digits", "digits", error, dict(
        C=number(1e-2, 1e3, 8, "log"), gamma=number(1e-5, 1e-1, 11, "log")
    ), lambda C, gamma: svm.SVC(C=C, gamma=gamma)

    yield "svr_diabetes", "diabetes", relative_mse, dict(
        C=number(1e-1, 1e4, 9, "log"), gamma=number(1e-5, 1, 9, "log"), epsilon=number(0.1, 100, 6, "log")
    ), lambda C, gamma, epsilon: scaled(svm.SVR(C=C, gamma=gamma, epsilon=epsilon, max_iter=20000))

    yield "neighbours_digits", "digits", error, dict(
        neighbours=whole([1, 2, 3, 5, 8, 14, 30], "log"),
        weights=choice("uniform", "distance"),
        metric=choice("euclidean", "manhattan", "chebyshev", "cosine"),
        components=whole([2, 4, 8, 16, 30, 60], "log"),
    ), lambda neighbours, weights, metric, components: make_pipeline(
        PCA(components, random_state=0),
        neighbors.KNeighborsClassifier(neighbours, weights=weights, metric=metric),
    )

    yield "tree_breast", "breast", log_loss, dict(
        max_depth=whole([1, 2, 3, 5, 8, 16], "log"),
        min_samples_leaf=whole([1, 3, 8, 16, 32, 64], "log"),
        ccp_alpha=number(1e-4, 1e-1, 4, "log"),
        max_features=number(0.1, 1, 3),
        criterion=choice("gini", "entropy"),
    ), lambda **settings: tree.DecisionTreeClassifier(random_state=0, **settings)

    yield "forest_breast", "breast", log_loss, dict(
        trees=whole([4, 12, 32], "log"),
        max_features=number(0.05, 1, 4),
        min_samples_leaf=whole([1, 2, 6, 16], "log"),
        max_depth=whole([2, 5, 12], "log"),
        bootstrap=choice(True, False),
    ), lambda trees, **settings: ensemble.RandomForestClassifier(trees, random_state=0, **settings)

    yield "extra_trees_wine", "wine", log_loss, dict(
        trees=whole([4, 12, 32], "log"),
        max_features=number(0.1, 1, 4),
        min_samples_leaf=whole([1, 2, 4, 8], "log"),
        max_depth=whole([2, 4, 8], "log"),
        criterion=choice("gini", "entropy"),
    ), lambda trees, **settings: ensemble.ExtraTreesClassifier(trees, random_state=0, **settings)

    yield "forest_diabetes", "diabetes", relative_mse, dict(
        trees=whole([4, 12, 32], "log"),
        max_features=number(0.1, 1, 4),
        min_samples_leaf=whole([1, 4, 15, 50], "log"),
        max_samples=number(0.2, 1, 3),
    ), lambda trees, **settings: ensemble.RandomForestRegressor(trees, random_state=0, **settings)

    yield "boosting_diabetes", "diabetes", staged(relative_mse, "stages"), dict(
        learning_rate=number(1e-3, 1, 7, "log"),
        stages=whole([6, 12, 25, 50, 100], "log"),
        max_depth=whole([1, 2, 4], "log"),
        subsample=number(0.3, 1, 3),
        min_samples_leaf=whole([1, 20], "log"),
        max_features=number(0.2, 1, 3),
    ), lambda stages, **settings: ensemble.GradientBoostingRegressor(
        n_estimators=stages, random_state=0, **settings
    )

    yield "boosting_penguins", "penguins", staged(log_loss, "stages"), dict(
        learning_rate=number(1e-3, 1, 7, "log"),
        stages=whole([5, 10, 20, 40], "log"),
        max_leaf_nodes=whole([2, 4, 12], "log"),
        l2_regularization=number(1e-3, 10, 3, "log"),
        min_samples_leaf=whole([2, 8, 32], "log"),
    ), lambda stages, **settings: ensemble.HistGradientBoostingClassifier(
        max_iter=stages, early_stopping=False, random_state=0, **settings
    )

    yield "ada_breast", "breast", staged(error, "stages"), dict(
        learning_rate=number(1e-2, 3, 9, "log"),
        stages=whole([5, 10, 20, 40, 80], "log"),
        max_depth=whole([1, 2, 3, 5]),
    ), lambda learning_rate, stages, max_depth: ensemble.AdaBoostClassifier(
        tree.DecisionTreeClassifier(max_depth=max_depth, random_state=0),
        n_estimators=stages, learning_rate=learning_rate, random_state=0,
    )

    yield "network_wine", "wine", log_loss, dict(
        solver=choice("sgd", "adam"),
        learning_rate=number(1e-4, 1, 7, "log"),
        momentum=number(0, 0.95, 2, when={"solver": "sgd"}),
        alpha=number(1e-5, 10, 3, "log"),
        units=whole([2, 10, 50], "log"),
        activation=choice("relu", "tanh", "logistic"),
    ), lambda solver, learning_rate, alpha, units, activation, momentum=0.9: scaled(
        neural_network.MLPClassifier(
            [units], activation=activation, solver=solver, learning_rate_init=learning_rate, alpha=alpha,
            momentum=momentum, max_iter=15, batch_size=16, random_state=0,
        )
    )

    yield "linear_digits", "digits", error, dict(
        loss=choice("hinge", "log_loss", "modified_huber"),
        alpha=number(1e-6, 1, 6, "log"),
        schedule=choice("optimal", "constant", "invscaling"),
        eta0=number(1e-4, 1, 5, "log", when={"schedule": ["constant", "invscaling"]}),
        average=choice(False, True),
    ), lambda loss, alpha, schedule, average, eta0=0.01: scaled(
        linear_model.SGDClassifier(
            loss=loss, alpha=alpha, learning_rate=schedule, eta0=eta0, average=average, max_iter=5, tol=None,
            random_state=0,
        )
    )

    yield "ridge_diabetes", "diabetes", relative_mse, dict(
        kernel=choice("rbf", "laplacian", "polynomial", "cosine"),
        alpha=number(1e-4, 1e2, 9, "log"),
        gamma=number(1e-5, 1, 9, "log", when={"kernel": ["rbf", "laplacian", "polynomial"]}),
        degree=whole([1, 2, 3, 4], when={"kernel": "polynomial"}),
    ), lambda kernel, alpha, gamma=None, degree=3: scaled(
        kernel_ridge.KernelRidge(kernel=kernel, alpha=alpha, gamma=gamma, degree=degree)
    )

    yield "elastic_diabetes", "diabetes", relative_mse, dict(
        alpha=number(1e-3, 1e2, 13, "log"),
        l1_ratio=number(0, 1, 6),
        interactions=choice(False, True),
        selection=choice("cyclic", "random"),
    ), lambda alpha, l1_ratio, interactions, selection: make_pipeline(
        PolynomialFeatures(2 if interactions else 1, include_bias=False),
        StandardScaler(),
        linear_model.ElasticNet(alpha=alpha, l1_ratio=l1_ratio, selection=selection, max_iter=200, random_state=0),
    )


# ---- making a table


def holds(condition, cell):
    wanted = [] if condition is None else condition.items()
    return all(cell[name] in (value if isinstance(value, list) else [value]) for name, value in wanted)


def active_part(axes, cell):
    return {name: value for name, value in cell.items() if holds(axes[name][0].get("when"), cell)}


def folds_of(x, y):
    kind = KFold if numpy.unique(y).size > 20 else StratifiedKFold
    return list(kind(3, shuffle=True, random_state=0).split(x, y))


def mean_losses(build, settings, score, data, folds, counts):
    """One loss, or one for each of `counts`; None where training fails."""
    x, y = data
    total = 0
    for training, validation in folds:
        try:
            model = build(**settings).fit(x[training], y[training])
            part = (x[validation], y[validation])
            total = total + numpy.array(score(model, *part, counts) if counts else [score(model, *part)])
        except (ValueError, FloatingPointError):
            return [None] * max(1, len(counts))
    losses = [float(f"{value:.{DIGITS}g}") for value in total / len(folds)]
    return [loss if numpy.isfinite(loss) else None for loss in losses]


def make(name, data_name, score, axes, build):
    x, y = DATA[data_name]()
    data, folds = (x, y), folds_of(x, y)
    staged_axis = getattr(score, "axis", None)
    counts = axes[staged_axis][1] if staged_axis else []
    known, losses, start = {}, [], time.time()
    for values in itertools.product(*(levels for _, levels in axes.values())):
        cell = dict(zip(axes, values))
        settings = active_part(axes, cell)
        if staged_axis:
            settings[staged_axis] = counts[-1]
        key = json.dumps(settings)
        if key not in known:
            known[key] = mean_losses(build, settings, score, data, folds, counts)
        losses.append(known[key][counts.index(cell[staged_axis]) if staged_axis else 0])
    table = {
        "task": f"{name}, {data_name} data, 3 folds, scikit-learn {sklearn.__version__}",
        "space": {axis: description for axis, (description, _) in axes.items()},
        "levels": {axis: levels for axis, (_, levels) in axes.items()},
        "losses": losses,
    }
    folder = HERE / "tables"
    folder.mkdir(exist_ok=True)
    text = json.dumps(table, separators=(",", ":")).encode()
    (folder / f"{name}.json.gz").write_bytes(gzip.compress(text, 9, mtime=0))
    numbers = [loss for loss in losses if loss is not None]
    print(f"{name}: {len(known)} trainings, {len(losses)} cells, best {min(numbers)}, "
          f"median {numpy.median(numbers):.4g}, worst {max(numbers)}, {time.time() - start:.0f} s", flush=True)


def main():
    for task in tasks():
        if not sys.argv[1:] or task[0] in sys.argv[1:]:
            make(*task)


if __name__ == "__main__":
    main()
