"""Every measure there is, to be searched by what it tells, with the way to its picture."""

from flask import render_template, request

from kithwork.measures import REASONS
from kithwork.measures.registry import Measure, offered
from kithwork.web.measured import GROUPS

PICTURES = {"measure_by_wave": "By wave", "measure_change": "By person"}


def measure_list() -> str:
    """All measures of maps and of change; those without the words sought in name, meaning, definition or source are hidden."""
    everything = [*offered("map").values(), *offered("pair").values()]
    sought = request.args.get("words", "").strip()
    found = {measure.name for measure in everything if all(word in _said(measure) for word in sought.casefold().split())}
    return render_template(
        "measure_list.html", measures=everything, found=found, sought=sought, groups=GROUPS, reasons=REASONS, pictures=_pictures
    )


def _said(measure: Measure) -> str:
    return f"{measure.name} {measure.label} {measure.summary} {measure.definition} {measure.source}".casefold()


def _pictures(measure: Measure) -> dict[str, str]:
    """Pictures that can be drawn of a measure: what the link says, and where it leads."""
    if measure.words:
        return {}
    if measure.family is None:
        return {name: PICTURES[name] for name in ("measure_by_wave", "measure_change")}
    return {"measure_by_category": f"By {measure.family.short}"} if _is_there(measure) else {}


def _is_there(measure: Measure) -> bool:
    """Attributes are named with --by, on the command line and in Python."""
    return "--by" not in (measure.family.one_a if measure.family else "")
