"""Names in the talk, to be replaced by pseudonyms: proposed, looked at by a person, replaced in all texts at once, and put back."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any

from flask import redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from kithwork.actions.roster import free_stand_in, offers
from kithwork.model.errors import SelectionError, StudyError
from kithwork.model.ids import new_id
from kithwork.model.rows import Row
from kithwork.model.schema import TABLES
from kithwork.model.terms import fold
from kithwork.store import Study
from kithwork.talk import Group, Place, Reviewer, Text, known_names
from kithwork.web.desk import desk
from kithwork.web.forms import carry_out, request_key, text_of, way_back
from kithwork.web.pages.register import natural
from kithwork.web.pages.renamed import newest, renamed_now, standing_now, tell_passages
from kithwork.web.words import count

MANY = 2_000_000  # words; with more, the page begins with one participant's
SHOWN = 3  # contexts of a group in the list
MOST_PLACES = 500  # on the page of one group
MOST_SUSPECTS = 60
THEMSELF = "participant:"  # before the id, where a word is said to be the participant's own name
WHAT = TABLES["replacements"]["what"].choices
KINDS_BESIDES = TABLES["other_names"]["what"].choices


def names() -> str:
    """What may point to a person in the texts in scope, by whom or what it names, with its contexts."""
    study = desk().study
    scope = _scope(study)
    texts = _texts(study, scope)
    reviewer, kept = _reviewer(study), _kept(study)
    suspects = reviewer.suspects(texts, kept)
    return render_template(
        "names.html",
        scope=scope,
        texts=len(texts),
        groups=[(group, _label(study, group)) for group in reviewer.groups(texts, kept)],
        suspects=suspects[:MOST_SUSPECTS],
        more_suspects=max(len(suspects) - MOST_SUSPECTS, 0),
        kept=study.rows("kept_words"),
        offers=len(offers(study)),
        besides=len(study.rows("other_names")),
        renamed=len({place.document_id for group in renamed_now(study) for place in group.places}),
        **_for_both(study, scope),
    )


def names_of(group_key: str) -> str:
    """Every place of one group, each to be chosen by itself."""
    study = desk().study
    scope = _scope(study)
    group = _group(study, scope, group_key)
    return render_template(
        "names_of.html",
        scope=scope,
        group=group,
        label=_label(study, group),
        places=group.places[:MOST_PLACES],
        more=max(len(group.places) - MOST_PLACES, 0),
        **_for_both(study, scope),
    )


def replace_names() -> AnyResponse:
    """POST replaces what was ticked, groups whole or single places, in all texts as one action; or says that it may stay."""
    study = desk().study
    scope = _scope(study)
    texts = {text.document_id: text for text in _texts(study, scope)}
    reviewer, kept = _reviewer(study), _kept(study)
    suspects = {group.key: group for group in reviewer.suspects(list(texts.values()), kept)}
    every = {**{group.key: group for group in reviewer.groups(texts.values(), kept)}, **suspects}
    if request.form.get("do") == "know" and "only" not in request.form:
        every = suspects  # what is proposed stands ticked, and is in the roster or no name
    chosen = [every[key] for key in request.form.getlist("take") if key in every]
    single = set(request.form.getlist("place"))
    if "only" in request.form:  # the page of one group: its ticked places
        group = every.get(request.form["only"])
        if group is None:
            raise SelectionError("These proposals are not there any more; reload the page.")
        picked = [(group, [place for place in group.places if place.key in single])]
    else:
        picked = [(group, [place for place in group.places if place.is_sure] or group.places) for group in chosen]
    picked = [(group, places) for group, places in picked if places]
    if not picked:
        raise StudyError("Nothing was ticked; tick the names to be replaced or kept.")
    if request.form.get("do") == "keep":
        words = sorted({place.words for _, places in picked for place in places}, key=str.casefold)
        words = list({fold(word): word for word in words}.values())
        carry_out("keep words", f"{count(len(words), 'word')} may stay as they are.", words=words, coder_id=session.get("coder_id"))
        return redirect(url_for("names", **scope))
    if request.form.get("do") == "know":
        return _know(picked, scope)
    arguments = _replacements(study, picked, texts)
    number = sum(len(places) for _, places in picked)
    entry = carry_out("apply replacements", f"{count(number, 'name')} replaced.", coder_id=session.get("coder_id"), **arguments)
    tell_passages(entry)
    return redirect(url_for("names", **scope))


def _know(picked: list[tuple[Group, list[Place]]], scope: dict[str, Any]) -> AnyResponse:
    """Keep the words as further names of whom they name; they are proposed as theirs from now on, and the texts stay as they are."""
    told: list[Row] = []
    besides = _Besides(desk().study)
    for group, places in picked:
        whose = _whose(group)
        every = list({fold(place.words): place.words for place in places}.values())
        if any(whose.values()):
            told += [{"words": words, **whose} for words in every]
        elif f"remember-{group.key}" in request.form:
            besides.add(group, every)
        else:
            raise StudyError("To keep a name, say whose it is, or have it remembered as one that is on no map.")
    number = len(told) + len(besides.names)
    said = f"{count(number, 'name')} kept; nothing was replaced."
    carry_out("add to roster", said, names=told, remembered=besides.names)
    return redirect(url_for("names", **scope))


class _Besides:
    """Names of nobody on a map that are to be remembered, as they were ticked: those with one pseudonym are one."""

    def __init__(self, study: Study) -> None:
        self._study = study
        self.names: list[Row] = []

    def add(self, group: Group, words: list[str]) -> Row:
        """The name to remember, with what is put in its place: words of its own where only the general ones stood there."""
        what = text_of(f"what-{group.key}") or group.what
        put = text_of(f"put-{group.key}").strip("[] ")
        if not put or f"[{put}]" == group.stand_in:
            put = free_stand_in(self._study, what, [one["pseudonym"] for one in self.names])
        name = {"id": new_id(), "name": " / ".join(words), "pseudonym": put, "what": what}
        self.names.append(name)
        return name


def _whose(group: Group) -> dict[str, str | None]:
    """Whom a group names, as it is proposed or as it was chosen on the page: an alter, the participant whose talk it is, a name besides."""
    chosen = text_of(f"alter-{group.key}")
    if not chosen:
        return {"alter_id": group.alter_id, "participant_id": group.participant_id, "other_name_id": group.other_id}
    if chosen.startswith(THEMSELF):
        return {"alter_id": None, "participant_id": chosen.removeprefix(THEMSELF), "other_name_id": None}
    return {"alter_id": chosen, "participant_id": None, "other_name_id": None}


def _replacements(study: Study, picked: list[tuple[Group, list[Place]]], texts: dict[str, Text]) -> dict[str, Any]:
    """The arguments of the action: rows by text, and pseudonyms that were changed on the way."""
    by_text: dict[str, list[Row]] = defaultdict(list)
    pseudonyms: dict[str, str] = {}
    besides = _Besides(study)
    for group, places in picked:
        put, what = text_of(f"put-{group.key}") or group.stand_in, group.what
        whose = _whose(group)
        alter_id, participant_id = whose["alter_id"], whose["participant_id"]
        if not any(whose.values()) and f"remember-{group.key}" in request.form:
            name = besides.add(group, list({fold(place.words): place.words for place in places}.values()))
            whose["other_name_id"], what, put = name["id"], name["what"], f"[{name['pseudonym']}]"
        elif group.other_id and whose["other_name_id"] and put != group.stand_in:
            pseudonyms[group.other_id] = put.strip("[] ")
        if participant_id and group.participant_id is None:
            put = f"[{study.row('participants', participant_id)['pseudonym']}]"
        if alter_id:
            alter = study.row("alters", alter_id)
            if group.alter_id is None:
                put = f"[{alter['pseudonym']}]"
            elif put != group.stand_in and put.strip("[] ") != alter["pseudonym"]:
                pseudonyms[alter_id] = put.strip("[] ")
        told = {"what": what, **whose, "replacement": put}
        for place in places:
            by_text[place.document_id].append({**told, "start": place.start, "stop": place.stop, "original": place.words})
    documents = [
        {"document_id": document_id, "revision_id": texts[document_id].revision_id, "replacements": rows}
        for document_id, rows in by_text.items()
    ]
    return {"documents": documents, "pseudonyms": pseudonyms, "remembered": besides.names}


# -- putting back ------------------------------------------------------------------------------------------------------------


def replaced_names() -> str:
    """What was replaced so far and by what; the words themselves only where the person asks for names."""
    study = desk().study
    documents = {row["id"]: row for row in study.rows("documents")}
    groups: dict[str, dict[str, Any]] = {}
    for document_id, one in standing_now(study):
        row, key = one.row, _standing_key(one.row)
        group = groups.setdefault(key, {"key": key, "put": one.words, "what": WHAT.get(row["what"], ""), "said": Counter(), "rows": []})
        group["said"][row["original"]] += 1
        group["rows"].append({"id": row["id"], "words": row["original"], "document": documents[document_id]})
    return render_template(
        "names_replaced.html",
        groups=sorted(groups.values(), key=lambda group: (-len(group["rows"]), group["put"])),
        kept=study.rows("kept_words"),
        with_names=bool(session.get("with_names")),
        shown=MOST_PLACES,
    )


def put_back() -> AnyResponse:
    """POST puts words back that were replaced, of one name or single ones; only where names are shown."""
    study = desk().study
    if not session.get("with_names"):
        raise StudyError("Names are put back only where they are shown; choose to show them first.")
    key, single = request.form.get("key", ""), set(request.form.getlist("row"))
    by_text: dict[str, list[str]] = defaultdict(list)
    for document_id, one in standing_now(study):
        if one.row["id"] in single or (key and _standing_key(one.row) == key):
            by_text[document_id].append(one.row["id"])
    if not by_text:
        raise StudyError("Nothing was ticked; tick what is to be put back.")
    latest = newest(study, list(by_text))
    documents = [
        {"document_id": document_id, "revision_id": latest[document_id]["id"], "replacement_ids": ids}
        for document_id, ids in by_text.items()
    ]
    number = sum(map(len, by_text.values()))
    tell_passages(carry_out("put names back", f"{count(number, 'name')} put back.", documents=documents, coder_id=session.get("coder_id")))
    return redirect(url_for("replaced_names"))


def propose_again() -> AnyResponse:
    """POST has words proposed again that somebody said may stay."""
    carry_out("no longer keep words", "They are proposed again.", kept_ids=request.form.getlist("kept"))
    return redirect(url_for("replaced_names"))


def show_names_in_talk() -> AnyResponse:
    """POST chooses whether names or pseudonyms are shown, for this browser."""
    session["with_names"] = request.form.get("show") == "names"
    return redirect(way_back() or url_for("replaced_names"))


def _standing_key(row: Mapping[str, Any]) -> str:
    of = row["alter_id"] or row["other_name_id"]
    return f"{row['what']}:{of or row['participant_id'] or ''}:{row['replacement'] if not of else ''}"


# -- parts -------------------------------------------------------------------------------------------------------------------


def unresolved(study: Study, document_ids: list[str]) -> dict[str, int]:
    """Document id → proposals nobody has decided yet."""
    reviewer, kept = _reviewer(study), _kept(study)
    texts = _texts(study, {"document": document_ids})
    counted: Counter[str] = Counter(dict.fromkeys(document_ids, 0))
    for group in reviewer.groups(texts, kept):
        counted.update(place.document_id for place in group.places)
    return dict(counted)


def proposed_as(study: Study, other_name_id: str) -> Group | None:
    """What is proposed as a name known besides the maps, in all texts."""
    groups = _reviewer(study).groups(_texts(study, {}), _kept(study))
    return next((group for group in groups if group.other_id == other_name_id), None)


def _scope(study: Study) -> dict[str, Any]:
    """Which texts: all, those of a participant, or one; the first participant's where there are very many."""
    told = {name: request.values[name] for name in ("participant", "document", "all") if request.values.get(name)}
    if told:
        return told
    if sum(study.sizes().values()) <= MANY:
        return {}
    counted = study.count("documents", by="participant_id")
    people = sorted((row for row in study.rows("participants") if row["id"] in counted), key=lambda row: natural(row["pseudonym"]))
    return {"participant": people[0]["id"]} if people else {}


def _texts(study: Study, scope: dict[str, Any]) -> list[Text]:
    where: dict[str, Any] = {}
    if scope.get("document"):
        where = {"id": scope["document"]}
    elif scope.get("participant"):
        where = {"participant_id": scope["participant"]}
    documents = {row["id"]: row for row in study.rows("documents", **where)}
    if scope.get("document") and not documents:
        raise SelectionError("This text is not there any more; go back to the transcripts.")
    ids = [row["id"] for row in newest(study, list(documents)).values()]
    speakers: dict[str, set[str]] = defaultdict(set)
    for row in study.columns({"turns": ("revision_id", "speaker")})["turns"].unique().to_dicts():
        if row["speaker"]:
            speakers[row["revision_id"]].add(row["speaker"])
    return [
        Text(
            row["document_id"],
            row["id"],
            row["digest"] or row["id"],
            row["text"],
            documents[row["document_id"]]["participant_id"],
            tuple(sorted(speakers[row["id"]])),
        )
        for row in study.rows("revisions", id=ids)
    ]


def _reviewer(study: Study) -> Reviewer:
    """The one for the roster as it is; what it found is kept as long as the roster stays the same."""
    tables = study.tables("participants", "alters", "identities")
    rows = {name: tables[name].to_dicts() for name in ("participants", "alters", "identities")}
    decided = [row for row in study.rows("replacements") if not (row["original"] or "[").startswith("[")]
    known = tuple(known_names(rows["participants"], rows["alters"], rows["identities"], decided, study.rows("other_names")))
    here = desk()
    if here.reviewer is None or here.reviewer.known != known:
        here.reviewer = Reviewer(known)
    return here.reviewer


def _kept(study: Study) -> dict[str | None, set[str]]:
    kept: dict[str | None, set[str]] = defaultdict(set)
    for row in study.rows("kept_words"):
        kept[row["document_id"]].add(fold(row["words"]))
    return kept


def _group(study: Study, scope: dict[str, Any], key: str) -> Group:
    texts, reviewer, kept = _texts(study, scope), _reviewer(study), _kept(study)
    for group in (*reviewer.groups(texts, kept), *reviewer.suspects(texts, kept)):
        if group.key == key:
            return group
    raise SelectionError("These proposals are not there any more; go back to the names.")


def _label(study: Study, group: Group) -> str:
    """Whom or what a group names, by pseudonym."""
    if group.alter_id:
        alter = study.row("alters", group.alter_id)
        return f"{alter['pseudonym']} of {study.row('participants', alter['participant_id'])['pseudonym']}"
    if group.participant_id:
        return f"{study.row('participants', group.participant_id)['pseudonym']}, a participant"
    if group.other_id:
        return f"{study.row('other_names', group.other_id)['pseudonym']}, on no map"
    return WHAT.get(group.what, "Other")


def _for_both(study: Study, scope: dict[str, Any]) -> dict[str, Any]:
    participant_id = scope.get("participant")
    if scope.get("document"):
        participant_id = study.row("documents", scope["document"])["participant_id"]
    alters = study.rows("alters", participant_id=participant_id) if participant_id else []
    return {
        "titles": {row["id"]: row["title"] for row in study.rows("documents")},
        "participants": sorted(study.rows("participants"), key=lambda row: natural(row["pseudonym"])),
        "themself": study.row("participants", participant_id) if participant_id else None,
        "alters": sorted(alters, key=lambda row: natural(row["pseudonym"])),
        "kinds": KINDS_BESIDES,
        "request_key": request_key(),
        "moved": session.pop("moved", None),
        "shown": SHOWN,
    }
