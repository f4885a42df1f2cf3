// How alters, places and answers are said in words.

import { hourOf } from "./geometry";
import type { Alter, Design, MapState, Tables, Tie } from "./types";

export interface Speech {
  state: MapState;
  tables: Tables;
  useNames: boolean;
}

const ORDINALS = ["", "first", "second", "third", "fourth", "fifth", "sixth", "seventh"];

export function nameOf(speech: Speech, alterId: string): string {
  const alter = speech.tables.alters[alterId];
  if (!alter) return "Someone";
  if (!speech.useNames) return alter.pseudonym;
  for (const identity of Object.values(speech.tables.identities)) {
    if (identity["alter_id"] === alterId && identity["name"]) return identity["name"] as string;
  }
  return alter.pseudonym;
}

export function kindLabel(design: Design, kind: string): string {
  return design.kinds[kind]?.label ?? kind;
}

export function roleLabel(design: Design, alter: Alter): string {
  if (!alter.role) return "";
  return design.roles.find((role) => role.code === alter.role)?.label ?? alter.role;
}

export function circleWords(design: Design, circle: number): string {
  const label = design.circles[circle - 1]?.label;
  return `${ORDINALS[circle] ?? `${circle}th`} circle${label ? `, ${label}` : ""}`;
}

export function placeWords(design: Design, tie: Tie): string {
  if (tie.circle === null) return "in no circle";
  return `${circleWords(design, tie.circle)}; towards ${hourOf(tie.angle ?? 0)} o’clock`;
}

/** "Ana, Friend; second circle, Important; towards 2 o'clock" */
export function spoken(speech: Speech, tie: Tie): string {
  const alter = speech.tables.alters[tie.alter_id];
  if (!alter) return "Someone";
  const design = speech.state.design;
  const what = roleLabel(design, alter) || kindLabel(design, alter.kind);
  return `${nameOf(speech, alter.id)}, ${what}; ${placeWords(design, tie)}`;
}

export function shorten(text: string, length: number): string {
  const letters = [...text];
  return letters.length <= length ? text : `${letters.slice(0, length - 1).join("").trimEnd()}…`;
}
