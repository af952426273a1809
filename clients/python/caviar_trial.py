"""A trial of caviar, seen from a Python program. One file, no dependencies: copy it beside yours.

    import caviar_trial

    trial = caviar_trial.start(learning_rate=0.1, epochs=20)   # defaults, for a run without caviar
    for epoch in range(1, trial.parameters["epochs"] + 1):
        loss = train_one_epoch(trial.parameters["learning_rate"])
        if not trial.report(epoch, loss):
            break                                              # pruned, or interrupted
    trial.result(loss)

The study file says `objective: {command: [python3, train.py], results: wire}`. Without caviar the
same program runs with the defaults and prints what it would have reported. The lines themselves are
described in docs/wire.md.
"""

import json
import os
import select
import sys


class Trial:
    """Not safe for several threads at once."""

    def __init__(self, reader, writer, defaults):
        self._reader, self._writer = reader, writer
        self._pending = b""
        self._stop = self._paused = False
        self._step = 0
        self.parameters = dict(defaults)  # changes when a person changes them
        self.number, self.seed, self.budget = 0, 0, None
        self.study, self.metric = "", "value"
        self.directory, self.checkpoint = ".", "checkpoint"
        if reader is not None:
            self._start(self._read())

    def report(self, step, value, **metrics):
        """Tells the metric after a step (an epoch, from 1). False: end now.

        Waits for the answer, less than a millisecond; and, while a person has the trial paused,
        until it goes on.
        """
        if self._reader is None:
            words = {"step": step, self.metric: value, **metrics}
            print(" ".join(f"{name}={number}" for name, number in words.items()))
            return True
        self._step = int(step)
        self._write({"op": "report", "step": self._step, "value": _number(value),
                     "metrics": _numbers(metrics)})
        while not self._stop:
            message = self._read()
            if message.get("op") == "answer" and message.get("step") == self._step:
                break
        if self._paused and not self._stop:
            self._took("pause")
            while self._paused and not self._stop:
                self._read()
            self._took("resume")
        return not self.should_stop()

    def should_stop(self):
        """Whether the trial is to end now. Never waits; changed parameters are taken in, too."""
        while self._reader is not None and not self._stop:
            if b"\n" not in self._pending and not select.select([self._reader], [], [], 0)[0]:
                break
            self._read()
        return self._stop

    def result(self, value=None, **metrics):
        """The final value, where it is not the last one reported; and whatever else was measured."""
        if self._reader is None:
            words = dict(metrics) if value is None else {self.metric: value, **metrics}
            print(" ".join(f"{name}={number}" for name, number in words.items()))
            return
        message = {"op": "result", "metrics": _numbers(metrics)}
        if value is not None:
            message["value"] = _number(value)
        self._write(message)

    def fail(self, why):
        """Ends as failed, with a reason. The program itself goes on: return from it."""
        if self._reader is None:
            raise RuntimeError(why)
        self._write({"op": "fail", "why": str(why)})

    def _start(self, message):
        if message.get("op") != "start":
            raise RuntimeError("caviar_trial: the wire ended before the trial began")
        self.parameters.update(message["parameters"])
        self.number, self.seed, self.budget = message["trial"], message["seed"], message.get("budget")
        self.study, self.metric = message["study"], message["metric"]
        self.directory, self.checkpoint = message["directory"], message["checkpoint"]

    def _read(self):
        """Waits for the next message, and takes it in."""
        while b"\n" not in self._pending:
            piece = os.read(self._reader, 65536)
            if not piece:  # caviar has gone
                self._stop = True
                return {}
            self._pending += piece
        line, self._pending = self._pending.split(b"\n", 1)
        message = json.loads(line)
        op = message.get("op")
        if op == "stop" or (op == "answer" and message.get("stop")):
            self._stop = True
        elif op in ("pause", "resume"):
            self._paused = op == "pause"
        elif op == "change":
            self.parameters.update(message["parameters"])
            self._took("change")
        return message

    def _took(self, what):
        """Answers the person who wanted it."""
        self._write({"op": "took", "what": what, "step": self._step})

    def _write(self, message):
        rest = (json.dumps(message) + "\n").encode()
        try:
            while rest:
                rest = rest[os.write(self._writer, rest):]
        except BrokenPipeError:
            self._stop = True


def start(**defaults):
    """The trial that this program runs. The defaults are the parameters of a run without caviar."""
    wire = os.environ.get("CAVIAR_WIRE", "")
    if wire == "stdio":
        reader, writer = os.dup(0), os.dup(1)
        os.dup2(2, 1)  # what is printed from now on is for people
        return Trial(reader, writer, defaults)
    if wire:
        writer, reader = (int(number) for number in wire.split(","))
        return Trial(reader, writer, defaults)
    return Trial(None, None, defaults)


def _number(value):
    value = float(value)  # also of NumPy and of tensors
    return value if value - value == 0 else str(value)  # JSON has no NaN


def _numbers(metrics):
    return {name: _number(value) for name, value in metrics.items()}
