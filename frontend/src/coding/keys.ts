// The keyboard in the text: choose by word, sentence and turn; code with one key.

import type { Coder } from "./coder";
import { indexAt, isFromRight } from "./units";

export const KEYS: [string, string][] = [
  ["← →", "the word before, the next word (the other way round where words run from right to left)"],
  ["↑ ↓", "the sentence before, the next sentence"],
  ["Page Up, Page Down", "the turn before, the next turn"],
  ["Shift with any of these", "extend what is chosen"],
  ["Alt+S, Alt+T", "the whole sentence, the whole turn"],
  ["1 … 9", "put a pinned code on what is chosen"],
  ["Enter, or /", "find a code by its name; Enter there applies it"],
  ["I", "a code of the chosen words themselves"],
  ["N, P", "the next, the previous coded passage"],
  ["Delete", "take the code at the cursor off, where there is one"],
  ["Ctrl+Z, Ctrl+Shift+Z", "undo, redo"],
  ["Esc", "from a field back to the text; in the text, choose nothing"],
];

export function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches("input, textarea, select");
}

const STEPS: Record<string, ["word" | "sentence" | "turn", 1 | -1]> = {
  ArrowLeft: ["word", -1],
  ArrowRight: ["word", 1],
  ArrowUp: ["sentence", -1],
  ArrowDown: ["sentence", 1],
  PageUp: ["turn", -1],
  PageDown: ["turn", 1],
};

/** A key pressed in the text; true when it meant something. */
export function onTextKey(coder: Coder, event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey) return false;
  if (event.altKey) {
    if (event.code !== "KeyS" && event.code !== "KeyT") return false;
    coder.widen(event.code === "KeyS" ? "sentence" : "turn");
    return true;
  }
  const step = STEPS[event.key];
  if (step) coder.go(step[0], onward(coder, event.key, step[1]), event.shiftKey);
  else if (event.key === "Enter" || event.key === "/") document.querySelector<HTMLElement>("#code-filter")?.focus();
  else if (event.key === "i" || event.key === "I") coder.create(null);
  else if (event.key === "n" || event.key === "p") coder.hop(event.key === "n" ? 1 : -1);
  else if (event.key === "Delete" || event.key === "Backspace") takeOff(coder);
  else if (event.key === "Escape") coder.choose({ from: coder.span.from, to: coder.span.from });
  else return false;
  return true;
}

/** Left is onward in a turn written from right to left. */
function onward(coder: Coder, key: string, way: 1 | -1): 1 | -1 {
  if (key !== "ArrowLeft" && key !== "ArrowRight") return way;
  const turn = coder.turns[Math.max(0, indexAt(coder.turns, coder.span.from))];
  return turn && isFromRight(coder.text.slice(turn.from, turn.to)) ? (way === 1 ? -1 : 1) : way;
}

function takeOff(coder: Coder): void {
  const codings = coder.here.flatMap((one) => coder.codingsOf(one.id));
  if (codings.length === 1) coder.uncode(codings[0]!);
  else coder.announce(codings.length === 0 ? "No code here." : `${codings.length} codes here; take one off in the list.`);
}
