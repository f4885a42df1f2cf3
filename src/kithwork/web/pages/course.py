"""One person's course: the waves side by side, with the map, what changed and why, what happened, and what was said of it."""

from dataclasses import dataclass

from flask import render_template, session

from kithwork.figures.change import CAME, STAYED, WENT, steps
from kithwork.figures.course import alter_labels
from kithwork.figures.course import course as course_of
from kithwork.figures.support_map import support_map
from kithwork.joint import Answer, Question, Said, answer, labels_of
from kithwork.joint.prompts import WORDS
from kithwork.model.rows import Row
from kithwork.model.schema import REASONS, TABLES
from kithwork.model.tables import StudyTables
from kithwork.web.desk import desk
from kithwork.web.joined import address, said
from kithwork.web.matrix_view import address_of, conditions, measured, shown_waves, viewed
from kithwork.web.pages.register import natural
from kithwork.web.passages import Passage, passages_of
from kithwork.web.person_tables import person_tables
from kithwork.web.pictures import drawn

EVENTS = TABLES["events"]["event"].choices
QUOTED = 2  # passages of a theme shown a wave
_BIG = ("same", "uncompared")  # what stayed as it was is counted, not listed


@dataclass(frozen=True)
class Stop:
    """One wave of the course."""

    wave: Row
    gap: str
    measured: str
    map: str | None
    map_id: str | None
    changes: list[tuple[str, list[str]]]
    stayed: int
    events: list[str]
    summaries: list[tuple[str, str]]
    themes: list[tuple[str, str, int, list[Passage]]]  # id, name, passages in all, a few of them


def course(participant_id: str) -> str:
    """All waves of one person in one scroll, to be read and printed; opened from a matrix, those that it shows."""
    study, (opened, view) = desk().study, viewed()
    shown, sizes = shown_waves(view), measured(view)
    own = None if shown is None else shown.get(participant_id, [])
    tables = person_tables(study, participant_id)
    with_names = bool(session.get("with_names"))
    told = course_of(tables, participant_id, names=with_names)
    here = said()
    themes = labels_of(here, "theme")
    found = answer(here, Question(people=(participant_id,), rows="theme", columns="wave")) if themes else None
    quoted = _quoted(here, found, themes) if found else {}
    changes = {step.after.wave["id"]: step for step in steps(told)}
    labels = alter_labels(tables, participant_id, names=with_names)
    written = study.rows("summaries", participant_id=participant_id)
    stops = []
    for seen in told.occasions:
        if own is not None and seen.wave["position"] not in own:
            continue
        step, wave = changes.get(seen.wave["id"]), seen.wave
        lines = _changes(step.became, step.after.fates, labels) if step else []
        stops.append(
            Stop(
                wave,
                seen.gap,
                sizes.get((participant_id, wave["position"]), ""),
                drawn(support_map(tables, seen.map["id"], names=with_names, is_for_page=True, is_for_paper=True)) if seen.map else None,
                seen.map["id"] if seen.map else None,
                lines,
                sum(word in _BIG for word in step.became.values()) if step else 0,
                _events(tables, seen.interview, labels),
                _summaries(written, wave["id"], themes),
                quoted.get(wave["position"], []),
            )
        )
    return render_template(
        "course.html",
        person=told.participant,
        stops=stops,
        conditions=conditions(view),
        kept={"view": opened["id"]} if opened else address_of(view),
        others=_others(participant_id, shown),
        over_time=_summaries(written, None, themes),
        asked=lambda theme: address(Question(themes=(theme,), people=(participant_id,), rows="wave", columns="")),
    )


def _quoted(here: Said, found: Answer, themes: dict[str, str]) -> dict[int, list[tuple[str, str, int, list[Passage]]]]:
    """Position of a wave → its themes with how many passages each has and the first of them; all passages are read at once."""
    held = {(theme, wave): found.segments(here, theme, str(wave)) for theme in themes for wave in here.tables["waves"]["position"]}
    shown = [one for ids in held.values() for one in ids[:QUOTED]]
    read = {one.segment_id: one for one in passages_of(desk().study, list(dict.fromkeys(shown)), session.get("coder_id"))}
    told: dict[int, list[tuple[str, str, int, list[Passage]]]] = {}
    for (theme, wave), ids in held.items():
        if ids:
            told.setdefault(wave, []).append((theme, themes[theme], len(ids), [read[one] for one in ids[:QUOTED] if one in read]))
    return told


def _others(participant_id: str, shown: dict[str, list[int]] | None) -> list[tuple[str, Row]]:
    """Who comes before and after, of those whom the matrix shows."""
    if shown is None:
        return []
    rows = [row for row in desk().study.rows("participants") if row["id"] in shown]
    people = sorted(rows, key=lambda row: natural(row["pseudonym"]))
    place = next((place for place, row in enumerate(people) if row["id"] == participant_id), None)
    ends = {"Before": (place or 0) - 1, "Next": len(people) if place is None else place + 1}
    return [(words, people[at]) for words, at in ends.items() if 0 <= at < len(people)]


def _changes(became: dict[str, str], fates: dict[str, Row], labels: dict[str, str]) -> list[tuple[str, list[str]]]:
    """What became of whom, with the reasons given; what stayed as it was is left out."""
    found = []
    for word, meaning in {**WENT, **CAME, **STAYED}.items():
        own = [labels[alter] + _why(fates.get(alter)) for alter, one in became.items() if one == word]
        if own and word not in _BIG:
            found.append((meaning[0].upper() + meaning[1:], own))
    return found


def _why(fate: Row | None) -> str:
    reasons = [REASONS[reason].lower() for reason in (fate or {}).get("reasons") or []]
    return f" ({', '.join(reasons)})" if reasons else ""


def _events(tables: StudyTables, interview: Row | None, labels: dict[str, str]) -> list[str]:
    if interview is None:
        return []
    maps = set(tables["maps"].filter(tables["maps"]["interview_id"] == interview["id"])["id"].to_list())
    told = [
        row
        for row in tables["events"].to_dicts()
        if row["interview_id"] == interview["id"] or (not row["interview_id"] and row["map_id"] in maps)
    ]
    return [f"{EVENTS[row['event']]}: {labels[row['alter_id']]}" for row in told]


def _summaries(rows: list[Row], wave_id: str | None, themes: dict[str, str]) -> list[tuple[str, str]]:
    """Heading and words of what the analyst wrote at a wave, or over time."""
    codes = labels_of(said(), "code")
    own = [row for row in rows if row["wave_id"] == wave_id]
    named = [
        (themes.get(row["theme_id"]) or codes.get(row["code_id"]) or "", WORDS.get(row["prompt"] or "", ""), row["text"]) for row in own
    ]
    return [(" · ".join(word for word in (name, prompt) if word), text) for name, prompt, text in named]
