"""Where two coders differ: text by text, both side by side, decided with a reason. Both codings stay whatever is decided."""

import bisect
import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import polars as pl
from flask import redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from kithwork.measures.coded import Coded
from kithwork.measures.differences import Difference, Settled, differences, settled, tallies
from kithwork.model.errors import ConflictError, SelectionError, StudyError
from kithwork.model.rows import Row
from kithwork.store import Study
from kithwork.web.coded_work import code_paths, texts_in_order, whole_work, work_on
from kithwork.web.desk import desk
from kithwork.web.forms import carry_out, needed, text_of

SIGNS = {"same": "the same", "bounds": "other bounds", "first": "only here", "second": "only here"}
AROUND = 240  # characters of the text shown around a difference


@dataclass
class Progress:
    """How many codes two coders put alike, how many otherwise, and how many of those are decided."""

    same: int = 0
    bounds: int = 0
    first: int = 0
    second: int = 0
    decided: int = 0

    @property
    def open(self) -> int:
        return self.bounds + self.first + self.second - self.decided


@dataclass(frozen=True)
class Piece:
    """Words under the marks of neither, one or both coders."""

    words: str
    by: str


@dataclass
class Block:
    """One turn of the text with what each coder put on it, and the differences that begin in it."""

    speaker: str
    pieces: list[Piece]
    first: list[tuple[Difference, str]] = field(default_factory=list)
    second: list[tuple[Difference, str]] = field(default_factory=list)
    cards: list[dict[str, Any]] = field(default_factory=list)
    skipped: int = 0  # turns left out before this one


def disagreements() -> str:
    """Every text that both finished, with how far the talk about it has come; by code too."""
    study, work = desk().study, whole_work()
    pair = pair_of(work, study)
    coders = {row["id"]: row["name"] for row in study.rows("coders")}
    if pair is None:
        return render_template("disagreements.html", pair=None, coders=coders, pairs=[])
    documents = work.by(pair)
    told = desk().remembered(("tallies", pair), lambda: tallies(work.codings, documents, pair))
    decided = desk().remembered(("decided", pair), lambda: decided_in(study, work, documents, pair))
    by_text, by_code = _tallied(told, decided, "document"), _tallied(told, decided, "code")
    return render_template(
        "disagreements.html",
        pair=pair,
        pairs=work.pairs,
        coders=coders,
        whole=_sum(by_text.values()),
        lines=[
            (text, by_text.get(text.document["id"], Progress())) for text in texts_in_order(study) if text.document["id"] in set(documents)
        ],
        codes=sorted(
            ((path, by_code[code], code) for code, path in code_paths(study).items() if code in by_code), key=lambda each: -each[1].open
        ),
        lost=work.lost,
    )


def decided_in(study: Study, work: Coded, documents: list[str], pair: tuple[str, str]) -> list[Difference]:
    """The differences in these texts that are decided; only texts with a decision in them are gone through."""
    document_of = {revision: document for document, revision in work.revisions.items()}
    segments = study.rows("segments", id=[row["segment_id"] for row in study.rows("decisions")])
    touched = {document_of.get(row["revision_id"]) for row in segments}
    every = differences(work.codings, [document for document in documents if document in touched], pair)
    decided = decided_of(study, work, every)
    return [each for each in every if each.key in decided]


def _tallied(told: pl.DataFrame, decided: list[Difference], by: str) -> dict[str, Progress]:
    found: defaultdict[str, Progress] = defaultdict(Progress)
    for name, how, number in told.group_by(by, "how").agg(pl.col("number").sum()).iter_rows():
        setattr(found[name], how, number)
    for each in decided:
        found[getattr(each, by)].decided += 1
    return dict(found)


def pair_of(work: Coded, study: Study) -> tuple[str, str] | None:
    """The coders asked for, else the two with the most texts in common; None where no two finished the same text."""
    asked = request.values.get("first"), request.values.get("second")
    if asked[0] and asked[1]:
        for coder in asked:
            study.row("coders", coder or "")
        if asked[0] == asked[1]:
            raise SelectionError("Two coders are set side by side; choose two.")
        return asked[0], asked[1]
    return work.pairs[0][0] if work.pairs else None


def decided_of(study: Study, work: Coded, every: list[Difference]) -> dict[str, Settled]:
    """What was decided on these differences, by key."""
    decisions = study.rows("decisions")
    wanted = {(row["segment_id"], row["code_id"]) for row in decisions}
    coded = {(mark.segment, each.code) for each in every for mark in each.marks if (mark.segment, each.code) in wanted} if wanted else set()
    apart = [segment for segment, code in sorted(wanted - coded)]
    document_of = {revision: document for document, revision in work.revisions.items()}
    found = [row for row in study.rows("segments", id=apart) if row["revision_id"] in document_of] if apart else []
    return settled(every, decisions, {row["id"]: (document_of[row["revision_id"]], row["start"], row["stop"]) for row in found})


def _sum(lines: Iterable[Progress]) -> Progress:
    counted: Counter[str] = Counter()
    for line in lines:
        counted.update(vars(line))
    return Progress(**counted)


def _progress(every: list[Difference], decided: dict[str, Settled]) -> Progress:
    counted = Counter(each.how for each in every)
    return Progress(**counted, decided=sum(each.key in decided for each in every))


# -- one text ------------------------------------------------------------------------------------------------------------------


def disagreements_in(document_id: str) -> str:
    """One text with both codings beside it, and a form at each difference."""
    study, work, pair, every = _on(document_id)
    coders = {row["id"]: row["name"] for row in study.rows("coders")}
    code, is_whole = request.args.get("code") or None, request.args.get("show") == "text"
    decided = decided_of(study, work, every)
    chosen = [each for each in every if code in (None, each.code)]
    paths = code_paths(study)
    names = {row["id"]: row["name"] for row in study.rows("codes")}
    segments = {row["id"]: row for row in study.rows("segments", revision_id=work.revisions[document_id])}
    put = {by: _Spans((m.start, m.stop, one.code) for one in every for m in getattr(one, by)) for by in ("first", "second")}
    cards = {each.key: _card(each, work.texts[document_id], put, decided.get(each.key), segments) for each in chosen if each.how != "same"}
    return render_template(
        "disagreements_in.html",
        document=study.row("documents", document_id),
        pair=pair,
        coders=coders,
        code=code,
        is_whole=is_whole,
        blocks=_blocks(study, work, document_id, chosen, cards, is_whole=is_whole),
        progress=_progress(chosen, decided),
        codes=sorted({each.code for each in every}, key=lambda one: paths[one]),
        paths=paths,
        names=names,
        signs=SIGNS,
        reasons=list(dict.fromkeys(one.reason for one in sorted(decided.values(), key=lambda one: one.decided_at or "", reverse=True)))[
            :12
        ],
    )


def _on(document_id: str) -> tuple[Study, Coded, tuple[str, str], list[Difference]]:
    study = desk().study
    study.row("documents", document_id)
    work = work_on(study, document_id)
    pair = pair_of(work, study)
    if pair is None or not work.by(pair):
        raise SelectionError("Two coders are set side by side once both have finished the text; see who codes what.")
    return study, work, pair, differences(work.codings, [document_id], pair)


class _Spans:
    """Named spans in order of their beginning, to ask which share characters with another without going through all."""

    def __init__(self, spans: Iterable[tuple[int, int, str]]) -> None:
        self._spans = sorted(spans, key=lambda span: span[:2])
        self._starts = [start for start, *_ in self._spans]
        self._longest = max((stop - start for start, stop, _ in self._spans), default=0)

    def over(self, start: int, stop: int) -> Iterator[str]:
        first = bisect.bisect_left(self._starts, start - self._longest)
        last = bisect.bisect_left(self._starts, stop)
        return (name for _, end, name in self._spans[first:last] if start < end)


def _card(each: Difference, text: str, put: dict[str, _Spans], decided: Settled | None, segments: dict[str, Row]) -> dict[str, Any]:
    """What is shown of a difference: the words around it under both coders' marks, and what the other put there instead."""
    start, stop = max(0, each.start - AROUND), min(len(text), each.stop + AROUND)
    start = text.rfind("\n", start, each.start) + 1 or start
    end = text.find("\n", each.stop, stop)
    stop = end if end >= 0 else stop
    marks = [("first", m.start, m.stop) for m in each.first] + [("second", m.start, m.stop) for m in each.second]
    other = "second" if each.how == "first" else "first"
    near = set(put[other].over(each.start, each.stop)) - {each.code}
    return {
        "difference": each,
        "pieces": pieces(text, start, stop, marks),
        "is_cut": (start > 0 and text[start - 1] != "\n", stop < len(text) and text[stop] != "\n"),
        "words": text[each.start : each.stop],
        "other_codes": sorted(near) if each.how != "bounds" else [],
        "decided": decided,
        "answer": _answer(each, decided) if decided else None,
        "instead": segments[decided.instead[0]["segment_id"]]["quotation"] if decided and decided.instead else None,
    }


def _answer(each: Difference, decided: Settled) -> str:
    """Which of the choices was made."""
    kept, all_ = set(decided.kept), set(each.segments)
    if decided.instead:
        return "other"
    if not kept or kept == all_:
        return ("both" if each.how == "bounds" else "holds") if kept else "neither"
    return "first" if kept == {mark.segment for mark in each.first} else "second"


def pieces(text: str, start: int, stop: int, marks: list[tuple[str, int, int]]) -> list[Piece]:
    """A stretch of the text cut wherever a coder's mark begins or ends."""
    inside = [(by, max(start, begin), min(stop, end)) for by, begin, end in marks if begin < stop and start < end]
    edges = sorted({start, stop, *(edge for _, *span in inside for edge in span)})
    found = []
    for begin, end in itertools.pairwise(edges):
        by = sorted({who for who, first, last in inside if first <= begin and end <= last})
        found.append(Piece(text[begin:end], "both" if len(by) == 2 else by[0] if by else ""))
    return found


def _blocks(
    study: Study, work: Coded, document_id: str, chosen: list[Difference], cards: dict[str, dict[str, Any]], *, is_whole: bool
) -> list[Block]:
    """The turns of the text, or only those with codings and how many were left out between them."""
    text = work.texts[document_id]
    turns = sorted(study.rows("turns", revision_id=work.revisions[document_id]), key=lambda row: row["position"])
    begins = [0, *(text.rfind("\n", 0, row["start"]) + 1 for row in turns[1:]), len(text)] if turns else [0, len(text)]
    spans = _Spans((m.start, m.stop, each.key) for each in chosen for m in each.marks)
    found: list[Block] = []
    skipped = 0
    for place, (begin, end) in enumerate(itertools.pairwise(begins)):
        inside = set(spans.over(begin, end))
        here = [each for each in chosen if each.key in inside]
        if not here and not is_whole:
            skipped += 1
            continue
        marks = [(by, m.start, m.stop) for each in here for by, group in (("first", each.first), ("second", each.second)) for m in group]
        block = Block((turns[place]["speaker"] or "") if turns else "", pieces(text, begin, end, marks), skipped=skipped)
        skipped = 0
        for each in here:
            for by, group in ((block.first, each.first), (block.second, each.second)):
                if any(m.start < end and begin < m.stop for m in group):
                    by.append((each, each.how))
        block.cards = [cards[each.key] for each in here if each.key in cards and begin <= each.start < end]
        found.append(block)
    return found


# -- deciding ----------------------------------------------------------------------------------------------------------------


def settle(document_id: str) -> AnyResponse:
    """POST decides one difference with a reason, or opens it again, and goes to the next that is open."""
    study, work, pair, every = _on(document_id)
    key, answer = needed("key"), "again" if request.form.get("again") else text_of("answer")
    each = next((one for one in every if one.key == key and one.how != "same"), None)
    if each is None:
        raise ConflictError("This difference is not there any more; reload the page.")
    shared: dict[str, Any] = {"revision_id": work.revisions[document_id], "code_id": each.code}
    if answer == "again":
        carry_out("open difference again", "Open again.", **shared, segment_ids=each.segments)
        return _next(document_id, pair, key)
    kept = _kept(each, answer)
    more: dict[str, Any] = {"instead": _place(work.texts[document_id], each, text_of("words"))} if answer == "other" else {}
    dropped = [segment for segment in each.segments if segment not in kept]
    given = {"kept": kept, "dropped": dropped, "reason": text_of("reason"), "coder_id": session.get("coder_id")}
    carry_out("settle difference", "Decided.", **shared, **given, **more)
    decided = decided_of(study, work, every)
    later = [one.key for one in every if one.how != "same" and one.key not in decided and request.form.get("code") in (None, "", one.code)]
    places = {one.key: place for place, one in enumerate(every)}
    after = [one for one in later if places[one] > places[key]]
    return _next(document_id, pair, next(iter(after or later), key))


def _next(document_id: str, pair: tuple[str, str], key: str) -> AnyResponse:
    chosen = {name: request.form[name] for name in ("code", "show") if request.form.get(name)}
    address = url_for("disagreements_in", document_id=document_id, first=pair[0], second=pair[1], **chosen)  # pyright: ignore[reportArgumentType]
    return redirect(f"{address}#d-{key}")


def _kept(each: Difference, answer: str) -> list[str]:
    """The passages that hold under an answer."""
    kept = {
        "first": [mark.segment for mark in each.first],
        "second": [mark.segment for mark in each.second],
        "both": each.segments,
        "holds": each.segments,
        "neither": [],
        "other": [],
    }
    if answer not in kept:
        raise StudyError("Choose how it is decided first.")
    return list(dict.fromkeys(kept[answer]))


def _place(text: str, each: Difference, words: str) -> list[int]:
    """Where words stand that overlap the difference, whatever blanks and line ends are between them."""
    pattern = r"\s+".join(re.escape(word) for word in words.split())
    found = [m.span() for m in re.finditer(pattern, text) if m.start() < each.stop and each.start < m.end()] if pattern else []
    if not found:
        raise StudyError("These words do not stand at this passage as written; copy them from the text.")
    start, stop = min(found, key=lambda span: abs(span[0] - each.start) + abs(span[1] - each.stop))
    return [start, stop]
