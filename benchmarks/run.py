"""Runs every benchmark and prints one JSON object a line: `name`, `value`, `unit`, `against`.

python benchmarks/run.py [NAME …]     only the benchmarks whose module is named
"""

import importlib
import json
import sys
from pathlib import Path

MODULES = ("measures", "scale", "pages", "talk", "coding", "joint", "refi")


def main() -> None:
    root = Path(__file__).parents[1]
    sys.path[:0] = [str(root / "benchmarks"), str(root / "src"), str(root)]
    for name in sys.argv[1:] or MODULES:
        for result in importlib.import_module(name).run():
            print(json.dumps(result), flush=True)


if __name__ == "__main__":
    main()
