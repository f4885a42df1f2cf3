"""Talk and ties of the open study as pages ask for them: read once, and again only when something of them was changed."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, unquote

import polars as pl
from flask import request, session

from kithwork.actions.parallel import blind_documents
from kithwork.joint import ANSWERS, COLUMNS, Question, Said, Shape
from kithwork.joint.matrix import READ
from kithwork.joint.segments import WORDS
from kithwork.measures.on_maps import REASONS_ON_MAPS, TABLES, named, on_maps, usual
from kithwork.web.chosen_by import from_address, in_address
from kithwork.web.desk import desk

NOT_THEIRS = ("write summary", "save view", "remove view")
LISTS = (
    *(
        "codes",
        "themes",
        "lens",
        "overlaps",
        "together",
        "coders",
        "speakers",
        "kinds",
        "roles",
        "role_groups",
        "circles",
        "trust",
        "valence",
    ),
    *("supports", "fates", "events", "people"),
)


def said() -> Said:
    """Everything that questions read, as far as whoever is working may see it."""
    return _seen("said", COLUMNS)


def coded() -> Said:
    """What the framework matrix reads, as far as whoever is working may see it."""
    return _seen("coded", READ)


def answering(question: Question) -> Said:
    """Everything that this question reads: answers only where it counts or filters by them, and the measures that it uses."""
    is_asked = len(question.invented) > len(question.measures)
    here = _seen("answers", {**COLUMNS, **ANSWERS}) if is_asked else said()
    return measuring(here, question)


def measuring(here: Said, question: Question) -> Said:
    """The same, knowing also the measures that the question uses beside the usual ones."""
    more = tuple(name for name in question.measures if name not in here.shape.named)
    if not more:
        return here
    found = desk().remembered(("measures named", more), lambda: named(more, desk().study.tables(*TABLES)), NOT_THEIRS)
    return Said(here.tables, shape({**here.shape.named, **found})) if found else here


def with_words() -> Said:
    """Everything that questions read, and the words of every passage, to be taken along."""
    return _seen("words", {**COLUMNS, **ANSWERS, **WORDS})


def shape(known: Mapping[str, tuple[str, str]]) -> Shape:
    """What maps are measured by; measured when the first question uses any of it, and remembered."""
    study, names = desk().study, tuple(known)
    return Shape(
        known, REASONS_ON_MAPS, lambda: desk().remembered(("on maps", names), lambda: on_maps(study.tables(*TABLES), names), NOT_THEIRS)
    )


def _seen(what: str, columns: dict[str, tuple[str, ...]]) -> Said:
    """The study as read, without what others coded in texts that are still coded blind."""
    study = desk().study
    shut = desk().remembered("blind", lambda: blind_documents(study), NOT_THEIRS)
    if not shut:
        return desk().remembered(what, lambda: Said(study.columns(columns), shape(usual())), NOT_THEIRS)
    own = session.get("coder_id")
    wanted = {**columns, "codings": ("segment_id", "code_id", "coder_id")}
    return desk().remembered((what, own), lambda: Said(study.columns(wanted), shape(usual())).opened(shut, own), NOT_THEIRS)


def quotations(question: Question) -> pl.DataFrame | None:
    """The words of every passage, where the question looks for words."""
    if not question.words.strip():
        return None
    return desk().study.columns({"segments": ("id", "quotation")})["segments"].rename({"id": "segment_id"})


def asked() -> Question:
    """The question that an address asks."""
    args = request.args
    given: dict[str, Any] = {name: args.getlist(name) for name in LISTS if args.getlist(name)}
    given["waves"] = args.getlist("waves", type=int)
    given["attributes"] = from_address(said(), args.getlist("attribute"))
    given["cuts"] = [[unquote(name), text] for name, colon, text in (one.partition(":") for one in args.getlist("cut")) if colon]
    given |= {name: args[name] for name in ("rows", "columns", "asked_of") if name in args}
    given |= {name: args.get(name, type=int) for name in ("from_wave", "to_wave") if args.get(name, type=int)}
    given["words"] = desk().sought.get(args.get("sought", ""), "")
    return Question.of(given)


def address(question: Question) -> dict[str, Any]:
    """The question as it stands in an address; words looked for, which may name somebody, by a key."""
    given = question.definition()
    words = given.pop("words", "")
    pairs, cuts = given.pop("attributes", []), given.pop("cuts", [])
    found = {**given, "attribute": in_address(pairs), "cut": [f"{quote(name)}:{text}" for name, text in cuts]}
    found["sought"] = desk().seek(words) if words else None
    return {name: value for name, value in found.items() if value not in (None, [])} | {"columns": question.columns}
