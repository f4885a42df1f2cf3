"""Agreement over a whole study, and one transcript changed under its codings; times of one person at one desk."""

import random
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import polars as pl

from kithwork.measures.agreement import agreement, alpha_by_code
from kithwork.talk import Edit, anchor_at, apply_edits, changes_between, known_names, move_all, propose, sentences

DOCUMENTS, WORDS, CODINGS, CODES = 200, 8_000, 100_000, 200
LENGTH = 46_000


def run() -> Iterator[dict[str, Any]]:
    """Yield times of each step on 200 documents of 8,000 words and 100,000 codings by two coders."""
    what = f"{DOCUMENTS} documents of {WORDS:,} words, {CODINGS:,} codings, {CODES} codes"
    codings, documents, units = study()
    yield _timed("all_kappas", lambda: agreement(codings, documents, units), f"{what}; by character, turn and sentence; wanted: below 2 s")
    yield _timed("all_alphas", lambda: alpha_by_code(codings, documents, units), what)
    rng = random.Random(1)
    text = prose(rng)
    anchors = [anchor_at(text, start, start + 240) for start in (rng.randrange(LENGTH - 300) for _ in range(500))]
    edits = [Edit(start, start + 6, "[Friend 2]", True) for start in range(100, LENGTH - 300, 400)]
    after = apply_edits(text, edits)[0]
    one = f"one transcript of {WORDS:,} words, 500 codings"
    yield _timed("replace_names", lambda: move_all(anchors, apply_edits(text, edits)[1], text, after), f"{one}, {len(edits)} names")
    changed = text[:20_000] + "He said something else here. " + text[20_100:40_000] + text[40_050:]
    yield _timed("compare_texts", lambda: changes_between(text, changed), one)
    roster = known_names(*people(200))
    yield _timed("propose_names", lambda: propose(text, roster, "p0"), f"{one}, 200 people on the maps")
    yield _timed("find_sentences", lambda: sentences(text), one)


def _timed(name: str, do: Callable[[], object], against: str) -> dict[str, Any]:
    times = []
    for _ in range(3):
        began = time.perf_counter()
        do()
        times.append(time.perf_counter() - began)
    return {"name": f"{name}_seconds", "value": round(sorted(times)[1], 4), "unit": "s", "against": against}


def study(seed: int = 1) -> tuple[pl.DataFrame, pl.DataFrame, dict[str, pl.DataFrame]]:
    """Codings by two coders, lengths of documents, and their turns and sentences."""
    rng = np.random.default_rng(seed)
    start = rng.integers(0, LENGTH - 240, CODINGS)
    names = np.array([f"d{k}" for k in range(DOCUMENTS)])
    codings = pl.DataFrame(
        {
            "document": names[rng.integers(0, DOCUMENTS, CODINGS)],
            "code": np.array([f"c{k}" for k in range(CODES)])[rng.integers(0, CODES, CODINGS)],
            "coder": np.array(["A", "B"])[rng.integers(0, 2, CODINGS)],
            "start": start,
            "stop": start + 240,
        }
    )
    units = {}
    for name, size in (("turn", 400), ("sentence", 80)):
        starts = np.arange(0, LENGTH, size)
        units[name] = pl.DataFrame(
            {
                "document": np.repeat(names, len(starts)),
                "start": np.tile(starts, DOCUMENTS),
                "stop": np.tile(starts + size - 4, DOCUMENTS),
            }
        )
    return codings, pl.DataFrame({"document": names, "length": np.full(DOCUMENTS, LENGTH)}), units


def prose(rng: random.Random) -> str:
    """Words of an interview's length."""
    vocabulary = ["".join(rng.choices("abcdefghijklmnopqrstuvwxyz", k=rng.randrange(2, 9))) for _ in range(3000)]
    words = []
    size = 0
    while size < LENGTH:
        word = rng.choice(vocabulary)
        words.append(word.title() if rng.random() < 0.08 else word + "." if rng.random() < 0.08 else word)
        size += len(words[-1]) + 1
    return " ".join(words)[:LENGTH]


def people(count: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[dict[str, Any]]]:
    """Participants, alters and identities."""
    rng = random.Random(2)
    alters = [{"id": f"a{k}", "participant_id": "p0", "pseudonym": f"Person {k}", "kind": "person"} for k in range(count)]
    names = ["".join(rng.choices("aeioulmnrst", k=6)).title() for _ in range(count)]
    identities = [{"alter_id": f"a{k}", "name": name} for k, name in enumerate(names)]
    return [{"id": "p0", "pseudonym": "P01"}], alters, identities


if __name__ == "__main__":
    for result in run():
        print(result)
