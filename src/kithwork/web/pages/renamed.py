"""Pseudonyms that were changed: where texts still say the earlier one, looked at, and replaced in all of them as one change."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from flask import redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from kithwork.actions.talk import stand_ins
from kithwork.model.errors import StudyError
from kithwork.model.rows import Row
from kithwork.store import Entry, RowChange, Study, changes_to
from kithwork.talk import Place
from kithwork.talk.review import AROUND
from kithwork.talk.stand_ins import StandIn, brackets
from kithwork.talk.words import around
from kithwork.web.desk import desk
from kithwork.web.forms import carry_out, request_key
from kithwork.web.pages.register import natural
from kithwork.web.words import count

SHOWN = 3  # contexts of a group before the rest is opened
MOST_PLACES = 500
OWNERS = {
    "participants": "participant_id",
    "alters": "alter_id",
    "other_names": "other_name_id",
}  # the column of a replacement that names one


@dataclass
class Renamed:
    """Somebody whose pseudonym was changed, and where texts still say another."""

    owner: Row
    of: str  # the column that says whom a replacement names
    label: str
    places: list[Place] = field(default_factory=list)

    @property
    def key(self) -> str:
        return self.owner["id"]

    @property
    def texts(self) -> int:
        return len({place.document_id for place in self.places})

    @property
    def said(self) -> list[tuple[str, int]]:
        return Counter(place.words for place in self.places).most_common()

    def put(self, words: str) -> str:
        """What stands there from now on: in brackets where the earlier one was."""
        pseudonym = self.owner["pseudonym"]
        return f"[{pseudonym}]" if words.startswith("[") else pseudonym


def renamed() -> str:
    """Each changed pseudonym that texts still say as it was, with its places."""
    study = desk().study
    return render_template(
        "renamed.html",
        groups=renamed_now(study),
        titles={row["id"]: row["title"] for row in study.rows("documents")},
        request_key=request_key(),
        shown=SHOWN,
        most=MOST_PLACES,
    )


def replace_renamed() -> AnyResponse:
    """POST puts the pseudonyms of now for the earlier ones, at every place of whom was ticked, as one action."""
    study = desk().study
    taken, ticked = set(request.form.getlist("take")), set(request.form.getlist("place"))
    chosen = [(group, place) for group in renamed_now(study) if group.key in taken for place in group.places if place.key in ticked]
    if not chosen:
        raise StudyError("Nothing was ticked; tick whose pseudonym is to be put in the texts, and where.")
    by_text: dict[str, list[Row]] = defaultdict(list)
    for group, place in chosen:
        told = {"what": "name", group.of: group.key, "original": place.words, "replacement": group.put(place.words)}
        by_text[place.document_id].append({**told, "start": place.start, "stop": place.stop})
    latest = newest(study, list(by_text))
    documents = [
        {"document_id": document_id, "revision_id": latest[document_id]["id"], "replacements": rows}
        for document_id, rows in by_text.items()
    ]
    said = f"{count(len(chosen), 'place')} now {'says' if len(chosen) == 1 else 'say'} the pseudonym of today."
    entry = carry_out("apply replacements", said, documents=documents, reason="A pseudonym was changed", coder_id=session.get("coder_id"))
    tell_passages(entry)
    return redirect(url_for("names"))


def tell_passages(entry: Entry) -> None:
    """Have the next page say how many passages moved with their words, and how many lost their place."""
    rows = [row for row in entry.changed.get("segments", {}).values() if row is not None]
    lost = sum(bool(row.get("is_lost")) for row in rows)
    session["moved"] = {"texts": len(entry.changed.get("revisions", {})), "moved": len(rows) - lost, "lost": lost}


# -- what the study holds ----------------------------------------------------------------------------------------------------


def renamed_now(study: Study) -> list[Renamed]:
    """Whose pseudonym was changed while texts still say the earlier one; worked out once as long as nothing is changed."""
    return desk().remembered("renamed", lambda: _renamed(study))


def standing_now(study: Study) -> list[tuple[str, StandIn]]:
    """What stands for names in the latest versions, each with its document."""

    def found() -> list[tuple[str, StandIn]]:
        touched = {row["revision_id"] for row in study.columns({"replacements": ("revision_id",)})["replacements"].to_dicts()}
        revisions = study.columns({"revisions": ("id", "document_id")})["revisions"].to_dicts()
        documents = dict.fromkeys(row["document_id"] for row in revisions if row["id"] in touched)
        return [(document_id, one) for document_id in documents for one in stand_ins(study, document_id)]

    return desk().remembered("stand-ins", found)


def _renamed(study: Study) -> list[Renamed]:
    owners = {row["id"]: (row, of) for table, of in OWNERS.items() for row in study.rows(table)}
    earlier = {owner_id: words for owner_id, words in _earlier(study).items() if owner_id in owners}
    placed = standing_now(study)
    spots: dict[str, set[tuple[str, int, int]]] = defaultdict(set)
    for document_id, one in placed:
        of_others = one.row["alter_id"] or one.row["other_name_id"]
        owner_id = of_others or one.row["participant_id"]
        says = one.words.strip("[] ")
        if owner_id in owners and says != owners[owner_id][0]["pseudonym"] and (of_others or says in earlier.get(owner_id, ())):
            spots[owner_id].add((document_id, one.start, one.stop))
    texts = {
        row["document_id"]: row["text"] for row in study.rows("revisions", id=[row["id"] for row in _heads(study, earlier, owners, spots)])
    }
    taken: dict[str, list[StandIn]] = defaultdict(list)
    for document_id, one in placed:
        taken[document_id].append(one)
    by_person = study.rows("documents", id=list(texts))
    for person_id, words in _unmistakable(earlier, owners).items():
        for document in by_person:
            if document["participant_id"] == person_id:
                for start, stop, said in brackets(texts[document["id"]], words, taken[document["id"]]):
                    spots[words[said]].add((document["id"], start, stop))
    return _grouped(owners, spots, texts)


def _heads(
    study: Study, earlier: Iterable[str], owners: dict[str, tuple[Row, str]], spots: dict[str, set[tuple[str, int, int]]]
) -> list[Row]:
    """The latest versions of the texts that may hold an earlier pseudonym."""
    people = {_person(owners[owner_id][0]) for owner_id in earlier}
    documents = {row["id"] for row in study.rows("documents", participant_id=list(people))} if people else set[str]()
    documents |= {document_id for found in spots.values() for document_id, _, _ in found}
    return list(newest(study, list(documents)).values())


def _earlier(study: Study) -> dict[str, set[str]]:
    """Whose pseudonym was changed → what it was before, as the journal tells."""
    found: dict[str, set[str]] = defaultdict(set)
    for _, changes in changes_to(study, OWNERS, but_new=OWNERS, keep=_is_rename):
        for one in changes:
            if one.before:
                found[one.row_id].add(one.before["pseudonym"])
    return found


def _is_rename(change: RowChange) -> bool:
    before, after = change.before or {}, change.after or {}  # an update holds the columns it changed, and no others
    return "pseudonym" in before and "pseudonym" in after and before["pseudonym"] != after["pseudonym"]


def _unmistakable(earlier: dict[str, set[str]], owners: dict[str, tuple[Row, str]]) -> dict[str, dict[str, str]]:
    """Participant → earlier pseudonyms in their talk, and whose each was; one that somebody else there has or had is left out."""
    used: dict[tuple[str, str], set[str]] = defaultdict(set)
    for owner_id, (row, _) in owners.items():
        for words in {row["pseudonym"], *earlier.get(owner_id, ())}:
            used[_person(row), words].add(owner_id)
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for owner_id, every in earlier.items():
        if owner_id not in owners:  # taken back since
            continue
        row = owners[owner_id][0]
        for words in every - {row["pseudonym"]}:
            if used[_person(row), words] == {owner_id}:
                found[_person(row)][words] = owner_id
    return found


def _person(owner: Row) -> str:
    """Whose talk an alter or a participant is in."""
    return owner.get("participant_id") or owner["id"]


def _grouped(owners: dict[str, tuple[Row, str]], spots: dict[str, set[tuple[str, int, int]]], texts: dict[str, str]) -> list[Renamed]:
    found = []
    for owner_id, places in spots.items():
        owner, of = owners[owner_id]
        label = owner["pseudonym"]
        if of == "alter_id":
            label = f"{label} of {owners[owner['participant_id']][0]['pseudonym']}"
        group = Renamed(owner, of, label)
        for document_id, start, stop in sorted(places):
            text = texts[document_id]
            group.places.append(Place(document_id, start, stop, text[start:stop], *around(text, start, stop, AROUND)))
        found.append(group)
    return sorted(found, key=lambda group: natural(group.label))


def newest(study: Study, documents: list[str]) -> dict[str, Row]:
    """The latest version of each of the documents, without its text."""
    heads = study.columns({"revisions": ("id", "document_id", "number")})["revisions"].to_dicts()
    newest: dict[str, Row] = {}
    wanted = set(documents)
    for row in heads:
        if row["document_id"] in wanted and row["number"] > newest.get(row["document_id"], {"number": 0})["number"]:
            newest[row["document_id"]] = row
    return newest
