"""Verbs on the roster of names: further names of people, and names known besides the maps. No text is changed by them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any

from kithwork.actions.people import keep_identity, plain_pseudonym, with_words
from kithwork.actions.verbs import action
from kithwork.model.errors import StudyError
from kithwork.model.rows import Row
from kithwork.model.schema import TABLES
from kithwork.model.terms import fold
from kithwork.store import Change, Study
from kithwork.talk.names import spellings
from kithwork.talk.words import words_of

_OWNERS = {"other_name_id": "other_names", "alter_id": "alters", "participant_id": "participants"}
_STEMS = {"name": "Person", "place": "Place", "organisation": "Service"}


@action
def add_to_roster(change: Change, names: list[dict[str, Any]], remembered: list[dict[str, Any]] | None = None) -> list[Row]:
    """Keep words as further names of participants or alters, beside the name each has; no text is changed.

    Each of `names` is `words` and `alter_id`, `participant_id` or, of a name known besides the maps, `other_name_id`; `remembered` are
    names of nobody on a map, as `remember names` takes them.
    """
    kept = [row for given in names if (row := _keep_words(change, given))]
    kept += [remember(change, given) for given in remembered or []]
    if not kept:
        raise StudyError("These names are in the roster already; choose others, or whose name they are.")
    return kept


def _keep_words(change: Change, given: Mapping[str, Any]) -> Row | None:
    """Whose further name was kept; None where it is there already."""
    words = _name(given.get("words"))
    of = next((of for of in ("other_name_id", "alter_id") if given.get(of)), "participant_id")
    owner = change.row(_OWNERS[of], str(given.get(of) or ""))
    found = [owner] if of == "other_name_id" else change.rows("identities", **{of: owner["id"]})
    name = (found[0]["name"] if found else None) or ""
    if (both := with_words(name, words)) == name:
        return None
    if of == "other_name_id":
        return change.update("other_names", owner["id"], {"name": both})
    keep_identity(change, of, owner["id"], {"name": both})
    return owner


@action
def remember_names(change: Change, names: list[dict[str, Any]]) -> list[Row]:
    """Have names of nobody on a map proposed in all texts from now on, each with what is put in its place.

    Each of `names` is `name`, `pseudonym` (made where it is left out), `what` (name, place, organisation) and `participant_id` where it is
    met in one participant's talk alone. One whose pseudonym is known already is a further name of the same.
    """
    if not names:
        raise StudyError("No name was chosen; choose at least one.")
    return [remember(change, given) for given in names]


@action
def change_other_name(change: Change, other_name_id: str, values: dict[str, Any]) -> Row:
    """Change a name known besides the maps, what is put in its place, what it names, or in whose talk it is met."""
    if set(values) - {"name", "pseudonym", "what", "participant_id"}:
        raise StudyError("Of such a name only the name, what is put in its place, what it is and whose talk it is in can be changed.")
    row = {**change.row("other_names", other_name_id), **values}
    row["name"], row["pseudonym"] = _name(row["name"]), _pseudonym(row["pseudonym"])
    _refuse_what_misleads(change, row)
    return change.update("other_names", other_name_id, {key: row[key] for key in values})


@action
def forget_other_name(change: Change, other_name_id: str) -> None:
    """Take a name known besides the maps away; what was replaced stays replaced, and can still be put back."""
    change.row("other_names", other_name_id)
    replaced = change.rows("replacements", other_name_id=other_name_id)
    change.update_all("replacements", {row["id"]: {"other_name_id": None} for row in replaced})
    change.delete("other_names", other_name_id)


@action
def tie_other_name(change: Change, other_name_id: str, alter_id: str | None = None, participant_id: str | None = None) -> None:
    """Say that a name known besides the maps is an alter's, or a participant's: it is a further name of theirs.

    What was replaced in that participant's texts is theirs from now on; where others' texts say it too, it stays known for those.
    """
    if (alter_id is None) == (participant_id is None):
        raise StudyError("Choose one alter or one participant who goes by this name.")
    row, of = change.row("other_names", other_name_id), "alter_id" if alter_id else "participant_id"
    owner = change.row("alters" if alter_id else "participants", str(alter_id or participant_id))
    person = owner["participant_id"] if alter_id else owner["id"]
    found = change.rows("identities", **{of: owner["id"]})
    keep_identity(change, of, owner["id"], {"name": with_words(found[0]["name"] if found else None, row["name"])})
    replaced = by_talk(change, other_name_id)
    mine = [one["id"] for one in replaced.pop(person, [])]
    change.update_all("replacements", {row_id: {"other_name_id": None, of: owner["id"]} for row_id in mine})
    if not replaced:
        change.delete("other_names", other_name_id)


# -- parts other verbs and pages use -------------------------------------------------------------------------------------------


def remember(change: Change, given: Mapping[str, Any]) -> Row:
    """Keep one name; a further name of the one that has this pseudonym already."""
    name, what = _name(given.get("name")), str(given.get("what") or "name")
    if what not in _STEMS:
        raise StudyError("A name known besides the maps is a person's, a place's, or a service's or group's; choose one of these.")
    pseudonym = _pseudonym(given.get("pseudonym")) if given.get("pseudonym") else free_stand_in(change, what)
    row = {"id": given.get("id"), "name": name, "pseudonym": pseudonym, "what": what, "participant_id": given.get("participant_id")}
    for known in change.rows("other_names", pseudonym=pseudonym):
        is_same = known["participant_id"] == row["participant_id"]
        both = {"name": with_words(known["name"], name), "participant_id": row["participant_id"] if is_same else None}
        _refuse_what_misleads(change, {**known, **both})
        return change.update("other_names", known["id"], both)
    _refuse_what_misleads(change, row)
    return change.insert("other_names", row)


def free_stand_in(source: Change | Study, what: str, taken: Iterable[str] = ()) -> str:
    """'Person A', 'Place B', 'Service C': the next that nobody has."""
    used = {row["pseudonym"] for table in ("other_names", "participants", "alters") for row in source.rows(table)} | set(taken)
    return next(word for number in count() if (word := f"{_STEMS.get(what, 'Person')} {_letters(number)}") not in used)


def by_talk(source: Change | Study, other_name_id: str) -> dict[str | None, list[Row]]:
    """What was replaced as this name, by the participant whose text it is."""
    found: dict[str | None, list[Row]] = defaultdict(list)
    whose: dict[str, str | None] = {}
    for row in source.rows("replacements", other_name_id=other_name_id):
        version = row["revision_id"]
        if version not in whose:
            whose[version] = source.row("documents", source.row("revisions", version)["document_id"])["participant_id"]
        found[whose[version]].append(row)
    return dict(found)


@dataclass(frozen=True)
class Offer:
    """A name known besides the maps that somebody on them goes by now."""

    other: Row
    owner: Row
    of: str  # alter_id or participant_id

    @property
    def person_id(self) -> str:
        return self.owner["participant_id"] if self.of == "alter_id" else self.owner["id"]


def offers(study: Study) -> list[Offer]:
    """Who on a map goes by a name known besides the maps, so that it can be tied to them."""
    others = study.rows("other_names")
    if not others:
        return []
    owners = {
        "alter_id": {row["id"]: row for row in study.rows("alters")},
        "participant_id": {row["id"]: row for row in study.rows("participants")},
    }
    said: list[tuple[Row, str, dict[tuple[str, ...], bool]]] = []
    for row in study.rows("identities"):
        of = "alter_id" if row["alter_id"] else "participant_id"
        if row["name"] and row[of] in owners[of]:
            said.append((owners[of][row[of]], of, dict(spellings(row["name"]))))
    found = []
    for other in others:
        names = dict(spellings(other["name"]))
        used = by_talk(study, other["id"])
        for owner, of, theirs in said:
            offer = Offer(other, owner, of)
            if any(names[words] or theirs[words] for words in names.keys() & theirs.keys()) and _is_met(offer, used):
                found.append(offer)
    return found


def _is_met(offer: Offer, used: Mapping[str | None, object]) -> bool:
    """Whether it is met in that participant's talk; one that only others' texts say is somebody else of that name, until told."""
    of = offer.other["participant_id"]
    return of in (None, offer.person_id) and (not used or offer.person_id in used)


def _name(given: object) -> str:
    name = " ".join(str(given or "").split())
    if not spellings(name):
        raise StudyError("These words hold no name; give one with a name in it.")
    return name


def _pseudonym(given: object) -> str:
    if not (words := str(given or "").strip("[] ")):
        raise StudyError("Say what is put in the place of the name, such as Doctor A.")
    return plain_pseudonym(words)


def _refuse_what_misleads(change: Change, row: Row) -> None:
    """A pseudonym that says the name or is somebody else's; a name that is known already."""
    if str(row["what"]) not in TABLES["other_names"]["what"].choices:
        raise StudyError("A name known besides the maps is a person's, a place's, or a service's or group's; choose one of these.")
    names, put = dict(spellings(row["name"])), [fold(word.text) for word in words_of(row["pseudonym"])]
    telling = [words for words, is_whole in names.items() if is_whole or row["what"] == "name"]
    if any(put[at : at + len(words)] == list(words) for words in telling for at in range(len(put))):
        raise StudyError("What is put in the place of this name says the name itself; choose other words, such as Doctor A.")
    others = [known for known in change.rows("other_names") if known["id"] != row.get("id")]
    is_taken = any(known["pseudonym"] == row["pseudonym"] for known in others)
    if is_taken or any(change.rows(table, pseudonym=row["pseudonym"]) for table in ("participants", "alters")):
        raise StudyError("Somebody else in the study goes by these words already; choose others to put in the place of this name.")
    whole = {words for words, is_whole in names.items() if is_whole}
    for known in others:
        if known["participant_id"] == row["participant_id"] and whole & {words for words, is_whole in spellings(known["name"]) if is_whole}:
            raise StudyError("This name is known besides the maps already; change that one, or say in whose talk it is met.")


def _letters(number: int) -> str:
    """A, B … Z, AA, AB …"""
    return (_letters(number // 26 - 1) if number >= 26 else "") + chr(65 + number % 26)
