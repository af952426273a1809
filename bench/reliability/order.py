#!/usr/bin/env python3
"""order.py: how much longer a search takes with `deterministic: true`, by simulation.

Trial n begins when all trials up to n - jobs have ended; without order, when any job is free. Prints a table: the ratio of
both times for 1,000 trials, the mean of 20 runs, by how the durations of trials differ and how many run at once.
"""
import heapq
import random

LAWS = {
    "equal": lambda chance: 1.0,
    "uniform, 0.5 to 1.5": lambda chance: chance.uniform(0.5, 1.5),
    "log-normal, sigma 0.5": lambda chance: chance.lognormvariate(0, 0.5),
    "exponential": lambda chance: chance.expovariate(1),
}


def in_order(durations, jobs):
    ends, latest = [], 0.0
    for n, duration in enumerate(durations):
        if n >= jobs:
            latest = max(latest, ends[n - jobs])
        ends.append(latest + duration)
    return max(ends)


def as_they_end(durations, jobs):
    free = [0.0] * jobs
    for duration in durations:
        heapq.heappush(free, heapq.heappop(free) + duration)
    return max(free)


def main():
    counts = [2, 4, 8, 16]
    print("| durations |" + "".join(f" {jobs} jobs |" for jobs in counts))
    print("|---|" + "---|" * len(counts))
    for name, law in LAWS.items():
        cells = []
        for jobs in counts:
            ratios = []
            for seed in range(20):
                chance = random.Random(seed)
                durations = [law(chance) for _ in range(1000)]
                ratios.append(in_order(durations, jobs) / as_they_end(durations, jobs))
            cells.append(f" {sum(ratios) / len(ratios):.2f} |")
        print(f"| {name} |" + "".join(cells))


main()
