"""A picture as PNG or PDF, through Typst; fonts come with the house."""

import json
import re
from html import unescape
from importlib.resources import as_file, files
from pathlib import Path

import typst

_PAGE = """
#let it = json(bytes(sys.inputs.data))
#set document(title: it.title, date: none)
#set page(width: it.width * 1pt, height: it.height * 1pt, margin: 0pt)
#set text(lang: "en", font: ("Atkinson Hyperlegible Next", "DejaVu Sans"))
#image(bytes(it.svg), format: "svg", width: it.width * 1pt, alt: it.alt)
"""


def png_of(svg: str, *, scale: float = 2.0) -> bytes:
    """The picture as PNG, `scale` pixels to one of its units."""
    return _compiled(_PAGE, _figure(svg), format="png", ppi=72 * scale)


def pdf_of(svg: str) -> bytes:
    """The picture as a tagged PDF of one page, as large as the picture."""
    return compiled_pdf(_PAGE, _figure(svg))


def compiled_pdf(template: str, data: dict[str, object]) -> bytes:
    """A Typst template filled with data; user text reaches Typst as data only, never as markup.

    PDF/UA wants every letter drawn. Where this machine has no font for a script or an emoji the page is still made, tagged alike,
    with a box for what it cannot draw.
    """
    try:
        return _compiled(template, data, format="pdf", pdf_standards=["ua-1"])
    except typst.TypstError as error:
        if "could not be displayed" not in str(error):
            raise
    return _compiled(template, data, format="pdf")


def _figure(svg: str) -> dict[str, object]:
    width, height = (float(found) for found in re.findall(r'<svg[^>]*? width="([\d.]+)" height="([\d.]+)"', svg)[0])
    return {"svg": svg, "width": width, "height": height, "title": _inside(svg, "title"), "alt": _inside(svg, "desc")}


def _inside(svg: str, name: str) -> str:
    found = re.search(f"<{name}>(.*?)</{name}>", svg, re.DOTALL)
    return unescape(found[1]) if found else "Picture"


def _compiled(template: str, data: dict[str, object], **options: object) -> bytes:
    with as_file(_fonts()) as folder:
        paths = [str(folder)] if Path(folder).is_dir() else []
        made = typst.compile(template.encode(), sys_inputs={"data": json.dumps(data)}, font_paths=paths, **options)  # type: ignore[arg-type]
    assert isinstance(made, bytes)
    return made


def _fonts() -> Path:
    """The folder of the house typeface; where the bundle was not made, the machine's own sans-serif has to do."""
    try:
        return files("kithwork_assets").joinpath("fonts")  # type: ignore[return-value]
    except ModuleNotFoundError:
        return Path("no-typeface-bundled")
