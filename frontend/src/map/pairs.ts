// The walk through pairs: each two alters once, grouped so that one of them stays the same for a while.

import type { Alter, AlterTie, Rows, Tie } from "./types";

export interface Pair {
  key: string;
  one: Tie;
  other: Tie;
}

export function pairKey(one: string, other: string): string {
  return one < other ? `${one} ${other}` : `${other} ${one}`;
}

/** Pairs of the ties whose alter is of these kinds, in order of circle, then of naming. */
export function pairsOf(ties: Rows<Tie>, alters: Rows<Alter>, kinds: ReadonlySet<string>): Pair[] {
  const chosen = Object.values(ties)
    .filter((tie) => kinds.has(alters[tie.alter_id]?.kind ?? ""))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  const pairs: Pair[] = [];
  for (const [i, one] of chosen.entries()) {
    for (const other of chosen.slice(i + 1)) pairs.push({ key: pairKey(one.id, other.id), one, other });
  }
  return pairs;
}

export function recorded(alterTies: Rows<AlterTie>): Map<string, AlterTie> {
  return new Map(Object.values(alterTies).map((pair) => [pairKey(pair.from_tie_id, pair.to_tie_id), pair]));
}

/** A tie there is: recorded, and not as "none". */
export function isJoined(pair: AlterTie | undefined): boolean {
  return pair !== undefined && pair.weight !== 0;
}

/** Where the walk goes on: the first pair without an answer and not passed over, after the one at `from`; else any left; else -1. */
export function nextOpen(pairs: Pair[], answered: ReadonlyMap<string, AlterTie>, passed: ReadonlySet<string>, from = -1): number {
  const isOpen = (pair: Pair) => !answered.has(pair.key) && !passed.has(pair.key);
  const later = pairs.findIndex((pair, index) => index > from && isOpen(pair));
  return later >= 0 ? later : pairs.findIndex(isOpen);
}
