"""A name that nobody has yet, for what comes in under one that is taken."""

import re

_NUMBERED = re.compile(r"(.*\D)(\d+)")


def free_name(name: str, taken: set[str]) -> str:
    """The name, or the next number behind it that is free: 'Person 1' → 'Person 4', 'B7' → 'B7 (2)'."""
    if name not in taken:
        return name
    match = _NUMBERED.fullmatch(name)
    stem, number = (match.group(1), int(match.group(2))) if match and match.group(1).endswith(" ") else (None, 1)
    while True:
        number += 1
        new = f"{stem}{number}" if stem else f"{name} ({number})"
        if new not in taken:
            return new
