#!/usr/bin/env python3
"""How soon a training obeys, and what it costs to be watched.

usage: panda.py CAVIAR WORK_DIR [--steers N] [--rounds N]

Makes a table of 20,000 rows and 100 columns in WORK_DIR. Latency: a training runs, `caviar steer` is called N
times; from the request's birth (its id) to the line of the log that says it is in force, and from the start of
the command to its end. Cost: the same training without a name, as a run, and as a run while `caviar watch`
reads it four times a second, N times in turn; compared by the processor time of the training, which a busy
machine leaves alone, within each turn.
"""

import argparse
import json
import pathlib
import random
import resource
import shutil
import statistics
import subprocess
import time


def make_table(path: pathlib.Path) -> None:
    chance = random.Random(1)
    with path.open("w") as file:
        file.write(",".join(f"x{i}" for i in range(100)) + ",kind\n")
        for _ in range(20_000):
            row = [chance.gauss(0, 1) for _ in range(100)]
            file.write(",".join(f"{x:.4f}" for x in row) + f",{int(row[0] + row[1] > 0)}\n")


EPOCHS = 60  # of a training whose cost is measured


def words(caviar: str, epochs: int) -> list[str]:
    return [caviar, "train", "--data", "table.csv", "--target", "kind", f"epochs={epochs}", "batch_size=64",
            "hidden_units=128-64", "early_stopping=false"]


def log_of(folder: pathlib.Path) -> list[dict]:
    text = (folder / "log.jsonl").read_text()
    return [json.loads(line) for line in text.splitlines() if line.endswith("}")]


def measure_latency(caviar: str, work: pathlib.Path, steers: int) -> None:
    shutil.rmtree(work / "runs", ignore_errors=True)
    training = subprocess.Popen([*words(caviar, 1_000_000), "--name", "a"], cwd=work, stdout=subprocess.DEVNULL)
    log = work / "runs/a/log.jsonl"
    while not log.exists() or '"epoch"' not in log.read_text():
        time.sleep(0.05)
    commands = []
    for i in range(steers):
        time.sleep(0.2)
        begin = time.perf_counter()
        subprocess.run([caviar, "steer", "a", f"dropout={0.1 + 0.01 * (i % 5)}"], cwd=work, check=True,
                       stdout=subprocess.DEVNULL)
        commands.append(1000 * (time.perf_counter() - begin))
    subprocess.run([caviar, "stop", "a"], cwd=work, check=True, stdout=subprocess.DEVNULL)
    training.wait()
    lines = [line for line in log_of(work / "runs/a") if line["event"] == "steered"]
    delays = sorted(1000 * (line["time"] - int(line["id"].split("-")[0]) / 1e9) for line in lines)
    print(f"{len(delays)} steers, milliseconds       median   95 %    most")
    for name, times in (("request → in force", delays), ("command, whole", sorted(commands))):
        at = [statistics.median(times), times[int(0.95 * (len(times) - 1))], times[-1]]
        print(f"{name:<24}" + "".join(f"{x:>8.1f}" for x in at))


def processor_seconds(command: list[str], work: pathlib.Path) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, cwd=work, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def named(caviar: str, work: pathlib.Path, watch: bool) -> float:
    """Of a run, looked at four times a second where it is watched."""
    shutil.rmtree(work / "runs", ignore_errors=True)
    over = work / "over"
    over.unlink(missing_ok=True)
    script = 'while [ ! -e over ]; do [ -e runs/a/log.jsonl ] && "$0" watch a --json > /dev/null 2>&1; sleep 0.25; done'
    watcher = subprocess.Popen(["sh", "-c", script, caviar], cwd=work) if watch else None
    seconds = processor_seconds([*words(caviar, EPOCHS), "--name", "a"], work)
    over.touch()
    if watcher is not None:
        watcher.wait()
    return seconds


def measure_cost(caviar: str, work: pathlib.Path, rounds: int) -> None:
    """Each round has all three in another order; what is compared is of the same round."""
    ways = {
        "without a name": lambda: processor_seconds(words(caviar, EPOCHS), work),
        "a run": lambda: named(caviar, work, watch=False),
        "a run, watched": lambda: named(caviar, work, watch=True),
    }
    times: dict[str, list[float]] = {way: [] for way in ways}
    for round_number in range(rounds):
        order = list(ways)
        order = order[round_number % 3 :] + order[: round_number % 3]
        for way in order if round_number % 2 == 0 else reversed(order):
            times[way].append(ways[way]())
    for way, seconds in times.items():
        print(f"{way:<16}{statistics.median(seconds):>8.3f} s of processor time, the median of {rounds}")
    for one, other in (("a run", "without a name"), ("a run, watched", "a run")):
        ratios = [a / b for a, b in zip(times[one], times[other])]
        low, middle, high = statistics.quantiles(ratios, n=4)
        print(f"{one} / {other}: {middle:.4f} (quarters {low:.4f} and {high:.4f})")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("caviar")
    parser.add_argument("work", type=pathlib.Path)
    parser.add_argument("--steers", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    caviar = str(pathlib.Path(options.caviar).resolve())
    options.work.mkdir(parents=True, exist_ok=True)
    make_table(options.work / "table.csv")
    measure_latency(caviar, options.work, options.steers)
    measure_cost(caviar, options.work, options.rounds)


if __name__ == "__main__":
    main()
