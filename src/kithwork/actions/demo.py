"""The demo study's last afternoon: its codebook is worked on by the verbs a person has, so that its history has something to tell."""

from kithwork.actions.verbs import act
from kithwork.model.rows import Row
from kithwork.store import Study


def work_on_codebook(study: Study) -> None:
    """Sharpen, split, merge, move and gather codes of the demo study, each step an entry with its reason."""
    coders = [row["id"] for row in study.rows("coders")]
    codes = {row["name"]: row for row in study.rows("codes")}
    themes = {row["name"]: row["id"] for row in study.rows("themes")}
    if len(coders) < 2 or not {"Kept word", "Change over time", "Places", "Practising", "Looking at the map"} <= set(codes):
        return

    def do(verb: str, actor: int, **arguments: object) -> None:
        act(study, verb, arguments, actor=coders[actor])

    def some(name: str, every: int) -> list[str]:
        return [row["id"] for row in study.rows("codings", code_id=codes[name]["id"])][::every]

    limits = "Reliability where nothing was promised; a promise still open."
    do("describe code", 0, code_id=codes["Kept word"]["id"], values={"limits": limits})
    _split(study, coders[1], codes["Change over time"], "Clocks and seasons", some("Change over time", 9), "Time of year seemed to do it.")
    _split(
        study,
        coders[0],
        codes["Places"],
        "Benches and bus stops",
        some("Places", 4),
        "Places nobody is invited to, and nobody asked to leave.",
    )
    clocks = study.rows("codes", name="Clocks and seasons")[0]["id"]
    why = "Read side by side, nothing holds them together but a month. Back where they were."
    do("merge codes", 1, code_ids=[clocks], into_id=codes["Change over time"]["id"], why=why, coder_id=coders[1])
    benches = study.rows("codes", name="Benches and bus stops")[0]["id"]
    do("move code", 0, code_id=benches, parent_id=codes["Places"]["id"], why="A part of Places, not beside it.", coder_id=coders[0])
    steady = themes.get("Steadiness comes in many kinds")
    if steady:
        held = [row["code_id"] for row in study.rows("theme_codes", theme_id=steady)]
        why = "Light contact without company is footing too."
        do("choose theme codes", 0, theme_id=steady, code_ids=[*held, benches], why=why, coder_id=coders[0])
    do("move code", 1, code_id=codes["Practising"]["id"], parent_id=None, why="Also done before services.", coder_id=coders[1])
    study.undo(study.entries()[-1]["id"], actor=coders[1])


def _split(study: Study, coder_id: str, code: Row, name: str, coding_ids: list[str], why: str) -> None:
    part = {"name": name, "coding_ids": coding_ids}
    act(study, "split code", {"code_id": code["id"], "parts": [part], "why": why, "coder_id": coder_id}, actor=coder_id)
