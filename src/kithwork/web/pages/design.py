"""The design of a study: its waves, circles, questions, roles, kinds of support, lens and starter codebook; and its template."""

from collections.abc import Callable
from itertools import zip_longest
from typing import Any

from flask import Response, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from kithwork.actions.design import study_template
from kithwork.formats.template import write_template
from kithwork.model.errors import StudyError
from kithwork.model.rows import Row
from kithwork.model.schema import KINDS, TABLES
from kithwork.web.coded import in_order, tree
from kithwork.web.desk import desk
from kithwork.web.forms import carry_out, fields, given, needed, text_of

STUDY = ("title", "aims", "analytic_family", "circle_meaning")
SUBJECTS = TABLES["questions"]["subject"].choices
ANSWERS = TABLES["questions"]["answer_kind"].choices


def design() -> str:
    """Everything the study asks and draws, with forms to change it."""
    study = desk().study
    waves = in_order(study.rows("waves"))
    studies = study.rows("studies")
    return render_template(
        "design.html",
        study=fields("studies", STUDY, studies[0] if studies else None),
        sources=studies[0]["sources"] if studies else None,
        waves=waves,
        open_waves=_open_waves(waves),
        circles=_circles(waves),
        questions=_questions(waves),
        subjects=SUBJECTS,
        answers=ANSWERS,
        kinds=KINDS,
        roles={kind: [row for row in in_order(study.rows("roles")) if row["kind"] == kind] for kind in KINDS},
        groups=sorted({row["role_group"] for row in study.rows("roles") if row["role_group"]}),
        support_types=in_order(study.rows("support_types")),
        lenses=tree(study.rows("lenses")),
        is_on={row["lens"]: row["is_on"] is not False for row in study.rows("lenses")},
        codes=tree(study.rows("codes")),
    )


def _open_waves(waves: list[Row]) -> list[Row]:
    """Waves from which words can still change: those after the last at which somebody was interviewed."""
    begun = desk().study.count("interviews", by="wave_id", status="held")
    last = max((wave["position"] for wave in waves if wave["id"] in begun), default=0)
    return [wave for wave in waves if wave["position"] > last]


def _circles(waves: list[Row]) -> list[tuple[int, list[str], list[Row]]]:
    """Version, the waves that draw it, its circles from the innermost."""
    rows = in_order(desk().study.rows("circles"))
    versions = sorted({row["version"] for row in rows})
    return [
        (number, [w["label"] for w in waves if w["circle_version"] == number], [row for row in rows if row["version"] == number])
        for number in versions
    ]


def _questions(waves: list[Row]) -> dict[str, list[dict[str, Any]]]:
    """Subject → questions in order, each with its versions and when each is asked."""
    study = desk().study
    asked: dict[str, set[str]] = {}
    for row in study.rows("asked"):
        asked.setdefault(row["question_id"], set()).add(row["wave_id"])
    by_code: dict[str, list[Row]] = {}
    for row in sorted(in_order(study.rows("questions")), key=lambda row: row["version"]):
        by_code.setdefault(row["code"], []).append(row)
    found: dict[str, list[dict[str, Any]]] = {}
    for versions in sorted(by_code.values(), key=lambda versions: versions[-1]["position"] or 0):
        latest = versions[-1]
        told = [(row, _at_waves(waves, asked.get(row["id"], set()))) for row in versions]
        found.setdefault(latest["subject"], []).append({"latest": latest, "versions": told, "is_asked": any(at for _, at in told)})
    return {subject: found[subject] for subject in SUBJECTS if subject in found}


def _at_waves(waves: list[Row], asked: set[str]) -> str:
    labels = [wave["label"] for wave in waves if wave["id"] in asked]
    return "every wave" if labels and len(labels) == len(waves) else ", ".join(labels)


def download_template() -> Response:
    """The study's design as a YAML template; nothing a participant said is in it."""
    text = write_template(study_template(desk().study))
    return Response(text, content_type="application/yaml", headers={"Content-Disposition": 'attachment; filename="template.yaml"'})


# -- changes ------------------------------------------------------------------------------------------------------------


def change_design(change: str) -> AnyResponse:
    """POST makes one change to the design."""
    if change not in CHANGES:
        abort(404)
    make, place = CHANGES[change]
    make()
    return redirect(url_for("design") + f"#{place}")


def _study() -> None:
    carry_out("describe study", "Kept.", values=given("studies", STUDY))


def _add_wave() -> None:
    carry_out("add wave", "A wave is planned.", **given("waves", ("label", "months")))


def _describe_wave() -> None:
    carry_out("describe wave", "Kept.", wave_id=needed("wave_id"), values=given("waves", ("label", "months")))


def _remove_wave() -> None:
    carry_out("remove wave", "The wave is no longer planned.", wave_id=needed("wave_id"))


def _circles_from() -> None:
    labels, prompts = request.form.getlist("label"), request.form.getlist("prompt")
    pairs = zip_longest(labels, prompts, fillvalue="")
    circles = [{"label": label.strip(), "prompt": prompt.strip()} for label, prompt in pairs if label.strip()]
    carry_out("change circles", "Other circles from this wave on.", wave_id=needed("wave_id"), circles=circles)


def _add_question() -> None:
    options = [[code.strip(), label.strip()] for line in text_of("options").split("\n") if line for code, _, label in [line.partition("=")]]
    values = {"wording": text_of("wording"), "answer_kind": text_of("answer_kind") or None, "options": options or None}
    values["kinds"] = request.form.getlist("kinds") or None
    if not values["wording"]:
        raise StudyError("A question needs its words.")
    arguments = {"subject": needed("subject"), "code": needed("code"), "wave_id": needed("wave_id"), "values": values}
    carry_out("add question", "Asked from this wave on.", **arguments)


def _change_question() -> None:
    code, wave_id = needed("code"), needed("wave_id")
    doing = text_of("do")
    if doing == "stop":
        carry_out("stop asking", "No longer asked from this wave on.", code=code, wave_id=wave_id)
    elif doing == "again":
        carry_out("ask again", "Asked again from this wave on.", code=code, wave_id=wave_id)
    else:
        carry_out("change question", "Other words from this wave on.", code=code, wave_id=wave_id, values={"wording": needed("wording")})


def _add_role() -> None:
    arguments = {name: needed(name) for name in ("kind", "code", "label")}
    carry_out("add role", "A role is added.", **arguments, role_group=text_of("role_group") or None)


def _describe_role() -> None:
    values = {"label": needed("label"), "role_group": text_of("role_group") or None, "is_retired": text_of("is_retired") == "yes"}
    carry_out("describe role", "Kept.", role_id=needed("id"), values=values)


def _add_support() -> None:
    carry_out(
        "add support type",
        "A kind of support is added.",
        code=needed("code"),
        label=needed("label"),
        meaning=text_of("meaning") or None,
    )


def _describe_support() -> None:
    values = {"label": needed("label"), "meaning": text_of("meaning") or None, "is_retired": text_of("is_retired") == "yes"}
    carry_out("describe support type", "Kept.", support_type_id=needed("id"), values=values)


def _lens() -> None:
    carry_out("show lens", "Kept.", lens=needed("lens"), is_on=text_of("is_on") == "yes")


def _add_code() -> None:
    under = text_of("parent_id") or None
    carry_out("add code", "A code is added.", name=needed("name"), parent_id=under, definition=text_of("definition") or None)


def _describe_code() -> None:
    if text_of("do") == "remove":
        carry_out("remove code", "The code is taken out.", code_id=needed("id"))
    else:
        values = {name: text_of(name) or None for name in ("name", "definition", "example", "limits")}
        carry_out("describe code", "Kept.", code_id=needed("id"), values=values)


CHANGES: dict[str, tuple[Callable[[], None], str]] = {
    "study": (_study, "study"),
    "add-wave": (_add_wave, "waves"),
    "wave": (_describe_wave, "waves"),
    "remove-wave": (_remove_wave, "waves"),
    "circles": (_circles_from, "circles"),
    "add-question": (_add_question, "questions"),
    "question": (_change_question, "questions"),
    "add-role": (_add_role, "roles"),
    "role": (_describe_role, "roles"),
    "add-support": (_add_support, "support"),
    "support": (_describe_support, "support"),
    "lens": (_lens, "lens"),
    "add-code": (_add_code, "codes"),
    "code": (_describe_code, "codes"),
}
"""Name in the address → what it does, and the part of the page to come back to."""
