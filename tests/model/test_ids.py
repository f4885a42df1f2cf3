"""Ids keep the order in which rows were made."""

import threading
import time
import uuid

import pytest

from kithwork.model import ids


def test_ids_made_within_one_millisecond_keep_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.time_ns()
    monkeypatch.setattr(ids.time, "time_ns", lambda: now)
    made = [ids.new_id() for _ in range(10_000)]  # more than the counter holds
    assert made == sorted(set(made))


def test_a_clock_set_back_does_not_put_new_rows_before_old_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    before = ids.new_id()
    monkeypatch.setattr(ids.time, "time_ns", lambda: 0)
    assert ids.new_id() > before


def test_an_id_is_a_version_7_uuid_that_tells_its_time() -> None:
    made = uuid.UUID(ids.new_id())
    assert made.version == 7
    assert made.variant == uuid.RFC_4122
    assert abs((made.int >> 80) - time.time_ns() // 1_000_000) < 60_000


def test_threads_never_make_the_same_id() -> None:
    made: list[str] = []
    threads = [threading.Thread(target=lambda: made.extend(ids.new_id() for _ in range(2_000))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == 8_000
