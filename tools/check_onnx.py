#!/usr/bin/env python3
"""Holds an exported model against another engine: the ONNX checker passes it, and ONNX Runtime computes what
`caviar predict` says, to within 1e-5 (numbers: of their size, or of the spread of their column).

usage: check_onnx.py CAVIAR MODEL DATA.csv

CAVIAR is the program, MODEL a saved model, DATA a table with the columns that it learnt from. Needs the Python
packages onnx, onnxruntime and numpy.
"""

import csv
import datetime
import json
import math
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
import onnx
import onnxruntime

MISSING = {"", "NA", "N/A", "NaN", "nan", "null", "?"}
TOLERANCE = 1e-5


def seconds(text: str) -> float:
    """Since the beginning of 1970, of a date as ISO 8601 or 29.02.2024 has it; UTC where no zone is said."""
    if text in MISSING:
        return math.nan
    if text[2] == ".":
        text = f"{text[6:10]}-{text[3:5]}-{text[:2]}{text[10:]}"
    moment = datetime.datetime.fromisoformat(text.replace("/", "-"))
    return (moment if moment.tzinfo else moment.replace(tzinfo=datetime.timezone.utc)).timestamp()


def inputs_for(session: onnxruntime.InferenceSession, metadata: dict[str, str], rows: list[dict[str, str]]) -> dict:
    numbers, dates = json.loads(metadata["numbers"]), json.loads(metadata["dates"])
    feeds = {}
    for wanted in session.get_inputs():
        if wanted.name == "numbers":
            cells = [[math.nan if row[name] in MISSING else float(row[name]) for name in numbers] for row in rows]
            feeds["numbers"] = np.array(cells, dtype=np.float64)
        elif wanted.type == "tensor(string)":
            cells = [["" if row[wanted.name] in MISSING else row[wanted.name]] for row in rows]
            feeds[wanted.name] = np.array(cells, dtype=object)
        elif wanted.name in dates:
            feeds[wanted.name] = np.array([[seconds(row[wanted.name])] for row in rows], dtype=np.float64)
        else:
            sys.exit(f"input {wanted.name}: unknown")
    return feeds


def main() -> None:
    caviar, model, data = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        file = str(pathlib.Path(folder) / "model.onnx")
        subprocess.run([caviar, "export-model", model, "--onnx", file], check=True, stdout=subprocess.DEVNULL)
        onnx.checker.check_model(file, full_check=True)
        session = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])
    said = json.loads(subprocess.run([caviar, "predict", model, data, "--json"], check=True, capture_output=True).stdout)
    with open(data, newline="") as stream:
        rows = [{key.strip(): cell.strip() for key, cell in row.items()} for row in csv.DictReader(stream)]
    metadata = session.get_modelmeta().custom_metadata_map
    answers = session.run(None, inputs_for(session, metadata, rows))
    target = metadata["target"]
    if "classes" in metadata:
        classes = json.loads(metadata["classes"])
        wanted = np.array([[row["probabilities"][name] for name in classes] for row in said])
        wrong = sum(str(row[target]) != answer for row, answer in zip(said, answers[0], strict=True))
        off = float(np.abs(wanted - answers[1]).max())
    else:
        names = json.loads(metadata["targets"])
        wanted = np.array([[row.get("probabilities", row)[name] for name in names] for row in said])
        wrong = 0
        # A target is learnt in its deviations, so those are what its rounding goes by, also near 0.
        scale = np.maximum(np.maximum(1, wanted.std(axis=0)), np.abs(wanted))
        off = float((np.abs(wanted - answers[0]) / scale).max())
    print(f"{len(rows)} rows: {wrong} other classes, largest difference {off:.2g}")
    sys.exit(0 if wrong == 0 and off <= TOLERANCE else 1)


if __name__ == "__main__":
    main()
