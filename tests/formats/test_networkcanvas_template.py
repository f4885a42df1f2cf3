"""A Network Canvas protocol as a study template."""

import contextlib
import json
from pathlib import Path
from typing import Any

import pytest
from formats.foreign import session, zip_of
from hypothesis import given, settings
from hypothesis import strategies as st

from kithwork.actions.design import make_study
from kithwork.actions.imports import import_reading
from kithwork.formats import read
from kithwork.formats.networkcanvas.template import protocol_template
from kithwork.formats.reading import Notes
from kithwork.formats.sources import Source
from kithwork.formats.template import find_template, read_template, template_tables, write_template
from kithwork.model.errors import FormatError, KithworkError
from kithwork.store import create_study

SHARED = Path(__file__).parents[2] / ".." / "shared" / "data"
VARIABLES = {
    "v1": {"name": "name", "type": "text"},
    "v2": {"name": "often", "type": "ordinal", "options": [{"label": "Every\nday", "value": 1}, {"label": "Less", "value": 2}]},
    "v3": {"name": "help", "type": "categorical", "options": [{"label": "Don&#39;t", "value": "no"}, "yes"]},
    "v4": {"name": "map", "type": "layout"},
}
STAGES = [
    {
        "type": "NameGenerator",
        "subject": {"entity": "node", "type": "t1"},
        "prompts": [{"text": "Who is *near*?"}, {"text": "And who else?"}],
    },
    {
        "type": "Sociogram",
        "background": {"concentricCircles": 3, "skewedTowardCenter": True},
        "prompts": [{"text": "Place them", "layout": {"layoutVariable": "v4"}, "edges": {"create": "e1"}}],
        "skipLogic": {"action": "SKIP"},
    },
    {"type": "OrdinalBin", "prompts": [{"variable": "v2", "text": "How often?"}]},
]
WHOLE: dict[str, Any] = {
    "schemaVersion": 7,
    "codebook": {
        "node": {"t1": {"name": "Person", "variables": VARIABLES}, "t2": {"name": "Venue", "variables": {}}},
        "edge": {"e1": {"name": "Close", "variables": {"w1": {"name": "since", "type": "text"}}}},
        "ego": {"variables": {"g1": {"name": "mood", "type": "scalar"}}},
    },
    "stages": STAGES,
}


def written(path: Path, whole: Any) -> Path:
    path.write_bytes(zip_of({"protocol.json": json.dumps(whole)}))
    return path


def test_circles_generators_questions_and_kinds_come_from_the_protocol(tmp_path: Path) -> None:
    notes = Notes()
    template = find_template(written(tmp_path / "our study.netcanvas", WHOLE), notes)
    assert [circle.label for circle in template.circles] == ["Circle 1 of 3", "Circle 2 of 3", "Circle 3 of 3"]
    assert [part.wording for part in template.name_generators] == ["Who is *near*?", "And who else?"]
    assert [(part.code, part.answer_kind, part.options) for part in template.tie_questions] == [
        ("person_often", "choice", [["1", "Every day"], ["2", "Less"]]),
        ("person_help", "choices", [["no", "Don't"], ["yes", "yes"]]),
    ]
    assert [(part.code, part.column) for part in template.alter_tie_questions] == [("close", "relation"), ("close_since", None)]
    assert [part.code for part in template.interview_questions] == ["ego_mood"]
    assert [role.code for role in template.roles["place"]] == ["venue"]
    assert len(template.waves) == 3
    assert any("skip" in loss for loss in notes.losses)
    assert any("narrower" in loss for loss in notes.losses)


def test_a_template_from_a_protocol_is_written_as_yaml_and_read_again(tmp_path: Path) -> None:
    template = find_template(written(tmp_path / "p.netcanvas", WHOLE))
    assert read_template(write_template(template)) == template
    assert template_tables(template).problems() == []


def test_sessions_of_the_protocol_find_the_questions_and_circles_of_a_study_made_from_it(tmp_path: Path) -> None:
    path = written(tmp_path / "p.netcanvas", WHOLE)
    session(
        tmp_path / "in", "c", {"Person": ["name,often,help_no,help_yes,map_x,map_y", "1,Ann,1,true,false,0.5,0.5"]}, {}, ego=("mood", "0.5")
    )
    with create_study(tmp_path / "s.kith") as study:
        make_study(study, find_template(path))
        before = len(study.rows("questions")), len(study.rows("circles"))
        import_reading(study, read([tmp_path / "in", path]))
        assert (len(study.rows("questions")), len(study.rows("circles"))) == before
        assert study.rows("ties")[0]["circle"] == 1
        assert len(study.rows("answers")) == 3


@pytest.mark.parametrize("version", [1, "1.0.0", 2, 3, 4, 5, 6, 7, 8, None])
def test_every_schema_from_1_to_8_is_read(tmp_path: Path, version: Any) -> None:
    whole = {**WHOLE, "schemaVersion": version}
    if version in (1, "1.0.0"):
        whole = {**whole, "variableRegistry": whole["codebook"]}
        del whole["codebook"]
    if version == 8:
        whole |= {"name": "Ours", "stages": [{**STAGES[0], "prompts": [{"text": {"de": "Wer?", "en": "Who?"}}]}]}
    template = find_template(written(tmp_path / "p.netcanvas", whole))
    assert [part.code for part in template.tie_questions] == ["person_often", "person_help"]
    assert template.name_generators[0].wording == ("Who?" if version == 8 else "Who is *near*?")


def test_a_sociogram_without_a_background_has_the_four_circles_that_network_canvas_draws(tmp_path: Path) -> None:
    whole = {**WHOLE, "stages": [{"type": "Sociogram", "prompts": []}]}
    template = find_template(written(tmp_path / "p.netcanvas", whole))
    assert len(template.circles) == 4
    assert "default for a sociogram" in (template.circles[0].basis or "")


_JSON = st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=6), lambda x: st.lists(x, max_size=3), max_leaves=5)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_protocol_with_anything_anywhere_is_a_template_or_one_sentence(data: st.DataObject) -> None:
    whole = json.loads(json.dumps(WHOLE))
    for _ in range(data.draw(st.integers(1, 3))):
        place: Any = whole
        while True:
            keys = list(place) if isinstance(place, dict) else list(range(len(place))) if isinstance(place, list) else []
            if not keys:
                break
            key = data.draw(st.sampled_from(keys))
            if data.draw(st.integers(0, 2)) == 0 or not isinstance(place[key], (dict, list)):
                place[key] = data.draw(_JSON)
                break
            place = place[key]
    source = Source("p.netcanvas", zip_of({"protocol.json": json.dumps(whole)}))
    with contextlib.suppress(KithworkError):
        assert template_tables(protocol_template(source, Notes())).problems() == []


def test_a_broken_protocol_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "p.netcanvas").write_bytes(b"PK no")
    with pytest.raises(FormatError, match="is damaged"):
        find_template(tmp_path / "p.netcanvas")


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared data are not here")
def test_protocols_of_other_studies_become_templates() -> None:
    found = sorted([*SHARED.glob("networkcanvas_protocols/*.netcanvas"), *SHARED.glob("networkcanvas_working_with_data/*.netcanvas")])
    templates = {path.stem: find_template(path) for path in found}
    radar = templates["IJE_RADAR_Protocol"]
    assert (len(radar.circles), len(radar.name_generators), len(radar.interview_questions)) == (5, 3, 6)
    assert len(templates) == 3
