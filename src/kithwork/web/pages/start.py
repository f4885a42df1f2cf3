"""Studies: opening one that is there, with its passphrase if it has one, and making a new one."""

from pathlib import Path

from flask import redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from kithwork.actions.design import make_study
from kithwork.formats.template import BUILT_IN, built_in_templates, find_template, read_template
from kithwork.formats.template_parts import Template
from kithwork.model.errors import FormatError, KithworkError, StudyError
from kithwork.store import Study, create_study, open_study
from kithwork.store.place import is_encrypted, place_of
from kithwork.web.desk import desk
from kithwork.web.forms import tell, text_of

LONGEST_TEMPLATE = 10_000_000


def start() -> str:
    """Which study is open, which lie beside it, and forms to open or make one."""
    return _page({"folder": str(_folder())})


def open_() -> AnyResponse | tuple[str, int]:
    """POST opens a study by its path; an encrypted one asks for its passphrase first."""
    where = text_of("place")
    try:
        if not where:
            raise StudyError("A path is needed, such as studies/our-study.kith.")
        passphrase = request.form.get("passphrase") or None
        if passphrase is None and is_encrypted(place_of(where)):
            return _page({"place": where, "folder": str(_folder())}, is_locked=True), 200
        _put(open_study(where, passphrase))
    except KithworkError as error:
        return _page({"place": where, "folder": str(_folder())}, str(error), is_locked="passphrase" in request.form), 422
    return redirect(url_for("register"))


def new_study() -> AnyResponse | tuple[str, int]:
    """POST makes a study from a template and opens it."""
    said = {name: text_of(name) for name in ("title", "folder", "file", "template")}
    try:
        path = _new_path(said["folder"], said["file"] or said["title"])
        passphrase = _new_passphrase()
        template = _template(said["template"])
        study = create_study(path, passphrase)
        try:
            make_study(study, template, title=said["title"] or None)
        except BaseException:
            study.close()
            path.unlink(missing_ok=True)
            raise
        _put(study)
    except KithworkError as error:
        return _page(said, str(error), is_new=True), 422
    tell("The study is made. This is its design; change what you like before the first interview.")
    return redirect(url_for("design"))


def _put(study: Study) -> None:
    desk().put(study)
    session.pop("coder_id", None)  # somebody of the other study
    session.pop("with_names", None)


def _folder() -> Path:
    open_now = None if desk().is_empty else desk().study.place.path
    return open_now.resolve().parent if open_now else Path.cwd()


def _new_path(folder: str, name: str) -> Path:
    name = name.removesuffix(".kith").strip()
    if not name or not any(character.isalnum() for character in name):
        raise StudyError("A file name is needed, such as our-study.")
    if any(character in name for character in '/\\:*?"<>|') or name.startswith(".") or not name.isprintable():
        raise StudyError("The file name holds a character that not every computer can keep; use letters, digits, spaces and dashes.")
    place = Path(folder).expanduser() if folder else _folder()
    if not place.is_dir():
        raise StudyError("There is no such folder; check it, or make it first.")
    return place / f"{name}.kith"


def _new_passphrase() -> str | None:
    first, second = request.form.get("passphrase", ""), request.form.get("passphrase_again", "")
    if first != second:
        raise StudyError("The two passphrases differ; type the same one twice.")
    if first and len(first) < 12:
        raise StudyError("A passphrase needs at least 12 characters; four or five words together are good.")
    return first or None


def _template(name: str) -> Template:
    file = request.files.get("template_file")
    if file and file.filename:
        try:
            return read_template(file.stream.read(LONGEST_TEMPLATE).decode("utf-8-sig"))
        except UnicodeDecodeError:
            raise FormatError("The template is not UTF-8 text; save it again as UTF-8.") from None
    return find_template(name if name in built_in_templates() else BUILT_IN)


def _page(said: dict[str, str], problem: str | None = None, *, is_locked: bool = False, is_new: bool = False) -> str:
    here = _folder()
    now_open = None if desk().is_empty else desk().study.place
    return render_template(
        "start.html",
        said={"place": "", "title": "", "folder": "", "file": "", "template": BUILT_IN, **said},
        problem=problem,
        is_locked=is_locked,
        is_new=is_new,
        now_open=now_open.name if now_open else None,
        now_path=str(now_open.path.resolve()) if now_open and now_open.path else None,
        beside=sorted(path for path in here.glob("*.kith") if path.is_file())[:50],
        templates={name: find_template(name).template.title or name for name in built_in_templates()},
    )
