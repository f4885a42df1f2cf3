"""Spans of many groups at once: merged, overlaid and counted, as columns and without a loop.

A group is what may be compared: one code in one document. All groups are laid end to end on one line, so that one sort does all.
"""

from dataclasses import dataclass

import numpy as np

Ints = np.ndarray


@dataclass(frozen=True)
class Spans:
    """Half-open spans: `group[i]` from `start[i]` to `stop[i]`. Within one group places are 0 … `reach` − 1."""

    group: Ints
    start: Ints
    stop: Ints

    def __len__(self) -> int:
        return len(self.group)

    def where(self, chosen: Ints) -> "Spans":
        return Spans(self.group[chosen], self.start[chosen], self.stop[chosen])


def merged(spans: Spans, reach: int) -> Spans:
    """The spans of each group joined where they overlap, not where they only touch; in order of group and start, empty ones left out."""
    spans = spans.where(spans.stop > spans.start)
    if not len(spans):
        return spans
    start, stop = spans.group * reach + spans.start, spans.group * reach + spans.stop
    order = np.argsort(start, kind="stable")
    start, stop = start[order], stop[order]
    furthest = np.maximum.accumulate(stop)
    is_first = np.ones(len(start), bool)
    group = spans.group[order]
    is_first[1:] = start[1:] >= furthest[:-1]
    firsts = np.flatnonzero(is_first)
    lasts = np.append(firsts[1:], len(start)) - 1
    group = group[firsts]
    return Spans(group, start[firsts] - group * reach, furthest[lasts] - group * reach)


def depths(coders: list[Spans], reach: int) -> tuple[Ints, Ints, Ints, Ints, Ints]:
    """Where each group is covered, and by how many coders: (group, start, length, depth, bits), stretches covered by none left out.

    Each coder's spans must be merged. `bits` says which coders, the first being 1, the second 2, the third 4 …
    """
    group = np.concatenate([spans.group for spans in coders for _ in range(2)])
    place = np.concatenate([edge for spans in coders for edge in (spans.start, spans.stop)])
    sizes = [len(spans) for spans in coders]
    step = np.concatenate([np.full(n, sign) for n in sizes for sign in (1, -1)]) if sizes else np.zeros(0)
    who = np.concatenate([np.full(n, 1 << c) for c, n in enumerate(sizes) for _ in range(2)]) if sizes else np.zeros(0)
    line = group * (reach + 1) + place  # one more, so that the end of one group is not the start of the next
    order = np.argsort(line, kind="stable")
    line, group, step, who = line[order], group[order], step[order].astype(np.int64), who[order].astype(np.int64)
    depth, bits = np.cumsum(step), np.cumsum(step * who)
    length = np.diff(line, append=line[-1:])
    is_covered = (length > 0) & (depth > 0)
    return group[is_covered], (line - group * (reach + 1))[is_covered], length[is_covered], depth[is_covered], bits[is_covered]
