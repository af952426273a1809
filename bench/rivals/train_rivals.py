#!/usr/bin/env python3
"""The trainings of caviar_bench_fit in other libraries, on one core, float32: microseconds a step.

Softmax cross-entropy, ReLU, Adam (rate 1e-3), 4,096 random rows in memory, no data loader. Libraries
that are not installed are named and left out. One core, steadily, from the repository's root:

  python3 -m venv /tmp/rivals && /tmp/rivals/bin/pip install torch 'jax[cpu]' scikit-learn
  chrt -f 10 taskset -c 0 /tmp/rivals/bin/python bench/rivals/train_rivals.py

Options: --only NAME,... of caviar, eager, fused, compiled, libtorch, jax, sklearn; --nets
64-64-10,... libtorch is the library below torch, driven from C++ (libtorch_train.cpp, compiled by c++).
"""

import argparse
import functools
import os
import statistics
import subprocess
import sys
import tempfile
import time
import warnings

# Before any of the libraries is loaded.
for variable in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[variable] = "1"
os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false"
os.environ["JAX_PLATFORMS"] = "cpu"
warnings.filterwarnings("ignore")

ROWS = 4096
NETS = ("64-64-10", "64-128-64-10", "784-256-128-10", "784-512-512-10")
BATCHES = (32, 128)
RUNS, SECONDS = 7, 0.3


def data(sizes):
    import numpy

    random = numpy.random.default_rng(2)
    x = random.standard_normal((ROWS, sizes[0]), dtype=numpy.float32)
    return x, random.integers(0, sizes[-1], ROWS)


def median_of(run, steps):
    """Median seconds a step; run() does `steps` of them."""
    run()
    start = time.perf_counter()
    run()
    repeats = max(1, int(SECONDS / (time.perf_counter() - start)))
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        for _ in range(repeats):
            run()
        times.append((time.perf_counter() - start) / (repeats * steps))
    return statistics.median(times)


def torch_step(sizes, batch, fused, compiled):
    import torch

    torch.set_num_threads(1)
    torch.manual_seed(1)
    layers = []
    for inputs, outputs in zip(sizes, sizes[1:]):
        layers += [torch.nn.Linear(inputs, outputs), torch.nn.ReLU()]
    model = torch.nn.Sequential(*layers[:-1])
    loss_of = torch.nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, fused=fused)
    x, y = (torch.from_numpy(part) for part in data(sizes))
    forward = lambda part, labels: loss_of(model(part), labels)
    update = optimizer.step
    if compiled:
        forward, update = torch.compile(forward), torch.compile(optimizer.step)
    order = [0, torch.randperm(ROWS)]

    def steps(count=20):
        for _ in range(count):
            if order[0] + batch > ROWS:
                order[:] = [0, torch.randperm(ROWS)]
            rows = order[1][order[0] : order[0] + batch]
            order[0] += batch
            optimizer.zero_grad(set_to_none=True)
            forward(x[rows], y[rows]).backward()
            update()

    return median_of(steps, 20)


def jax_step(sizes, batch):
    """A whole epoch is one compiled program: shuffling, a scan over the batches, Adam by hand."""
    import jax
    import jax.numpy as jnp

    steps = ROWS // batch
    keys = jax.random.split(jax.random.PRNGKey(1), len(sizes))
    weights = [
        (jax.random.normal(key, (i, o)) * (2 / i) ** 0.5, jnp.zeros(o))
        for key, i, o in zip(keys, sizes, sizes[1:])
    ]

    def loss_of(weights, x, y):
        for w, b in weights[:-1]:
            x = jax.nn.relu(x @ w + b)
        logits = x @ weights[-1][0] + weights[-1][1]
        return -jnp.mean(jnp.take_along_axis(jax.nn.log_softmax(logits), y[:, None], 1))

    def step(state, rows_and_labels):
        weights, first, second, t = state
        gradients = jax.grad(loss_of)(weights, *rows_and_labels)
        tree = jax.tree_util.tree_map
        t = t + 1
        first = tree(lambda m, g: 0.9 * m + 0.1 * g, first, gradients)
        second = tree(lambda v, g: 0.999 * v + 0.001 * g * g, second, gradients)
        rate = 1e-3 * jnp.sqrt(1 - 0.999**t) / (1 - 0.9**t)
        weights = tree(lambda w, m, v: w - rate * m / (jnp.sqrt(v) + 1e-8), weights, first, second)
        return (weights, first, second, t), None

    def epoch(state, key, x, y):
        order = jax.random.permutation(key, ROWS).reshape(steps, batch)
        return jax.lax.scan(lambda s, rows: step(s, (x[rows], y[rows])), state, order)[0]

    compiled = jax.jit(epoch, donate_argnums=0)
    zeros = jax.tree_util.tree_map(jnp.zeros_like, weights)
    state = [(weights, zeros, jax.tree_util.tree_map(jnp.copy, zeros), jnp.float32(0))]
    x, y = (jnp.asarray(part) for part in data(sizes))
    key = jax.random.PRNGKey(2)

    def run():
        state[0] = jax.block_until_ready(compiled(state[0], key, x, y))

    return median_of(run, steps)


@functools.cache
def libtorch_steps(nets):
    """All of libtorch's steps, of a program that is built here."""
    import torch

    home = os.path.dirname(torch.__file__)
    source = os.path.join(os.path.dirname(os.path.abspath(__file__)), "libtorch_train.cpp")
    with tempfile.TemporaryDirectory() as folder:
        program = os.path.join(folder, "libtorch_train")
        subprocess.check_call(
            ["c++", "-O2", "-std=c++20", source, "-o", program, f"-I{home}/include", f"-I{home}/include/torch/csrc/api/include",
             f"-L{home}/lib", "-ltorch", "-ltorch_cpu", "-lc10", f"-Wl,-rpath,{home}/lib",
             "-Wl,--unresolved-symbols=ignore-in-shared-libs"])
        lines = subprocess.check_output([program, *nets], text=True).splitlines()
    return {(net, int(batch)): float(time) * 1e-6 for net, batch, time in map(str.split, lines)}


def sklearn_step(sizes, batch):
    from sklearn.neural_network import MLPClassifier

    x, y = data(sizes)
    model = MLPClassifier(sizes[1:-1], batch_size=batch, solver="adam", shuffle=True)
    classes = list(range(sizes[-1]))
    return median_of(lambda: model.partial_fit(x, y, classes=classes), ROWS // batch)


def caviar_steps(program):
    """All of caviar's steps, from its own benchmark's table."""
    found = {}
    for line in subprocess.check_output([program, "steps"], text=True).splitlines():
        words = line.split()
        if len(words) == 9 and words[0] in NETS:
            found[words[0], int(words[1])] = float(words[2]) * 1e-6
        elif line.startswith("kernels"):
            print("caviar:", line)
    return found


def rivals():
    """Name → function of sizes and batch, for what is installed; the rest is said."""
    found = {}
    try:
        import torch

        print("torch", torch.__version__, torch.backends.cpu.get_cpu_capability())
        found["eager"] = lambda sizes, batch: torch_step(sizes, batch, None, False)
        found["fused"] = lambda sizes, batch: torch_step(sizes, batch, True, False)
        found["libtorch"] = lambda sizes, batch: libtorch_steps(NETS)["-".join(map(str, sizes)), batch]
        found["compiled"] = lambda sizes, batch: torch_step(sizes, batch, None, True)
    except ImportError:
        print("torch is not installed")
    try:
        import jax

        print("jax", jax.__version__)
        found["jax"] = jax_step
    except ImportError:
        print("jax is not installed")
    try:
        import sklearn

        print("scikit-learn", sklearn.__version__)
        found["sklearn"] = sklearn_step
    except ImportError:
        print("scikit-learn is not installed")
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bench", default="build/bench/bench/caviar_bench_fit")
    parser.add_argument("--only", default="caviar,eager,fused,compiled,libtorch,jax,sklearn")
    parser.add_argument("--nets", default=",".join(NETS))
    arguments = parser.parse_args()
    chosen = arguments.only.split(",")
    caviar = {}
    if "caviar" in chosen and os.path.exists(arguments.bench):
        caviar = caviar_steps(arguments.bench)
    elif "caviar" in chosen:
        print(arguments.bench, "is not built")
    found = {name: run for name, run in rivals().items() if name in chosen}
    print("\nmicroseconds a step (times caviar's)")
    for net in arguments.nets.split(","):
        sizes = [int(size) for size in net.split("-")]
        for batch in BATCHES:
            own = caviar.get((net, batch))
            line = f"{net:16} {batch:4}" + (f"  caviar {own * 1e6:.1f}" if own else "")
            for name, run in found.items():
                seconds = run(sizes, batch)
                line += f"  {name} {seconds * 1e6:.1f}"
                if own:
                    line += f" ({seconds / own:.1f}x)"
            print(line, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
