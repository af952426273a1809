"""How well whole fronts are found: the share of the hypervolume after so many trials.

    python bench/quality/fronts.py --caviar build/bench/caviar --seeds 5 --trials 100

Every method sees the same problems through ask and tell: caviar as a child process (caviar ask-tell),
Optuna in this one. A table of medians over the seeds, and with --csv a row a run. The share is that of
what lies between the reference point and the true front, or, of the real task, the front of all runs.
"""
import argparse
import csv
import json
import math
import statistics
import subprocess
import sys
import tempfile

import numpy as np
import optuna

import bounds

optuna.logging.set_verbosity(optuna.logging.ERROR)


# -- problems: parameters as (low, high, integer?), objectives that are all minimised ---------------

def zdt(shape, size):
    def values(x):
        g = 1 + 9 * sum(x[1:]) / (size - 1)
        return [x[0], g * shape(x[0], g)]
    return {"space": [(0.0, 1.0, False)] * size, "f": values, "reference": [1.1, 11.0]}


def zdt1(f, g):
    return 1 - math.sqrt(f / g)


def zdt2(f, g):
    return 1 - (f / g) ** 2


def zdt3(f, g):
    return 1 - math.sqrt(f / g) - f / g * math.sin(10 * math.pi * f)


def dtlz2(size):
    def values(x):
        g = 1 + sum((u - 0.5) ** 2 for u in x[2:])
        a, b = x[0] * math.pi / 2, x[1] * math.pi / 2
        return [g * math.cos(a) * math.cos(b), g * math.cos(a) * math.sin(b), g * math.sin(a)]
    return {"space": [(0.0, 1.0, False)] * size, "f": values, "reference": [1.5, 1.5, 1.5]}


def forest():
    """Real: the error of a forest under cross-validation, against the nodes of its trees."""
    outcome = bounds.forest()

    def values(x):
        error, (beyond,) = outcome(x)
        return [error, math.log10(beyond + bounds.MOST_NODES)]
    space = [(1, 30, True), (1, 12, True), (1, 30, True), (0.05, 1.0, False)]
    return {"space": space, "f": values, "reference": [0.2, 3.5]}


def true_front(name):
    x = np.linspace(0, 1, 4001)
    if name.startswith("zdt1"):
        return np.column_stack([x, 1 - np.sqrt(x)])
    if name.startswith("zdt2"):
        return np.column_stack([x, 1 - x ** 2])
    if name.startswith("zdt3"):
        return np.column_stack([x, 1 - np.sqrt(x) - x * np.sin(10 * np.pi * x)])
    return None


PROBLEMS = {
    "zdt1_5": lambda: zdt(zdt1, 5), "zdt2_5": lambda: zdt(zdt2, 5), "zdt3_5": lambda: zdt(zdt3, 5),
    "zdt1_15": lambda: zdt(zdt1, 15), "dtlz2_6": lambda: dtlz2(6), "forest": forest,
}


def hypervolume(points, reference):
    points = np.asarray([p for p in points if np.all(np.asarray(p) < reference)], dtype=float)
    if len(points) == 0:
        return 0.0
    return optuna._hypervolume.compute_hypervolume(points, np.asarray(reference, dtype=float))


def best_hypervolume(name, problem):
    front = true_front(name)
    if front is not None:
        return hypervolume(front, problem["reference"])
    if name.startswith("dtlz2"):
        return math.prod(problem["reference"]) - math.pi / 6  # less an eighth of the unit ball
    return None


# -- methods ---------------------------------------------------------------------------------------

def run_caviar(program, sampler, problem, trials, seed):
    space = {f"x{i}": {"type": "int" if whole else "float", "low": low, "high": high}
             for i, (low, high, whole) in enumerate(problem["space"])}
    directions = ",".join(["minimize"] * len(problem["reference"]))
    name, _, population = sampler.partition(" of ")
    file = tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8")
    json.dump(space, file)
    file.flush()
    words = [program, "ask-tell", "--space", file.name, "--sampler", name, "--seed", str(seed), "--direction", directions]
    if population:
        words += ["--options", json.dumps({"population": int(population)})]
    with file, subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        def say(request):
            child.stdin.write(json.dumps(request) + "\n")
            child.stdin.flush()
            answer = json.loads(child.stdout.readline())
            if "error" in answer:
                sys.exit(answer["error"])
            return answer
        told = []
        for _ in range(trials):
            asked = say({"op": "ask"})
            told.append(problem["f"]([asked["params"][name] for name in space]))
            say({"op": "tell", "trial": asked["trial"], "values": told[-1]})
        child.stdin.close()
    return told


def run_optuna(sampler, problem, trials, seed):
    made = {"nsga2": lambda: optuna.samplers.NSGAIISampler(seed=seed),
            "nsga2 of 20": lambda: optuna.samplers.NSGAIISampler(seed=seed, population_size=20),
            "tpe": lambda: optuna.samplers.TPESampler(seed=seed),
            "gp": lambda: optuna.samplers.GPSampler(seed=seed)}[sampler]()
    study = optuna.create_study(sampler=made, directions=["minimize"] * len(problem["reference"]))

    def objective(trial):
        return problem["f"]([trial.suggest_int(f"x{i}", low, high) if whole else
                             trial.suggest_float(f"x{i}", low, high)
                             for i, (low, high, whole) in enumerate(problem["space"])])
    study.optimize(objective, n_trials=trials)
    return [trial.values for trial in study.trials]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--caviar", default="build/bench/caviar")
    parser.add_argument("--problems", default=",".join(PROBLEMS))
    parser.add_argument("--methods",
                        default="random,nsga2,tpe,gp,optuna nsga2,optuna nsga2 of 20,optuna tpe,optuna gp")
    parser.add_argument("--trials", type=int, default=100)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--csv")
    options = parser.parse_args()
    methods = options.methods.split(",")
    rows = []
    print("| problem |", " | ".join(methods), "|")
    for name in options.problems.split(","):
        problem = PROBLEMS[name]()
        found = {}
        for method in methods:
            for seed in range(options.seeds):
                if method.startswith("optuna "):
                    told = run_optuna(method.removeprefix("optuna "), problem, options.trials, seed)
                else:
                    told = run_caviar(options.caviar, method, problem, options.trials, seed)
                found.setdefault(method, []).append(told)
        best = best_hypervolume(name, problem)
        if best is None:
            best = hypervolume([p for runs in found.values() for run in runs for p in run], problem["reference"])
        shares = {method: [hypervolume(run, problem["reference"]) / best for run in runs] for method, runs in found.items()}
        rows += [[name, method, seed, share] for method in methods for seed, share in enumerate(shares[method])]
        print(f"| {name} |", " | ".join(f"{statistics.median(shares[method]):.3f}" for method in methods), "|", flush=True)
    if options.csv:
        with open(options.csv, "w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([["problem", "method", "seed", "share"], *rows])


if __name__ == "__main__":
    main()
