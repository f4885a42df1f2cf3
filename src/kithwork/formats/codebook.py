"""The codebook as REFI-QDA `.qdc`, CSV and XLSX; coded passages as one table; how often each code meets each attribute."""

import io
from collections import defaultdict

import polars as pl
from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] - its types come apart from it

from kithwork.formats.frames import frame_bytes
from kithwork.formats.guids import outside
from kithwork.formats.offsets import said
from kithwork.formats.reading import Notes, Writing
from kithwork.formats.refi.codes import code_element, names_apart
from kithwork.formats.refi.incoming import Incoming
from kithwork.formats.refi.project import Node, read_project
from kithwork.formats.refi.xml import CODEBOOK, element, guid
from kithwork.formats.signed_off import may_leave
from kithwork.formats.sources import Source
from kithwork.model.errors import FormatError, SelectionError, near
from kithwork.model.rows import Row
from kithwork.model.tables import StudyTables

ATTRIBUTES = ("participant", "wave", "document", "coder", "gender", "age_band", "site", "housing", "education", "employment", "lives_alone")
NOT_RECORDED = "not recorded"
_SEPARATORS = ("::", "/", ".")


def recognises(sources: list[Source], notes: Notes) -> bool:
    """A `.qdc` file."""
    return any(source.name.lower().endswith(".qdc") for source in sources)


def read(sources: list[Source], notes: Notes) -> StudyTables:
    """Codes, and sets of codes as themes, of one `.qdc`."""
    found = [source for source in sources if source.name.lower().endswith(".qdc")]
    if len(found) != 1:
        raise FormatError(f"{len(found)} codebooks were given; import them one at a time.")
    project = read_project(found[0].data, found[0].name)
    if not project.codes:
        raise FormatError(f"'{found[0].name}' holds no codes; export the codebook again.")
    project.codes = _treed(project.codes, notes, found[0].name)
    incoming = Incoming(project, lambda _: None, notes, found[0].name)
    incoming.build()
    return incoming.tables()


def _treed(codes: list[Node], notes: Notes, file: str) -> list[Node]:
    """Flat names that spell a path, such as `support.practical`, as a tree where that is wanted."""
    names = {code.name: code for code in codes}
    parents = {code.name: _above(code.name, names) for code in codes}
    spelt = {name: parent for name, parent in parents.items() if parent}
    if not spelt:
        return codes
    sentence = f"{len(spelt)} code name(s) spell a path under another code."
    if notes.meet("path_in_name", sentence, file) != "split":
        return codes
    for code in codes:
        parent = parents[code.name]
        if parent:
            names[parent].children.append(code)
    kept = [code for code in codes if not parents[code.name]]
    for name, parent in spelt.items():
        names[name].name = name[len(parent) :].lstrip(":/.") or name
    return kept


def _above(name: str, names: dict[str, Node]) -> str | None:
    for separator in _SEPARATORS:
        head = name
        while separator in head:
            head = head.rpartition(separator)[0]
            if head in names:
                return head
    return None


def write(tables: StudyTables, *, with_personal_text: bool = False) -> Writing:
    """`codebook.qdc`, `codebook.csv` and `codebook.xlsx`."""
    frame = codebook_frame(tables)
    files = {f"codebook{ending}": frame_bytes(frame, ending) for ending in (".csv", ".xlsx")}
    losses = ["Codings are not part of a codebook."]
    if frame.height:
        files["codebook.qdc"] = qdc(tables)
        losses.append("A .qdc joins a code's example and limits to its definition, and knows no lens.")
    else:
        losses.append("A .qdc holds at least one code, and there is none, so it is left out.")
    return Writing(files, losses)


def write_segments(tables: StudyTables, *, with_personal_text: bool = False, include_unsigned: bool = False) -> Writing:
    """`segments.csv` and `.xlsx`, and code × participant, wave and document in the same two."""
    frame = segments_frame(tables, with_names=with_personal_text, include_unsigned=include_unsigned)
    frames = {"segments": frame} | {f"codes-by-{by}": code_matrix(frame, by) for by in ("participant", "wave", "document")}
    files = {f"{name}{ending}": frame_bytes(each, ending) for name, each in frames.items() for ending in (".csv", ".xlsx")}
    behind = tables["codings"].height - frame.height
    losses = [f"{behind:,} coding(s) of texts nobody signed off stay behind; --include-unsigned keeps them."] if behind else []
    return Writing(files, losses if with_personal_text else [*losses, "Coders are numbered; --with-personal-text names them."])


def qdc(tables: StudyTables) -> bytes:
    """The codebook as REFI-QDA XML, valid by the schema; themes are sets. Raises `SelectionError` where there is no code."""
    rows = [_known_outside(row, ("parent_id",)) for row in tables.rows("codes")]
    if not rows:
        raise SelectionError("There are no codes yet, and a REFI-QDA codebook holds at least one.")
    children: defaultdict[str | None, list[Row]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row.get("position") or 0, row["name"])):
        children[row.get("parent_id")].append(row)
    book = element("CodeBook", CODEBOOK, origin="Kithwork")
    codes = element("Codes", CODEBOOK)
    names = names_apart(rows)
    codes.extend(code_element(row, children, names, None, CODEBOOK) for row in children[None])
    book.append(codes)
    sets = element("Sets", CODEBOOK)
    for theme in tables.rows("themes"):
        made = element("Set", CODEBOOK, guid=guid(outside(theme["id"])), name=said(theme["name"]))
        if theme.get("central_idea"):
            idea = element("Description", CODEBOOK)
            idea.text = said(theme["central_idea"])
            made.append(idea)
        members = (row for row in tables.rows("theme_codes") if row["theme_id"] == theme["id"])
        made.extend(element("MemberCode", CODEBOOK, guid=guid(outside(row["code_id"]))) for row in members)
        sets.append(made)
    if len(sets):
        book.append(sets)
    stream = io.BytesIO()
    etree.ElementTree(book).write(stream, encoding="utf-8", xml_declaration=True)
    return stream.getvalue()


def _known_outside(row: Row, references: tuple[str, ...]) -> Row:
    return {**row, "id": outside(row["id"]), **{name: outside(row[name]) for name in references if row.get(name)}}


def paths_of(tables: StudyTables) -> dict[str, str]:
    """Each code's names from the top of the tree, joined by › ."""
    rows = {row["id"]: row for row in tables.rows("codes")}

    def path(row: Row) -> str:
        names, seen = [], set()
        while row and row["id"] not in seen:
            seen.add(row["id"])
            names.append(row["name"])
            row = rows.get(row.get("parent_id", ""), {})
        return " › ".join(reversed(names))

    return {row_id: path(row) for row_id, row in rows.items()}


def codebook_frame(tables: StudyTables) -> pl.DataFrame:
    """One row a code: path, name, definition, example, limits, colour, themes, and how many codings and documents it has."""
    paths = paths_of(tables)
    themes: defaultdict[str, list[str]] = defaultdict(list)
    names = {row["id"]: row["name"] for row in tables.rows("themes")}
    for row in tables.rows("theme_codes"):
        themes[row["code_id"]].append(names[row["theme_id"]])
    coded = tables["codings"].group_by("code_id").len()
    counts: dict[str, int] = dict(zip(coded["code_id"].to_list(), coded["len"].to_list(), strict=True))
    columns = ("name", "definition", "example", "limits", "color")
    lines = [
        {"code": paths[row["id"]], **{name: row.get(name) for name in columns}}
        | {"themes": "; ".join(themes[row["id"]]) or None, "codings": counts.get(row["id"], 0)}
        for row in tables.rows("codes")
    ]
    schema = {"code": pl.String, **dict.fromkeys(columns, pl.String), "themes": pl.String, "codings": pl.Int64}
    return pl.DataFrame(lines, schema=schema).sort("code")


def segments_frame(tables: StudyTables, *, with_names: bool = False, include_unsigned: bool = False) -> pl.DataFrame:
    """One row a coding: participant and attributes, wave, document, span, words, code, coder and when. No ids leave.

    Shapes      (codings of texts that were signed off,)
    Missing     Empty where a document has no interview or participant.
    """
    revisions = tables["revisions"].select(revision_id="id", document_id="document_id", version="number")
    if not include_unsigned:
        revisions = revisions.filter(pl.col("revision_id").is_in(list(may_leave(tables))))
    interviews = tables["interviews"].select(interview_id="id", interviewed="participant_id", wave_id="wave_id")
    attributes = [name for name in ATTRIBUTES if name in tables["participants"].columns]
    people = tables["participants"].select(pl.col("id").alias("participant_id"), pl.col("pseudonym").alias("participant"), *attributes)
    paths = paths_of(tables)
    codes = pl.DataFrame({"code_id": list(paths), "code": list(paths.values())}, schema={"code_id": pl.String, "code": pl.String})
    coders = tables["coders"].select(coder_id="id", coder="name")
    if not with_names:
        coders = coders.with_columns(coder=pl.format("Coder {}", pl.int_range(1, pl.len() + 1)))
    frame = (
        tables["codings"]
        .select("segment_id", "code_id", "coder_id", "coded_at")
        .join(tables["segments"].select("revision_id", "start", "stop", "quotation", "is_lost", segment_id="id"), on="segment_id")
        .join(revisions, on="revision_id")
        .join(tables["documents"].select("interview_id", "participant_id", document_id="id", document="title"), on="document_id")
        .join(interviews, on="interview_id", how="left")
        .with_columns(participant_id=pl.coalesce("interviewed", "participant_id"))
        .join(people, on="participant_id", how="left")
        .join(tables["waves"].select(wave_id="id", wave="label", wave_position="position"), on="wave_id", how="left")
        .join(codes, on="code_id", how="left")
        .join(coders, on="coder_id", how="left")
    )
    shown = [
        "participant",
        *attributes,
        "wave",
        "document",
        "version",
        "start",
        "stop",
        "quotation",
        "is_lost",
        "code",
        "coder",
        "coded_at",
    ]
    return frame.sort("participant", "wave_position", "document", "start", "stop", "code", "coder").select(shown)


def code_matrix(segments: pl.DataFrame, by: str) -> pl.DataFrame:
    """How many codings of each code meet each value of an attribute; `segments` is `segments_frame`.

    Shapes      codes × values; the column 'not recorded' holds codings whose attribute is empty.
    Raises      `SelectionError` for an attribute there is none of.
    """
    if by not in ATTRIBUTES:
        raise SelectionError(f"Codes are counted by {', '.join(ATTRIBUTES)}.{near(by, ATTRIBUTES)}")
    counted = segments.select("code", value=pl.col(by).cast(pl.String).fill_null(NOT_RECORDED)).group_by("code", "value").len()
    if counted.is_empty():
        return pl.DataFrame(schema={"code": pl.String})
    values = counted["value"].unique().sort().to_list()
    wide = counted.pivot("value", index="code", values="len").fill_null(0).sort("code")
    return wide.select("code", *(pl.col(value) for value in values))
