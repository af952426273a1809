#!/usr/bin/env python3
"""kills.py CAVIAR [KILLS] [SEED]: kill -9 at random moments of a study with four jobs, again and again.

Each time one of these is killed: the program itself, a trial's own process, the guardian of a trial, or a guardian and
the program in the same moment. Every process of a trial keeps a FIFO open, so its reader knows when the last of them is
gone. After every kill of the program: no process is left (after one of both: once the program is started again), and
every trial that was complete before is complete still, with the same value. At the end: as many
trials are complete as the study wants, none of its configurations twice. Prints the figures; exit code 1 on any loss.
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

SCRIPT = """exec 9> fifo
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
limits: {trials: %d, jobs: 4}
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


def main():
    caviar = os.path.abspath(sys.argv[1])
    kills = int(sys.argv[2]) if len(sys.argv) > 2 else 200
    chance = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 1)
    counts = {"program": 0, "command": 0, "guardian": 0, "both": 0}
    left = 0  # times that processes lived on until the next start
    problems = []
    with tempfile.TemporaryDirectory() as folder:
        wanted = 100_000
        pathlib.Path(folder, "run.sh").write_text(SCRIPT)
        pathlib.Path(folder, "study.yaml").write_text(STUDY % wanted)
        os.mkfifo(os.path.join(folder, "fifo"))
        reader = os.open(os.path.join(folder, "fifo"), os.O_RDONLY | os.O_NONBLOCK)
        os.close(os.open(os.path.join(folder, "fifo"), os.O_WRONLY))  # an end is seen only after a begin
        known = {}
        program = None
        while sum(counts.values()) < kills:
            if program is None:
                program = subprocess.Popen([caviar, "tune", "study.yaml", "--quiet"], cwd=folder,
                                           stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
            time.sleep(0.1 + chance.random() * 0.5)
            if program.poll() is not None:
                problems.append("the program ended: " + program.stderr.read().decode())
                break
            target = chance.choice(["program", "program", "command", "guardian", "both"])
            if target != "program":
                running = descendants(program.pid)
                if not running:
                    continue
                guardian, command = chance.choice(running)
                try:
                    os.kill(command if target == "command" else guardian, signal.SIGKILL)
                except ProcessLookupError:
                    continue
                counts[target] += 1
                if target != "both":
                    # Without its guardian a trial's strays are for caviar to find.
                    time.sleep(1.5 if target == "guardian" else 0)
                    continue
            else:
                counts["program"] += 1
            program.kill()
            program.wait()
            program = None
            poll = select.poll()
            poll.register(reader, select.POLLIN)
            gone = poll.poll(5_000 if target == "both" else 30_000)
            if target == "both" and not gone:
                left += 1
                subprocess.run([caviar, "tune", "study.yaml", "--trials", "1", "--quiet"], cwd=folder,
                               stdout=subprocess.DEVNULL, check=False)
                gone = poll.poll(30_000)
            if not gone:
                problems.append("a process lives on")
                break
            now = {trial["number"]: trial["value"] for trial in trials(caviar, folder) if trial["state"] == "complete"}
            problems += [f"trial {n} was lost" for n, value in known.items() if now.get(n) != value]
            known = now
        if program is not None:
            program.kill()
            program.wait()
        wanted = len(known) + 50
        ended = subprocess.run([caviar, "tune", "study.yaml", "--trials", str(wanted), "--json", "--quiet"], cwd=folder,
                               capture_output=True, text=True)
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
