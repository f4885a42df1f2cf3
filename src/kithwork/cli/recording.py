"""The policy beside a result: `measures.csv` has its `measures.csv.policy.json`, whatever the kind of file."""

import json
from collections.abc import Iterable, Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

from kithwork.cli.writing import whole_file

if TYPE_CHECKING:
    from kithwork.cohort import Cohort, Policy


def write_policy(
    output: Path,
    policy: "Policy",
    kinds: Iterable[str],
    counted: Iterable[str],
    cohort: "Cohort | None" = None,
    ties: "Mapping[str, dict[str, int]] | None" = None,
) -> None:
    """Write what the numbers in `output` rest on beside it."""
    from kithwork.measures.record import policy_record

    try:
        kithwork = version("kithwork")
    except PackageNotFoundError:
        kithwork = "not installed"
    record = {"kithwork": kithwork, **policy_record(policy, kinds, counted, cohort, ties)}
    with whole_file(output.with_name(f"{output.name}.policy.json")) as stream:
        stream.write(json.dumps(record, indent=2, ensure_ascii=False).encode() + b"\n")
