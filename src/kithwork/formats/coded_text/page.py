"""The coded transcript as one HTML file that opens anywhere and runs nothing: codes beside the words, a legend at the end."""

import html

from kithwork.formats.coded_text import Passage, Piece, Put, Transcript, is_from_right, tint
from kithwork.formats.offsets import said

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<style>
body{{font:1.0625rem/1.65 "Atkinson Hyperlegible Next",system-ui,sans-serif;max-width:66rem;margin:2.5rem auto;padding:0 1.5rem;
color:#1b2230;background:#fdfdfb}}
h1{{font-size:1.6rem;line-height:1.2;margin:0 0 .25rem}}h2{{font-size:1.2rem;margin:3rem 0 .75rem}}
.about{{margin:0;font-size:1.0625rem}}.notes{{margin:.15rem 0 2rem;color:#545c6b;font-size:.875rem}}
.turn{{display:grid;grid-template-columns:minmax(0,1fr) 17rem;gap:0 2rem;break-inside:avoid}}
.turn>p{{margin:0 0 .7rem;min-height:1em;overflow-wrap:anywhere}}
.turn>ul{{list-style:none;margin:.15rem 0 .7rem;padding:0 0 0 .9rem;font-size:.8125rem;line-height:1.4;
border-left:1px solid #dcdcd5}}
.turn li{{display:flex;gap:.5rem;margin:0 0 .25rem}}.turn li>a{{flex:none;min-width:1.1rem;text-align:right}}
b{{font-weight:600}}mark{{color:inherit;padding:.1em 0;border-bottom:2px solid}}
sup{{line-height:0;font-size:.7em}}sup a,li>a{{color:#545c6b;text-decoration:none}}sup a:hover,li>a:hover{{text-decoration:underline}}
i{{display:inline-block;width:.7em;height:.7em;border-radius:50%;margin-right:.35em}}small{{color:#545c6b}}
:target{{outline:2px solid #1f4b82;outline-offset:2px}}
table{{border-collapse:collapse;width:100%;font-size:.9375rem}}
th,td{{text-align:left;vertical-align:top;padding:.45rem .75rem .45rem 0;border-bottom:1px solid #dcdcd5}}
td:last-child,th:last-child{{text-align:right;padding-right:0}}th{{font-weight:600}}
{colors}
@media(max-width:48rem){{.turn{{grid-template-columns:1fr}}}}
@media print{{body{{max-width:none;margin:0;font-size:10.5pt;background:none}}
mark,i{{print-color-adjust:exact;-webkit-print-color-adjust:exact}}}}
</style></head>
<body><header><h1>{title}</h1>
<p class="about">{about}</p>
<p class="notes">{notes}</p></header><main>
{text}
</main>
{legend}
</body></html>
"""


def page(transcript: Transcript) -> bytes:
    """UTF-8, whole in itself."""
    classes = {color: f"c{at}" for at, color in enumerate(sorted({put.color for passage in transcript.passages for put in passage.codes}))}
    colors = "".join(
        f"mark.{name}{{background:{tint(color)};border-color:{color}}}i.{name}{{background:{color}}}" for color, name in classes.items()
    )
    by_number = {passage.number: passage for passage in transcript.passages}
    beside = transcript.beside or [[] for _ in transcript.paragraphs]
    turns = [
        f'<div class="turn">{_said(pieces, classes)}{_margin([by_number[number] for number in numbers], classes)}</div>'
        for pieces, numbers in zip(transcript.paragraphs, beside, strict=True)
    ]
    return _PAGE.format(
        title=_safe(transcript.title),
        about=_safe(" · ".join(transcript.about)),
        notes=_safe("; ".join(transcript.notes)),
        colors=colors,
        text="\n".join(turns),
        legend=_legend(transcript, classes),
    ).encode("utf-8")


def _safe(words: str) -> str:
    return html.escape(said(words))


def _said(pieces: list[Piece], classes: dict[str, str]) -> str:
    way = ' dir="rtl"' if is_from_right(pieces) else ""
    return f"<p{way}>{_words(pieces, classes)}</p>"


def _words(pieces: list[Piece], classes: dict[str, str]) -> str:
    parts = []
    for piece in pieces:
        if piece.ends:
            numbers = ", ".join(f'<a href="#p{number}" id="t{number}">{number}</a>' for number in piece.ends)
            parts.append(f"<sup>{numbers}</sup>")
        words = _safe(piece.words)
        if piece.is_label and words:
            words = f"<b>{words}</b>"
        parts.append(f'<mark class="{classes.get(piece.color, "")}">{words}</mark>' if piece.depth and words else words)
    return "".join(parts)


def _margin(passages: list[Passage], classes: dict[str, str]) -> str:
    if not passages:
        return ""
    lines = [
        f'<li id="p{passage.number}"><a href="#t{passage.number}">{passage.number}</a><span>{_puts(passage.codes, classes)}</span></li>'
        for passage in passages
    ]
    return f"<ul>{''.join(lines)}</ul>"


def _puts(codes: tuple[Put, ...], classes: dict[str, str]) -> str:
    parts = []
    for put in codes:
        coder = f" <small>{_safe(', '.join(put.coders))}</small>" if put.coders else ""
        parts.append(f'<i class="{classes.get(put.color, "")}"></i>{_safe(put.code)}{coder}')
    return "<br>".join(parts)


def _legend(transcript: Transcript, classes: dict[str, str]) -> str:
    if not transcript.legend:
        return ""
    rows = [
        f'<tr><th scope="row"><i class="{classes.get(each.color, "")}"></i>{_safe(each.code)}</th>'
        f"<td>{_safe(each.definition)}</td><td>{each.count}</td></tr>"
        for each in transcript.legend
    ]
    head = '<thead><tr><th scope="col">Code</th><th scope="col">What it covers</th><th scope="col">Here</th></tr></thead>'
    return f"<section><h2>Codes in this text</h2><table>{head}<tbody>{''.join(rows)}</tbody></table></section>"
