"""Small studies as tables, for writers to be tried on; `any_study` makes them up."""

from hypothesis import strategies as st

from kithwork.formats.attributes import EMPTY
from kithwork.model.ids import new_id
from kithwork.model.rows import Row
from kithwork.model.schema import KINDS, TABLES
from kithwork.model.tables import StudyTables

WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"]), min_size=1, max_size=12).filter(lambda t: t not in EMPTY)


def _row(**values: object) -> Row:
    return {"id": new_id(), **{name: value for name, value in values.items() if value is not None}}


@st.composite
def any_study(draw: st.DrawFn) -> StudyTables:
    """A few participants at one to three waves, with alters of all kinds, ties in circles, and weighted alter ties."""
    rows: dict[str, list[Row]] = {name: [] for name in TABLES}
    rows["waves"] = [_row(position=p, label=f"W{p}", circle_version=1) for p in range(1, draw(st.integers(1, 3)) + 1)]
    rows["circles"] = [_row(version=1, position=p, label=f"C{p}") for p in (1, 2, 3)]
    for pseudonym in draw(st.lists(WORDS, min_size=1, max_size=3, unique=True)):
        person = _row(pseudonym=pseudonym, status="enrolled", lives_alone=draw(st.none() | st.booleans()))
        rows["participants"].append(person)
        names = draw(st.lists(WORDS, max_size=5, unique=True))
        alters = [_row(participant_id=person["id"], kind=draw(st.sampled_from(list(KINDS))), pseudonym=name) for name in names]
        rows["alters"] += alters
        for wave in rows["waves"]:
            _interview(draw, rows, person, wave, alters)
    return StudyTables.from_rows({name: group for name, group in rows.items() if group})


def _interview(draw: st.DrawFn, rows: dict[str, list[Row]], person: Row, wave: Row, alters: list[Row]) -> None:
    interview = _row(participant_id=person["id"], wave_id=wave["id"], status="held")
    drawn = _row(
        interview_id=interview["id"], state=draw(st.sampled_from(["everyday", "crisis"])), stage="finished", alter_ties_asked="yes"
    )
    ties = [
        _row(
            map_id=drawn["id"],
            alter_id=alter["id"],
            circle=draw(st.none() | st.integers(1, 3)),
            distance=draw(st.none() | st.floats(0, 1)),
            trust=draw(st.none() | st.sampled_from(list(TABLES["ties"]["trust"].choices))),
            conditional_on=draw(st.none() | st.just(["time", "money"])),
        )
        for alter in alters
        if draw(st.booleans())
    ]
    rows["interviews"].append(interview)
    rows["maps"].append(drawn)
    rows["ties"] += ties
    rows["nominations"] += [_row(tie_id=tie["id"], position=at, phase="recall") for at, tie in enumerate(ties, 1)]
    for at, one in enumerate(ties):
        for other in ties[at + 1 :]:
            if draw(st.booleans()):
                weight = draw(st.none() | st.floats(0.001, 9))
                ends = {"from_tie_id": one["id"], "to_tie_id": other["id"]}
                rows["alter_ties"].append(
                    _row(map_id=drawn["id"], relation=draw(st.sampled_from(["knows", "conflict"])), weight=weight, **ends)
                )
