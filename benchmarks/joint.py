"""Talk joined with ties in one large study: 200 transcripts of 8,000 words, 100,000 codings, 40,000 mentions; medians of seven.

Each time is from the file to the answer: nothing is remembered between two runs. Beside the matrix stands, in the same run, one plain
query of the same database that groups the codings by participant, wave and code, as a program that only counts codes would ask. Whole
pages are opened with the server's own code, without a network; `first` is after a change, when nothing is remembered.
"""

import gc
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import text

from kithwork.formats.demo import demo_tables
from kithwork.formats.frames import frame_bytes
from kithwork.joint import COLUMNS, Question, Said, answer, ready_made
from kithwork.joint.matrix import READ, cells_of
from kithwork.joint.segments import WORDS, segment_table
from kithwork.model.ids import new_id
from kithwork.store import Study, create_study
from kithwork.web.app import make_app

PEOPLE, WORDS_A_TEXT, CODINGS, MENTIONS, CODES, THEMES = 76, 8_000, 100_000, 40_000, 200, 8
_WORDS = ("we", "then", "went", "over", "and", "talked", "about", "the", "dog", "who", "was", "with", "her", "when", "nobody", "came")
_HERE = "http://127.0.0.1:9299"
_PLAIN = """
SELECT i.participant_id, i.wave_id, c.code_id, count(DISTINCT c.segment_id)
FROM codings c JOIN segments s ON s.id = c.segment_id JOIN revisions r ON r.id = s.revision_id
JOIN documents d ON d.id = r.document_id JOIN interviews i ON i.id = d.interview_id
GROUP BY i.participant_id, i.wave_id, c.code_id
"""


def run() -> Iterator[dict[str, Any]]:
    """Seconds of each, and the matrix as a ratio to the plain query."""
    with tempfile.TemporaryDirectory(prefix="kith-bench-") as folder, create_study(Path(folder) / "large.kith") as study:
        what = fill(study)
        matrix = _median(lambda: cells_of(Said(study.columns(READ)), "theme"))
        worked = _median(lambda: cells_of(Said(study.columns(READ)), "theme"), clock=time.process_time)
        plain = _median(lambda: _plainly(study))
        yield {"name": "matrix_seconds", "value": round(matrix, 3), "unit": "s", "against": f"{what}; wanted: below 0.3 s"}
        yield {
            "name": "matrix_processor_seconds",
            "value": round(worked, 3),
            "unit": "s",
            "against": "the same on a machine that does other work",
        }
        yield {"name": "matrix_vs_plain_query", "value": round(matrix / plain, 2), "unit": "ratio", "against": "one GROUP BY in SQL"}
        yield _timed("segments_csv", lambda: _segments(study), f"{what}; wanted: below 3 s")
        yield _timed("read_joint", lambda: Said(study.columns(COLUMNS)), what)
        said = Said(study.columns(COLUMNS))
        for name, question in _questions(said).items():
            yield _timed(name, lambda question=question: answer(Said(said.tables), question).counts, f"{what}, once read")
        yield from _pages(study, what)


def _pages(study: Study, what: str) -> Iterator[dict[str, Any]]:
    """Pages as the server makes them: the first 50 passages of a code that 5,600 passages carry, and those that join both halves."""
    code = _common_code(study)
    gc.collect()
    gc.freeze()  # as the server does before it serves
    cell = f"/matrix/{study.rows('participants')[3]['id']}/theme/{study.rows('themes')[0]['id']}"
    pages = {"first_50_segments": (f"/codes/{code}", "100 ms, exact count"), "codebook": ("/codebook", "500 ms")}
    pages |= {"matrix": ("/matrix", "500 ms"), "matrix_cell": (cell, "500 ms"), "ask": ("/questions", "500 ms")}
    pages |= {"tables": ("/tables", "500 ms"), "history": ("/codebook/history", "500 ms")}
    for name, (path, wanted) in pages.items():
        times = []
        for _ in range(3):
            browser = _browser(study)
            times.append([_opened(browser, path) for _ in range(4)])
        first, again = statistics.median(one[0] for one in times), statistics.median(min(one[1:]) for one in times)
        yield {"name": f"page_{name}", "value": round(again * 1000, 1), "unit": "ms", "against": f"{what}; wanted: below {wanted}"}
        yield {"name": f"page_{name}_first", "value": round(first * 1000, 1), "unit": "ms", "against": f"{what}; nothing remembered"}


def _common_code(study: Study) -> str:
    """A code on 5,600 passages, as the most common one of a study may be."""
    code, given = study.rows("codes")[0]["id"], study.count("codings", by="code_id")
    with study.change("make code common") as change:
        others = [row for row in study.rows("codings") if row["code_id"] != code][: max(5_600 - given.get(code, 0), 0)]
        for row in others:
            change.update("codings", row["id"], {"code_id": code})
    return code


def _browser(study: Study) -> Any:
    """Someone at a desk that remembers nothing yet, in a program that has made these pages before."""
    app = make_app(study, port=9299)
    browser = app.test_client()
    browser.get(f"/enter/{app.extensions['launch_tokens'].new()}", base_url=_HERE)
    return browser


def _opened(browser: Any, path: str) -> float:
    began = time.perf_counter()
    if browser.get(path, base_url=_HERE).status_code != 200:
        raise RuntimeError(f"{path} did not open")
    return time.perf_counter() - began


def fill(study: Study) -> str:
    """Make the large study, and say what it holds."""
    chance = random.Random(11)
    tables = demo_tables(participants=PEOPLE, talk=False)
    rows: dict[str, list[dict[str, Any]]] = {name: frame.to_dicts() for name, frame in tables.frames.items()}
    for name in ("documents", "revisions", "segments", "codings", "mentions", "themes", "theme_codes"):
        rows[name] = []
    codes = [{"id": new_id(), "name": f"Code {number}", "position": number} for number in range(CODES)]
    rows["codes"] += codes
    themes = [{"id": new_id(), "name": f"Theme {number}", "position": number} for number in range(THEMES)]
    rows["themes"] = themes
    rows["theme_codes"] = [{"id": new_id(), "theme_id": themes[k % THEMES]["id"], "code_id": code["id"]} for k, code in enumerate(codes)]
    held = [row for row in rows["interviews"] if row["status"] == "held"][:200]
    alters: dict[str, list[str]] = {}
    for row in rows["alters"]:
        alters.setdefault(row["participant_id"], []).append(row["id"])
    words = " ".join(chance.choice(_WORDS) for _ in range(WORDS_A_TEXT))
    for interview in held:
        _transcript(rows, interview, words, codes, alters[interview["participant_id"]], len(held), chance)
    with study.change("make large study") as change:
        for name, group in rows.items():
            change.insert_all(name, group)
    return f"{len(held)} transcripts of {WORDS_A_TEXT:,} words, {len(rows['codings']):,} codings, {len(rows['mentions']):,} mentions"


def _transcript(rows: Any, interview: Any, words: str, codes: Any, alters: list[str], documents: int, chance: random.Random) -> None:
    person = interview["participant_id"]
    document, revision = new_id(), new_id()
    rows["documents"].append({"id": document, "title": "t", "interview_id": interview["id"], "participant_id": person})
    signed = {"signed_off_at": "2026-03-14T09:30:00.000Z"}
    rows["revisions"].append({"id": revision, "document_id": document, "number": 1, "text": words, **signed})
    for number in range(CODINGS // documents):
        start, segment = chance.randrange(len(words) - 240), new_id()
        quoted = {"quotation": words[start : start + 240], "before": words[max(0, start - 32) : start]}
        rows["segments"].append({"id": segment, "revision_id": revision, "start": start, "stop": start + 240, **quoted})
        ids = {"segment_id": segment, "code_id": chance.choice(codes)["id"], "coder_id": chance.choice(rows["coders"])["id"]}
        rows["codings"].append({"id": new_id(), **ids, "coded_at": "2026-03-14T09:30:00.000Z"})
        if number < MENTIONS // documents:
            rows["mentions"].append({"id": new_id(), "segment_id": segment, "alter_id": chance.choice(alters)})


def _plainly(study: Study) -> object:
    with study.reading() as connection:
        return connection.execute(text(_PLAIN)).all()


def _segments(study: Study) -> bytes:
    return frame_bytes(segment_table(Said(study.columns({**COLUMNS, **WORDS}))), ".csv")


def _questions(said: Said) -> dict[str, Question]:
    ready = {f"ask_{place}": question for place, question in enumerate(ready_made(said).values())}
    return ready | {"ask_code_by_wave": Question(rows="code", columns="wave"), "ask_theme_by_kind": Question(rows="theme", columns="kind")}


def _median(do: Callable[[], object], times: int = 7, clock: Callable[[], float] = time.perf_counter) -> float:
    taken = []
    for _ in range(times):
        began = clock()
        do()
        taken.append(clock() - began)
    return sorted(taken)[times // 2]


def _timed(name: str, do: Callable[[], object], against: str) -> dict[str, Any]:
    return {"name": f"{name}_seconds", "value": round(_median(do), 3), "unit": "s", "against": against}


if __name__ == "__main__":
    for result in run():
        print(result)
