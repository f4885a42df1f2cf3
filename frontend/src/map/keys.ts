// The keyboard on the map: along the ring, in and out, from one to the next; each move is spoken.

import type { App } from "./app";
import { round, within, wrap } from "./geometry";
import type { Tie } from "./types";

export const KEYS: [string, string][] = [
  ["Tab", "to the map, and on from it"],
  ["← →", "turn along the circle, 10° a step; with Shift an hour of the clock"],
  ["↑ ↓", "inwards, outwards; outwards from the outermost circle: in no circle"],
  ["1 2 3 …", "straight into that circle; 0 in none"],
  ["Page Down, Page Up", "the next, the one before; Home and End the first and last"],
  ["Enter", "open the questions about it, or choose it when joining two"],
  ["Esc", "from the questions back to the map"],
  ["Delete", "take it off the map (asks first)"],
  ["Ctrl+Z, Ctrl+Shift+Z", "undo, redo"],
  ["Esc Esc", "put the map away"],
  ["?", "these keys"],
];

export function focusNode(app: App, tieId: string): void {
  app.focused = tieId;
  app.render();
  document.querySelector<SVGElement>(`#the-map [data-tie="${tieId}"]`)?.focus();
}

/** Turn a tie along its circle. */
export function turned(tie: Tie, by: number): { circle: number; angle: number; distance: number } {
  return { circle: tie.circle!, angle: round(wrap((tie.angle ?? 0) + by), 2), distance: tie.distance ?? 0.5 };
}

/** One circle inwards or outwards at the same angle; null when it leaves the outermost. */
export function stepped(tie: Tie, by: 1 | -1, rings: number): { circle: number; angle: number; distance: number } | null {
  const circle = tie.circle! + by;
  if (circle > rings) return null;
  const kept = Math.max(1, circle);
  return { circle: kept, angle: tie.angle ?? 0, distance: round(within((kept - 0.5) / rings, kept, rings), 4) };
}

function neighbour(app: App, tie: Tie, key: string): Tie | undefined {
  const order = app.walkOrder;
  const at = order.findIndex((other) => other.id === tie.id);
  if (key === "Home") return order[0];
  if (key === "End") return order.at(-1);
  return order[(at + (key === "PageDown" ? 1 : -1) + order.length) % order.length];
}

/** A key pressed on a node of the map; true when it meant something. */
export function onNodeKey(app: App, event: KeyboardEvent): boolean {
  const id = (event.target as Element).closest("#the-map [data-tie]")?.getAttribute("data-tie") ?? null;
  const tie = app.tie(id);
  if (!tie || tie.circle === null || event.ctrlKey || event.metaKey || event.altKey) return false;
  const { key } = event;
  if (key === "ArrowLeft" || key === "ArrowRight") {
    app.put(tie.id, turned(tie, (key === "ArrowRight" ? 1 : -1) * (event.shiftKey ? 30 : 10)));
  } else if (key === "ArrowUp" || key === "ArrowDown") {
    const place = stepped(tie, key === "ArrowDown" ? 1 : -1, app.rings);
    if (place && place.circle !== tie.circle) app.put(tie.id, place);
    else if (!place) leave(app, tie);
    else app.tell(tie.id);
  } else if (/^[0-9]$/.test(key) && Number(key) <= app.rings) {
    if (key === "0") leave(app, tie);
    else app.putInCircle(tie.id, Number(key));
  } else if (["PageDown", "PageUp", "Home", "End"].includes(key)) {
    const next = neighbour(app, tie, key);
    if (next) focusNode(app, next.id);
    return true;
  } else if (key === "Enter" || key === " ") {
    if (app.step === "ties") app.tapPair(tie.id);
    else app.openPanel(tie.id);
    return true;
  } else if (key === "Delete" || key === "Backspace") {
    app.dialog = { kind: "remove", tieId: tie.id };
    app.render();
    return true;
  } else return false;
  app.render();
  if (app.tie(tie.id)?.circle !== null) focusNode(app, tie.id);
  return true;
}

function leave(app: App, tie: Tie): void {
  const next = neighbour(app, tie, "PageDown");
  app.unplace(tie.id);
  app.render();
  const inTray = document.querySelector<HTMLElement>(`.mp-tray [data-tie="${tie.id}"]`);
  if (inTray) inTray.focus();
  else if (next && next.id !== tie.id) focusNode(app, next.id);
}

/** A key pressed on a name in the tray: a digit, or inwards into the outermost circle. */
export function onTrayKey(app: App, event: KeyboardEvent, tieId: string): void {
  const digit = /^[1-9]$/.test(event.key) && Number(event.key) <= app.rings ? Number(event.key) : null;
  const circle = digit ?? (event.key === "ArrowUp" ? app.rings : null);
  if (circle !== null && !event.ctrlKey && !event.altKey) {
    event.preventDefault();
    app.selected = null;
    app.putInCircle(tieId, circle);
    focusNode(app, tieId);
  } else if (event.key === "Delete") {
    app.dialog = { kind: "remove", tieId };
    app.render();
  }
}

export function isTyping(target: EventTarget | null): boolean {
  const element = target as HTMLElement | null;
  return element?.closest?.("input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]") != null;
}
