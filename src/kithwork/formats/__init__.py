"""A file or folder for each foreign format: tables in, tables out, losses listed. `FORMATS` is the whole list."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from kithwork.formats import (
    codebook,
    coded_text,
    easynwk,
    egonet,
    egor,
    egoweb,
    networkcanvas,
    qualcoder,
    refi,
    rqda,
    statistics_files,
    taguette,
    tidy,
    tidy_read,
    vennmaker,
    xlsx,
)
from kithwork.formats.graphs import gephi_reader, gephi_writer, gexf_reader, gexf_writer, graphml_reader, graphml_writer
from kithwork.formats.reading import CHOICES, Notes, Options, Problem, Reading, RowsOf, Writing
from kithwork.formats.sources import Source, gather
from kithwork.formats.unknown import why_unknown
from kithwork.model.errors import FormatError, SelectionError, near
from kithwork.model.tables import StudyTables

__all__ = ["CHOICES", "FORMATS", "Format", "Options", "Problem", "Reading", "Writing", "read", "write"]


@dataclass(frozen=True)
class Format:
    """One foreign format; a reader, a writer, or both."""

    name: str
    title: str
    endings: tuple[str, ...]
    how: str  # how its files are known
    recognises: Callable[[list[Source], Notes], bool] | None = None
    read: Callable[[list[Source], Notes], StudyTables] | None = None
    write: Callable[..., Writing] | None = None
    holds_texts: bool = False  # whether its writer can be told to include texts nobody signed off


FORMATS: tuple[Format, ...] = (
    Format(
        "networkcanvas",
        "Network Canvas export, CSV or GraphML, with its .netcanvas protocol",
        (".csv", ".graphml", ".zip", ".netcanvas"),
        "A file has the columns networkCanvasCaseID and networkCanvasEgoUUID, or is GraphML of Network Canvas.",
        networkcanvas.recognises,
        networkcanvas.read,
        networkcanvas.write,
    ),
    Format(
        "egoweb",
        "EgoWeb's ego–alter and alter-pair files, with its .study files",
        (".csv", ".study"),
        "A file has the columns EgoID, Interview ID and Alter Number.",
        egoweb.recognises,
        egoweb.read,
    ),
    Format(
        "egonet",
        "EgoNet's raw data, two tables in one file",
        (".csv",),
        "The first line begins with EgoID, EgoName, AlterID, AlterName.",
        egonet.recognises,
        egonet.read,
    ),
    Format(
        "vennmaker",
        "VennMaker's CSV set",
        (".csv",),
        "A file named ALTER_… with the columns id_Alter and id_Ego.",
        vennmaker.recognises,
        vennmaker.read,
    ),
    Format(
        "egor",
        "egor's files: three, two, one, or one an ego",
        (".csv", ".tsv", ".txt"),
        "A file has columns such as egoID and alterID.",
        egor.recognises,
        egor.read,
        egor.write,
    ),
    Format(
        "easynwk",
        "easyNWK maps with their versions",
        (".json",),
        "JSON with alteri, bare or in versions.",
        easynwk.recognises,
        easynwk.read,
        easynwk.write,
    ),
    Format(
        "refi-qda",
        "REFI-QDA project, the exchange format of coding programs",
        (".qdpx", ".qde"),
        "A zip named .qdpx with one .qde file in it.",
        refi.recognises,
        refi.read,
        refi.write,
        holds_texts=True,
    ),
    Format("qualcoder", "QualCoder project", (".qda", ".zip"), "The folder X.qda, or its data.qda.", qualcoder.recognises, qualcoder.read),
    Format("taguette", "Taguette project", (".sqlite3",), "A file ending in .sqlite3.", taguette.recognises, taguette.read),
    Format("rqda", "RQDA project", (".rqda",), "A file ending in .rqda.", rqda.recognises, rqda.read),
    Format(
        "graphml",
        "graphs in GraphML, one a map",
        (".graphml",),
        "A file ends in .graphml, or is XML that begins so.",
        graphml_reader.recognises,
        graphml_reader.read,
        graphml_writer.write,
    ),
    Format(
        "gexf",
        "graphs in GEXF, through time or of one moment",
        (".gexf",),
        "A file ends in .gexf, or is XML that begins so.",
        gexf_reader.recognises,
        gexf_reader.read,
        gexf_writer.write,
    ),
    Format(
        "gephi",
        "Gephi's tables of nodes and edges",
        (".csv",),
        "A file has the columns Source and Target, and none that names an ego.",
        gephi_reader.recognises,
        gephi_reader.read,
        gephi_writer.write,
    ),
    Format(
        "refi-codebook",
        "codebook: REFI-QDA .qdc, CSV and XLSX",
        (".qdc",),
        "A file ending in .qdc.",
        codebook.recognises,
        codebook.read,
        codebook.write,
    ),
    Format(
        "segments",
        "coded passages and code × attribute tables, CSV and XLSX",
        (".csv", ".xlsx"),
        "Written only.",
        write=codebook.write_segments,
        holds_texts=True,
    ),
    Format(
        "transcripts",
        "coded transcripts to read: HTML, docx and PDF",
        (".html", ".docx", ".pdf"),
        "Written only.",
        write=coded_text.write,
        holds_texts=True,
    ),
    Format(
        "xlsx",
        "Excel workbook, one sheet a table",
        (".xlsx",),
        "A file ends in .xlsx.",
        xlsx.recognises,
        xlsx.read,
        xlsx.write,
        holds_texts=True,
    ),
    Format(
        "spss",
        "SPSS files: egos, alters and alter ties, with labels",
        (".sav",),
        "A file ends in .sav.",
        statistics_files.recognises_spss,
        statistics_files.read,
        statistics_files.write_spss,
    ),
    Format(
        "stata",
        "Stata files: egos, alters and alter ties, with labels",
        (".dta",),
        "A file ends in .dta.",
        statistics_files.recognises_stata,
        statistics_files.read,
        statistics_files.write_stata,
    ),
    Format(
        "csv",
        "tidy CSV, one file a table, with a data dictionary",
        (".csv",),
        "Files called maps.csv and ties.csv with our columns.",
        tidy_read.recognises_csv,
        tidy_read.read_csv,
        tidy.write_csv,
        holds_texts=True,
    ),
    Format(
        "parquet",
        "tidy Parquet, one file a table, with a data dictionary",
        (".parquet",),
        "A file ends in .parquet.",
        tidy_read.recognises_parquet,
        tidy_read.read_parquet,
        tidy.write_parquet,
        holds_texts=True,
    ),
)


def named(name: str, can: str) -> Format:
    """The format of that name, or the only one of that file ending, that can `read` or `write`; `SelectionError` where there is none."""
    able = {each.name: each for each in FORMATS if getattr(each, can)}
    if name not in able:
        ending = "." + name.lower().removeprefix(".")
        of_ending = [each for each in able.values() if ending in each.endings]
        if len(of_ending) == 1:
            return of_ending[0]
        raise SelectionError(f"There is no format '{name}' to {can}; there are {', '.join(able)}.{near(name, able)}")
    return able[name]


def read(
    sources: list[Path],
    format: str | None = None,  # noqa: A002 - the word people know
    options: Options | None = None,
    rows_of: RowsOf | None = None,
) -> Reading:
    """Tables read from foreign files, folders or zips; the format is known by content unless named.

    `rows_of` reads the tables of a foreign database, which only the store can; without it such files are refused.
    Raises `FormatError` where the files cannot be read at all, or a choice is to stop; nothing is written anywhere.
    """
    chosen = named(format, "read") if format else None
    notes = Notes(options or Options(), rows_of=rows_of)
    found = gather(sources, notes)
    if chosen is None:
        chosen = next((each for each in FORMATS if each.recognises and each.recognises(found, notes)), None)
    if chosen is None or chosen.read is None:
        readable = ", ".join(each.name for each in FORMATS if each.read)
        raise FormatError(why_unknown(found, readable))
    tables = chosen.read(found, notes)
    notes.finish()
    return Reading(
        tables, notes.problems, notes.losses, chosen.name, [source.name for source in found], notes.options, notes.are_circles_counted
    )


def write(tables: StudyTables, format: str, *, with_personal_text: bool = False, include_unsigned: bool = False) -> Writing:  # noqa: A002
    """A study's tables as files of a foreign format, in memory; texts nobody signed off only where `include_unsigned` says so."""
    chosen = named(format, "write")
    assert chosen.write is not None
    unsigned = {"include_unsigned": True} if include_unsigned and chosen.holds_texts else {}
    return chosen.write(tables, with_personal_text=with_personal_text, **unsigned)
