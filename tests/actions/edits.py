"""Random work on transcripts through the actions, and a plain oracle that says where every passage must be after each step.

Nothing here asks `kithwork.talk` where a passage is: every character of a text carries an identity of its own, a change of the text is
told by what was written where, and a passage is where the characters it held are.
"""

import hashlib
import itertools
import json
import random
from collections import Counter
from collections.abc import Iterator
from typing import Any

from kithwork.actions import act, take_back
from kithwork.model.errors import ConflictError, StudyError
from kithwork.model.ids import new_id
from kithwork.model.rows import Row
from kithwork.model.schema import LIVE
from kithwork.store import Study
from kithwork.talk import known_names, propose
from kithwork.talk.stand_ins import standing
from tests.actions.conftest import Small

NAMES = ("Peter Hill", "Anna", "Oludotun", "Priestley", "Mary Green", "Zoë")
_PLAIN_TEXT = "we then went over and talked about who was with her when nobody came so it did not matter much that day of rain"
_PLAIN = _PLAIN_TEXT.split()
_NAMED = [part for name in NAMES for part in name.split()]
_WORDS = [*_PLAIN, *_NAMED, "naïve", "🐕", "👩\u200d👧", "e\u0301", "שלום", "it's", "[Friend 2]"]
_MOST_VERSIONS = 120  # of one text; it is then taken out and brought in anew, as transcripts are
Call = tuple[str, dict[str, Any]]
LATER = 4  # times that text and passages are changed for each time something else is


class Desk:
    """A study with some texts that are coded, and what may be done next."""

    def __init__(self, small: Small, seed: int, texts: int, turns: int, codings: int) -> None:
        self.small, self.study, self.rng = small, small.study, random.Random(seed)
        self.texts, self.turns, self.codings = texts, turns, codings
        self.alters = self.everybody = [small.name(number % 2) for number in range(len(NAMES))]
        self.refused: Counter[str] = Counter()
        for (alter, _), name in zip(self.alters, NAMES, strict=True):
            small.do("rename alter", alter_id=alter, name=name)
        for name in ("R", "S", "T"):
            small.do("add coder", name=name)
        for name in "abcdefgh":
            small.do("add code", name=name)
        self.coders = [row["id"] for row in self.study.rows("coders")]
        self.documents: list[str] = []
        for _ in range(texts):
            told = self.transcript()
            self.do("bring in transcript", told)
            self.documents.append(told["id"])
            revision = self.latest(told["id"])
            for _ in range(codings // texts):
                self.do(*self.code(revision))

    def do(self, verb: str, arguments: dict[str, Any]) -> Any:
        return act(self.study, verb, arguments, actor=self.rng.choice(self.coders))

    # -- what is there -------------------------------------------------------------------------------------------------------

    def latest(self, document: str) -> Row:
        heads = self.study.columns({"revisions": ("id", "document_id", "number")})["revisions"].to_dicts()
        newest = max((row for row in heads if row["document_id"] == document), key=lambda row: row["number"])
        return self.study.row("revisions", newest["id"])

    def transcript(self) -> dict[str, Any]:
        rng, spoken, at = self.rng, [], 0
        text = ""
        for turn in range(self.turns):
            label, said = ("I", "P")[turn % 2], " ".join(rng.choices(_WORDS, k=rng.randrange(1, 60)))
            at = len(text) + 3
            text += f"{label}: {said}.\n"
            spoken.append({"start": at, "stop": at + len(said) + 1, "speaker": label})
        return {"title": "talk", "text": text, "turns": spoken, "participant_id": self.small.participant, "id": new_id()}

    def span(self, revision: Row) -> dict[str, Any]:
        size = len(revision["text"])
        start = self.rng.randrange(size)
        stop = min(size, start + self.rng.choice((1, 2, 5, 20, 80, 200)))
        return {"revision_id": revision["id"], "start": start, "stop": stop}

    def code(self, revision: Row) -> Call:
        codes = [row["id"] for row in self.study.rows("codes")]
        some = self.rng.sample(codes, min(len(codes), self.rng.choice((1, 1, 2))))
        return "code segment", {**self.span(revision), "code_ids": some, "coder_id": self.rng.choice((None, *self.coders))}

    # -- what may be done -----------------------------------------------------------------------------------------------------

    def calls(self) -> Iterator[Call]:
        """One change of each sort that can be made now, with other words and places each time it is asked."""
        document = self.rng.choice(self.documents)
        revision = self.latest(document)
        here = {"document_id": document, "revision_id": revision["id"]}
        for made in (self.of_text, self.of_names, self.of_passages, self.of_codes, self.of_the_house):
            yield from made(here, revision)

    def of_text(self, here: dict[str, Any], revision: Row) -> Iterator[Call]:
        rng, text = self.rng, revision["text"]
        places = sorted(rng.sample(range(len(text)), min(len(text), 2 * rng.choice((1, 1, 2, 6)))))
        edits = [
            {"start": start, "stop": min(stop, start + rng.choice((0, 1, 4, 30, 300))), "text": self.written()}
            for start, stop in zip(places[::2], places[1::2], strict=True)
        ]
        for _ in range(LATER):
            yield "revise text", {**here, "edits": edits}
        yield "revise text", {**here, "text": spliced(text, edits)}
        paragraphs = text.splitlines(keepends=True)  # the file read anew, with its paragraphs in another order
        first, second = rng.randrange(len(paragraphs)), rng.randrange(len(paragraphs))
        paragraphs[first], paragraphs[second] = paragraphs[second], paragraphs[first]
        yield "revise text", {**here, "text": "".join(paragraphs), "reason": "Brought in anew"}

    def written(self) -> str:
        return self.rng.choice(("", "", " ", "\n", "x", " ".join(self.rng.choices(_WORDS, k=self.rng.randrange(1, 12)))))

    def of_names(self, here: dict[str, Any], revision: Row) -> Iterator[Call]:
        rng, text = self.rng, revision["text"]
        whom = {"alter_id": rng.choice(self.alters)[0]} if rng.random() < 0.5 else {}
        starts = sorted(rng.sample(range(len(text)), min(len(text), 6)))
        spans = [(start, min(start + rng.randrange(1, 12), stop)) for start, stop in itertools.pairwise([*starts, len(text)])]
        rows = [{"start": a, "stop": b, "original": text[a:b], "replacement": "[Friend 2]", **whom} for a, b in spans if a < b]
        for _ in range(LATER // 2):
            yield "apply replacements", {"documents": [{**here, "replacements": rows}]}
        yield "apply replacements", {"documents": [self.proposed(one) for one in rng.sample(self.documents, min(2, len(self.documents)))]}
        stand = self.standing(here["document_id"])
        if stand:
            some = [one.row["id"] for one in rng.sample(stand, min(len(stand), rng.choice((1, 1, 4, 1_000))))]
            yield "take back replacements", {**here, "replacement_ids": some}
            yield "put names back", {"documents": [{**here, "replacement_ids": some}]}
        yield "apply replacements", self.renamed(here, rng.choice(self.alters)[0], stand)
        words = rng.choice(_WORDS)
        yield "keep words", {"words": [words, new_id()], "document_id": rng.choice((None, here["document_id"]))}
        for row in self.study.rows("kept_words")[:1]:
            yield "no longer keep words", {"kept_ids": [row["id"]]}
        yield "add to roster", {"names": [{"words": f"Z{rng.choice(_PLAIN)}", "alter_id": rng.choice(self.alters)[0]}]}

    def proposed(self, document: str) -> dict[str, Any]:
        """Some of the names that are found, replaced as the page does it."""
        tables = self.study.tables("participants", "alters", "identities")
        known = known_names(*(tables[name].to_dicts() for name in ("participants", "alters", "identities")))
        revision = self.latest(document)
        rows = [
            {"start": p.start, "stop": p.stop, "original": p.words, "replacement": p.stand_in, "what": p.what, "alter_id": p.alter_id}
            for p in propose(revision["text"], known, self.small.participant)
        ]
        rows = self.rng.sample(rows, min(len(rows), 25))
        return {"document_id": document, "revision_id": revision["id"], "replacements": rows}

    def standing(self, document: str) -> list[Any]:
        revisions = self.study.rows("revisions", document_id=document)
        return standing(revisions, {row["id"]: self.study.rows("replacements", revision_id=row["id"]) for row in revisions})

    def renamed(self, here: dict[str, Any], alter: str, stand: list[Any]) -> dict[str, Any]:
        """Another pseudonym, on the maps and wherever the text says the earlier one."""
        name = f"P {self.rng.randrange(10_000)}"
        rows = [
            {"start": one.start, "stop": one.stop, "original": one.words, "replacement": f"[{name}]", "alter_id": alter}
            for one in stand
            if one.row["alter_id"] == alter
        ]
        return {"documents": [{**here, "replacements": rows}], "pseudonyms": {alter: name}}

    def of_passages(self, here: dict[str, Any], revision: Row) -> Iterator[Call]:
        rng, span = self.rng, self.span(revision)
        segments = self.study.rows("segments", revision_id=revision["id"])
        lost = self.study.rows("segments", is_lost=True)
        codings = self.study.rows("codings", segment_id=[row["id"] for row in segments]) if segments else []
        few = len(self.study.columns({"codings": ("id",)})["codings"]) < self.codings
        for _ in range(4 * LATER if few else 1):
            yield self.code(revision)
        yield "code in vivo", {**span, "coder_id": rng.choice(self.coders)}
        alter = rng.choice(self.alters)[0]
        tie = rng.choice((None, *(row["id"] for row in self.study.rows("ties", alter_id=alter))))
        yield "note mentions", {"revision_id": revision["id"], "mentions": [{**span, "alter_id": alter, "tie_id": tie}]}
        for row in self.some("mentions"):
            yield "forget mention", {"mention_id": row["id"]}
        code = rng.choice(self.study.rows("codes"))["id"]
        yield "decide coding", {**span, "code_id": code, "is_kept": rng.random() < 0.5, "reason": "agreed"}
        for row in self.some("decisions"):
            yield "take back decision", {"decision_id": row["id"]}
        if codings:
            coding = rng.choice(codings)
            yield "uncode", {"coding_id": coding["id"]}
            yield "move coding", {"coding_id": coding["id"], "start": span["start"], "stop": span["stop"]}
            yield "recode", {"coding_id": coding["id"], "code_id": code}
            yield "write memo", {"text": "m", "about": "segment", "about_id": coding["segment_id"]}
        for row in rng.sample(lost, min(len(lost), 3)):
            head = self.latest(self.study.row("revisions", row["revision_id"])["document_id"])
            there = self.span(head)
            yield "put segment back", {"segment_id": row["id"], "start": there["start"], "stop": there["stop"]}
        if len(lost) > 20:
            yield "let passage go", {"segment_id": rng.choice(lost)["id"]}

    def some(self, table: str) -> list[Row]:
        rows = self.study.rows(table)
        return self.rng.sample(rows, min(len(rows), 1))

    def of_codes(self, here: dict[str, Any], revision: Row) -> Iterator[Call]:
        rng, codes = self.rng, self.study.rows("codes")
        one, other = rng.choice(codes)["id"], rng.choice(codes)["id"]
        yield "describe code", {"code_id": one, "values": {"name": f"c {rng.randrange(10_000)}", "definition": "d"}}
        yield "move code", {"code_id": one, "parent_id": rng.choice((None, other)), "position": 1}
        coded = [row["id"] for row in self.study.rows("codings", code_id=one)]
        yield "split code", {"code_id": one, "parts": [{"name": new_id(), "coding_ids": coded[::3]}], "why": "two things"}
        if len(codes) > 8:
            yield "merge codes", {"code_ids": [one], "into_id": other}
        if len(codes) > 40:
            yield "remove code", {"code_id": one, "with_codings": True}
        yield "add theme", {"name": new_id(), "code_ids": [one]}
        for row in self.some("themes"):
            yield "remove theme", {"theme_id": row["id"], "with_words": True}
        yield "write memo", {"text": "m", "about": "code", "about_id": one}
        for row in self.some("memos"):
            yield "remove memo", {"memo_id": row["id"]}

    def of_the_house(self, here: dict[str, Any], revision: Row) -> Iterator[Call]:
        rng, document, coder = self.rng, here["document_id"], self.rng.choice(self.coders)
        yield "assign coders", {"document_ids": [document], "coder_ids": [coder]}
        yield "finish coding", {"document_id": document, "coder_id": coder}
        yield "reopen coding", {"document_id": document, "coder_id": coder}
        yield "code blind", {"is_blind": rng.random() < 0.5, "document_ids": [document]}
        yield "sign off transcript", {"revision_id": revision["id"], "is_signed_off": revision["signed_off_at"] is None}
        yield "say who speaks", {"revision_id": revision["id"], "roles": {"P": rng.choice(("participant", "other"))}}
        if rng.random() < 0.1 and len(self.alters) > 2:
            (first, tie), (second, _) = rng.sample(self.alters, 2)
            yield "merge alters", {"alter_id": first, "same_as_id": second}
            for row in self.study.rows("ties", id=tie):
                yield "remove tie", {"map_id": row["map_id"], "tie_id": tie}
        if len(self.documents) < self.texts:
            yield "bring in transcript", self.transcript()
        if revision["number"] > 1 and rng.random() < (0.1 if revision["number"] < _MOST_VERSIONS else 1):
            yield "remove document", {"document_id": document}

    def step(self, entries: list[str]) -> tuple[str, str] | None:
        """One change at random, or one of the last taken back: its verb and journal entry; None where a rule stood against it."""
        is_undo = entries and self.rng.random() < 0.06
        verb, arguments = ("undo", {}) if is_undo else self.rng.choice(list(self.calls()))
        try:
            entry = take_back(self.study, self.rng.choice(entries[-4:])) if is_undo else self.do(verb, arguments)
        except (StudyError, ConflictError) as error:
            self.refused[verb] += 1
            if not is_undo and "no longer fits" in str(error):
                raise AssertionError(f"{verb} broke a rule of the database") from error
            return None
        self.find_all()
        return (entry.verb, entry.id) if entry.id else None

    def find_all(self) -> None:
        """What there is to work on now; as many texts as at first."""
        there = {row["id"] for row in self.study.rows("alters")}
        self.alters = [one for one in self.everybody if one[0] in there]
        self.documents = [row["id"] for row in self.study.columns({"documents": ("id",)})["documents"].to_dicts()]


def spliced(text: str, edits: list[dict[str, Any]]) -> str:
    """The text with words put in, the last first."""
    for edit in sorted(edits, key=lambda edit: edit["start"], reverse=True):
        text = text[: edit["start"]] + edit["text"] + text[edit["stop"] :]
    return text


# -- the oracle ----------------------------------------------------------------------------------------------------------------


class Oracle:
    """Where every passage must be: what was there before a step, and what the step may have done to it."""

    def __init__(self, study: Study) -> None:
        self.study = study
        self.told: Counter[str] = Counter()
        self.texts: dict[str, str] = {}
        self.look()
        self.before = (self.heads, self.segments, self.uses)

    def look(self) -> None:
        self.heads = self._heads()
        self.segments = {row["id"]: row for row in self.study.rows("segments")}
        self.uses = self._uses()

    def _heads(self) -> dict[str, str]:
        rows = self.study.columns({"revisions": ("id", "document_id", "number")})["revisions"].sort("number").to_dicts()
        return {row["document_id"]: row["id"] for row in rows}

    def _uses(self) -> dict[str, list[tuple[Any, ...]]]:
        """What rests on each passage, text by text, whoever it is now called by."""
        found: dict[str, list[tuple[Any, ...]]] = {}
        for table in ("codings", "mentions", "decisions", "memos"):
            for row in self.study.rows(table):
                if row["segment_id"]:
                    found.setdefault(row["segment_id"], []).append((table, row["id"]))
        return found

    def text(self, revision: str) -> str:
        """The text of a version, which never changes."""
        if revision not in self.texts:
            self.texts[revision] = self.study.row("revisions", revision)["text"]
        return self.texts[revision]

    def check(self, verb: str, *, is_last_undone: bool = False) -> None:
        """After one step: what changed its text moved as the plain rule says; all else is where it was."""
        heads, segments, uses = self.heads, self.segments, self.uses
        earlier, self.before = self.before, (heads, segments, uses)
        self.look()
        latest = set(self.heads.values())
        for row in self.segments.values():
            assert row["is_lost"] or row["revision_id"] in latest, f"{verb}: a passage stands on an earlier version and is not listed"
            there = self.text(row["revision_id"])[row["start"] : row["stop"]]
            assert there == row["quotation"] != "", f"{verb}: a passage is not on its words"
        if is_last_undone:
            assert earlier == (self.heads, self.segments, self.uses)
        if verb in ("undo", "redo"):
            return
        changed = {document for document in heads.keys() & self.heads.keys() if heads[document] != self.heads[document]}
        for document in changed:
            self._check_moved(heads[document], self.heads[document], segments)
        if changed:
            assert self.segments.keys() == segments.keys(), f"{verb}: a passage is gone"
            assert self.uses == uses, f"{verb}: what was put on a passage is gone"
        moved = {heads[document] for document in changed}
        if verb != "put segment back":
            for row_id in self.segments.keys() & segments.keys():
                if segments[row_id]["revision_id"] not in moved:
                    assert self.segments[row_id] == segments[row_id], f"{verb}: a passage was moved for nothing"

    def _check_moved(self, before: str, after: str, segments: dict[str, Row]) -> None:
        old, new = (self.text(one) for one in (before, after))
        rows = sorted(self.study.rows("replacements", revision_id=after), key=lambda row: (row["start"], row["stop"]))
        # what was written into the journal of the text is what happened to it: `came` is where each new character is from
        text, came, at = "", list[int | None](), 0
        now: dict[int, tuple[int, int]] = {}  # old character → where it, or what stands for it, is now
        for row in [*rows, {"start": len(old), "stop": len(old), "replacement": None, "what": "edit", "original": ""}]:
            assert old[row["start"] : row["stop"]] == (row["original"] or "")
            now |= {place: (len(text) + place - at, len(text) + place - at + 1) for place in range(at, row["start"])}
            came += range(at, row["start"])
            text += old[at : row["start"]]
            put, is_stand_in = row["replacement"] or "", row["what"] != "edit"
            if is_stand_in:
                now |= dict.fromkeys(range(row["start"], row["stop"]), (len(text), len(text) + len(put)))
            came += [row["start"] if is_stand_in and row["start"] < row["stop"] else None] * len(put)
            text, at = text + put, row["stop"]
        assert text == new
        for row in segments.values():
            if row["revision_id"] == before and not row["is_lost"]:
                self._check_one(row, self.segments[row["id"]], now, came, new)

    def _check_one(self, was: Row, row: Row, now: dict[int, tuple[int, int]], came: list[int | None], new: str) -> None:
        inside = range(was["start"], was["stop"])
        left = [now[place] for place in inside if place in now]
        if left:
            start, stop = left[0][0], left[-1][1]
            written = sum(origin is None for origin in came[start:stop])
            if 2 * len(left) >= len(inside) and written <= len(inside):
                assert (row["is_lost"], row["start"], row["stop"]) == (False, start, stop), "a passage whose words are there moved off them"
                self.told["moved"] += 1
                return
        if row["is_lost"]:
            self.told["listed"] += 1
            assert row == {**was, "is_lost": True}
            return
        self.told["found again"] += 1
        origins = came[row["start"] : row["stop"]]
        assert row["quotation"] == was["quotation"] == new[row["start"] : row["stop"]]
        assert all(origin is None or origin in inside for origin in origins), "a passage was put on words that were others'"


def everything(study: Study) -> str:
    """One digest of every row of every table."""
    tables = study.tables(*LIVE)
    rows = {name: sorted(tables[name].to_dicts(), key=lambda row: row["id"]) for name in LIVE}
    return hashlib.sha256(json.dumps(rows, sort_keys=True, default=str).encode()).hexdigest()
