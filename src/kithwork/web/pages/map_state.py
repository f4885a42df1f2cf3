"""Everything the map page needs, in one answer; what was drawn before is left out until free recall is finished."""

import json
from functools import cache
from importlib import resources
from typing import Any

from kithwork.cohort.lookalikes import look_alikes
from kithwork.model.rows import Row
from kithwork.model.schema import KINDS, TABLES
from kithwork.store import Study

_OF_TIES = ("nominations", "supports")
_CHOICES = ("maps", "interviews", "alters", "ties", "supports", "alter_ties", "events", "fates")


def map_state(study: Study, map_id: str) -> dict[str, Any]:
    """The map, its interview and all it refers to: design, rows by table, the map before, look-alikes, how far undo goes."""
    here = study.row("maps", map_id)
    interview = study.row("interviews", here["interview_id"])
    wave = study.row("waves", interview["wave_id"])
    maps = _maps_of(study, interview["participant_id"])
    before = _before(study, maps, here, wave)
    is_recall = here["stage"] == "recall" and not here["recall_finished_at"]
    ties = study.rows("ties", map_id=map_id)
    alters = _alters_shown(study, interview, is_recall)
    names = study.rows("identities", alter_id=[alter["id"] for alter in alters])
    done, undone = study.undoable(map=map_id)
    shown = {alter["id"] for alter in alters}
    earlier = {tie["alter_id"] for tie in study.rows("ties", map_id=[m["id"] for m in maps if m["position"] < wave["position"]])}
    return {
        "map_id": map_id,
        "participant": {key: study.row("participants", interview["participant_id"])[key] for key in ("id", "pseudonym")},
        "wave": wave,
        "design": _design(study, wave),
        "tables": {
            "maps": _by_id([here]),
            "interviews": _by_id([interview]),
            "alters": _by_id(alters),
            "identities": _by_id(names),
            "ties": _by_id(ties),
            **{name: _by_id(study.rows(name, tie_id=[tie["id"] for tie in ties])) for name in _OF_TIES},
            "alter_ties": _by_id(study.rows("alter_ties", map_id=map_id)),
            "fates": _by_id(study.rows("fates", map_id=map_id)),
            "events": _by_id(study.rows("events", alter_id=shown)),
            "answers": _by_id(_answers(study, here, interview, ties, shown)),
        },
        "is_recall": is_recall,
        "has_before": before is not None,
        "before": None if is_recall or before is None else _map_before(study, before),
        "earlier": [] if is_recall else sorted(earlier),
        "lookalikes": [] if is_recall else _lookalikes(alters, names, ties, earlier),
        "states": [{"map_id": m["id"], "state": m["state"]} for m in maps if m["interview_id"] == interview["id"]],
        "named_today": sorted(_alters_of_interview(study, interview)),
        "undo": {"done": len(done), "undone": len(undone)},
    }


def _by_id(rows: list[Row]) -> dict[str, Row]:
    return {row["id"]: row for row in rows}


def _maps_of(study: Study, participant_id: str) -> list[Row]:
    """All maps of a participant with the position of their wave, in order of time."""
    positions = {wave["id"]: wave["position"] for wave in study.rows("waves")}
    interviews = {row["id"]: positions[row["wave_id"]] for row in study.rows("interviews", participant_id=participant_id)}
    maps = study.rows("maps", interview_id=list(interviews))
    return sorted(({**row, "position": interviews[row["interview_id"]]} for row in maps), key=lambda row: (row["position"], row["id"]))


def _before(study: Study, maps: list[Row], here: Row, wave: Row) -> Row | None:
    """The last map observed before this wave, of the same state where there is one, else the everyday one."""
    earlier = [row for row in maps if row["position"] < wave["position"] and row["state"] in (here["state"], "everyday")]
    return max(earlier, key=lambda row: (row["position"], row["state"] == here["state"]), default=None)


def _map_before(study: Study, before: Row) -> dict[str, Any]:
    wave = study.row("waves", study.row("interviews", before["interview_id"])["wave_id"])
    ties = study.rows("ties", map_id=before["id"])
    keys = ("id", "alter_id", "circle", "angle", "distance")
    return {
        "map_id": before["id"],
        "wave": wave["label"],
        "rings": len(study.rows("circles", version=wave["circle_version"])),
        "ties": [{key: tie[key] for key in keys} for tie in ties],
    }


def _alters_of_interview(study: Study, interview: Row) -> set[str]:
    maps = [row["id"] for row in study.rows("maps", interview_id=interview["id"])]
    return {tie["alter_id"] for tie in study.rows("ties", map_id=maps)}


def _alters_shown(study: Study, interview: Row, is_recall: bool) -> list[Row]:
    alters = study.rows("alters", participant_id=interview["participant_id"])
    if not is_recall:
        return alters
    today = _alters_of_interview(study, interview)
    return [alter for alter in alters if alter["id"] in today]


def _answers(study: Study, here: Row, interview: Row, ties: list[Row], alters: set[str]) -> list[Row]:
    about = {
        "map_id": [here["id"]],
        "interview_id": [interview["id"]],
        "participant_id": [interview["participant_id"]],
        "tie_id": [tie["id"] for tie in ties],
        "alter_id": list(alters),
    }
    return [row for column, ids in about.items() for row in study.rows("answers", **{column: ids})]


def _lookalikes(alters: list[Row], names: list[Row], ties: list[Row], earlier: set[str]) -> list[dict[str, Any]]:
    """Alters named for the first time on this map against those named before and not on it."""
    name_of = {row["alter_id"]: row["name"] or "" for row in names}
    here = {tie["alter_id"] for tie in ties}
    named = {a["id"]: (name_of.get(a["id"], ""), a["kind"]) for a in alters if a["id"] in here and a["id"] not in earlier}
    known = {a["id"]: (name_of.get(a["id"], ""), a["kind"]) for a in alters if a["id"] in earlier and a["id"] not in here}
    return [vars(pair) for pair in look_alikes(named, known)]


def _design(study: Study, wave: Row) -> dict[str, Any]:
    asked = {row["question_id"] for row in study.rows("asked", wave_id=wave["id"])}
    by_position = lambda row: row["position"] or 0  # noqa: E731
    return {
        "circle_meaning": next((row["circle_meaning"] for row in study.rows("studies")), None),
        "circles": sorted(study.rows("circles", version=wave["circle_version"]), key=by_position),
        "questions": sorted(study.rows("questions", id=asked), key=by_position),
        "roles": sorted(study.rows("roles"), key=by_position),
        "support_types": sorted(study.rows("support_types"), key=by_position),
        "choices": _choices(),
        "kinds": _kinds(),
        "kind_order": list(KINDS),
    }


@cache
def _choices() -> dict[str, dict[str, dict[str, Any]]]:
    """Table → column → how it is answered and its choices, for the columns this page fills."""
    return {
        table: {c.name: {"kind": c.kind, "choices": list(c.choices.items())} for c in TABLES[table].columns if c.kind not in ("id", "json")}
        for table in _CHOICES
    }


@cache
def _kinds() -> dict[str, dict[str, str]]:
    """Shape, colour and label of each kind."""
    shapes = json.loads(resources.files("kithwork.figures").joinpath("kinds.json").read_text("utf-8"))
    return {kind: {**shapes[kind], "label": label} for kind, label in KINDS.items()}
