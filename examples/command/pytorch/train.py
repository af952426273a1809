"""A PyTorch program as a trial: it trains up to the budget that it is given, from a checkpoint where there is one."""
import argparse
import csv
import gzip
import pathlib

import torch

parser = argparse.ArgumentParser()
parser.add_argument("--learning_rate", type=float, default=0.01)
parser.add_argument("--units", type=int, default=64)
parser.add_argument("--dropout", type=float, default=0.0)
parser.add_argument("--epochs", type=float, default=27)
parser.add_argument("--checkpoint", type=pathlib.Path, default=None)
parser.add_argument("--seed", type=int, default=0)
options = parser.parse_args()
torch.manual_seed(options.seed)

data = pathlib.Path(__file__).resolve().parents[3] / "data/digits.csv.gz"
with gzip.open(data, "rt") as file:
    table = [[float(cell) for cell in row] for row in list(csv.reader(file))[1:]]
rows = torch.tensor(table)
x, y = rows[:, :-1] / 16, rows[:, -1].long()
held_out = torch.arange(len(x)) % 5 == 0

model = torch.nn.Sequential(torch.nn.Linear(x.shape[1], options.units), torch.nn.ReLU(),
                            torch.nn.Dropout(options.dropout), torch.nn.Linear(options.units, 10))
optimizer = torch.optim.Adam(model.parameters(), lr=options.learning_rate)
epoch = 0
file = options.checkpoint / "training.pt" if options.checkpoint else None
if file and file.exists():
    state = torch.load(file)
    epoch = state["epoch"]
    model.load_state_dict(state["model"])
    optimizer.load_state_dict(state["optimizer"])
    print(f"goes on after epoch {epoch}")

while epoch < options.epochs:
    epoch += 1
    model.train()
    for batch in torch.randperm(int((~held_out).sum())).split(64):
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(model(x[~held_out][batch]), y[~held_out][batch])
        loss.backward()
        optimizer.step()
    model.eval()
    with torch.no_grad():
        answer = model(x[held_out])
    loss = torch.nn.functional.cross_entropy(answer, y[held_out]).item()
    accuracy = (answer.argmax(1) == y[held_out]).float().mean().item()
    print(f"epoch={epoch} loss={loss:.6f} accuracy={accuracy:.4f}", flush=True)
    if file:  # whole or not at all: a trial may be killed at any moment
        torch.save({"epoch": epoch, "model": model.state_dict(), "optimizer": optimizer.state_dict()}, f"{file}.new")
        pathlib.Path(f"{file}.new").rename(file)
