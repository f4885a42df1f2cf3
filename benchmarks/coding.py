"""A large coded study behind its pages: 200 documents of 8,000 words with 100,000 codings by two coders; one person at one desk."""

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from refi import CODINGS, DOCUMENTS, study_of

from kithwork.actions import act
from kithwork.actions.design import keep_tables
from kithwork.formats import codebook
from kithwork.formats.frames import frame_bytes
from kithwork.model.ids import new_id
from kithwork.model.rows import Row
from kithwork.model.tables import StudyTables
from kithwork.store import Study, create_study
from kithwork.web.app import make_app

HERE = "http://127.0.0.1:9299"
TIMES = 9


def run() -> Iterator[dict[str, object]]:
    """Yield the wait for each step, in milliseconds or seconds."""
    what = f"{DOCUMENTS} documents, {CODINGS:,} codings"
    with tempfile.TemporaryDirectory(prefix="kith-bench-") as folder, create_study(Path(folder) / "coded.kith") as study:
        keep_tables(study, finished(study_of(DOCUMENTS, CODINGS)), "make a coded study")
        app = make_app(study, port=9299)
        browser = app.test_client()
        browser.get(f"/enter/{app.extensions['launch_tokens'].new()}", base_url=HERE)

        def opened(path: str) -> Callable[[], None]:
            def get() -> None:
                if browser.get(path, base_url=HERE).status_code != 200:
                    raise RuntimeError(f"{path} did not open")

            return get

        document = study.rows("documents")[5]["id"]
        yield _told(
            "open_transcript", _median(opened(f"/api/documents/{document}")), "ms", f"200 ms with 500 codings; {what}; Taguette: 1,552"
        )
        yield _told("add_coding", _median(_coder(study, document)), "ms", f"50 ms; {what}; Taguette: 31 among 15 codings")
        yield _told("differences_in_one_text", _median(opened(f"/disagreements/{document}")), "ms", f"500 codings that all differ; {what}")
        tables = study.tables()
        yield _told(
            "segments_csv", _once(lambda: frame_bytes(codebook.segments_frame(tables), ".csv")), "s", f"3 s; {what}; Taguette: 31.7"
        )
        yield _told("differences", _once(opened("/disagreements")), "s", f"all texts, nothing remembered; {what}")
        yield _told("agreement", _once(opened("/agreement/all.csv")), "s", f"2 s, as a file by character, turn and sentence; {what}")


def finished(tables: StudyTables) -> StudyTables:
    """The study with turns in its texts, all of them finished by both coders."""
    rows: dict[str, list[Row]] = {name: tables.rows(name) for name in tables.frames}
    rows["studies"] = [{"id": new_id(), "title": "Large", "is_synthetic": True}]
    rows["turns"] = [
        {"id": new_id(), "revision_id": row["id"], "position": at, "start": start, "stop": min(start + 398, len(row["text"]))}
        for row in rows["revisions"]
        for at, start in enumerate(range(0, len(row["text"]) - 1, 400), 1)
    ]
    done = {"finished_at": "2026-03-14T09:30:00.000Z"}
    rows["assignments"] = [
        {"id": new_id(), "document_id": document["id"], "coder_id": coder["id"], **done}
        for document in rows["documents"]
        for coder in rows["coders"]
    ]
    return StudyTables.from_rows(rows)


def _coder(study: Study, document: str) -> Callable[[], object]:
    (revision,) = study.rows("revisions", document_id=document)
    codes, coder = [row["id"] for row in study.rows("codes")], study.rows("coders")[0]["id"]
    place = iter(range(100, 40_000, 37))

    def add() -> None:
        start = next(place)
        given = {"revision_id": revision["id"], "start": start, "stop": start + 240, "code_ids": codes[:1], "coder_id": coder}
        act(study, "code segment", given)

    return add


def _told(name: str, value: float, unit: str, against: str) -> dict[str, object]:
    return {"name": name, "value": round(value * (1000 if unit == "ms" else 1), 2), "unit": unit, "against": against}


def _median(do: Callable[[], object]) -> float:
    return statistics.median(_once(do) for _ in range(TIMES))


def _once(do: Callable[[], object]) -> float:
    begun = time.perf_counter()
    do()
    return time.perf_counter() - begun
