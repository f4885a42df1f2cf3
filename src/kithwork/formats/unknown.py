"""Why files are in no format known here, in one sentence: what each claims to be by its ending, and what it is not."""

import json
from pathlib import PurePosixPath

from kithwork.formats.sheets import read_header
from kithwork.formats.sources import Source, open_zip
from kithwork.model.errors import FormatError

_CLAIMS = {
    ".xlsx": "an Excel workbook",
    ".sav": "an SPSS file",
    ".parquet": "a Parquet file",
    ".xml": "XML of a format known here",
    ".qde": "a REFI-QDA project",
}


def why_unknown(found: list[Source], readable: str) -> str:
    """The sentence for files that no format recognises. Raises `FormatError` with the damage where one is damaged."""
    for source in found:
        ending = PurePosixPath(source.name).suffix.lower()
        if ending in _CLAIMS:
            return f"'{source.name}' is not {_CLAIMS[ending]}, whatever its name says, or is damaged; save or export it again."
        if ending == ".netcanvas":
            with open_zip(source.data, source.name):
                return f"'{source.name}' is a protocol without interviews; give the exported sessions with it, or make a study from it."
        if ending == ".study":
            return f"'{source.name}' is EgoWeb's study without its interviews; give the ego–alter and alter-pair files with it."
        if ending in (".json", ".nwk"):
            _check_json(source)
        if ending in (".csv", ".tsv", ".txt"):
            read_header(source)
    tables = [source for source in found if source.name.lower().endswith((".csv", ".tsv", ".txt"))]
    if tables and len(tables) == len(found):
        return (
            f"The columns of '{tables[0].name}' are in no format known here ({readable}); "
            "where it lists alters, import it with its id columns named by --column; "
            "a transcript is brought in under Talk of the opened study; else check that it is an export."
        )
    return f"The files are in no format known here ({readable}); check that they are an export, or name it with --format."


def _check_json(source: Source) -> None:
    try:
        json.loads(source.data)
    except (ValueError, RecursionError):
        raise FormatError(f"'{source.name}' is not whole JSON; export it again.") from None
