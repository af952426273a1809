#!/usr/bin/env python3
"""Holds every #include under src/caviar against the layers as CMake states them.

usage: check_layers.py LAYERS_FILE SOURCE_DIR

LAYERS_FILE has a line "name: lower lower ..." for each layer (the build writes it). A file in layer L may
include "caviar/M/..." only where M is L or stands on L's line. The line must also be downward: a layer can
only use layers stated before it. Prints each include that breaks this, and fails.
"""

import pathlib
import re
import sys

INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]caviar/([a-z_]+)/', re.MULTILINE)


def read_layers(path: pathlib.Path) -> dict[str, set[str]]:
    layers: dict[str, set[str]] = {}
    for line in path.read_text().splitlines():
        name, _, uses = line.partition(":")
        unknown = set(uses.split()) - layers.keys()
        if unknown:
            sys.exit(f"layer {name} uses {', '.join(sorted(unknown))}, stated only after it: not downward")
        layers[name] = set(uses.split()) | {name}
    return layers


def main() -> None:
    layers = read_layers(pathlib.Path(sys.argv[1]))
    root = pathlib.Path(sys.argv[2]) / "src" / "caviar"
    problems, files = [], 0
    for file in sorted(root.rglob("*.[ch]pp")):
        layer = file.relative_to(root).parts[0]
        if layer.endswith(".hpp"):
            continue  # the umbrella header stands above all layers
        files += 1
        if layer not in layers:
            problems.append(f"{file}: folder '{layer}' is no layer")
            continue
        for used in INCLUDE.findall(file.read_text()):
            if used not in layers[layer]:
                problems.append(f"{file}: layer {layer} must not include {used}")
    print("\n".join(problems) or f"{files} files in {len(layers)} layers, every include points down")
    sys.exit(1 if problems or files == 0 else 0)


if __name__ == "__main__":
    main()
