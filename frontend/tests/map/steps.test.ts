import { expect, test } from "vitest";
import { freshFates, lookBack } from "../../src/map/lookback";
import { isJoined, nextOpen, pairsOf, recorded } from "../../src/map/pairs";
import type { Alter, AlterTie, MapState, Tables, Tie } from "../../src/map/types";

const tie = (id: string, alter_id: string): Tie => ({ id, map_id: "m", alter_id, circle: null, angle: null, distance: null, via_tie_id: null });
const alter = (id: string, kind = "person"): Alter => ({ id, participant_id: "p", kind, role: null, pseudonym: id, known_since: null, met_where: null });
const joined = (from: string, to: string, weight: number | null = null): AlterTie => ({ id: `${from}${to}`, from_tie_id: from, to_tie_id: to, relation: "knows", weight });
const byId = <T extends { id: string }>(rows: T[]): Record<string, T> => Object.fromEntries(rows.map((row) => [row.id, row]));

test("the walk asks each two people once, and goes on where it stopped", () => {
  const ties = byId(["1", "2", "3", "4"].map((id) => tie(id, id)));
  const alters = byId([alter("1"), alter("2"), alter("3"), alter("4", "place")]);
  const pairs = pairsOf(ties, alters, new Set(["person"]));
  expect(pairs.map((pair) => pair.key)).toEqual(["1 2", "1 3", "2 3"]);
  const answers = recorded(byId([joined("2", "1"), joined("1", "3", 0)]));
  expect(nextOpen(pairs, answers, new Set())).toBe(2);
  expect(nextOpen(pairs, answers, new Set(["2 3"]))).toBe(-1);
  expect(pairsOf(ties, alters, new Set(["person", "place"])).length).toBe(6);
});

test("a skipped pair stays open, and an answer of none is an answer", () => {
  const pairs = pairsOf(byId([tie("1", "1"), tie("2", "2")]), byId([alter("1"), alter("2")]), new Set(["person"]));
  expect(nextOpen(pairs, recorded({}), new Set())).toBe(0);
  expect(nextOpen(pairs, recorded(byId([joined("1", "2", 0)])), new Set())).toBe(-1);
  expect(isJoined(joined("1", "2", 0))).toBe(false);
  expect(isJoined(joined("1", "2"))).toBe(true);
  expect(isJoined(undefined)).toBe(false);
});

function looked(more: Partial<MapState> = {}, dismissed = new Set<string>()) {
  const old = (alter_id: string) => ({ id: `old ${alter_id}`, alter_id, circle: 1, angle: 0, distance: 0.1 });
  const tables = { alters: byId([alter("kept"), alter("gone"), alter("new"), alter("alike")]), ties: byId([tie("1", "kept"), tie("2", "new")]), fates: {} } as unknown as Tables;
  const state = { before: { map_id: "b", wave: "", rings: 3, ties: [old("kept"), old("gone"), old("alike")] }, lookalikes: [{ alter_id: "new", same_as_id: "alike", likeness: 0.9, is_same: false }], ...more } as MapState;
  return lookBack(state, tables, dismissed, new Set());
}

test("looking back tells those kept, gone and new apart", () => {
  const found = looked();
  expect(found.kept).toBe(1);
  expect(found.gone.map((one) => one.id)).toEqual(["gone", "alike"]);
  expect(found.fresh.map((one) => one.id)).toEqual(["new"]);
  expect(found.alike).toHaveLength(1);
});

test("a likeness that was turned down is not suggested again", () => {
  expect(looked({}, new Set(["new alike"])).alike).toEqual([]);
});

test("one known from an earlier wave can have come back, and is never truly new", () => {
  expect(freshFates(true)).toContain("returned");
  expect(freshFates(true)).not.toContain("new_true");
  expect(freshFates(false)).toContain("new_true");
});
