// Words, sentences and turns of a text as spans in UTF-16 units, for moving and choosing by keyboard.

export interface Span {
  from: number;
  to: number;
}

export function wordsOf(text: string): Span[] {
  const found: Span[] = [];
  for (const part of new Intl.Segmenter(undefined, { granularity: "word" }).segment(text)) {
    if (part.isWordLike) found.push({ from: part.index, to: part.index + part.segment.length });
  }
  return found;
}

export function sentencesOf(text: string, turns: Span[]): Span[] {
  const cutter = new Intl.Segmenter(undefined, { granularity: "sentence" });
  return turns.flatMap((turn) =>
    [...cutter.segment(text.slice(turn.from, turn.to))]
      .map((part) => trimmed(text, { from: turn.from + part.index, to: turn.from + part.index + part.segment.length }))
      .filter((span) => span.from < span.to),
  );
}

/** The span without blanks at its ends. */
export function trimmed(text: string, span: Span): Span {
  let { from, to } = span;
  while (from < to && /\s/.test(text[from]!)) from++;
  while (to > from && /\s/.test(text[to - 1]!)) to--;
  return { from, to };
}

/** Index of the unit at a place, or of the next one after it; the last when there is none. */
export function indexAt(units: Span[], place: number): number {
  let [low, high] = [0, units.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (units[middle]!.to > place) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The span widened to whole units. */
export function widened(units: Span[], span: Span): Span {
  const first = units[indexAt(units, span.from)];
  const last = units[indexAt(units, Math.max(span.from, span.to - 1))];
  return first && last ? { from: Math.min(first.from, span.from), to: Math.max(last.to, span.to) } : span;
}

const FROM_RIGHT = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}]/u;

/** Words whose first letter is of a script written from right to left. */
export function isFromRight(words: string): boolean {
  return FROM_RIGHT.test(/\p{L}/u.exec(words)?.[0] ?? "");
}
