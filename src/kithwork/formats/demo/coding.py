"""What two coders made of the demo study's talk: passages, codes, mentions, a blind second reading and what was decided."""

import datetime
import re

from kithwork.formats.demo.chance import Chance
from kithwork.formats.demo.transcripts import Spoken, Transcript
from kithwork.formats.demo.words import read_words
from kithwork.model.rows import Row

CODEBOOK = read_words("codebook.yaml")
_COLORS = ("#2f6f7e", "#a4572e", "#5b7f3a", "#7a5195", "#b0843c", "#3f6fa8", "#9c4668", "#57707a")
_AROUND = 32  # characters kept before and after a passage, to find it again
_SECOND_READS = 12
_SENTENCE = re.compile(r"[^.?!]+[.?!]+")
Rows = dict[str, list[Row]]


def keep_codebook(rows: Rows, chance: Chance) -> dict[str, Row]:
    """Add the inductive codes, the themes and the lens links; all codes by name."""
    codes = {row["name"]: row for row in rows["codes"]}
    for number, (name, parent, definition, limits) in enumerate(CODEBOOK["codes"]):
        row: Row = {"id": chance.id(), "name": name, "definition": definition, "limits": limits, "is_starter": False}
        row.update(parent_id=codes[parent]["id"] if parent else None, color=_COLORS[number % len(_COLORS)])
        row["position"] = 1 + sum(other.get("parent_id") == row["parent_id"] for other in codes.values())
        row["basis"] = "made up for the demo study"
        rows["codes"].append(row)
        codes[name] = row
    rows["themes"], rows["theme_codes"] = [], []
    for place, theme in enumerate(CODEBOOK["themes"], 1):
        kept = {"id": chance.id(), "name": theme["name"], "central_idea": theme["central_idea"], "position": place}
        rows["themes"].append(kept)
        rows["theme_codes"] += [{"id": chance.id(), "theme_id": kept["id"], "code_id": codes[name]["id"]} for name in theme["codes"]]
    nodes = {row["code"]: row["id"] for row in rows["lenses"]}
    rows["lens_links"] = [
        {"id": chance.id(), "lens_id": nodes[node], "code_id": codes[name]["id"], "rationale": why}
        for node, name, why in CODEBOOK["lens"]
        if node in nodes
    ]
    return codes


class Reading:
    """One document being coded: its passages, each kept once."""

    def __init__(self, rows: Rows, revision: Row, held_on: str, codes: dict[str, Row], chance: Chance) -> None:
        self.rows, self.revision, self.codes, self.chance = rows, revision, codes, chance
        self.segments: dict[tuple[int, int], Row] = {}
        self.first: list[tuple[Row, str]] = []  # passage and name of the code
        self.second: list[tuple[Row, str]] = []
        self._clock = datetime.datetime.fromisoformat(held_on) + datetime.timedelta(days=40, hours=9)

    def read(self, made: Transcript, ties: dict[str, Row], coder: Row) -> None:
        """The first coder's reading: codes on passages or on a sentence of them, and whom they speak of."""
        for spoken in made.passages:
            passage = spoken.passage
            if passage is None or not (passage.codes or passage.about):
                continue
            whole = self._segment(spoken.start, spoken.stop)
            for number, name in enumerate(passage.codes):
                if number == 0 or self.chance.is_so(0.9):
                    segment = self._sentence(spoken) if number and self.chance.is_so(0.35) else whole
                    self.first.append((segment, name))
                    self._code(segment, name, coder)
            if passage.event:
                passage.event["segment_id"] = whole["id"]
            for alter in {alter["id"]: alter for alter in passage.about.values()}.values():
                row: Row = {"id": self.chance.id(), "segment_id": whole["id"], "alter_id": alter["id"], "coder_id": coder["id"]}
                row["tie_id"] = ties[alter["id"]]["id"] if alter["id"] in ties else None
                row["event_id"] = passage.event["id"] if passage.event and passage.event["alter_id"] == alter["id"] else None
                self.rows["mentions"].append(row)

    def read_again(self, coder: Row) -> None:
        """Another coder's blind reading: mostly alike, at times another code, other bounds, or nothing."""
        self._clock += datetime.timedelta(days=7)
        for segment, name in self.first:
            luck = self.chance.share()
            if luck < 0.74:
                self._second(segment, name, coder)
            elif luck < 0.84:
                self._second(segment, CODEBOOK["swaps"].get(name), coder)
            elif luck < 0.93:
                self._second(self._sentence(Spoken(segment["start"], segment["stop"])), name, coder)
        for segment in list(self.segments.values()):
            if self.chance.is_so(0.05):
                self._second(segment, self.chance.one(sorted({name for _, name in self.first})), coder)

    def differences(self) -> list[tuple[Row, str]]:
        """Passages and codes that one of them chose and the other nowhere near."""
        found = []
        for ours, theirs in ((self.first, self.second), (self.second, self.first)):
            for segment, name in ours:
                near = (other for other, code in theirs if code == name)
                if not any(other["start"] < segment["stop"] and segment["start"] < other["stop"] for other in near):
                    found.append((segment, name))
        return found

    def _second(self, segment: Row, name: str | None, coder: Row) -> None:
        if name and (segment, name) not in self.second:
            self.second.append((segment, name))
            self._code(segment, name, coder)

    def _code(self, segment: Row, name: str, coder: Row) -> None:
        self._clock += datetime.timedelta(seconds=self.chance.whole(15, 90))
        row = {"id": self.chance.id(), "segment_id": segment["id"], "code_id": self.codes[name]["id"], "coder_id": coder["id"]}
        self.rows["codings"].append({**row, "coded_at": f"{self._clock.isoformat()}.000Z"})

    def _sentence(self, spoken: Spoken) -> Row:
        """One sentence of a passage."""
        text = self.revision["text"]
        found = self.chance.one(list(_SENTENCE.finditer(text, spoken.start, spoken.stop)))
        start = found.start() + len(found[0]) - len(found[0].lstrip())
        return self._segment(start, found.end())

    def _segment(self, start: int, stop: int) -> Row:
        if (start, stop) not in self.segments:
            text = self.revision["text"]
            row: Row = {"id": self.chance.id(), "revision_id": self.revision["id"], "start": start, "stop": stop}
            row.update(quotation=text[start:stop], before=text[max(0, start - _AROUND) : start], after=text[stop : stop + _AROUND])
            self.segments[start, stop] = {**row, "is_lost": False}
            self.rows["segments"].append(self.segments[start, stop])
        return self.segments[start, stop]


def second_readings(readings: list[Reading], coders: list[Row], rows: Rows, chance: Chance) -> None:
    """A blind second reading of some documents, and what was decided on a few passages where the two differed."""
    chosen = chance.sample(readings, min(_SECOND_READS, len(readings) // 2))
    for reading in chosen:
        reading.read_again(coders[1])
    apart = {(segment["id"], name): reading for reading in chosen for segment, name in reading.differences()}
    wanted = chance.sample(list(apart), min(len(CODEBOOK["decisions"]), len(apart)))
    last = max((row["coded_at"] for row in rows["codings"]), default="")
    for (segment, name), (is_kept, reason) in zip(wanted, CODEBOOK["decisions"], strict=False):
        row: Row = {"id": chance.id(), "segment_id": segment, "code_id": apart[segment, name].codes[name]["id"], "is_kept": is_kept}
        rows["decisions"].append({**row, "coder_id": coders[0]["id"], "reason": reason, "decided_at": last})


def assignment_rows(rows: Rows, chance: Chance) -> list[Row]:
    """Who coded which document, finished with their last coding; the second coder has one more still to do."""
    document_of = {row["id"]: row["document_id"] for row in rows["revisions"]}
    revision_of = {row["id"]: row["revision_id"] for row in rows["segments"]}
    last: dict[tuple[str, str], str] = {}
    for row in rows["codings"]:
        key = (document_of[revision_of[row["segment_id"]]], row["coder_id"])
        last[key] = max(last.get(key, ""), row["coded_at"])
    made: list[Row] = [{"id": chance.id(), "document_id": d, "coder_id": c, "finished_at": at} for (d, c), at in last.items()]
    second = rows["coders"][1]["id"]
    waiting = next((row["id"] for row in reversed(rows["documents"]) if (row["id"], second) not in last), None)
    if waiting:
        made.append({"id": chance.id(), "document_id": waiting, "coder_id": second})
    return made
