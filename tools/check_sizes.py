#!/usr/bin/env python3
"""Keeps rooms small: headers at most 150 lines, sources at most 400.

usage: check_sizes.py SOURCE_DIR
"""

import pathlib
import sys

LIMITS = {".hpp": 150, ".cpp": 400}


def main() -> None:
    root = pathlib.Path(sys.argv[1]) / "src" / "caviar"
    problems = []
    for file in sorted(root.rglob("*")):
        limit = LIMITS.get(file.suffix)
        if limit is None:
            continue
        lines = len(file.read_text().splitlines())
        if lines > limit:
            problems.append(f"{file}: {lines} lines, at most {limit}: split it by idea")
    print("\n".join(problems) or "every file is small enough")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
