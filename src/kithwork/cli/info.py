"""`kith info`: count what a study holds."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kithwork.cli.main import open_from_command, with_passphrase
from kithwork.model.schema import KINDS, MAP_STATES

if TYPE_CHECKING:
    from kithwork.store import Study

STATUSES = ("held", "missed", "due", "withdrawn")
TALK = ("documents", "codes", "themes", "codings")


@click.command()
@click.argument("study")
@click.option("--json", "is_json", is_flag=True, help="Print one JSON object.")
@with_passphrase
def command(study: str, is_json: bool, passphrase_file: Path | None) -> None:
    """Count what STUDY holds: participants, waves, interviews by status, maps, alters by kind, ties.

    With --json one object is printed: title, is_synthetic, schema_version, participants, waves, interviews (held, missed, due,
    withdrawn), maps, maps_by_state (everyday, crisis, wished_for, retrospective), alters (person, animal, group, place, object,
    activity, digital), ties, alter_ties, supports, events, documents, codes, themes, codings, journal_entries. All but the first two are
    whole numbers. An interview not recorded yet is due, or withdrawn where the participant has left the study.

    Example: kith info STUDY.kith --json
    """
    with open_from_command(study, passphrase_file, is_read_only=True) as opened:
        found = counts(opened)
    if is_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    for name, value in found.items():
        if isinstance(value, dict):
            value = ", ".join(f"{number} {part}" for part, number in value.items() if number) or "none"
        elif isinstance(value, bool):
            value = "yes" if value else "no"
        click.echo(f"{name.replace('_', ' ').removeprefix('is '):>20}  {'' if value is None else value}")


def counts(study: "Study") -> dict[str, Any]:
    """What a study holds, as `kith info --json` prints it."""
    from kithwork.store.versions import LATEST

    about = (study.rows("studies") or [{}])[0]
    waves = len(study.rows("waves"))
    people = study.count("participants", by="status")
    maps = study.count("maps", by="state")
    return {
        "title": about.get("title"),
        "is_synthetic": bool(about.get("is_synthetic")),
        "schema_version": LATEST,  # an older study is brought up to it when it is opened
        "participants": sum(people.values()),
        "waves": waves,
        "interviews": _interviews(study, waves),
        "maps": sum(maps.values()),
        "maps_by_state": {state: maps.get(state, 0) for state in MAP_STATES},
        "alters": {kind: study.count("alters", by="kind").get(kind, 0) for kind in KINDS},
        **{name: _rows(study, name) for name in ("ties", "alter_ties", "supports", "events", *TALK, "journal_entries")},
    }


def _rows(study: "Study", name: str) -> int:
    by = {
        "ties": "map_id",
        "alter_ties": "map_id",
        "supports": "direction",
        "events": "event",
        "documents": "document_kind",
        "codes": "is_starter",
        "themes": "position",
        "codings": "coder_id",
    }
    return len(study.entries()) if name == "journal_entries" else sum(study.count(name, by=by[name]).values())


def _interviews(study: "Study", waves: int) -> dict[str, int]:
    """By status; a wave without a record is still due, or withdrawn when the participant is no longer in the study."""
    found = {status: study.count("interviews", by="status").get(status, 0) for status in STATUSES}
    recorded = study.count("interviews", by="participant_id")
    for person in study.rows("participants"):
        left = person["status"] in ("withdrawn", "died")
        found["withdrawn" if left else "due"] += max(0, waves - recorded.get(person["id"], 0))
    return found
