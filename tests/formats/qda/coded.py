"""Small coded studies as tables; `any_coded_study` makes them up: overlapping passages, astral characters, all line ends."""

import itertools

from hypothesis import strategies as st

from kithwork.model.ids import new_id
from kithwork.model.rows import Row
from kithwork.model.tables import StudyTables

AT = "2026-03-14T09:30:00.000Z"
ODD = st.sampled_from(["\r\n", "\n", "\r", "🙂", "👨‍👩‍👧", "e\u0301", "\u2028", "\ufeff", "<b>", "&amp;", "]]>", "“", "\t", "\x0b", "Zoë "])
TEXTS = (
    st.lists(ODD | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12), min_size=1, max_size=14)
    .map("".join)
    .filter(bool)
)
NAMES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=10).filter(lambda name: name.strip() == name)


def row(**values: object) -> Row:
    """A row with a fresh id, empty values left out."""
    return {"id": new_id(), **{name: value for name, value in values.items() if value not in (None, "")}}


@st.composite
def any_coded_study(draw: st.DrawFn) -> StudyTables:
    """Participants at waves, a document each, coded by several coders with codes of a tree, spoken of and written about."""
    rows: dict[str, list[Row]] = {}

    def add(table: str, **values: object) -> Row:
        rows.setdefault(table, []).append(row(**values))
        return rows[table][-1]

    add("studies", title=draw(NAMES), aims=draw(st.none() | TEXTS), created_at=AT)
    coders = [add("coders", name=name) for name in draw(st.lists(NAMES, min_size=1, max_size=3, unique=True))]
    codes: list[Row] = []
    for position, name in enumerate(draw(st.lists(NAMES, min_size=1, max_size=5, unique=True)), 1):
        parent = draw(st.none() | st.sampled_from(codes)) if codes else None
        place = {"parent_id": parent and parent["id"], "position": position}
        codes.append(
            add("codes", name=name, definition=draw(st.none() | TEXTS), color=draw(st.sampled_from([None, "#0a0", "#AABBCC"])), **place)
        )
    theme = add("themes", name="Theme", central_idea=draw(st.none() | TEXTS))
    add("theme_codes", theme_id=theme["id"], code_id=codes[0]["id"])
    lens = add("lenses", lens="NEM", code="a", label="Node", is_on=True)
    add("lens_links", lens_id=lens["id"], code_id=codes[-1]["id"], rationale="because")
    waves = [add("waves", position=p, label=f"W{p}", circle_version=1) for p in (1, 2)]
    for pseudonym in draw(st.lists(NAMES, min_size=1, max_size=2, unique=True)):
        person = add("participants", pseudonym=pseudonym, status="enrolled", lives_alone=draw(st.none() | st.booleans()), gender="x")
        alter = add("alters", participant_id=person["id"], kind="person", pseudonym=draw(NAMES))
        for wave in waves:
            interview = add("interviews", participant_id=person["id"], wave_id=wave["id"], status="held", held_on="2026-03-14")
            drawn = add("maps", interview_id=interview["id"], state="everyday", stage="finished", alter_ties_asked="no")
            tie = add("ties", map_id=drawn["id"], alter_id=alter["id"], circle=1, angle=10.0)
            document = add("documents", interview_id=interview["id"], title=draw(NAMES), document_kind="transcript")
            _coded(draw, add, document, coders, codes, alter, tie)
    return StudyTables.from_rows(rows)


def is_some(span: list[int]) -> bool:
    """A passage holds at least a character: no verb makes an empty one."""
    return span[0] < span[1]


def _coded(draw: st.DrawFn, add, document: Row, coders: list[Row], codes: list[Row], alter: Row, tie: Row) -> None:
    text = draw(TEXTS)
    signed = {"signed_off_at": AT, "coder_id": coders[0]["id"]} if draw(st.booleans()) else {}
    revision = add("revisions", document_id=document["id"], number=1, text=text, **signed)
    for start, stop in draw(
        st.lists(st.tuples(st.integers(0, len(text)), st.integers(0, len(text))).map(sorted).filter(is_some), max_size=6, unique_by=tuple)
    ):
        around = {"before": text[max(0, start - 32) : start], "after": text[stop : stop + 32]}
        segment = add("segments", revision_id=revision["id"], start=start, stop=stop, quotation=text[start:stop], **around)
        pairs = st.tuples(st.sampled_from(range(len(codes))), st.sampled_from(range(len(coders))))
        for code, coder in draw(st.lists(pairs, max_size=4, unique=True)):
            ids = {"segment_id": segment["id"], "code_id": codes[code]["id"], "coder_id": coders[coder]["id"]}
            add("codings", **ids, coded_at=draw(st.sampled_from([None, AT])))
        if draw(st.booleans()):
            add("mentions", segment_id=segment["id"], alter_id=alter["id"], tie_id=tie["id"])
        if draw(st.booleans()):
            add("memos", segment_id=segment["id"], text=draw(TEXTS), coder_id=coders[0]["id"], written_at=AT)
    add("memos", document_id=document["id"], text="Thought")


@st.composite
def any_whole_study(draw: st.DrawFn) -> StudyTables:
    """A coded study with all that people make of it: versions, decisions, themes, a lens, summaries, views, memos on everything."""
    tables = draw(any_coded_study())
    rows: dict[str, list[Row]] = {name: tables.rows(name) for name in tables.frames}
    study, *_ = rows["studies"]
    study["is_blind"] = draw(st.booleans())
    coder, code, theme = rows["coders"][0], rows["codes"][-1], rows["themes"][0]
    for revision in list(rows["revisions"]):
        if draw(st.booleans()):  # an earlier version, which nothing stands on any more
            revision["number"] = 2
            rows["revisions"].append(row(document_id=revision["document_id"], number=1, text=draw(TEXTS), reason=draw(TEXTS)))
        ends = (
            sorted(draw(st.sets(st.integers(0, len(revision["text"])), min_size=2, max_size=4)) | {0})
            if len(revision["text"]) > 1
            else [0, 1]
        )
        spoken = itertools.pairwise(ends)
        rows.setdefault("turns", []).extend(
            row(revision_id=revision["id"], position=at, start=start, stop=stop, speaker=draw(NAMES), speaker_role="other")
            for at, (start, stop) in enumerate(spoken, 1)
        )
    for document in rows["documents"]:
        document["is_blind"] = draw(st.sampled_from([True, False, None]))
        for one in rows["coders"]:
            rows.setdefault("assignments", []).append(
                row(document_id=document["id"], coder_id=one["id"], finished_at=draw(st.sampled_from([None, AT])))
            )
    for segment in rows.get("segments", []):
        if draw(st.booleans()):
            given = {"segment_id": segment["id"], "code_id": code["id"], "coder_id": coder["id"], "decided_at": AT}
            rows.setdefault("decisions", []).append(row(**given, is_kept=draw(st.booleans()), reason=draw(TEXTS)))
        segment["is_lost"] = draw(st.sampled_from([True, False, False, False]))
    rows["lenses"].append(row(lens="NEM", code="b", label="Under it", meaning=draw(TEXTS), parent_id=rows["lenses"][0]["id"], position=2))
    rows["summaries"] = [
        row(participant_id=one["id"], theme_id=theme["id"], wave_id=rows["waves"][0]["id"], coder_id=coder["id"], text=draw(TEXTS))
        for one in rows["participants"]
    ]
    rows["views"] = [row(name="Lost ties", view_kind="talk", definition={"fate": ["lost"], "words": draw(TEXTS)})]
    on = {"participant_id": "participants", "map_id": "maps", "alter_id": "alters", "document_id": "documents", "code_id": "codes"}
    for column, table in {**on, "theme_id": "themes", "study_id": "studies"}.items():
        kind = draw(st.sampled_from(["reflexive", "analytic", "methodological", "case"]))
        rows["memos"].append(row(**{column: rows[table][-1]["id"]}, text=draw(TEXTS), memo_kind=kind, written_at=AT))
    return StudyTables.from_rows({name: [{k: v for k, v in one.items() if v is not None} for one in group] for name, group in rows.items()})
