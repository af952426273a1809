#!/usr/bin/env python3
"""tidy.py BUILD: clang-tidy over every source that BUILD/compile_commands.json names below src/.

Most of its time goes into reading headers, so the sources of a layer are read as one. Where they cannot be (two
sources use one name for different things), each half of them is tried. Prints what was found; exit code 1 if anything
was.
"""
import collections
import concurrent.futures
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys

TIDY = "clang-tidy-19"


def flags_of(command):
    """What changes the meaning of a source: definitions, folders, language, instruction sets."""
    kept, words = [], iter(shlex.split(command))
    for word in words:
        if word in ("-isystem", "-I", "-D"):
            kept += [word, next(words)]
        elif re.match(r"-(I|D|std=|m[a-z])", word):
            kept.append(word)
    return tuple(kept)


def groups_of(commands, root):
    """Sources that are compiled alike and lie in one layer: {(layer, flags): [path, ...]}."""
    groups = collections.defaultdict(list)
    for entry in commands:
        path = pathlib.Path(entry["file"])
        if (root / "src") in path.parents:
            layer = path.relative_to(root / "src" / "caviar").parts[0]
            groups[layer, flags_of(entry["command"])].append(path)
    return groups


def tidy(source, flags, checks=""):
    found = subprocess.run([TIDY, "--quiet", "--warnings-as-errors=*", f"--checks={checks}", source, "--", *flags],
                           capture_output=True, text=True, check=False)
    return found.returncode, found.stdout


def tidy_together(folder, name, paths, flags):
    if len(paths) == 1:
        return tidy(paths[0], flags)
    together = folder / f"{name}.cpp"
    together.write_text("".join(f'#include "{path}"\n' for path in paths))
    code, text = tidy(together, flags, "-bugprone-suspicious-include")
    if "[clang-diagnostic-error" not in text:
        return code, text
    half = len(paths) // 2
    results = [tidy_together(folder, name + part, some, flags) for part, some in
               (("a", paths[:half]), ("b", paths[half:]))]
    return max(code for code, _ in results), "".join(text for _, text in results)


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    root = pathlib.Path(__file__).resolve().parent.parent
    groups = groups_of(json.loads((build / "compile_commands.json").read_text()), root)
    folder = build / "together"
    folder.mkdir(exist_ok=True)
    (folder / ".clang-tidy").write_text((root / ".clang-tidy").read_text())
    failed = False
    largest_first = sorted(groups.items(), key=lambda group: -len(group[1]))
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        jobs = [pool.submit(tidy_together, folder, f"{key[0]}_{number}", sorted(paths), key[1])
                for number, (key, paths) in enumerate(largest_first)]
        for job in jobs:
            code, text = job.result()
            if code:
                failed = True
                print(text.strip(), flush=True)
    sys.exit(failed)


if __name__ == "__main__":
    main()
