"""Stand-ins that stand in the latest version of a text: followed from version to version, through renamings, until they are put back."""

import itertools
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from kithwork.talk.spans import Edit, SpanMap, apply_edits

Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class StandIn:
    """Where a stand-in is in the latest version, what it says there, and the row of `replacements` that first put it for a name."""

    start: int
    stop: int
    words: str
    row: Mapping[str, Any]


def span_map(replacements: Iterable[Mapping[str, Any]], text: str) -> tuple[str, SpanMap]:
    """The next version of a text and the map to it, from the rows in `replacements` that led there."""
    return apply_edits(text, [Edit(row["start"], row["stop"], row["replacement"] or "", row["what"] != "edit") for row in replacements])


def standing(revisions: Rows, replaced: Mapping[str, Rows]) -> list[StandIn]:
    """Every stand-in that was neither put back nor changed by a correction, in the order of the text.

    revisions   all versions of one text
    replaced    for each version's id, the rows of `replacements` that led to it
    """
    live: list[StandIn] = []
    for earlier, later in itertools.pairwise(sorted(revisions, key=lambda row: row["number"])):
        rows = [row for row in replaced.get(later["id"], ()) if row["what"] != "edit"]
        moved = span_map(replaced.get(later["id"], ()), earlier["text"])[1]
        over = {(one.start, one.stop): one for one in live}
        renewed = {(row["start"], row["stop"]) for row in rows}
        live = [one for one in live if (one.start, one.stop) not in renewed]
        kept = [(one, moved.move(one.start, one.stop)) for one in live]
        live = [replace(one, start=span[0], stop=span[1]) for one, span in kept if span]
        for row in rows:
            was = over.get((row["start"], row["stop"]))
            if was and row["replacement"] == was.row["original"]:  # put back
                continue
            run = next((run for run in moved.within(row["start"], row["stop"]) if run.start == row["start"]), None)
            if run:
                live.append(StandIn(run.new_start, run.new_stop, row["replacement"], was.row if was else row))
        live = [one for one in live if later["text"][one.start : one.stop] == one.words]
    return sorted(live, key=lambda one: one.start)


def brackets(text: str, words: Collection[str], taken: Iterable[StandIn] = ()) -> list[tuple[int, int, str]]:
    """Places where one of the words stands in brackets of its own, but for stand-ins whose row tells whom they name."""
    known = {(one.start, one.stop) for one in taken}
    written = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    found = re.finditer(rf"\[({written})\]", text) if written else ()
    return [(one.start(), one.end(), one[1]) for one in found if (one.start(), one.end()) not in known]
