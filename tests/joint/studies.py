"""Small studies made up at random, with the dirt that talk and ties hold: missed waves, nested codes, passages that overlap or are lost."""

import itertools
import random

from kithwork.joint import Question, Said, Shape
from kithwork.joint.fates import BECAME
from kithwork.measures.on_maps import REASONS_ON_MAPS, named, on_maps
from kithwork.model.schema import FATES
from kithwork.model.tables import StudyTables
from tests.oracles.studies import ROLES, Maker

TRUST = (None, "strong", "absent")
ABOUT = {"topic": "interview_id"}
CUTS = ("", "", "0", "3", "-1.5, 3, 7", "100")
WHY = ("-", "missing:no_earlier_map", "missing:no_ties", "missing:alter_ties_not_asked", "missing:none_before")
SPANS = ("[0,0]", "[,3]", "[3,]", "[-1.5,7]", "[2,2]", "[0,7)", "[0.3,0.7]")
WORLD = ("participant:home", "interview:slept", "map:shape", "topic:rest", "participant:age", "interview:score")
TIE = ("alter:gives", "tie:mood", "tie:years", "alter:often")
OWN = (*WORLD, *TIE)  # what these studies ask besides
MEASURED = tuple(
    f"measure:{name}" for name in ("size", "size_person", "non_person_share", "density", "isolates", "lost", "stability", "jaccard")
)
NUMBERS = ("participant:age", "interview:score", "tie:years", "alter:often", *MEASURED)  # answered by a number, or measured
SPEAKERS = (None, "participant", "interviewer")


def said_of(tables: StudyTables, names: tuple[str, ...] = MEASURED) -> Said:
    """The study with these measures of its maps."""
    known = named((name.partition(":")[2] for name in names), tables)
    return Said(tables, Shape(known, REASONS_ON_MAPS, lambda: on_maps(tables, known)))


def study_of(seed: int) -> StudyTables:
    """A study of up to four people and three waves, coded by two."""
    rng = random.Random(seed)
    maker = Maker()
    for place, (code, kind, group) in enumerate(ROLES[:3]):
        maker.add("roles", kind=kind, code=code, label=code, role_group=group, position=place)
    for version in (1, 2):
        for place in (1, 2, 3):
            maker.add("circles", version=version, position=place, label=f"Ring {place}")
    maker.add("support_types", code="comfort", label="Comfort", position=1)
    coders = [maker.add("coders", name=name) for name in ("A", "B")]
    waves = [maker.wave(place, circle_version=rng.choice((1, 1, 2))) for place in (1, 2, 3)]
    codes: list[str] = []
    for number in range(rng.randint(1, 5)):
        codes.append(maker.add("codes", name=f"Code {number}", parent_id=rng.choice([None, *codes]), position=number))
    themes = [maker.add("themes", name=f"Theme {number}", position=number) for number in range(2)]
    nodes = [maker.add("lenses", lens="L", code="1", label="One", is_on=True)]
    nodes.append(maker.add("lenses", lens="L", code="1.1", label="Within", parent_id=nodes[0], is_on=rng.random() < 0.7))
    for table, column, of in (("theme_codes", "theme_id", themes), ("lens_links", "lens_id", nodes)):
        for one in of:
            for code in codes:
                if rng.random() < 0.4:
                    maker.add(table, **{column: one, "code_id": code})
    for number in range(rng.randint(0, 4)):
        _person(maker, rng, number, waves, codes, coders)
    _asked_besides(maker, random.Random(seed + 1), waves)
    return maker.tables()


def _asked_besides(maker: Maker, rng: random.Random, waves: list[str]) -> None:
    """Questions of every subject, some in two wordings, asked at some waves; answered, empty, refused, or something else."""
    kinds_of_answer = {"home": "choice", "slept": "boolean", "gives": "choices", "mood": "choice", "shape": "choice", "rest": "boolean"}
    spread = rng.choice((5, 60))
    for subject, code in (name.split(":") for name in OWN):
        for version in range(1, rng.randint(2, 3)):
            own = {"answer_kind": kinds_of_answer.get(code, "number")}
            if own["answer_kind"] not in ("number", "boolean"):
                own["options"] = [["a", "A"], [f"b{version}", "B"], ["?", "C"]]
            kinds = ["person"] if rng.random() < 0.4 else None
            question = maker.add("questions", code=code, version=version, subject=subject, wording=f"{code}?", kinds=kinds, **own)
            for wave in waves:
                if rng.random() < 0.5:
                    maker.add("asked", question_id=question, wave_id=wave)
            for row in maker.rows["interviews" if subject == "topic" else f"{subject}s"]:
                if rng.random() < 0.5:
                    one = rng.choice(("a", "b1", "b2", "?", "yes", "no", "unlisted"))
                    said = {"codes": rng.sample(["a", "b1", "?", "z"], rng.randint(0, 3))} if code == "gives" else {"text": one}
                    number = {"number": rng.choice((0.0, -1.5, 3.0, *(float(rng.randint(0, spread)) for _ in range(5))))}
                    said = rng.choice((number, number, number, said)) if own["answer_kind"] == "number" else said
                    said = rng.choice((said, said, said, {}, {"codes": ["missing:refused"]}))
                    maker.add("answers", question_id=question, **{ABOUT.get(subject, f"{subject}_id"): row["id"]}, **said)


def _person(maker: Maker, rng: random.Random, number: int, waves: list[str], codes: list[str], coders: list[str]) -> None:
    person = maker.add("participants", pseudonym=f"P{number}", status="enrolled", site=rng.choice((None, "North", "South")))
    alters = [
        maker.alter(person, rng.choice(("person", "animal")), rng.choice((None, "friend", "nurse"))) for _ in range(rng.randint(0, 4))
    ]
    for wave in waves:
        if rng.random() < 0.2:
            continue
        status = rng.choice(("held", "held", "held", "missed"))
        interview = maker.add("interviews", participant_id=person, wave_id=wave, status=status)
        map_id, drawn = None, []
        if rng.random() < 0.85:
            map_id = maker.add(
                "maps",
                interview_id=interview,
                state="everyday",
                stage="finished",
                alter_ties_asked=rng.choice(("yes", "yes", "partly", "no")),
            )
            for alter in alters:
                if rng.random() < 0.6:
                    own = {"circle": rng.choice((None, 1, 2, 3)), "trust": rng.choice(TRUST), "security": rng.choice((None, 0, 4))}
                    tie = maker.tie(map_id, alter, **own)
                    drawn.append(tie)
                    if rng.random() < 0.3:
                        maker.add("supports", tie_id=tie, support_type="comfort", direction="to_me")
                if rng.random() < 0.5:
                    maker.add("fates", map_id=map_id, alter_id=alter, fate=rng.choice(list(FATES)))
        _alter_ties(maker, rng, map_id, drawn)
        for alter in alters:
            if rng.random() < 0.25:
                told = {"interview_id": interview} if rng.random() < 0.7 or map_id is None else {"map_id": map_id}
                maker.add("events", alter_id=alter, event=rng.choice(("felt_stigma", "asked")), **told)
        if rng.random() < 0.85:
            _talk(maker, rng, person, interview if rng.random() < 0.9 else None, alters, codes, coders)


def _alter_ties(maker: Maker, rng: random.Random, map_id: str | None, ties: list[str]) -> None:
    for one, other in itertools.combinations(ties, 2):
        if rng.random() < 0.4 and map_id is not None:
            maker.alter_tie(map_id, one, other)


def _talk(
    maker: Maker, rng: random.Random, person: str, interview: str | None, alters: list[str], codes: list[str], coders: list[str]
) -> None:
    document = maker.add("documents", title="t", participant_id=person, interview_id=interview)
    text = "abcdefghij" * 4
    revisions = [maker.add("revisions", document_id=document, number=place, text=text) for place in range(1, rng.choice((2, 3)))]
    if rng.random() < 0.8:
        cut = rng.randint(1, 39)
        for place, (start, stop) in enumerate(((0, cut), (cut, 40)), 1):
            maker.add("turns", revision_id=revisions[-1], position=place, start=start, stop=stop, speaker_role=rng.choice(SPEAKERS))
    for _ in range(rng.randint(0, 6)):
        lost = rng.random() < 0.1
        start = rng.randrange(38)
        stop = rng.randint(start + 1, min(start + 12, 40))
        revision = revisions[0] if lost else revisions[-1]
        segment = maker.add("segments", revision_id=revision, start=start, stop=stop, quotation=text[start:stop], is_lost=lost or None)
        for code in codes:
            for coder in (*coders, None):
                if rng.random() < 0.15:
                    maker.add("codings", segment_id=segment, code_id=code, coder_id=coder)
        if codes and rng.random() < 0.2:
            maker.add("decisions", segment_id=segment, code_id=rng.choice(codes), is_kept=rng.random() < 0.5, reason="r")
        for alter in alters:
            if rng.random() < 0.3:
                maker.add("mentions", segment_id=segment, alter_id=alter)


def question_of(seed: int, tables: StudyTables) -> Question:
    """A question that fits the study, with a few conditions and any two things to count by."""
    rng = random.Random(seed)

    def some(values: list[str], share: float = 0.25) -> tuple[str, ...]:
        return tuple(rng.sample(values, rng.randint(1, len(values)))) if values and rng.random() < share else ()

    asked_of = rng.choice(("said", "said", "said", "never"))
    ties = ["kind", "role", "role_group", "circle", "trust", "support", "became", "event", "security"]
    names = [*ties, "wave", "participant", "site", *OWN, *MEASURED] + (
        [] if asked_of == "never" else ["code", "theme", "lens", "coder", "speaker"]
    )
    rows, columns = rng.sample(names, 2)
    rows = rng.choice([name for name in NUMBERS if name != columns]) if rng.random() < 0.3 else rows
    words = ["=a", "=b1", "=?", "=yes", "=", "?", "-", "missing:refused"]
    besides = tuple((name, key) for name in OWN for key in some([*words, *SPANS] if name in NUMBERS else words, 0.07))
    besides += tuple((name, key) for name in MEASURED for key in some([*SPANS, *WHY], 0.05))
    besides += tuple(("security", key) for key in some(["0", "4", "?"], 0.1))
    pair = rng.choice((None, (1, 2), (1, 3), (2, 3)))
    return Question(
        codes=some(tables["codes"]["id"].to_list()),
        themes=some(tables["themes"]["id"].to_list(), 0.15),
        lens=some(tables["lenses"]["id"].to_list(), 0.1),
        overlaps=some(tables["codes"]["id"].to_list(), 0.15),
        together=some(tables["codes"]["id"].to_list(), 0.15),
        coders=some(tables["coders"]["id"].to_list(), 0.15),
        speakers=some(["participant", "interviewer", "?"], 0.15),
        words=rng.choice(("", "", "", "abc*", "c*")),
        kinds=some(["person", "animal"], 0.2),
        roles=some(["friend", "nurse", "?"], 0.15),
        circles=some(["0", "1", "2", "-"], 0.15),
        trust=some(["strong", "?"], 0.1),
        supports=some(["comfort"], 0.1),
        fates=some([*BECAME, "stayed", "came", "went"], 0.2),
        events=some(["felt_stigma", "asked"], 0.1),
        from_wave=pair[0] if pair else None,
        to_wave=pair[1] if pair else None,
        attributes=rng.choice(((), (), (("site", "North"), ("site", "?")))) + besides,
        cuts=tuple((name, text) for name in NUMBERS if (text := rng.choice(CUTS))),
        waves=tuple(int(one) for one in some(["1", "2", "3"], 0.2)),
        asked_of=asked_of,
        rows=rows,
        columns=rng.choice((columns, columns, "")),
    )
