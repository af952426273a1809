#!/usr/bin/env python3
"""kills.py CAVIAR [KILLS] [SEED]: kill -9 at random moments of a study with four jobs, again and again.

Two programs run it, `caviar tune` and `caviar work`, two trials at once each. Each time one of these is killed: the one,
the other, a trial's own process, the guardian of a trial, or a guardian and its program in the same moment. Every
process of a trial keeps a FIFO of its program open, so its reader knows when the last of them is gone. After every kill
of a program: no process of its trials is left (after one of both: once it is started again), and every trial that was
complete before is complete still, with the same value. At the end: as many trials are complete as the study wants, none
of its configurations twice. Prints the figures; exit code 1 on any loss.
"""
import json
import os
import pathlib
import random
import select
import signal
import subprocess
import sys
import tempfile
import time

SCRIPT = """exec 9> "$KILLS_FIFO"
setsid sleep 1000 &
echo "epoch=1 loss=$1"
sleep 0.0$(( $CAVIAR_SEED % 10 ))
echo "epoch=2 loss=$1"
echo "loss=$1"
"""
STUDY = """objective: {command: [sh, run.sh, "{x}"], retries: 9}
metric: loss
direction: minimize
space: {x: {type: float, low: 0, high: 1}}
search: {sampler: random, seed: 1}
limits: {trials: %d, jobs: 2}
"""


def descendants(process):
    """The program's trials: (guardian, command) pairs."""
    def children(number):
        try:
            tasks = pathlib.Path(f"/proc/{number}/task")
            return [int(word) for task in tasks.iterdir() for word in (task / "children").read_text().split()]
        except OSError:
            return []
    return [(guardian, command) for guardian in children(process) for command in children(guardian)]


def trials(caviar, folder):
    answer = subprocess.run([caviar, "trials", "study.yaml", "--json"], cwd=folder, capture_output=True, text=True)
    return json.loads(answer.stdout)["trials"] if answer.returncode == 0 else []


class Program:
    """A program that runs trials of the study, and the FIFO that every process of these keeps open."""

    def __init__(self, caviar, folder, command):
        self.command, self.folder = [caviar, command, "study.yaml", "--quiet"], folder
        self.fifo = os.path.join(folder, command + ".fifo")
        os.mkfifo(self.fifo)
        reader = os.open(self.fifo, os.O_RDONLY | os.O_NONBLOCK)
        os.close(os.open(self.fifo, os.O_WRONLY))  # an end is seen only after a begin
        self.poll = select.poll()
        self.poll.register(reader, select.POLLIN)
        self.process = None

    def keep_running(self):
        """Starts it where it does not run; what it said, where it has ended by itself."""
        said = ""
        if self.process is not None and self.process.poll() is not None:
            said = self.process.stderr.read().decode()
            self.process = None
        if self.process is None:
            self.process = subprocess.Popen(self.command, cwd=self.folder, env={**os.environ, "KILLS_FIFO": self.fifo},
                                            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        return said

    def kill(self):
        if self.process is not None:
            self.process.kill()
            self.process.wait()
        self.process = None

    def is_rid_of_its_trials(self, milliseconds):
        return bool(self.poll.poll(milliseconds))


def main():
    caviar = os.path.abspath(sys.argv[1])
    kills = int(sys.argv[2]) if len(sys.argv) > 2 else 200
    chance = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 1)
    counts = {"tune": 0, "work": 0, "command": 0, "guardian": 0, "both": 0}
    left = 0  # times that processes lived on until the next start
    problems = []
    with tempfile.TemporaryDirectory() as folder:
        pathlib.Path(folder, "run.sh").write_text(SCRIPT)
        pathlib.Path(folder, "study.yaml").write_text(STUDY % 100_000)
        programs = {name: Program(caviar, folder, name) for name in ("tune", "work")}
        programs["tune"].keep_running()
        while not trials(caviar, folder):  # there is nothing to work on before
            time.sleep(0.1)
        known = {}
        while sum(counts.values()) < kills and not problems:
            for name, program in programs.items():
                if said := program.keep_running():
                    problems.append(f"{name} ended: {said}")
            time.sleep(0.1 + chance.random() * 0.5)
            target = chance.choice(["tune", "work", "command", "guardian", "both"])
            program = programs[target if target in programs else chance.choice(list(programs))]
            if target not in programs:
                running = descendants(program.process.pid)
                if not running:
                    continue
                guardian, command = chance.choice(running)
                try:
                    os.kill(command if target == "command" else guardian, signal.SIGKILL)
                except ProcessLookupError:
                    continue
            counts[target] += 1
            if target in ("command", "guardian"):
                # Without its guardian a trial's strays are for caviar to find.
                time.sleep(1.5 if target == "guardian" else 0)
                continue
            program.kill()
            gone = program.is_rid_of_its_trials(5_000 if target == "both" else 30_000)
            if target == "both" and not gone:
                left += 1
                subprocess.run([caviar, "tune", "study.yaml", "--trials", "1", "--quiet"], cwd=folder,
                               env={**os.environ, "KILLS_FIFO": "/dev/null"}, stdout=subprocess.DEVNULL, check=False)
                gone = program.is_rid_of_its_trials(30_000)
            if not gone:
                problems.append("a process lives on")
            now = {trial["number"]: trial["value"] for trial in trials(caviar, folder) if trial["state"] == "complete"}
            problems += [f"trial {n} was lost" for n, value in known.items() if now.get(n) != value]
            known = now
        for program in programs.values():
            program.kill()
        wanted = len(known) + 50
        ended = subprocess.run([caviar, "tune", "study.yaml", "--trials", str(wanted), "--json", "--quiet"], cwd=folder,
                               env={**os.environ, "KILLS_FIFO": "/dev/null"}, capture_output=True, text=True)
        if ended.returncode != 0:
            problems.append("the study does not end: " + ended.stderr)
        everything = trials(caviar, folder)
        complete = [trial for trial in everything if trial["state"] == "complete"]
        failed = [trial for trial in everything if trial["state"] == "failed"]
        if len({json.dumps(trial["params"]) for trial in complete}) != len(complete):
            problems.append("a configuration was counted twice")
        if len(complete) + len(failed) < wanted or any(trial["state"] == "running" for trial in everything):
            problems.append("trials are missing")
        problems += [f"trial {trial['number']} has a wrong value" for trial in complete
                     if trial["value"] != trial["params"]["x"]]
    print(json.dumps({"kills": counts, "left_until_next_start": left, "trials": len(everything), "complete": len(complete), "failed": len(failed),
                      "interrupted": sum(trial["state"] == "interrupted" for trial in everything),
                      "problems": problems}))
    sys.exit(1 if problems else 0)


main()
