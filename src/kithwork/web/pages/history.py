"""How the codebook came to be: every change to codes, themes, the lens and their links, in order, and taken along as a table."""

from datetime import date

from flask import Response, render_template, request

from kithwork.actions.history import codebook_history, history_frame, taken_back_of
from kithwork.formats.frames import frame_bytes
from kithwork.model.errors import SelectionError
from kithwork.web.desk import desk
from kithwork.web.pages.measures import TYPES, attachment

PAGE = 100
ENDINGS = (".csv", ".xlsx")
_NOT_OF_IT = ("code segment", "uncode", "recode", "move coding", "note mentions", "write summary", "save view", "remove view", "place tie")


def codebook_history_page() -> str:
    """Entries, latest first, with what each did and why; `before` goes further back."""
    study = desk().study
    steps = desk().remembered("codebook history", lambda: codebook_history(study), _NOT_OF_IT)
    before = request.args.get("before", type=int)
    shown = [step for step in reversed(steps) if before is None or step.place < before]
    return render_template(
        "history.html",
        steps=shown[:PAGE],
        is_more=len(shown) > PAGE,
        total=len(steps),
        taken_back=taken_back_of(steps),
        verbs={step.entry_id: step.verb for step in steps},
        coders={row["id"]: row["name"] for row in study.rows("coders")},
        endings=ENDINGS,
    )


def download_history(ending: str) -> Response:
    """The history as a table; with `memos`, the reasons given too."""
    if ending not in ENDINGS:
        raise SelectionError(f"The history is written as {' or '.join(ENDINGS)}.")
    data = frame_bytes(history_frame(desk().study, with_memos=request.args.get("memos") == "yes"), ending)
    return attachment(data, f"kithwork-codebook-history-{date.today():%Y-%m-%d}{ending}", TYPES[ending])  # noqa: DTZ011 - the day on this desk
