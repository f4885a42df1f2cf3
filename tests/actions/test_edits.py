"""Whatever is done to texts that are coded, every passage stays on its words or is listed, and undo brings all of it back.

KITH_EDITS sets how many changes are made in one run (default 120, with 60 codings; 10,000 before a release, with 500 codings, in some
twenty minutes), KITH_EDITS_SEED which ones.
"""

import os
from collections import Counter
from pathlib import Path

from kithwork.actions import take_back
from tests.actions.conftest import small_study
from tests.actions.edits import Desk, Oracle, everything

EDITS = int(os.environ.get("KITH_EDITS", "120"))
SEED = int(os.environ.get("KITH_EDITS_SEED", "1"))
IS_LONG = EDITS >= 1_000
STOP = 250 if IS_LONG else 20  # changes between two looks at every table


def test_any_changes_leave_every_passage_on_its_words_or_listed_and_all_of_them_are_undone_and_redone(tmp_path: Path):
    small = small_study(tmp_path / "study.kith")
    study = small.study
    desk = Desk(small, SEED, texts=4, turns=50 if IS_LONG else 12, codings=500 if IS_LONG else 60)
    oracle, done = Oracle(study), Counter[str]()
    entries: list[str] = []
    seen = {0: everything(study)}
    while len(entries) < EDITS:
        made = desk.step(entries)
        if made is None:
            continue
        verb, entry = made
        is_last_undone = verb in ("undo", "redo") and study.entries(id=entry)[0]["undoes"] == entries[-1]
        oracle.check(verb, is_last_undone=is_last_undone)
        entries.append(entry)
        done[verb] += 1
        if len(entries) % STOP == 0:
            seen[len(entries)] = everything(study)
    told = f"{dict(done)} refused {dict(desk.refused)} {dict(oracle.told)}"
    print(told)  # noqa: T201 - what a long run did
    assert oracle.told["moved"] > EDITS, told
    assert oracle.told["listed"], told
    back = []
    for number in range(EDITS, 0, -1):
        if number in seen:
            assert everything(study) == seen[number], f"undo of change {number + 1} left something behind"
        back.append(take_back(study, entries[number - 1]).id)
    assert everything(study) == seen[0]
    for number, entry in enumerate(reversed(back), 1):
        take_back(study, entry)
        if number in seen:
            assert everything(study) == seen[number], f"change {number} done again is another"
    assert study.verify().is_sound
    study.close()
