"""What a matrix, and a course opened from it, shows: as it stands in an address or was saved, in words, and without some of it."""

from dataclasses import replace
from typing import Any

from flask import request

from kithwork.joint import Said
from kithwork.joint.matrix import View, lines_of, measured_at
from kithwork.joint.telling import conditions_of
from kithwork.model.errors import SelectionError
from kithwork.model.rows import Row
from kithwork.web.chosen_by import from_address, in_address
from kithwork.web.desk import desk
from kithwork.web.joined import NOT_THEIRS, answering, coded


def viewed() -> tuple[Row | None, View]:
    """The saved view that the address names, where it does, and what is shown."""
    args = request.args
    if view_id := args.get("view"):
        row = next((row for row in desk().study.rows("views", view_kind="matrix") if row["id"] == view_id), None)
        if row is None:
            raise SelectionError("This saved view is not in the study any more; choose another.")
        return row, View.of(row["definition"])
    given = args.getlist("attribute")
    return None, View(
        by=args.get("by", ""),
        columns=tuple(args.getlist("columns")),
        waves=tuple(args.getlist("waves", type=int)),
        has_maps=args.get("maps", "yes") == "yes",
        attributes=tuple((name, value) for name, value in from_address(coded(), given)) if given else (),
        at=args.get("at", type=int),
    )


def address_of(view: View) -> dict[str, Any]:
    """The view as it stands in an address: what was answered by keys alone."""
    given = view.definition()
    pairs, maps = given.pop("attributes", []), given.pop("has_maps", True)
    return {name: value for name, value in {**given, "attribute": in_address(pairs)}.items() if value} | ({} if maps else {"maps": "no"})


def reading(view: View) -> Said:
    """The study as far as the view needs it: answers only where it is about any."""
    return answering(view.question) if view.question.invented else coded()


def shown_waves(view: View) -> dict[str, list[int]] | None:
    """Participant → positions of the waves that are shown; None where everybody is, with all waves."""
    if not view.attributes and not view.waves:
        return None

    def find() -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for person, wave in lines_of(reading(view), view).iter_rows():
            found.setdefault(person, []).append(wave)
        return found

    key = ("lines", view.attributes, view.at, view.waves)
    return desk().remembered(key, find, NOT_THEIRS)


def measured(view: View) -> dict[tuple[str, int], str]:
    """Participant and wave → what was measured there, of the measures by which somebody is shown."""
    if not view.question.measures:
        return {}
    return desk().remembered(("measured at", view.question.measures), lambda: measured_at(reading(view), view.question), NOT_THEIRS)


def conditions(view: View) -> list[tuple[str, str, dict[str, Any]]]:
    """What restricts who and when is shown: label, words, and the address without it."""
    found = []
    asked_again = [name for name, _ in view.attributes if name.partition(":")[0] in ("interview", "map", "topic", "measure")]
    waves = {row["position"]: row["label"] for row in desk().study.rows("waves")}
    for name in dict.fromkeys(name for name, _ in view.attributes):
        rest = tuple(pair for pair in view.attributes if pair[0] != name)
        own = replace(view, attributes=tuple(pair for pair in view.attributes if pair[0] == name), waves=())
        label, words = conditions_of(reading(own), own.question)[0]
        when = f", at {waves.get(view.at, view.at)}" if view.at is not None else ", at the waves shown"
        found.append((label, words + (when if name in asked_again else ""), address_of(replace(view, attributes=rest))))
    if view.waves:
        words = " and ".join(str(waves.get(one, one)) for one in view.waves)
        found.append(("Waves", words, address_of(replace(view, waves=()))))
    return found
