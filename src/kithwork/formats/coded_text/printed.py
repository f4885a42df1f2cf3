"""The coded transcript as a PDF to print, tagged so that it can be read aloud."""

import json
from importlib.resources import as_file, files
from importlib.resources.abc import Traversable

from kithwork.formats.coded_text import Transcript, is_from_right, tint
from kithwork.formats.offsets import said


def printed(transcript: Transcript) -> bytes:
    """A4. Words are data: the layout never runs them; the same transcript gives the same bytes."""
    import typst

    by_number = {passage.number: passage for passage in transcript.passages}
    beside = transcript.beside or [[] for _ in transcript.paragraphs]
    lines = [
        {
            "pieces": [
                {
                    "words": said(p.words),
                    "fill": tint(p.color) if p.depth and p.color else "",
                    "ends": ", ".join(map(str, p.ends)),
                    "is_label": p.is_label,
                }
                for p in pieces
            ],
            "is_from_right": is_from_right(pieces),
            "notes": [
                {
                    "number": number,
                    "codes": [
                        {"code": said(c.code), "coder": said(", ".join(c.coders)), "color": c.color} for c in by_number[number].codes
                    ],
                }
                for number in numbers
            ],
        }
        for pieces, numbers in zip(transcript.paragraphs, beside, strict=True)
    ]
    legend = [
        {"code": said(each.code), "color": each.color, "definition": said(each.definition), "count": each.count}
        for each in transcript.legend
    ]
    data = {
        "title": said(transcript.title),
        "about": said(" · ".join(transcript.about)),
        "under": said("; ".join(transcript.notes)),
        "lines": lines,
        "legend": legend,
    }
    layout = files("kithwork.formats.coded_text").joinpath("printed.typ").read_text(encoding="utf-8")
    with as_file(_fonts()) as folder:
        paths = [str(folder)] if folder.is_dir() else []
        given = {"sys_inputs": {"data": json.dumps(data)}, "font_paths": paths}
        try:
            return typst.compile(layout.encode(), **given, pdf_standards=["ua-1"])
        except typst.TypstError:  # a letter that no typeface here has: the standard forbids the box that stands for it
            return typst.compile(layout.encode(), **given)


def _fonts() -> Traversable:
    """The house typeface, where the front end was bundled."""
    try:
        return files("kithwork_assets").joinpath("fonts")
    except ModuleNotFoundError:
        return files("kithwork.formats.coded_text").joinpath("no-typeface-bundled")
