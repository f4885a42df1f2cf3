"""Study templates: what is read is what was written, and a mistake names its line and field."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kithwork.formats.template import (
    DESIGN,
    built_in_templates,
    check_template,
    find_template,
    read_template,
    template_of,
    template_tables,
    with_waves,
    write_template,
)
from kithwork.formats.template_parts import SUBJECT_TABLES, Template
from kithwork.model.errors import FormatError, SelectionError
from kithwork.model.schema import KINDS, TABLES
from kithwork.model.tables import StudyTables

SMALLEST = "template: {name: small}\nwaves:\n  - {label: Once}\ncircles:\n  - {label: Near}\n"


def told(tables: StudyTables) -> dict[str, Any]:
    """The design without its ids: references are replaced by what they point to."""
    plain: dict[str, Any] = {}
    for name in DESIGN:
        by_id = {row["id"]: row for row in tables.rows(name)}
        parents = {key: by_id.get(row.get("parent_id"), {}).get("name" if name == "codes" else "code") for key, row in by_id.items()}
        plain[name] = sorted(
            (repr({**{k: v for k, v in row.items() if not k.endswith("id")}, "under": parents[key]}) for key, row in by_id.items()),
        )
    questions = {row["id"]: (row["code"], row["version"]) for row in tables.rows("questions")}
    waves = {row["id"]: row["position"] for row in tables.rows("waves")}
    plain["asked"] = sorted((questions[row["question_id"]], waves[row["wave_id"]]) for row in tables.rows("asked"))
    return plain


def test_the_built_in_template_is_sound_and_makes_sound_tables():
    assert "personal-support-network" in built_in_templates()
    template = find_template()
    assert template.template.title == "Personal support network in mental health"
    tables = template_tables(template)
    assert tables.problems() == []
    assert tables["waves"]["months"].to_list() == [0, 6, 12]
    assert tables["circles"].height == 3
    assert set(tables["roles"]["kind"]) == set(KINDS)


def test_every_part_of_the_built_in_template_says_where_it_comes_from():
    tables = template_tables(find_template())
    for name in ("waves", "circles", "roles", "support_types", "questions", "lenses", "codes"):
        assert tables[name].filter(pl.col("basis").is_null()).is_empty(), name


@pytest.mark.parametrize("name", ["waves", "circles"])
def test_rings_and_months_are_never_put_down_to_the_paper(name: str):
    for row in template_tables(find_template()).rows(name):
        assert "our default" in row["basis"]


def test_every_understood_answer_about_a_tie_has_words_to_ask_it_with():
    questions = template_tables(find_template())["questions"]
    asked = set(questions.filter(pl.col("subject") == "tie")["column_name"].drop_nulls())
    assert set(TABLES["ties"].names) - {"id", "map_id", "alter_id", "angle", "distance"} == asked


def test_name_generators_ask_for_people_places_things_activities_and_animals():
    rows = [row for row in template_tables(find_template()).rows("questions") if row["subject"] == "name_generator"]
    assert {kind for row in rows for kind in row.get("kinds", [])} == set(KINDS)


def test_all_starter_codes_are_marked_as_something_to_edit():
    assert template_tables(find_template())["codes"]["is_starter"].all()


def test_the_template_of_the_tables_is_the_template_they_were_made_from():
    template = find_template()
    again = template_of(template_tables(template))
    assert again.model_copy(update={"template": template.template}) == template
    assert told(template_tables(again)) == told(template_tables(template))


def test_a_wave_drawn_without_circles_stays_so():
    built = find_template()
    waves = [built.waves[0], built.waves[1].model_copy(update={"circle_version": 0})]
    tables = template_tables(built.model_copy(update={"waves": waves}))
    versions = [row["circle_version"] for row in tables.rows("waves")]
    assert {row["version"] for row in tables.rows("circles")} & set(versions) == {versions[0]}
    assert [wave.circle_version for wave in template_of(tables).waves] == [versions[0], 0]


def test_a_written_template_reads_as_itself(tmp_path: Path):
    template = find_template()
    file = tmp_path / "ours.yaml"
    file.write_text(write_template(template), encoding="utf-8")
    assert read_template(file) == template


TEXTS = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), min_size=1, max_size=30)
CODES = st.text("abcdefghij_123 no~:#'\"é", min_size=1, max_size=8)


@st.composite
def templates(draw: st.DrawFn) -> Template:
    """Any small template: hostile texts, several versions of circles and wordings, waves at which a question is left out."""
    number = draw(st.integers(1, 4))
    versions = draw(st.integers(1, 2))
    maybe = st.none() | TEXTS
    codes = draw(st.lists(CODES, unique=True, max_size=4))
    sections: dict[str, list[dict[str, Any]]] = {}
    for code in codes:
        section = draw(st.sampled_from(["name_generators", "topic_guide", "map_questions"]))
        for version in range(1, draw(st.integers(1, 2)) + 1):
            waves = draw(st.none() | st.lists(st.integers(1, number), unique=True, max_size=number - 1).map(sorted))
            question = {"code": code, "version": version, "wording": draw(TEXTS), "waves": waves, "basis": draw(maybe)}
            question["kinds"] = draw(st.none() | st.lists(st.sampled_from(list(KINDS)), min_size=1, unique=True))
            sections.setdefault(section, []).append(question)
    name = draw(TEXTS)
    return Template.model_validate(
        {
            "template": {"name": name, "title": draw(st.shared(TEXTS, key="title")), "version": draw(maybe), "sources": draw(maybe)},
            "study": {
                "title": draw(st.shared(TEXTS, key="title")),
                "circle_meaning": draw(st.sampled_from([None, "importance", "closeness"])),
            },
            "waves": [
                {"label": draw(TEXTS), "months": draw(st.none() | st.floats(0, 99)), "circle_version": draw(st.integers(1, versions))}
                for _ in range(number)
            ],
            "circles": [
                {"label": draw(TEXTS), "prompt": draw(maybe), "version": version}
                for version in range(1, versions + 1)
                for _ in range(draw(st.integers(1, 3)))
            ],
            "roles": {"person": [{"code": code, "label": draw(TEXTS), "group": draw(maybe)} for code in codes]} if codes else {},
            "codes": [{"name": draw(TEXTS), "codes": [{"name": draw(TEXTS), "is_starter": draw(st.booleans())}]}],
            "lenses": [{"lens": "L", "is_on": draw(st.booleans()), "nodes": [{"code": code, "label": draw(TEXTS)} for code in codes]}]
            if codes
            else [],
            **sections,
        }
    )


@given(templates())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_template_survives_the_tables_and_the_file(template: Template):
    assert template_of(template_tables(template)) == template
    assert read_template(write_template(template)) == template


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (SMALLEST + "circels: []\n", "line 6, circels: is not a field here; remove it. Did you mean 'circles'?"),
        (SMALLEST.replace("label: Near", "lable: Near"), "line 5, circles[1].label: is missing; add it."),
        (SMALLEST.replace("Once}", "Once, months: six}"), "line 3, waves[1].months: must be a number."),
        (
            SMALLEST.replace("Once}", "Once, circle_version: 2}"),
            "line 3, waves[1].circle_version: there are no circles of version 2; add them",
        ),
        (SMALLEST.replace("small", "3"), "line 1, template.name: must be text; put it in quotes."),
        (SMALLEST + "roles:\n  persn:\n    - {code: a, label: A}\n", "line 7, roles.persn: must be one of person"),
        (SMALLEST + "study: {analytic_family: reflexiv}\n", "Did you mean 'reflexive'?"),
        (
            SMALLEST + "tie_questions:\n  - {code: t, wording: T, column: trsut}\n",
            "line 7, tie_questions[1].column: there is no such column in 'ties' Did you mean 'trust'?",
        ),
        (
            SMALLEST + "tie_questions:\n  - {code: t, wording: T, column: trust, options: [[x, X]]}\n",
            "line 7, tie_questions[1].options[1]: 'trust' knows absent",
        ),
        (
            SMALLEST + "topic_guide:\n  - {code: a, wording: A}\n  - {code: a, wording: B}\n",
            "line 8, topic_guide[2].code: this code is used above already",
        ),
        (SMALLEST + "topic_guide:\n  - {code: a, wording: A, waves: [2]}\n", "line 7, topic_guide[1].waves: there are only 1 waves"),
        (
            SMALLEST + "map_questions:\n  - {code: a, wording: A, answer_kind: choice}\n",
            "line 7, map_questions[1].options: a question with a choice needs its options",
        ),
        (SMALLEST + "waves: []\n", "line 6: 'waves' stands here twice; keep one."),
        ("- a list\n", "line 1: a template begins with fields"),
        ("", "line 1: a template begins with fields"),
    ],
)
def test_a_mistake_names_its_line_and_field(text: str, said: str):
    template, problems = check_template(text)
    assert template is None
    assert any(said in problem for problem in problems), problems
    with pytest.raises(FormatError):
        read_template(text)


BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: [*b,*b,*b,*b,*b,*b,*b,*b]\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (BOMB, "anchors and aliases"),
        ("a: !!python/object/apply:os.system [id]\n", "tags"),
        ("a: !x y\n", "tags"),
        ("[" * 50_000, "deep"),
        ("a: " + "{a: " * 60, "deep"),
        (SMALLEST + "---\n" + SMALLEST, "a second document"),
        ("a: b: c\n", "line 1: this is not readable YAML"),
        ("a: [\n", "not readable YAML"),
        ("\x00", "characters"),
        ("a: '\x07'\n", "characters"),
        ("? [a]\n: b\n", "must be a word"),
        ("x" * 2_000_001, "longer than"),
        (SMALLEST.replace("Near", '"a\\0b"'), "broken character"),
    ],
)
def test_hostile_yaml_is_refused_in_one_sentence(text: str, said: str):
    template, problems = check_template(text)
    assert template is None
    assert len(problems) == 1
    assert said in problems[0]
    assert len(problems[0]) < 300


def test_words_that_look_like_values_stay_words():
    text = SMALLEST.replace("label: Once", "label: no").replace("label: Near", "label: 2024-01-01")
    template = read_template(text)
    assert (template.waves[0].label, template.circles[0].label) == ("no", "2024-01-01")


def test_a_file_that_is_not_text_is_refused(tmp_path: Path):
    file = tmp_path / "t.yaml"
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(FormatError, match="not UTF-8"):
        read_template(file)
    with pytest.raises(SelectionError, match="Did you mean 'personal-support-network'"):
        find_template("personal-support-netwrk")


def test_a_code_the_study_made_itself_travels_without_its_example():
    rows = {
        "studies": [{"id": "00000000-0000-7000-8000-000000000001", "title": "S"}],
        "waves": [{"id": "00000000-0000-7000-8000-000000000002", "position": 1, "label": "W", "circle_version": 1}],
        "circles": [{"id": "00000000-0000-7000-8000-000000000003", "version": 1, "position": 1, "label": "C"}],
        "codes": [{"id": "00000000-0000-7000-8000-000000000004", "name": "Own", "example": "said by a person", "is_starter": False}],
    }
    assert "said by a person" not in write_template(template_of(StudyTables.from_rows(rows)))


@pytest.mark.parametrize("number", [1, 2, 3, 6])
def test_a_template_can_have_more_or_fewer_waves(number: int):
    tables = template_tables(with_waves(find_template(), number))
    assert tables["waves"]["months"].to_list() == [6 * wave for wave in range(number)]
    asked = tables["asked"].join(tables["questions"].rename({"id": "question_id"}), on="question_id").filter(pl.col("code") == "change")
    assert asked.height == max(0, number - 1)


def test_each_section_of_questions_fills_columns_that_exist():
    assert set(SUBJECT_TABLES.values()) <= set(TABLES)


def test_the_example_in_the_documentation_is_a_sound_template():
    page = (Path(__file__).parents[2] / "docs" / "template.md").read_text(encoding="utf-8")
    assert read_template(page.split("```yaml\n")[1].split("```")[0]).tie_questions[1].waves == [2]
