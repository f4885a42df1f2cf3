"""The participants of the demo study, and which of their interviews were held."""

import datetime

from kithwork.formats.demo.chance import Chance
from kithwork.model.rows import Row

_FIRST_DAY = datetime.date(2024, 2, 5)
_MISSED = ("too_unwell", "in_hospital", "no_time", "not_contactable", "moved_away", "declined", "withdrawn", "died")
_AT_THE_END = {"moved_away", "declined", "withdrawn", "died"}
_CONSENTS = {"Taking part": 1.0, "Sound recording": 0.95, "Quotations without a name": 0.93, "Keeping the maps for later research": 0.8}
_WORK = {"not working": 0.5, "volunteering": 0.18, "part time": 0.17, "full time": 0.06, "retired": 0.09}
_MISSED_SHARE = 8 / 87  # the source paper: 79 interviews of 29 × 3


def participant_rows(number: int, chance: Chance) -> list[Row]:
    """People by pseudonym, with a little about their circumstances."""
    width = max(2, len(str(number)))
    rows = []
    for place in range(1, number + 1):
        enrolled = _FIRST_DAY + datetime.timedelta(days=(place - 1) * 180 // max(number, 29) + chance.whole(0, 4))
        rows.append(
            {
                "id": chance.id(),
                "pseudonym": f"P{place:0{width}d}",
                "status": "completed",
                "enrolled_on": enrolled.isoformat(),
                "site": chance.one(("North", "South")),
                "gender": chance.weighted({"woman": 0.5, "man": 0.44, "non-binary": 0.06}),
                "age_band": chance.weighted({"18–29": 0.15, "30–39": 0.2, "40–49": 0.25, "50–59": 0.25, "60 and over": 0.15}),
                "lives_alone": chance.is_so(0.5),
                "housing": chance.weighted({"rented": 0.55, "owned": 0.2, "supported housing": 0.17, "with family": 0.08}),
                "education": chance.weighted({"school": 0.4, "college": 0.38, "university": 0.22}),
                "employment": chance.weighted(_WORK),
            }
        )
    return rows


def missed_interviews(people: int, waves: int, chance: Chance) -> dict[tuple[int, int], str]:
    """(participant, wave), both from 0, → why it was missed; the first wave is never missed.

    29 people and three waves give 8, each for another reason; other sizes the same share.
    """
    wanted = round(people * waves * _MISSED_SHARE) if waves > 1 else 0
    order = list(range(people))
    chance.shuffle(order)
    missed: dict[tuple[int, int], str] = {}
    turn = 0
    previous = 0
    while len(missed) < wanted and turn < 20 * wanted:
        reason = _MISSED[len(missed) % len(_MISSED)]
        at_the_end = reason in _AT_THE_END or waves == 2
        wave = waves - 1 if at_the_end else chance.whole(1, waves - 2)
        person = previous if reason == "moved_away" and waves > 2 and missed else order[turn % people]
        turn += 1
        if (person, wave) not in missed:
            missed[person, wave] = reason
            previous = person
    return missed


def interview_rows(people: list[Row], waves: list[Row], coders: list[Row], chance: Chance) -> list[Row]:
    """One row for each participant and wave, and what a missed one means for the participant."""
    missed = missed_interviews(len(people), len(waves), chance)
    rows = []
    for number, person in enumerate(people):
        enrolled = datetime.date.fromisoformat(person["enrolled_on"])
        for place, wave in enumerate(waves):
            row: Row = {"id": chance.id(), "participant_id": person["id"], "wave_id": wave["id"]}
            day = _weekday(enrolled + datetime.timedelta(days=round((wave.get("months") or 0) * 30.44) + chance.whole(3, 17)))
            reason = missed.get((number, place))
            if reason:
                rows.append({**row, "status": "missed", "missed_reason": reason})
                _mark(person, reason, day)
            else:
                rows.append({**row, **_held(day, coders, chance)})
    return rows


def _weekday(day: datetime.date) -> datetime.date:
    return day + datetime.timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)


def _mark(person: Row, reason: str, day: datetime.date) -> None:
    if reason == "withdrawn":
        person.update(status="withdrawn", withdrawn_on=day.isoformat(), withdrawal_reason="Felt that taking part had done its work.")
    elif reason == "died":
        person.update(status="died", notes="Died between the interviews; the family was written to.")


def _held(day: datetime.date, coders: list[Row], chance: Chance) -> Row:
    mode = chance.weighted({"in_person": 0.82, "phone": 0.11, "video": 0.07})
    return {
        "status": "held",
        "held_on": day.isoformat(),
        "mode": mode,
        "place": chance.weighted({"at home": 0.6, "community centre": 0.2, "clinic": 0.1, "café": 0.1}) if mode == "in_person" else None,
        "coder_id": chance.one(coders)["id"],
        "others_present": chance.weighted({"nobody": 0.82, "partner for part of it": 0.08, "support worker": 0.06, "a friend": 0.04}),
        "started_at": f"{day.isoformat()}T{chance.whole(9, 15):02d}:{chance.one((0, 15, 30, 45)):02d}:00.000Z",
        "minutes": float(chance.whole(48, 105)),
        "is_recorded": chance.is_so(0.93),
    }


def consent_rows(people: list[Row], chance: Chance) -> list[Row]:
    """What each agreed to."""
    rows = []
    for person in people:
        for item, share in _CONSENTS.items():
            row: Row = {"id": chance.id(), "participant_id": person["id"], "item": item, "version": "1"}
            row.update(is_given=chance.is_so(share), given_on=person["enrolled_on"])
            if item == "Taking part" and person["status"] == "withdrawn":
                row["withdrawn_on"] = person["withdrawn_on"]
            rows.append(row)
    return rows
