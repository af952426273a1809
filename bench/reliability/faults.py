#!/usr/bin/env python3
"""faults.py CAVIAR [WORKERS]: a study shared by many programs, a disk that is full, a clock that jumps.

Prints one JSON document; exit code 1 where anything is lost. The disk is a tmpfs of 1 MiB, which needs the right to mount
one. The clock is moved by a library that is preloaded, built here with cc: every reading of the time of day is up to a
day off, another way each time.
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

STUDY = """objective: {command: [/bin/echo, "loss={x}"]}
metric: loss
direction: minimize
space: {x: {type: float, low: 0, high: 1}}
search: {sampler: random, seed: 1}
limits: {trials: %d, jobs: %d}
"""
CLOCK = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>
#include <sys/time.h>
#include <time.h>
static int64_t off(void) {
  static uint64_t state = 88172645463325252u;
  state ^= state << 13; state ^= state >> 7; state ^= state << 17;
  return (int64_t)(state % 172800) - 86400;
}
int clock_gettime(clockid_t clock, struct timespec* at) {
  static int (*real)(clockid_t, struct timespec*);
  if (!real) real = (int (*)(clockid_t, struct timespec*))dlsym(RTLD_NEXT, "clock_gettime");
  int result = real(clock, at);
  if (result == 0 && clock == CLOCK_REALTIME) at->tv_sec += off();
  return result;
}
int gettimeofday(struct timeval* at, void* zone) {
  struct timespec now;
  (void)zone;
  clock_gettime(CLOCK_REALTIME, &now);
  at->tv_sec = now.tv_sec;
  at->tv_usec = now.tv_nsec / 1000;
  return 0;
}
time_t time(time_t* at) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (at) *at = now.tv_sec;
  return now.tv_sec;
}
"""


def trials(caviar, folder):
    answer = subprocess.run([caviar, "trials", "study.yaml", "--json"], cwd=folder, capture_output=True, text=True)
    return json.loads(answer.stdout)["trials"] if answer.returncode == 0 else []


def tune(caviar, folder, *words, **more):
    return subprocess.run([caviar, "tune", "study.yaml", "--quiet", *words], cwd=folder, capture_output=True, text=True,
                          **more)


def judged(all_trials, wanted, problems, name):
    complete = [trial for trial in all_trials if trial["state"] == "complete"]
    if len(complete) != wanted:
        problems.append(f"{name}: {len(complete)} trials are complete, {wanted} wanted")
    if len({json.dumps(trial["params"]) for trial in complete}) != len(complete):
        problems.append(f"{name}: a configuration was counted twice")
    if any(trial["value"] != trial["params"]["x"] for trial in complete):
        problems.append(f"{name}: a wrong value")


def many_workers(caviar, count, problems):
    with tempfile.TemporaryDirectory() as folder:
        wanted = 10 * count
        pathlib.Path(folder, "study.yaml").write_text(STUDY % (1, 1))
        tune(caviar, folder)
        pathlib.Path(folder, "study.yaml").write_text(STUDY % (wanted, 1))
        begin = time.monotonic()
        workers = [subprocess.Popen([caviar, "work", "study.yaml", "--quiet"], cwd=folder, stdout=subprocess.DEVNULL,
                                    stderr=subprocess.PIPE, text=True) for _ in range(count)]
        for worker in workers:
            error = worker.communicate()[1]
            if worker.returncode != 0:
                problems.append(f"workers: {error.strip()}")
        seconds = time.monotonic() - begin
        judged(trials(caviar, folder), wanted, problems, "workers")
        return {"workers": count, "trials": wanted, "seconds": round(seconds, 1)}


def full_disk(caviar, problems):
    with tempfile.TemporaryDirectory() as folder:
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "none", folder], capture_output=True).returncode:
            return "no right to mount a tmpfs"
        try:
            pathlib.Path(folder, "study.yaml").write_text(STUDY % (5000, 2))
            full = tune(caviar, folder)
            known = {trial["number"]: trial["value"] for trial in trials(caviar, folder)
                     if trial["state"] == "complete"}
            subprocess.run(["mount", "-o", "remount,size=64m", folder], check=True)
            wanted = len(known) + 100
            after = tune(caviar, folder, "--trials", str(wanted))
            if after.returncode != 0:
                problems.append("disk: it does not go on: " + after.stderr.strip())
            now = trials(caviar, folder)
            lost = [n for n, value in known.items() if now[n].get("value") != value]
            if lost:
                problems.append(f"disk: trials {lost} were lost")
            return {"exit_code": full.returncode, "said": full.stderr.strip()[-200:], "complete_when_full": len(known),
                    "failed": sum(trial["state"] == "failed" for trial in now)}
        finally:
            subprocess.run(["umount", folder], check=False)


def jumping_clock(caviar, problems):
    with tempfile.TemporaryDirectory() as folder:
        source, library = pathlib.Path(folder, "clock.c"), os.path.join(folder, "clock.so")
        source.write_text(CLOCK)
        subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", library, str(source), "-ldl"], check=True)
        pathlib.Path(folder, "study.yaml").write_text(STUDY % (200, 4))
        environment = {**os.environ, "LD_PRELOAD": library}
        begin = time.monotonic()
        both = [subprocess.Popen([caviar, "tune", "study.yaml", "--quiet", "--time", "60s", "--report", f"{n}.html"],
                                 cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                                 text=True) for n in range(2)]
        for program in both:
            error = program.communicate()[1]
            if program.returncode != 0:
                problems.append("clock: " + error.strip())
        judged(trials(caviar, folder), 200, problems, "clock")
        return {"programs": 2, "trials": 200, "seconds": round(time.monotonic() - begin, 1)}


def main():
    caviar = os.path.abspath(sys.argv[1])
    problems = []
    figures = {"workers": many_workers(caviar, int(sys.argv[2]) if len(sys.argv) > 2 else 64, problems),
               "full_disk": full_disk(caviar, problems), "jumping_clock": jumping_clock(caviar, problems),
               "problems": problems}
    print(json.dumps(figures, indent=1))
    sys.exit(1 if problems else 0)


main()
