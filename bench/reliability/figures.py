#!/usr/bin/env python3
"""figures.py CAVIAR [TRIALS]: how many very short trials a second, and what a gigabyte of output costs.

Prints one JSON document.
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

STUDY = """objective: {{command: {command}}}
metric: loss
direction: minimize
space: {{x: {{type: float, low: 0, high: 1}}}}
search: {{sampler: random, seed: 1}}
limits: {{trials: {trials}, jobs: {jobs}}}
"""


def run(caviar, folder, name, **settings):
    pathlib.Path(folder, name + ".yaml").write_text(STUDY.format(**settings))
    begin = time.monotonic()
    subprocess.run([caviar, "tune", name + ".yaml", "--quiet"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - begin


def main():
    caviar = os.path.abspath(sys.argv[1])
    figures = {}
    with tempfile.TemporaryDirectory() as folder:
        short = '[/bin/echo, "loss={x}"]'
        trials = int(sys.argv[2]) if len(sys.argv) > 2 else 10_000
        seconds = run(caviar, folder, "short", command=short, trials=trials, jobs=2)
        figures["short_trials"] = {"trials": trials, "seconds": seconds, "per_second": trials / seconds}
        flood = '[sh, -c, "yes a line of output | head -c 1073741824; echo; echo loss={x}"]'
        seconds = run(caviar, folder, "flood", command=flood, trials=1, jobs=1)
        log = os.path.getsize(os.path.join(folder, "flood.trials/0/log.txt"))
        figures["gigabyte"] = {"seconds": seconds, "log_bytes": log}
    print(json.dumps(figures, indent=1))


main()
