#!/usr/bin/env python3
"""Scores of samplers from the runs that caviar_bench_quality and rivals.py wrote: a Markdown page.

  python3 bench/quality/score.py RUNS.csv[.gz]... [--budgets 50,100] [--ours auto] > scores.md

regret     (loss − best known) / (median of random search − best known), random search with as many trials: 0 is the
           best known, 1 is the median random run, 2 at most (also where all trials failed). Of noisy problems the loss
           without noise counts.
rank       among the methods, of their median losses, on each problem; the mean over problems.
wins       the share of pairs (a run of one method, a run of the other, on the same problem) with the lower loss; ties
           count half. In brackets the middle 95 % of 1,000 bootstrap samples of the problems.

All means are over problems, each with the mean over its runs. A method counts only on the problems that it ran.
"""

import argparse
import collections
import csv
import gzip
import random
import signal
import statistics

BUDGETS = (25, 50, 100, 200)
WORST = 2.0
TIE = 1e-6  # regrets that differ by less are alike


def read(paths):
    """(method, pending) → problem → budget → losses; and what is known of each problem."""
    runs = collections.defaultdict(lambda: collections.defaultdict(lambda: collections.defaultdict(list)))
    facts, versions, seen = {}, {}, set()
    for path in paths:
        with (gzip.open if path.endswith(".gz") else open)(path, "rt") as file:
            for row in csv.DictReader(file):
                method = row["method"] + ("" if row["pending"] == "1" else f" ({row['pending']} pending)")
                key = method, row["problem"], row["seed"]
                if key in seen:
                    continue  # the first file that has a run counts
                seen.add(key)
                versions[method] = row["version"]
                facts[row["problem"]] = row["family"], row["held_out"] == "1", float(row["best"])
                for budget in BUDGETS:
                    if row[f"at{budget}"]:
                        runs[method][row["problem"]][budget].append(float(row[f"at{budget}"]))
    return runs, facts, versions


def regrets_of(runs, facts, budget):
    """method → problem → the regret of each run."""
    if "random" not in runs:
        raise SystemExit("score.py: runs of 'random' are needed as the measure of regret")
    regrets = collections.defaultdict(dict)
    for problem, (_, _, best) in facts.items():
        yardstick = [loss for loss in runs["random"].get(problem, {}).get(budget, []) if loss == loss]
        if not yardstick:
            continue
        everything = [loss for method in runs for loss in runs[method][problem][budget] if loss == loss]
        best = min([best, *everything])  # a search that went below what was known moves the zero
        one = statistics.median(yardstick) - best
        for method in runs:
            losses = runs[method][problem][budget]
            if losses and one > 0:
                regrets[method][problem] = [
                    min((loss - best) / one, WORST) if loss == loss else WORST for loss in losses
                ]
            elif losses:  # random search finds the best as a rule: whoever misses it has lost
                regrets[method][problem] = [0.0 if loss <= best else WORST for loss in losses]
    return regrets


def win_share(ours, theirs):
    """Of all pairs of a run of each."""
    wins = sum((a < b - TIE) + 0.5 * (abs(a - b) <= TIE) for a in ours for b in theirs)
    return wins / (len(ours) * len(theirs))


def mean(values):
    return sum(values) / len(values) if values else float("nan")


def interval(values, chance):
    """The middle 95 % of the means of bootstrap samples."""
    means = sorted(mean(chance.choices(values, k=len(values))) for _ in range(1000))
    return means[25], means[974]


def mean_ranks(regrets, methods, problems):
    ranks = collections.defaultdict(list)
    for problem in problems:
        medians = {method: statistics.median(regrets[method][problem]) for method in methods
                   if problem in regrets[method]}
        for method, median in medians.items():
            below = sum(other < median - TIE for other in medians.values())
            alike = sum(abs(other - median) <= TIE for other in medians.values())
            ranks[method].append(below + (alike + 1) / 2)
    return {method: mean(values) for method, values in ranks.items()}


def table(head, rows):
    print("| " + " | ".join(head) + " |")
    print("|" + "|".join("---" if i == 0 else "--:" for i in range(len(head))) + "|")
    for row in rows:
        print("| " + " | ".join(row) + " |")
    print()


def figure(value):
    return "–" if value != value else f"{value:.2f}"


def print_regrets(regrets, methods, facts, problems, versions):
    families = list(dict.fromkeys(facts[problem][0] for problem in problems))
    ranks = mean_ranks(regrets, methods, problems)
    rows = []
    for method in methods:
        own = [problem for problem in problems if problem in regrets[method]]
        cells = [f"{method} {versions[method]}", str(len(own)),
                 figure(mean([len(regrets[method][problem]) for problem in own])).removesuffix(".00"),
                 figure(mean([mean(regrets[method][problem]) for problem in own])),
                 figure(ranks.get(method, float("nan")))]
        for family in families:
            cells.append(figure(mean([mean(regrets[method][p]) for p in own if facts[p][0] == family])))
        rows.append(cells)
    table(["regret", "problems", "runs each", "all", "rank", *families], rows)


def print_wins(regrets, methods, facts, problems, ours):
    families = list(dict.fromkeys(facts[problem][0] for problem in problems))
    rows = []
    for rival in methods:
        if rival == ours:
            continue
        both = [problem for problem in problems if problem in regrets[ours] and problem in regrets[rival]]
        shares = {problem: win_share(regrets[ours][problem], regrets[rival][problem]) for problem in both}
        if not both:
            continue
        low, high = interval(list(shares.values()), random.Random(1))
        ours_there, theirs = (mean([mean(regrets[method][problem]) for problem in both]) for method in (ours, rival))
        cells = [rival, str(len(both)), f"{figure(ours_there)} / {figure(theirs)}",
                 f"{mean(list(shares.values())):.0%} ({low:.0%}–{high:.0%})"]
        for family in families:
            share = mean([shares[problem] for problem in both if facts[problem][0] == family])
            cells.append("–" if share != share else f"{share:.0%}")
        rows.append(cells)
    table([f"{ours} wins against", "problems", "regret, its / theirs", "all", *families], rows)


def print_losing(regrets, methods, problems, ours):
    """Where a rival's median run is better by more than a tenth of random search's regret."""
    lines = []
    for problem in problems:
        if problem not in regrets[ours]:
            continue
        own = statistics.median(regrets[ours][problem])
        others = {method: statistics.median(regrets[method][problem]) for method in methods
                  if method != ours and problem in regrets[method]}
        best = min(others, key=others.get, default=None)
        if best is not None and others[best] < own - 0.1:
            lines.append((own - others[best], f"{problem}: {own:.2f}, {best} {others[best]:.2f}"))
    print(f"Where {ours} loses by more than 0.1 (median regrets): "
          + ("; ".join(line for _, line in sorted(lines, reverse=True)) or "nowhere") + ".\n")


def main():
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # `| head` is no error
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("runs", nargs="+")
    parser.add_argument("--budgets", default="50,100")
    parser.add_argument("--ours", default="", help="the methods whose wins and losses are shown, separated by commas")
    parser.add_argument("--methods", default="", help="only these, in this order")
    arguments = parser.parse_args()
    runs, facts, versions = read(arguments.runs)
    for budget in map(int, arguments.budgets.split(",")):
        regrets = regrets_of(runs, facts, budget)
        methods = [method for method in arguments.methods.split(",") if method] or list(regrets)
        methods = [method for method in methods if regrets[method]]
        if not arguments.methods:
            methods.sort(key=lambda method: mean([mean(values) for values in regrets[method].values()]))
        for part, wanted in (("all problems", (False, True)), ("held-out problems alone", (True,))):
            problems = [problem for problem in facts if facts[problem][1] in wanted]
            if not any(problem in regrets[method] for method in methods for problem in problems):
                continue
            print(f"## After {budget} trials, {part}\n")
            print_regrets(regrets, methods, facts, problems, versions)
            for ours in filter(None, arguments.ours.split(",")):
                print_wins(regrets, methods, facts, problems, ours)
                print_losing(regrets, methods, problems, ours)


if __name__ == "__main__":
    main()
