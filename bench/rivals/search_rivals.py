#!/usr/bin/env python3
"""What keeping a study costs in Optuna: the rows of caviar_bench_storage and caviar_bench_start.

Six parameters, one report, SQLite in a temporary folder (TMPDIR chooses another disk). One core, from
the repository's root:

  python3 -m venv /tmp/rivals && /tmp/rivals/bin/pip install optuna scipy torch
  chrt -f 10 taskset -c 0 /tmp/rivals/bin/python bench/rivals/search_rivals.py

--open N: trials of the study that is opened (2,000; writing them takes longer than opening).
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
import warnings

for variable in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[variable] = "1"
warnings.filterwarnings("ignore")


def suggest(trial):
    trial.suggest_float("learning_rate", 1e-4, 1, log=True)
    trial.suggest_float("momentum", 0.9, 0.999)
    trial.suggest_int("hidden_units", 16, 256, log=True)
    trial.suggest_int("batch_size", 16, 256, log=True)
    trial.suggest_int("layers", 1, 4)
    trial.suggest_categorical("optimizer", ["momentum", "adam"])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--open", type=int, default=2000)
    options = parser.parse_args()
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    print("Optuna", optuna.__version__)

    def study_in(url, sampler):
        return optuna.create_study(study_name="s", storage=url, sampler=sampler, load_if_exists=True)

    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/study.db"
        study = study_in(url, optuna.samplers.RandomSampler(seed=1))
        times = []
        for _ in range(60):
            start = time.perf_counter()
            trial = study.ask()
            suggest(trial)
            trial.report(0.5, 1)
            study.tell(trial, 0.25)
            times.append(time.perf_counter() - start)
        print(f"durable trials, one at a time: {1 / statistics.median(times):.0f} a second")

        url = f"sqlite:///{folder}/long.db"
        study = study_in(url, None)
        donor = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=1))
        for _ in range(options.open):
            trial = donor.ask()
            suggest(trial)
            donor.tell(trial, 0.25)
        import sqlite3

        sqlite3.connect(f"{folder}/long.db").execute("PRAGMA journal_mode = WAL")
        study.add_trials(donor.trials)
        times = []
        for _ in range(3):
            start = time.perf_counter()
            assert optuna.load_study(study_name="s", storage=url).best_trial
            times.append(time.perf_counter() - start)
        print(f"opening {options.open} trials: {1e3 * statistics.median(times):.0f} ms")

    code = (
        "import optuna; optuna.logging.set_verbosity(40); s = optuna.create_study(); "
        "s.ask().suggest_float('x', 0, 1)"
    )
    times = []
    for _ in range(5):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True)
        times.append(time.perf_counter() - start)
    print(f"program start to first proposal: {1e3 * statistics.median(times):.0f} ms")

    for name in ("Random", "TPE"):
        for history in (100, 1000):
            study = optuna.create_study(sampler=getattr(optuna.samplers, name + "Sampler")(seed=1))
            study.add_trials(donor.trials[:history])
            times = []
            for _ in range(9):
                start = time.process_time()
                trial = study.ask()
                suggest(trial)
                study.tell(trial, 0.25)
                times.append(time.process_time() - start)
            print(f"{name}, ask and tell after {history}: {1e3 * statistics.median(times):.2f} ms")


if __name__ == "__main__":
    main()
