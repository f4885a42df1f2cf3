"""A large coded study out as `.qdpx` and in again: 200 documents of 8,000 words with 100,000 codings, and a quarter of it for the slope.

Slopes are of the processor's time, so that other work on the machine does not bend them. The same texts come in once more as 200 files
of transcripts, one by one, as the page brings them in.
"""

import random
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from kithwork.actions import act
from kithwork.actions.imports import import_reading
from kithwork.formats import read, refi
from kithwork.formats.transcripts import read_transcript
from kithwork.model.ids import new_id
from kithwork.model.tables import StudyTables
from kithwork.store import create_study

DOCUMENTS, WORDS, CODES, CODINGS = 200, 8_000, 200, 100_000
T = TypeVar("T")
_WORDS = ("we", "then", "went", "over", "and", "talked", "about", "the", "dog", "who", "was", "with", "her", "when", "nobody", "came")


def run() -> Iterator[dict[str, object]]:
    """Seconds out and in, whole and by quarter."""
    with tempfile.TemporaryDirectory(prefix="kith-bench-") as folder:
        quarter = _one(Path(folder), DOCUMENTS // 4, CODINGS // 4)
        whole = _one(Path(folder), DOCUMENTS, CODINGS)
    yield {"name": "qdpx_out", "value": round(whole[0], 2), "unit": "s", "against": "15 s; QualCoder 4.0-beta took 493 s for its own"}
    yield {"name": "qdpx_in_read", "value": round(whole[1], 2), "unit": "s", "against": "20 s"}
    yield {"name": "qdpx_in_foreign", "value": round(whole[2], 2), "unit": "s", "against": "20 s, as from another program"}
    yield {"name": "qdpx_in_kept", "value": round(whole[3], 2), "unit": "s", "against": "20 s, read and kept in a study file"}
    for name, at in (("qdpx_out_slope", 0), ("qdpx_in_slope", 1), ("qdpx_foreign_slope", 2), ("qdpx_kept_slope", 3)):
        yield {"name": name, "value": round(whole[at + 4] / quarter[at + 4], 2), "unit": "ratio", "against": "4 is linear"}
    yield {
        "name": "qdpx_foreign_processor",
        "value": round(whole[6], 2),
        "unit": "s",
        "against": "the same on a machine that does other work",
    }
    yield from _transcripts()


def study_of(documents: int, codings: int) -> StudyTables:
    """A study in which every document is as long and as densely coded as any other."""
    chance = random.Random(7)
    coders = [{"id": new_id(), "name": name} for name in ("A", "B")]
    codes = [{"id": new_id(), "name": f"Code {number}", "position": number} for number in range(CODES)]
    rows: dict[str, list[dict]] = {"coders": coders, "codes": codes, "documents": [], "revisions": [], "segments": [], "codings": []}
    for number in range(documents):
        text = " ".join(chance.choice(_WORDS) for _ in range(WORDS))
        document, revision = new_id(), new_id()
        rows["documents"].append({"id": document, "title": f"Interview {number}"})
        signed = {"signed_off_at": "2026-03-14T09:30:00.000Z"}
        rows["revisions"].append({"id": revision, "document_id": document, "number": 1, "text": text, **signed})
        for _ in range(codings // documents):
            start, segment = chance.randrange(len(text) - 240), new_id()
            quoted = {
                "quotation": text[start : start + 240],
                "before": text[max(0, start - 32) : start],
                "after": text[start + 240 : start + 272],
            }
            rows["segments"].append({"id": segment, "revision_id": revision, "start": start, "stop": start + 240, **quoted})
            ids = {"segment_id": segment, "code_id": chance.choice(codes)["id"], "coder_id": chance.choice(coders)["id"]}
            rows["codings"].append({"id": new_id(), **ids, "coded_at": "2026-03-14T09:30:00.000Z"})
    return StudyTables.from_rows(rows)


def _transcripts() -> Iterator[dict[str, object]]:
    """Transcripts as files, read and brought in as entries of their own; Taguette's page took 16.6 s for as many of its own."""
    texts = [row["text"] for row in study_of(DOCUMENTS, 0).rows("revisions")]
    with tempfile.TemporaryDirectory(prefix="kith-bench-") as folder, create_study(Path(folder) / "talk.kith") as study:
        for number, text in enumerate(texts):
            (Path(folder) / f"{number}.txt").write_text(text)
        begun = time.perf_counter()
        for number in range(DOCUMENTS):
            read = read_transcript(Path(folder) / f"{number}.txt")
            said = {"title": read.name, "text": read.text, "turns": [dict(vars(turn)) for turn in read.turns], "roles": {}}
            act(study, "bring in transcript", {**said, "participant_id": None, "wave_id": None}, request=f"file-{number}")
        taken = time.perf_counter() - begun
    yield {"name": "transcripts_in", "value": round(taken, 2), "unit": "s", "against": f"{DOCUMENTS} files; Taguette 1.5.2 took 16.6 s"}
    yield {"name": "transcripts_vs_taguette", "value": round(16.6 / taken, 2), "unit": "ratio", "against": "more is faster than Taguette"}


def _one(folder: Path, documents: int, codings: int) -> tuple[float, ...]:
    """Seconds out, in, in as from another program, in and kept; then the same by the processor."""
    tables = study_of(documents, codings)
    data, *out = _timed(lambda: refi.write(tables).files["study.qdpx"])
    ours, theirs = folder / f"{documents}.qdpx", folder / f"{documents}-foreign.qdpx"
    ours.write_bytes(data)
    with zipfile.ZipFile(ours) as source, zipfile.ZipFile(theirs, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            if not name.startswith("kithwork/"):
                target.writestr(name, source.read(name))
    reading, *own = _timed(lambda: read([ours]))
    _, *foreign = _timed(lambda: read([theirs]))
    with create_study(folder / f"{documents}.kith") as study:
        _, *kept = _timed(lambda: import_reading(study, reading))
    return tuple(each[at] + (own[at] if each is kept else 0) for at in (0, 1) for each in (out, own, foreign, kept))


def _timed(do: Callable[[], T]) -> tuple[T, float, float]:
    begun, worked = time.perf_counter(), time.process_time()
    return do(), time.perf_counter() - begun, time.process_time() - worked
