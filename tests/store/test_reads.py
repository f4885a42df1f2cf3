"""Columns read as frames are what the rows hold, and the history of some tables is what the whole journal tells."""

import pytest

from kithwork.actions.design import keep_tables
from kithwork.formats.demo import demo_tables
from kithwork.joint import COLUMNS
from kithwork.model.errors import SelectionError
from kithwork.store import Study, changes_to, past
from tests.joint.studies import study_of


def test_columns_are_those_of_the_rows_in_every_place(anywhere: Study) -> None:
    keep_tables(anywhere, study_of(3), "make study")
    with anywhere.change("add odd rows") as change:
        revision = anywhere.rows("revisions")[0]["id"]
        for lost in (None, True, False):
            change.insert("segments", {"revision_id": revision, "start": 0, "stop": 2, "is_lost": lost})
        code = change.insert("codes", {"name": "a\x1fb,c\n'ü🐕"})["id"]
        change.insert("codes", {"name": "B", "parent_id": code, "position": 3})
    read = anywhere.columns(COLUMNS)
    assert {row["is_lost"] for row in anywhere.rows("segments")} == {None, True, False}
    assert anywhere.rows("assignments") == []
    for name, columns in {**COLUMNS, "assignments": ("id", "document_id", "finished_at"), "interviews": ("wave_id",)}.items():
        frame = anywhere.columns({name: columns})[name]
        whole = anywhere.tables(name)[name].select(columns)
        assert frame.schema == whole.schema, name
        assert (
            sorted(frame.rows(), key=str)
            == sorted(whole.rows(), key=str)
            == sorted((tuple(row[column] for column in columns) for row in anywhere.rows(name)), key=str)
        )
        assert name in ("interviews", "assignments") or frame.rows() == read[name].rows()  # lists are objects to a frame, never equal


def test_a_table_or_column_there_is_none_of_is_told_with_the_nearest(study: Study) -> None:
    for wanted in ({"segment": ("id",)}, {"segments": ("begin",)}):
        with pytest.raises(SelectionError):
            study.columns(wanted)


def test_a_large_entry_looked_through_tells_what_a_small_one_read_whole_does(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    keep_tables(study, demo_tables(participants=3, ties=5), "make demo study")
    code = study.rows("codes")[0]["id"]
    content = '{"c":"' + "0" * 64 + '","s":"' + "0" * 32 + '","t":"codes","id":"x","b":null,"a":{"name":"never was"}}'
    with study.change("say odd things") as change:
        change.update("codes", code, {"name": f"[{content},{content}]"})
        change.insert("views", {"name": "v", "view_kind": "talk", "definition": {"c": "plain"}})
    with study.change("take codings off") as change:
        for row in study.rows("codings")[:7]:
            change.delete("codings", row["id"])
    study.undo(study.entries()[-1]["id"])

    def told(large: int) -> list[object]:
        monkeypatch.setattr(past, "_LARGE", large)
        wanted = ("codes", "themes", "codings")
        return [(head["id"], changes) for head, changes in changes_to(study, wanted, but_new=("codings",))]

    whole = told(2**40)
    assert told(0) == whole
    assert [len(changes) for _, changes in whole][1:] == [1, 7]
    assert all("contents" not in head for head, _ in changes_to(study, ("codes",)))


def test_what_only_looks_like_an_entrys_content_is_not_taken_for_one(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(past, "_LARGE", 0)
    inside = {"c": "0" * 64, "s": "0" * 32, "t": "codes", "id": "x", "b": None, "a": {"name": "never was"}}
    with study.change("add code and view") as change:
        change.insert("codes", {"name": "A"})
        change.insert("views", {"name": "v", "view_kind": "talk", "definition": inside})
    ((_, changes),) = changes_to(study, ("codes",))
    assert [(change.after or {})["name"] for change in changes] == ["A"]
