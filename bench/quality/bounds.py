"""How low the loss comes where outcomes have bounds: the best solution after so many trials.

    python bench/quality/bounds.py --caviar build/bench/caviar --seeds 10 --trials 100

Bounds are on what a trial measures, so nothing is known of them before it has run. Every method sees the same
problems through ask and tell: caviar as a child process (caviar ask-tell --outcomes), Optuna in this one
(constraints_func). Two tables: the median over the seeds of the lowest loss within all bounds (in brackets the runs
that have found none), and the share of pairs of runs on the same problem that a method wins against another, ties
counting half and no solution being the worst.
"""
import argparse
import csv
import json
import math
import statistics
import subprocess
import tempfile

NONE = math.inf


# -- problems: parameters as (low, high, integer?); a loss, and outcomes that are bounded by 0 from above ------------

def gramacy(x):
    """Gramacy et al., "Modeling an augmented Lagrangian for blackbox constrained optimization", 2016."""
    a, b = x
    return a + b, [1.5 - a - 2 * b - 0.5 * math.sin(2 * math.pi * (a * a - 2 * b)), a * a + b * b - 1.5]


def gardner_1(x):
    """Gardner et al., "Bayesian optimization with inequality constraints", 2014; so is the next one."""
    a, b = x
    return math.cos(2 * a) * math.cos(b) + math.sin(a), [math.cos(a + b) - 0.5]


def gardner_2(x):
    a, b = x
    return math.sin(a) + b, [math.sin(a) * math.sin(b) + 0.95]


A = [[10, 3, 17, 3.5, 1.7, 8], [0.05, 10, 17, 0.1, 8, 14], [3, 3.5, 1.7, 10, 17, 8], [17, 8, 0.05, 10, 0.1, 14]]
P = [[1312, 1696, 5569, 124, 8283, 5886], [2329, 4135, 8307, 3736, 1004, 9991],
     [2348, 1451, 3522, 2883, 3047, 6650], [4047, 8828, 8732, 5743, 1091, 381]]


def hartmann_6(x):
    """Hartmann's function within a ball that its minimum lies outside of."""
    total = -sum(c * math.exp(-sum(a * (u - p / 1e4) ** 2 for a, u, p in zip(row, x, places)))
                 for c, row, places in zip([1, 1.2, 3, 3.2], A, P))
    return total, [sum(u * u for u in x) - 0.8]


def spring(x):
    """The weight of a tension spring (Arora, "Introduction to Optimum Design", 1989)."""
    d, coil, turns = x
    return (turns + 2) * coil * d * d, [
        1 - coil**3 * turns / (71785 * d**4),
        (4 * coil * coil - d * coil) / (12566 * (coil * d**3 - d**4)) + 1 / (5108 * d * d) - 1 if coil > d else 10.0,
        1 - 140.45 * d / (coil * coil * turns), (coil + d) / 1.5 - 1]


def vessel(x):
    """The cost of a pressure vessel (Sandgren, 1990); plates come in sixteenths of an inch."""
    shell, head, radius, length = x[0] / 16, x[1] / 16, x[2], x[3]
    cost = (0.6224 * shell * radius * length + 1.7781 * head * radius**2 + 3.1661 * shell**2 * length
            + 19.84 * shell**2 * radius)
    return cost, [0.0193 * radius - shell, 0.00954 * radius - head,
                  1296000 - math.pi * radius**2 * length - 4 / 3 * math.pi * radius**3]


def beam(x):
    """The cost of a welded beam (Ragsdell and Phillips, 1976)."""
    h, l, t, b = x
    load, span, young, shear = 6000, 14, 30e6, 12e6
    moment = load * (span + l / 2)
    r = math.sqrt(l * l / 4 + ((h + t) / 2) ** 2)
    polar = 2 * math.sqrt(2) * h * l * (l * l / 12 + ((h + t) / 2) ** 2)
    primary, second = load / (math.sqrt(2) * h * l), moment * r / polar
    stress = math.sqrt(primary**2 + primary * second * l / r + second**2)
    bending, sag = 6 * load * span / (b * t * t), 4 * load * span**3 / (young * t**3 * b)
    buckling = (4.013 * young * math.sqrt(t * t * b**6 / 36) / span**2
                * (1 - t / (2 * span) * math.sqrt(young / (4 * shear))))
    return 1.10471 * h * h * l + 0.04811 * t * b * (14 + l), [
        stress - 13600, bending - 30000, h - b, 0.10471 * h * h + 0.04811 * t * b * (14 + l) - 5, sag - 0.25,
        load - buckling]


def reducer(x):
    """The weight of a speed reducer (Golinski, 1970); eleven bounds."""
    b, m, z, l1, l2, d1, d2 = x
    weight = (0.7854 * b * m * m * (3.3333 * z * z + 14.9334 * z - 43.0934) - 1.508 * b * (d1 * d1 + d2 * d2)
              + 7.4777 * (d1**3 + d2**3) + 0.7854 * (l1 * d1 * d1 + l2 * d2 * d2))
    return weight, [
        27 / (b * m * m * z) - 1, 397.5 / (b * m * m * z * z) - 1, 1.93 * l1**3 / (m * z * d1**4) - 1,
        1.93 * l2**3 / (m * z * d2**4) - 1,
        math.sqrt((745 * l1 / (m * z)) ** 2 + 16.9e6) / (110 * d1**3) - 1,
        math.sqrt((745 * l2 / (m * z)) ** 2 + 157.5e6) / (85 * d2**3) - 1,
        m * z / 40 - 1, 5 * m / b - 1, b / (12 * m) - 1, (1.5 * d1 + 1.9) / l1 - 1, (1.1 * d2 + 1.9) / l2 - 1]


MOST_NODES = 150


def forest():
    """Real: the error of a forest under cross-validation, and the nodes of its trees, which may be MOST_NODES in all."""
    from sklearn.datasets import load_breast_cancer
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.model_selection import cross_val_score
    data = load_breast_cancer()

    def outcome(x):
        trees, depth, leaf, share = int(x[0]), int(x[1]), int(x[2]), x[3]
        model = RandomForestClassifier(trees, max_depth=depth, min_samples_leaf=leaf,
                                       max_features=share, random_state=0)
        error = 1 - cross_val_score(model, data.data, data.target, cv=3).mean()
        model.fit(data.data, data.target)
        return error, [float(sum(tree.tree_.node_count for tree in model.estimators_) - MOST_NODES)]
    return outcome


UNIT, SIX = (0.0, 1.0, False), (0.0, 6.0, False)
PROBLEMS = {  # name: space, outcome
    "gramacy": ([UNIT] * 2, gramacy),
    "gardner_1": ([SIX] * 2, gardner_1),
    "gardner_2": ([SIX] * 2, gardner_2),
    "hartmann_6": ([UNIT] * 6, hartmann_6),
    "spring": ([(0.05, 2.0, False), (0.25, 1.3, False), (2.0, 15.0, False)], spring),
    "vessel": ([(1, 99, True), (1, 99, True), (10.0, 200.0, False), (10.0, 240.0, False)], vessel),
    "beam": ([(0.125, 10.0, False), (0.1, 10.0, False), (0.1, 10.0, False), (0.1, 10.0, False)], beam),
    "reducer": ([(2.6, 3.6, False), (0.7, 0.8, False), (17, 28, True), (7.3, 8.3, False), (7.3, 8.3, False),
                 (2.9, 3.9, False), (5.0, 5.5, False)], reducer),
    "forest": ([(1, 30, True), (1, 12, True), (1, 30, True), (0.05, 1.0, False)], None),
}


def run_caviar(program, sampler, space, outcome, trials, seed):
    described = {f"x{i}": {"type": "int" if whole else "float", "low": low, "high": high}
                 for i, (low, high, whole) in enumerate(space)}
    count = len(outcome([(low + high) // 2 if whole else (low + high) / 2 for low, high, whole in space])[1])
    file = tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8")
    json.dump(described, file)
    file.flush()
    words = [program, "ask-tell", "--space", file.name, "--sampler", sampler, "--seed", str(seed),
             "--outcomes", json.dumps({f"c{i}": "<= 0" for i in range(count)})]
    with file, subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        def say(request):
            child.stdin.write(json.dumps(request) + "\n")
            child.stdin.flush()
            answer = json.loads(child.stdout.readline())
            if "error" in answer:
                raise SystemExit(answer["error"])
            return answer
        told = []
        for _ in range(trials):
            asked = say({"op": "ask"})
            loss, bounded = outcome([asked["params"][name] for name in described])
            told.append((loss, bounded))
            say({"op": "tell", "trial": asked["trial"], "value": loss,
                 "metrics": {f"c{i}": value for i, value in enumerate(bounded)}})
        child.stdin.close()
    return told


def run_optuna(sampler, space, outcome, trials, seed):
    import optuna
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    told = []

    def constraints(trial):
        return trial.user_attrs["bounded"]
    made = {"tpe": lambda: optuna.samplers.TPESampler(seed=seed, constraints_func=constraints),
            "gp": lambda: optuna.samplers.GPSampler(seed=seed, constraints_func=constraints)}[sampler]()
    study = optuna.create_study(sampler=made)

    def objective(trial):
        x = [trial.suggest_int(f"x{i}", low, high) if whole else trial.suggest_float(f"x{i}", low, high)
             for i, (low, high, whole) in enumerate(space)]
        told.append(outcome(x))
        trial.set_user_attr("bounded", told[-1][1])
        return told[-1][0]
    study.optimize(objective, n_trials=trials)
    return told


def best_solution(told):
    return min((loss for loss, bounded in told if all(value <= 0 for value in bounded)), default=NONE)


def cell(losses):
    found = [loss for loss in losses if loss < NONE]
    middle = statistics.median_low(losses)
    return (f"{middle:.4g}" if middle < NONE else "–") + (f" ({len(losses) - len(found)})" if len(found) < len(losses) else "")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--caviar", default="build/bench/caviar")
    parser.add_argument("--problems", default=",".join(PROBLEMS))
    parser.add_argument("--methods", default="random,tpe,gp,auto,optuna tpe,optuna gp")
    parser.add_argument("--trials", type=int, default=100)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--csv")
    options = parser.parse_args()
    methods = options.methods.split(",")
    budgets = [budget for budget in (25, 50, 100, 200) if budget <= options.trials]
    best = {}  # problem, method, budget: a loss a seed
    for name in options.problems.split(","):
        space, outcome = PROBLEMS[name]
        outcome = outcome or forest()
        for method in methods:
            for seed in range(options.seeds):
                if method.startswith("optuna "):
                    told = run_optuna(method.removeprefix("optuna "), space, outcome, options.trials, seed)
                else:
                    told = run_caviar(options.caviar, method, space, outcome, options.trials, seed)
                for budget in budgets:
                    best.setdefault((name, method, budget), []).append(best_solution(told[:budget]))
        for budget in budgets:
            print(f"| {name}, {budget} |", " | ".join(cell(best[name, method, budget]) for method in methods), "|", flush=True)
    for budget in budgets:
        print(f"\nwins after {budget} trials, of the row against the column\n\n| |", " | ".join(methods), "|")
        for method in methods:
            shares = []
            for other in methods:
                pairs = [(a < b) + 0.5 * (a == b) for name in options.problems.split(",")
                         for a in best[name, method, budget] for b in best[name, other, budget]]
                shares.append(f"{100 * statistics.mean(pairs):.0f} %" if other != method else "")
            print(f"| {method} |", " | ".join(shares), "|", flush=True)
    if options.csv:
        with open(options.csv, "w", newline="", encoding="utf-8") as file:
            rows = [[*key, seed, loss] for key, losses in best.items() for seed, loss in enumerate(losses)]
            csv.writer(file).writerows([["problem", "method", "budget", "seed", "loss"], *rows])


if __name__ == "__main__":
    main()
