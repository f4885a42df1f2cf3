// Where the stripes beside a text go: side by side where they overlap, names where there is room.

export interface Extent {
  id: string;
  top: number;
  bottom: number;
}

/** Lane of each stripe, from 0 next to the text; the longest go outermost never: earlier and longer ones first. More than `most` share the last. */
export function lanes(extents: Extent[], most: number): Map<string, number> {
  const ends: number[] = [];
  const found = new Map<string, number>();
  for (const one of [...extents].sort((a, b) => a.top - b.top || b.bottom - a.bottom || (a.id < b.id ? -1 : 1))) {
    const free = ends.findIndex((end) => end <= one.top);
    const lane = free >= 0 ? free : Math.min(ends.length, most - 1);
    ends[lane] = Math.max(ends[lane] ?? -Infinity, one.bottom);
    found.set(one.id, lane);
  }
  return found;
}

/** Where the name of each stripe is written, no two on each other; a name that would stray further than `stray` from its stripe is left out. */
export function labels(extents: Extent[], height: number, stray: number): Map<string, number> {
  const found = new Map<string, number>();
  let free = 0;
  for (const one of [...extents].sort((a, b) => a.top - b.top || (a.id < b.id ? -1 : 1))) {
    const y = Math.max(one.top, free);
    if (y > Math.max(one.bottom - height, one.top) + stray) continue;
    found.set(one.id, y);
    free = y + height;
  }
  return found;
}
