"""Coded talk, or a whole study that was exported, into a study: what is there already is recognised, row by row.

A row is known by its id, as it is here or as it is known outside; else by what makes it the same thing: a code by its path, a text
by its title and words, a passage by its span, a coding by passage, code and coder. Nothing that is there is overwritten.
"""

import hashlib
import json
import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from kithwork.actions.free_name import free_name
from kithwork.formats.guids import outside
from kithwork.formats.reading import Notes, Problem, Reading
from kithwork.model.rows import Row
from kithwork.model.schema import LIVE, REFERRED_FIRST, TABLES

if TYPE_CHECKING:
    from kithwork.store import Study

Key = tuple[Any, ...]
_KEYS: dict[str, tuple[tuple[str, ...], ...]] = {
    "codes": (("parent_id", "name"),),
    "segments": (("revision_id", "start", "stop"),),
    "themes": (("name",),),
    "memos": ((*TABLES["memos"].exactly_one, "text"),),
    "answers": (("question_id", *TABLES["answers"].exactly_one),),
    "summaries": (("participant_id", "theme_id", "code_id", "wave_id", "coder_id", "prompt", "text"),),
    "resources": (("name",),),
    "questions": (("code", "subject", "wording", "answer_kind", "options", "column_name"),),
    "studies": ((),),  # there is one
}
_SELF = {name: [c.name for c in table.columns if c.table == name] for name, table in TABLES.items()}
_REFERENCES = {
    name: [(column.name, column.table, column.is_required or column.name in table.exactly_one) for column in table.columns if column.table]
    for name, table in TABLES.items()
}
_HIDDEN_NAME = re.compile(r"(Coder|Unknown coder)\b.*")


class Merge:
    """Rows to add and change, worked out against what a study holds."""

    def __init__(self, study: "Study", reading: Reading) -> None:
        self.rows: defaultdict[str, list[Row]] = defaultdict(list)
        self.updates: list[tuple[str, str, Row]] = []
        self._notes = Notes()
        self._study = study
        self._known: dict[str, list[Row]] = {}
        self._coming = {name: reading.tables.rows(name) for name in LIVE}
        self._ids: dict[tuple[str, str], str | None] = {}  # table and id in the reading -> id in the study; None where it is left out
        self._same = 0
        self._words = {row["document_id"]: _digest(row["text"]) for row in sorted(self._coming["revisions"], key=_number)}
        self._circles()
        self._elsewhere = {
            known for name in LIVE if self._coming[name] for row in self._there(name) for known in (row["id"], outside(row["id"]))
        }
        for name in REFERRED_FIRST:
            if self._coming[name]:
                self._table(name)
        self._empty_circles()
        if self._same:
            self._say("already_there", f"{self._same} row(s) are in the study already and are not added again.")

    @property
    def problems(self) -> list[Problem]:
        """What was met while working it out."""
        return self._notes.problems

    def adds(self) -> dict[str, int]:
        """Rows that would be added, by table."""
        return {name: len(self.rows[name]) for name in LIVE if self.rows[name]}

    def _there(self, table: str) -> list[Row]:
        if table not in self._known:
            self._known[table] = [{k: v for k, v in row.items() if v is not None} for row in self._study.rows(table)]
        return self._known[table]

    def _table(self, name: str) -> None:
        """Recognise or take in each row of one table; a row under another goes after it."""
        by_id = {known: row["id"] for row in self._there(name) for known in (outside(row["id"]), row["id"])}
        keys = {key: row["id"] for row in reversed(self._there(name)) for key in self._keys(name, row)}
        fit, is_unique = self._fitter(name), bool(TABLES[name].unique) and name != "revisions"
        kept = []
        for row in _parents_first(name, self._coming[name]):
            pointed = self._pointed(name, row)
            if pointed is None or (row["id"] not in by_id and row["id"] in self._elsewhere):
                self._ids[name, row["id"]] = None
                continue
            own = self._keys(name, pointed) if keys or is_unique else []
            match = by_id.get(row["id"]) or next((keys[key] for key in own if key in keys), None)
            if match is not None:
                self._meet(name, row, match, is_by_id=row["id"] in by_id)
                continue
            self._ids[name, row["id"]] = row["id"]
            if TABLES[name].unique and name != "revisions":  # elsewhere two rows that say the same are two rows
                keys |= dict.fromkeys(self._keys(name, pointed), row["id"])
            kept.append(fit(pointed))
        within = _SELF[name]
        self.rows[name] = [self._pointed_within(name, row, within) for row in kept] if within else kept

    def _meet(self, name: str, row: Row, match: str, *, is_by_id: bool) -> None:
        """What is there already stays as it is; a map of another origin in its place is not mixed with it."""
        self._same += 1
        self._ids[name, row["id"]] = match
        if name == "maps" and not is_by_id:
            self._ids[name, row["id"]] = None
            self._say("map_there", "A map is skipped: the participant has another of that wave and state.")
        elif name == "interviews" and row["status"] == "held":
            there = next((each for each in self._there(name) if each["id"] == match), None)
            if there and there["status"] == "due":
                values = {k: v for k, v in row.items() if k not in ("id", "participant_id", "wave_id") and there.get(k) in (None, "due")}
                self.updates.append((name, match, values))

    def _pointed(self, name: str, row: Row) -> Row | None:
        """The row with its references turned to the study's; None where one it cannot do without is left out."""
        changed = dict(row)
        for column, table, is_needed in _REFERENCES[name]:
            if row.get(column) is not None and (table, row[column]) in self._ids:
                target = self._ids[table, row[column]]
                if target is not None:
                    changed[column] = target
                elif is_needed:
                    return None
                else:
                    del changed[column]
        return changed

    def _pointed_within(self, name: str, row: Row, own: list[str]) -> Row:
        """References to rows of the same table, once every row of it is known."""
        targets = {column: self._ids.get((name, row[column]), row[column]) for column in own if column in row}
        return {k: v for k, v in {**row, **targets}.items() if v is not None}

    def _keys(self, name: str, row: Row) -> list[Key]:
        """What makes a row the same thing as another."""
        if name == "coders" and _HIDDEN_NAME.fullmatch(row["name"]):
            return []  # a name that hides one tells nobody apart
        if name == "segments" and row.get("is_lost"):
            return [(row["revision_id"], "lost", row.get("quotation"))]
        if name == "revisions":
            return [(row["document_id"], _digest(row["text"]))]
        if name == "documents":
            words = self._words.get(row["id"]) or self._words_here.get(row["id"])
            return [(row["title"], words)] if words else []
        if name == "alters":
            return [(row["participant_id"], row["source_key"])] if row.get("source_key") else []
        if name == "participants":
            source = [("source", row["source_key"])] if "source_key" in row else []
            return [*source, ("name", row["pseudonym"])]
        return [(group, *(_plain(row.get(column)) for column in group)) for group in _KEYS.get(name, TABLES[name].unique)]

    @property
    def _words_here(self) -> dict[str, str]:
        if "revisions of documents" not in self._known:
            latest = {row["document_id"]: _digest(row["text"]) for row in sorted(self._there("revisions"), key=_number)}
            self._known["revisions of documents"] = [latest]
        return self._known["revisions of documents"][0]

    def _fitter(self, name: str) -> Any:
        """Gives a new row a name or number nobody here has yet."""
        column = {"coders": "name", "participants": "pseudonym", "views": "name"}.get(name)
        if column:
            names = {row[column] for row in self._there(name)}

            def fit(row: Row) -> Row:
                row = {**row, column: free_name(row[column], names)}
                names.add(row[column])
                return row

            return fit
        numbered = {"revisions": ("document_id", "number"), "questions": ("code", "version")}.get(name)
        if numbered:
            owner, number = numbered
            taken: defaultdict[str, int] = defaultdict(int)
            for row in self._there(name):
                taken[row[owner]] = max(taken[row[owner]], row[number])
            here = set(taken)

            def count(row: Row) -> Row:
                if row[owner] not in here:
                    return row
                if row[number] <= taken[row[owner]]:
                    self._say("other_text" if name == "revisions" else "new_version", _OTHER[name])
                    row = {**row, number: taken[row[owner]] + 1}
                taken[row[owner]] = row[number]
                return row

            return count
        return lambda row: row

    # -- circles -----------------------------------------------------------------------------------------------------------------

    def _circles(self) -> None:
        """Rings that differ from those here are a version of their own; a wave nobody was mapped at takes the rings that come."""
        if not self._coming["waves"]:
            return
        here, come = _rings(self._there("circles")), _rings(self._coming["circles"])
        waves = {row["position"]: row for row in self._there("waves")}
        following = max([*here, *(row["circle_version"] for row in waves.values()), 0])
        versions: dict[int, int] = {}
        for version in sorted({row["circle_version"] for row in self._coming["waves"]} | set(come)):
            same = next((number for number, rings in here.items() if rings == come.get(version)), None)
            if same is None:
                following += 1
            versions[version] = following if same is None else same
        if not waves:
            versions = {version: version for version in versions}
        self._coming["circles"] = [{**row, "version": versions[row["version"]]} for row in self._coming["circles"]]
        self._coming["waves"] = [{**row, "circle_version": versions[row["circle_version"]]} for row in self._coming["waves"]]
        maps = {row["interview_id"] for row in self._there("maps")}
        drawn = {row["wave_id"] for row in self._there("interviews") if row["id"] in maps}
        self._ringless: set[str] = set()
        for row in self._coming["waves"]:
            there = waves.get(row["position"])
            if there and there["circle_version"] != row["circle_version"] and self._coming["maps"]:
                if there["id"] in drawn:
                    self._ringless.add(there["id"])
                else:
                    self.updates.append(("waves", there["id"], {"circle_version": row["circle_version"]}))

    def _empty_circles(self) -> None:
        """Ties of maps whose wave has other rings here are in no circle."""
        ringless = getattr(self, "_ringless", set())
        if not ringless:
            return
        interviews = {row["id"]: row["wave_id"] for row in (*self._there("interviews"), *self.rows["interviews"])}
        maps = {row["id"] for row in self.rows["maps"] if interviews[row["interview_id"]] in ringless}
        ties = [row for row in self.rows["ties"] if row["map_id"] in maps and "circle" in row]
        for row in ties:
            del row["circle"]
        if ties:
            self._say(
                "circles_unlike", f"{len(ties)} tie(s) come from maps with other circles than this wave has: they are in no circle here."
            )

    def _say(self, code: str, sentence: str) -> None:
        self._notes.meet(code, sentence)


_OTHER = {
    "revisions": "A text that is here came with other words; they are added as a new version of it.",
    "questions": "A question is there with other words or options; it is added as a new version.",
}


def _rings(circles: list[Row]) -> dict[int, list[tuple[int, str]]]:
    found: defaultdict[int, list[tuple[int, str]]] = defaultdict(list)
    for row in circles:
        found[row["version"]].append((row["position"], row["label"]))
    return {version: sorted(rings) for version, rings in found.items()}


def _parents_first(name: str, rows: list[Row]) -> list[Row]:
    """Rows that stand under another after it, where their place is part of what they are."""
    if name not in ("codes", "lenses"):
        return rows
    by_id = {row["id"]: row for row in rows}
    ordered: dict[str, Row] = {}
    for row in rows:
        chain = []
        while row and row["id"] not in ordered and row not in chain:
            chain.append(row)
            row = by_id.get(row.get("parent_id", ""), {})
        ordered |= {each["id"]: each for each in reversed(chain)}
    return list(ordered.values())


def _number(row: Row) -> int:
    return row["number"]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _plain(value: Any) -> Any:
    return json.dumps(value, sort_keys=True) if isinstance(value, (list, dict)) else value
