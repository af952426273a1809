"""Caviar's search for a Python program that runs its trials itself: ask and tell. One file, no
dependencies: copy it beside yours. The program `caviar` does the search; it must be on the PATH.

    import caviar_search

    space = {"x": {"type": "float", "low": -5, "high": 5},
             "units": {"type": "int", "low": 1, "high": 64}}
    with caviar_search.Search(space, limits={"trials": 50}, pruner="median") as search:
        while (trial := search.ask()) is not None:
            for step in range(1, 11):
                loss = train(step, **trial.params)
                if trial.report(step, loss):     # true: the pruner wants it to end
                    trial.prune()
                    break
            else:
                trial.tell(loss)
        print(search.best())

The lines that go to and fro are described in docs/cli.md, `ask-tell`.
"""

import json
import os
import subprocess
import sys
import tempfile


class Refused(Exception):
    """What caviar answered to a request that cannot be meant, or why it has ended."""


class Trial:
    """A configuration that was proposed. Tell exactly once what came of it."""

    def __init__(self, search, reply):
        self._search = search
        self.number = reply["trial"]
        self.params = reply["params"]
        self.budget = reply.get("budget")        # what it may spend, with a budget
        self.continues = reply.get("continues")  # the trial whose checkpoint it goes on from

    def report(self, step, value):
        """An intermediate value (of several objectives a list). True: end now, and prune()."""
        return self._search._request(op="report", trial=self.number, step=step, **_told(value))["stop"]

    def tell(self, value, **metrics):
        """The value, of several objectives a list; metrics: whatever else was measured."""
        self._search._request(op="tell", trial=self.number, **_told(value),
                              metrics={name: float(number) for name, number in metrics.items()})

    def prune(self):
        """It was ended early; what it has reported counts."""
        self._search._request(op="tell", trial=self.number, state="pruned")

    def fail(self, why=""):
        """It has no value, and why."""
        self._search._request(op="tell", trial=self.number, state="failed", why=str(why))


class Search:
    """One study. Not safe for several threads at once; several programs may share a storage.

    space: name → description, as under `space:` of a study file; a description may have a `when`.
    direction: "minimize", "maximize", or a list of them for several objectives.
    outcomes, constraints, limits, pruner, budget, options: as under the keys of a study file.
    storage: "sqlite:PATH" keeps the study, and the same call goes on with it.
    """

    def __init__(self, space, *, sampler=None, seed=None, direction="minimize", outcomes=None,
                 constraints=None, limits=None, pruner=None, budget=None, options=None,
                 reevaluate=None, learn_from=None, storage=None, study=None, program="caviar"):
        directions = [direction] if isinstance(direction, str) else direction
        words = {"--sampler": sampler, "--seed": seed, "--direction": ",".join(directions),
                 "--outcomes": _json(outcomes), "--constraints": _json(constraints),
                 "--limits": _json(limits), "--pruner": _json(pruner), "--budget": _json(budget),
                 "--options": _json(options), "--reevaluate": reevaluate,
                 "--learn-from": ",".join(learn_from) if learn_from else None,
                 "--storage": storage, "--study": study}
        with tempfile.NamedTemporaryFile("w", suffix=".json", delete=False) as file:
            file.write(_json(space))
        self._space_file = file.name
        line = [program, "ask-tell", "--space", file.name]
        for name, value in words.items():
            if value is not None:
                line += [name, str(value)]
        # A file rather than a pipe: nobody need read it for the program to go on.
        self._messages, self._heard = tempfile.TemporaryFile(), 0
        try:
            self._process = subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                             stderr=self._messages, text=True, encoding="utf-8")
        except OSError as error:
            self._clean_up()
            raise FileNotFoundError(f"{program}: cannot be started ({error.strerror}): it must be on "
                                    "the PATH, or be named by program=") from None
        self.finished = None  # which limit ended the search: "trials", "target", …

    def ask(self, **fix):
        """The next Trial, with these values where some are given; None once the search is finished."""
        request = {"op": "ask", "fix": fix} if fix else {"op": "ask"}
        reply = self._answer(request)
        if "finished" in reply and "error" in reply:
            return None
        return Trial(self, self._checked(reply))

    def enqueue(self, **params):
        """A configuration of your own, asked next; the search fills in what it leaves open."""
        self._request(op="enqueue", params=params)

    def best(self):
        """{"trial", "value", "params"}; of several objectives {"front": […]}."""
        return self._request(op="best")

    def trials(self):
        """All trials so far, as dictionaries."""
        return self._request(op="trials")["trials"]

    def close(self):
        """Ends the program; what is stored stays. Trials without a value are proposed again."""
        try:
            self._process.stdin.close()
        except BrokenPipeError:
            pass  # it has ended already
        self._process.wait()
        self._process.stdout.close()
        self._clean_up()
        self._messages.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def _request(self, **request):
        return self._checked(self._answer(request))

    def _answer(self, request):
        if self._process.stdin.closed:
            raise Refused("the search is closed")
        try:
            self._process.stdin.write(_json(request) + "\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            pass  # it has said why
        line = self._process.stdout.readline()
        if not line:
            code = self._process.wait()
            said = self._said().strip()
            self._clean_up()
            raise Refused(said or f"caviar ended with exit code {code}")
        self._clean_up()
        reply = json.loads(line)
        self.finished = reply.get("finished", self.finished)
        return reply

    def _said(self):
        """What the program has written for people since the last look."""
        if self._messages.closed:
            return ""
        size = os.fstat(self._messages.fileno()).st_size
        text = os.pread(self._messages.fileno(), size - self._heard, self._heard)
        self._heard = size
        return text.decode("utf-8", "replace")

    def _clean_up(self):
        """Once it has answered, the program has read its space, and has said what there is to say."""
        if os.path.exists(self._space_file):
            os.unlink(self._space_file)
        sys.stderr.write(self._said())

    @staticmethod
    def _checked(reply):
        if "error" in reply:
            raise Refused(reply["error"])
        return reply


def _told(value):
    if isinstance(value, (list, tuple)):
        return {"values": [float(number) for number in value]}
    return {"value": float(value)}


def _json(value):
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, default=lambda other: other.item())  # of NumPy and of tensors
