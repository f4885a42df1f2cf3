// Looking back: who was on the map before and is not now, who is new, and who may be the same under another spelling.

import type { Alter, Fate, LookAlike, MapState, Tables } from "./types";

export interface LookBack {
  alike: LookAlike[];
  gone: Alter[]; // on the map before, not on this one, nothing said yet
  fresh: Alter[]; // on this map, not on the one before, nothing said yet
  kept: number; // on both maps
  told: { alter: Alter; fate: Fate }[];
}

export const GONE_FATES = ["forgotten", "dormant", "suspended", "lost", "not_relevant"];
const WITH_REASONS = new Set(["dormant", "suspended", "lost", "not_relevant"]);

export function asksReasons(fate: string): boolean {
  return WITH_REASONS.has(fate);
}

/** What may be said of one who is here now and was not on the last map. */
export function freshFates(isKnownFromEarlier: boolean): string[] {
  return isKnownFromEarlier ? ["returned", "new_reactivated", "new_forgotten"] : ["new_true", "new_reactivated", "new_forgotten"];
}

export function lookBack(state: MapState, tables: Tables, dismissed: ReadonlySet<string>, passed: ReadonlySet<string>): LookBack {
  const here = new Set(Object.values(tables.ties).map((tie) => tie.alter_id));
  const before = new Set(state.before?.ties.map((tie) => tie.alter_id) ?? []);
  const fates = new Map(Object.values(tables.fates).map((fate) => [fate.alter_id, fate]));
  const alike = state.lookalikes.filter(
    (pair) =>
      here.has(pair.alter_id) && !here.has(pair.same_as_id) && !fates.has(pair.alter_id) && tables.alters[pair.alter_id] !== undefined &&
      !dismissed.has(`${pair.alter_id} ${pair.same_as_id}`),
  );
  const isOpen = (id: string) => !fates.has(id) && !passed.has(id) && tables.alters[id] !== undefined;
  const alters = (ids: Iterable<string>) => [...ids].map((id) => tables.alters[id]!);
  return {
    alike: onePerPair(alike),
    gone: alters([...before].filter((id) => !here.has(id) && isOpen(id))),
    fresh: alters([...here].filter((id) => !before.has(id) && isOpen(id))),
    kept: [...before].filter((id) => here.has(id)).length,
    told: [...fates.values()].filter((fate) => tables.alters[fate.alter_id]).map((fate) => ({ alter: tables.alters[fate.alter_id]!, fate })),
  };
}

/** Each alter stands in one suggestion at a time, the likeliest first. */
function onePerPair(pairs: LookAlike[]): LookAlike[] {
  const taken = new Set<string>();
  return pairs.filter((pair) => {
    if (taken.has(pair.alter_id) || taken.has(pair.same_as_id)) return false;
    taken.add(pair.alter_id).add(pair.same_as_id);
    return true;
  });
}
