#!/usr/bin/env python3
"""Other libraries' samplers on the problems of caviar_bench_quality, which evaluates them (--serve).

  python3 -m venv /tmp/rivals && /tmp/rivals/bin/pip install optuna cmaes torch scipy nevergrad smac dlib-bin
  /tmp/rivals/bin/python bench/quality/rivals.py --methods optuna-tpe,optuna-gp --seeds 10 --trials 100

Every run is a row of bench/quality/results/METHOD.csv.gz, written when it ends; runs that are there are left out, so
the same command goes on where it was stopped. Samplers have their defaults. What they cannot do is done for them, in
their favour: `1 − x` is given to them on a log scale for x on reverse_log, steps and ordered choices as integers;
conditions only to those that know them (others search all parameters); a configuration that breaks a constraint
costs no trial, and is told as the worst so far, as a failed trial is to those that cannot be told of failure.
"""

import argparse
import collections
import csv
import gzip
import importlib.metadata
import io
import json
import math
import os
import pathlib
import random
import re
import subprocess
import sys
import time
import warnings

for variable in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[variable] = "1"
warnings.filterwarnings("ignore")

HERE = pathlib.Path(__file__).resolve().parent
COLUMNS = "method version problem family held_out best pending seed at25 at50 at100 at200".split()
BUDGETS = (25, 50, 100, 200)
STRIDE = 7
REDRAWS = 20  # of one trial that breaks constraints, before it is drawn at random


class Suite:
    """The C++ program that knows the problems."""

    def __init__(self, program):
        self.process = subprocess.Popen([program, "--serve"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.problems = self.ask(list=True)["problems"]

    def ask(self, **request):
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return answer


class Axis:
    """A parameter as rivals see it: a float, an integer (each perhaps on a log scale) or a choice."""

    def __init__(self, name, described):
        self.name, self.when = name, described.get("when", {})
        kind, scale, step = described["type"], described.get("scale", "linear"), described.get("step")
        self.log = scale != "linear"
        self.choices = described.get("choices")
        self.low, self.high = described.get("low"), described.get("high")
        if kind == "categorical":
            self.kind, self.decode = "choice", lambda value: value
        elif kind == "ordinal":
            self._index(len(self.choices), lambda i: self.choices[i])
        elif step is not None:
            low, high = self.low, self.high
            if scale == "linear":
                self._index(math.floor((high - low) / step + 1e-6) + 1, lambda i: low + i * step)
            elif scale == "log":
                self._index(math.floor(math.log(high / low, step) + 1e-6) + 1, lambda i: low * step**i)
            else:
                count = math.floor(math.log((1 - low) / (1 - high), step) + 1e-6) + 1
                self._index(count, lambda i: 1 - (1 - low) / step**i)
        elif scale == "reverse_log":
            low, high = self.low, self.high
            self.kind, self.low, self.high = "float", 1 - high, 1 - low
            self.decode = lambda value: min(max(1 - float(value), low), high)
        else:
            self.kind = kind
            low, high = self.low, self.high
            convert = int if kind == "int" else float
            self.decode = lambda value: convert(min(max(value, low), high))

    def _index(self, count, decode):
        self.kind, self.low, self.high, self.log = "int", 0, count - 1, False
        self.decode = lambda value: decode(int(value))

    def active(self, point):
        conditions = self.when if isinstance(self.when, list) else [self.when]
        return all(holds(point.get(name), wanted) for part in conditions for name, wanted in part.items())


def holds(value, wanted):
    if value is None:
        return False
    if isinstance(wanted, dict):
        compare = {"<": float.__lt__, "<=": float.__le__, ">": float.__gt__, ">=": float.__ge__}
        return all(compare[sign](float(value), float(bound)) for sign, bound in wanted.items())
    return value in (wanted if isinstance(wanted, list) else [wanted])


def active_point(axes, values):
    """The decoded values of the parameters that exist, of all or some values given by name."""
    point = {}
    for axis in axes:
        if axis.active(point):
            point[axis.name] = axis.decode(values[axis.name])
    return point


def random_point(axes, chance):
    def draw(axis):
        if axis.kind == "choice":
            return chance.choice(axis.choices)
        if axis.kind == "int" and not axis.log:
            return chance.randint(axis.low, axis.high)
        if axis.log:
            return math.exp(chance.uniform(math.log(axis.low), math.log(axis.high)))
        return chance.uniform(axis.low, axis.high)

    return active_point(axes, {axis.name: draw(axis) for axis in axes})


# ---- methods: ask() → (token, point), tell(token, report); report is None where the trial failed


class Told:
    """For methods that cannot be told of failure: it is the worst so far."""

    worst = None

    def value(self, report):
        """What to tell; None while every trial has failed."""
        if report is None:
            return self.worst
        self.worst = report if self.worst is None else max(self.worst, report)
        return report


class Optuna(Told):
    def __init__(self, axes, seed, trials, sampler):
        import optuna

        optuna.logging.set_verbosity(optuna.logging.ERROR)
        self.optuna, self.axes = optuna, axes
        self.study = optuna.create_study(sampler=sampler(optuna.samplers, seed))

    def ask(self):
        trial, point = self.study.ask(), {}
        for axis in self.axes:
            if not axis.active(point):
                continue
            if axis.kind == "choice":
                value = trial.suggest_categorical(axis.name, axis.choices)
            elif axis.kind == "int":
                value = trial.suggest_int(axis.name, axis.low, axis.high, log=axis.log)
            else:
                value = trial.suggest_float(axis.name, axis.low, axis.high, log=axis.log)
            point[axis.name] = axis.decode(value)
        return trial, point

    def tell(self, trial, report, infeasible=False):
        value = self.value(report)
        if value is None or (report is None and not infeasible):  # it knows of failed trials
            self.study.tell(trial, state=self.optuna.trial.TrialState.FAIL)
        else:
            self.study.tell(trial, value)


class Hebo(Told):
    def __init__(self, axes, seed, trials):
        import numpy
        from hebo.design_space.design_space import DesignSpace
        from hebo.optimizers.hebo import HEBO

        numpy.random.seed(seed)
        self.axes = axes

        def described(axis):
            if axis.kind == "choice":
                return {"name": axis.name, "type": "cat", "categories": [json.dumps(c) for c in axis.choices]}
            kind = {("float", True): "pow", ("float", False): "num", ("int", False): "int", ("int", True): "pow_int"}
            return {"name": axis.name, "type": kind[axis.kind, axis.log], "lb": axis.low, "ub": axis.high}

        self.optimizer = HEBO(DesignSpace().parse([described(axis) for axis in axes]), scramble_seed=seed)

    def ask(self):
        frame = self.optimizer.suggest(1)
        row = frame.iloc[0]
        values = {a.name: json.loads(row[a.name]) if a.kind == "choice" else row[a.name] for a in self.axes}
        return frame, active_point(self.axes, values)

    def tell(self, frame, report, infeasible=False):
        import numpy

        value = self.value(report)
        if value is not None:
            self.optimizer.observe(frame, numpy.array([[value]]))


class Smac(Told):
    def __init__(self, axes, seed, trials):
        import logging

        import ConfigSpace as cs
        from smac import HyperparameterOptimizationFacade, Scenario

        logging.disable(logging.CRITICAL)
        self.axes = axes
        space = cs.ConfigurationSpace(seed=seed)
        for axis in axes:
            if axis.kind == "choice":
                space.add(cs.CategoricalHyperparameter(axis.name, [json.dumps(c) for c in axis.choices]))
            elif axis.kind == "int":
                space.add(cs.UniformIntegerHyperparameter(axis.name, axis.low, axis.high, log=axis.log))
            else:
                space.add(cs.UniformFloatHyperparameter(axis.name, axis.low, axis.high, log=axis.log))
        self.add_conditions(cs, space)
        folder = f"/tmp/smac/{os.getpid()}"
        scenario = Scenario(space, n_trials=trials, seed=seed, deterministic=True, output_directory=folder)
        self.facade = HyperparameterOptimizationFacade(scenario, lambda config, seed: 0.0, overwrite=True,
                                                       logging_level=False)

    def add_conditions(self, cs, space):
        for axis in self.axes:
            parts = axis.when if isinstance(axis.when, list) else [axis.when]
            conditions = []
            for name, wanted in ((name, wanted) for part in parts for name, wanted in part.items()):
                parent = next(other for other in self.axes if other.name == name)
                values = parent.choices if parent.kind == "choice" else range(parent.low, parent.high + 1)
                allowed = [value for value in values if holds(parent.decode(value), wanted)]
                if parent.kind == "choice":
                    allowed = [json.dumps(value) for value in allowed]
                conditions.append(cs.InCondition(space[axis.name], space[name], allowed))
            if conditions:
                space.add(conditions[0] if len(conditions) == 1 else cs.AndConjunction(*conditions))

    def ask(self):
        info = self.facade.ask()
        config = dict(info.config)
        values = {a.name: json.loads(config[a.name]) if a.kind == "choice" else config[a.name]
                  for a in self.axes if a.name in config}
        return info, active_point(self.axes, values)

    def tell(self, info, report, infeasible=False):
        from smac.runhistory.dataclasses import TrialValue
        from smac.runhistory.enumerations import StatusType

        value = self.value(report)
        failed = report is None and not infeasible
        self.facade.tell(info, TrialValue(cost=value if value is not None else 1e9,
                                          status=StatusType.CRASHED if failed else StatusType.SUCCESS))


class Dlib(Told):
    def __init__(self, axes, seed, trials):
        import dlib

        self.axes = axes

        def bounds(axis):
            if axis.kind == "choice":
                return 0, len(axis.choices) - 1
            # Integers on a log scale as the logarithms of reals, which are rounded.
            return (math.log(axis.low), math.log(axis.high)) if axis.log else (axis.low, axis.high)

        lows, highs = zip(*map(bounds, axes))
        integers = [axis.kind == "choice" or (axis.kind == "int" and not axis.log) for axis in axes]
        self.search = dlib.global_function_search(dlib.function_spec(list(lows), list(highs), integers))
        self.search.set_seed(seed)

    def ask(self):
        request = self.search.get_next_x()
        values = {}
        for axis, x in zip(self.axes, request.x):
            if axis.kind == "choice":
                values[axis.name] = axis.choices[round(x)]
            else:
                real = math.exp(x) if axis.log else x
                values[axis.name] = round(real) if axis.kind == "int" else real
        return request, active_point(self.axes, values)

    def tell(self, request, report, infeasible=False):
        value = self.value(report)
        request.set(-value if value is not None else -1e9)


class Nevergrad(Told):
    def __init__(self, axes, seed, trials):
        import nevergrad

        self.axes, p = axes, nevergrad.p

        def described(axis):
            if axis.kind == "choice":
                return p.Choice(axis.choices)
            scalar = (p.Log if axis.log else p.Scalar)(lower=axis.low, upper=axis.high)
            return scalar.set_integer_casting() if axis.kind == "int" else scalar

        space = p.Dict(**{axis.name: described(axis) for axis in axes})
        space.random_state.seed(seed)
        self.optimizer = nevergrad.optimizers.NGOpt(parametrization=space, budget=trials)

    def ask(self):
        candidate = self.optimizer.ask()
        return candidate, active_point(self.axes, candidate.value)

    def tell(self, candidate, report, infeasible=False):
        value = self.value(report)
        self.optimizer.tell(candidate, value if value is not None else 1e9)


def optuna_with(make):
    return lambda axes, seed, trials: Optuna(axes, seed, trials, make)


METHODS = {  # name: package, maker
    "optuna-tpe": ("optuna", optuna_with(lambda samplers, seed: samplers.TPESampler(seed=seed))),
    "optuna-gp": ("optuna", optuna_with(lambda samplers, seed: samplers.GPSampler(seed=seed))),
    "optuna-cmaes": ("optuna", optuna_with(lambda samplers, seed: samplers.CmaEsSampler(seed=seed))),
    "hebo": ("hebo", Hebo),
    "smac3": ("smac", Smac),
    "dlib": ("dlib-bin", Dlib),
    "ngopt": ("nevergrad", Nevergrad),
}


class Run:
    """One method on one problem with one seed."""

    def __init__(self, suite, problem, make, seed, trials, pending):
        self.suite, self.name, self.seed, self.trials, self.pending = suite, problem["name"], seed, trials, pending
        self.axes = [Axis(name, described) for name, described in problem["space"]["parameters"].items()]
        self.method = make(self.axes, seed, trials)
        self.chance = random.Random(seed)

    def judged(self, point, number):
        return self.suite.ask(problem=self.name, seed=self.seed, trial=number, point=point)

    def feasible(self, number):
        """A proposal that keeps the constraints, and what it loses."""
        for _ in range(REDRAWS):
            token, point = self.method.ask()
            answer = self.judged(point, number)
            if "infeasible" not in answer:
                return token, answer
            self.method.tell(token, None, infeasible=True)
        token, _ = self.method.ask()
        while True:
            answer = self.judged(random_point(self.axes, self.chance), number)
            if "infeasible" not in answer:
                self.method.tell(token, None, infeasible=True)
                return None, answer

    def losses(self):
        """The loss without noise of the best-reported trial, at the budgets."""
        best, loss, found, waiting = math.inf, math.nan, {}, collections.deque()
        for told in range(self.trials):
            while len(waiting) < min(self.pending, self.trials - told):
                waiting.append(self.feasible(told + len(waiting)))
            token, answer = waiting.popleft()
            if token is not None:
                self.method.tell(token, answer["report"])
            if answer["report"] is not None and answer["report"] < best:
                best, loss = answer["report"], answer["loss"]
            if told + 1 in BUDGETS:
                found[told + 1] = loss
        return found


class Results:
    """The rows of one method, kept in a file."""

    def __init__(self, path):
        self.path, self.rows = path, []
        if path.exists():
            with gzip.open(path, "rt") as file:
                self.rows = list(csv.DictReader(file))
        self.done = {(row["problem"], row["pending"], row["seed"]): row for row in self.rows}

    def has(self, problem, pending, seed, trials):
        row = self.done.get((problem, str(pending), str(seed)))
        return row is not None and row[f"at{max(b for b in BUDGETS if b <= trials)}"] != ""

    def add(self, row):
        key = row["problem"], str(row["pending"]), str(row["seed"])
        if key in self.done:  # a shorter run of it
            self.rows.remove(self.done[key])
        self.done[key] = row
        self.rows.append(row)
        text = io.StringIO()
        writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(self.rows)
        draft = self.path.with_suffix(".new")
        draft.write_bytes(gzip.compress(text.getvalue().encode(), 9, mtime=0))
        draft.replace(self.path)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", default="build/bench/bench/quality/caviar_bench_quality")
    parser.add_argument("--methods", default=",".join(METHODS))
    parser.add_argument("--problems", default=".*", help="a regular expression that is searched in names")
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--trials", type=int, default=100)
    parser.add_argument("--pending", type=int, default=1)
    parser.add_argument("--results", default=str(HERE / "results"))
    arguments = parser.parse_args()
    suite = Suite(arguments.program)
    problems = [problem for problem in suite.problems if re.search(arguments.problems, problem["name"])]
    # Families mixed, so that what there is when this is stopped is a fair part.
    problems = [problem for first in range(STRIDE) for problem in problems[first::STRIDE]]
    pathlib.Path(arguments.results).mkdir(exist_ok=True)
    for seed in range(1, arguments.seeds + 1):
        for name in arguments.methods.split(","):
            package, make = METHODS[name]
            results = Results(pathlib.Path(arguments.results) / f"{name}.csv.gz")
            for problem in problems:
                if results.has(problem["name"], arguments.pending, seed, arguments.trials):
                    continue
                row = {"method": name, "version": importlib.metadata.version(package), "problem": problem["name"],
                       "family": problem["family"], "held_out": int(problem["held_out"]), "best": problem["best"],
                       "pending": arguments.pending, "seed": seed}
                start = time.time()
                try:
                    run = Run(suite, problem, make, seed, arguments.trials, arguments.pending)
                    losses = run.losses()
                except Exception as error:  # a rival's own defect: the run counts as one without a result
                    losses = {budget: math.nan for budget in BUDGETS if budget <= arguments.trials}
                    print(f"{name} {problem['name']} {seed}: {type(error).__name__}: {error}", file=sys.stderr)
                row.update({f"at{budget}": f"{loss:.9g}" for budget, loss in losses.items()})
                results.add(row)
                print(f"{name} {problem['name']} {seed}: {time.time() - start:.1f} s", flush=True)


if __name__ == "__main__":
    main()
