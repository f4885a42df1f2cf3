// One question and its answer, however it is answered: radio buttons, boxes, words, a number, another tie.

import { html, nothing, type TemplateResult } from "lit";
import type { App } from "./app";
import type { ColumnSpec, Question, Row, Tie } from "./types";
import { pick, words } from "./view-parts";

type Value = string | number | boolean | string[] | null;

export interface Asked {
  id: string; // of the field, unique on the page
  wording: string;
  kind: string; // "choice", "integer", "choices", "boolean", "text", "number"
  choices: [string, string][];
  value: Value;
  save: (value: Value) => void;
  isKept?: boolean; // there is always an answer, so none to take back
  clear?: () => void; // where "asked and not answered" differs from "no record"
}

const YES_NO: [string, string][] = [
  ["yes", "Yes"],
  ["no", "No"],
];

/** The question as a group that number keys answer: 1 for the first, 0 to take the answer back. */
export function ask(app: App, asked: Asked): TemplateResult {
  if (asked.kind === "choices") return boxes(asked);
  if (asked.kind === "choice" || asked.kind === "boolean" || (asked.kind === "integer" && asked.choices.length > 0)) return radios(asked);
  const text = asked.value === null ? "" : String(asked.value);
  const isNumber = asked.kind === "number" || asked.kind === "integer";
  const save = (typed: string) => {
    if (typed.trim() === "") asked.save(null);
    else if (!isNumber) asked.save(typed);
    else if (Number.isFinite(Number(typed.replace(",", ".")))) asked.save(Number(typed.replace(",", ".")));
  };
  return html`<div class="mp-ask" data-question=${asked.id}>${words(app, { key: asked.id, label: asked.wording, value: text, save, rows: isNumber ? 0 : 2 })}</div>`;
}

function radios(asked: Asked): TemplateResult {
  const choices = asked.kind === "boolean" ? YES_NO : asked.choices;
  const now = typeof asked.value === "boolean" ? (asked.value ? "yes" : "no") : asked.value === null ? null : String(asked.value);
  const give = (code: string) => asked.save(asked.kind === "boolean" ? code === "yes" : asked.kind === "integer" ? Number(code) : code);
  return html`<fieldset class="mp-ask" data-question=${asked.id} data-answered=${now !== null}>
    <legend>${asked.wording}</legend>
    <div class="mp-options">${choices.map(
      ([code, label], index) => html`<label class="mp-option"><input type="radio" name=${asked.id} .checked=${now === code} @change=${() => give(code)} />
        <span class="mp-key" aria-hidden="true">${index < 9 ? index + 1 : ""}</span>${label}</label>`,
    )}
    ${now === null || asked.isKept ? nothing : html`<button type="button" class="plain mp-clear" @click=${() => (asked.clear ?? (() => asked.save(null)))()}>Take back</button>`}</div>
  </fieldset>`;
}

function boxes(asked: Asked): TemplateResult {
  const now = Array.isArray(asked.value) ? asked.value : [];
  const turn = (code: string) => {
    const next = now.includes(code) ? now.filter((other) => other !== code) : [...now, code];
    if (next.length === 0 && asked.clear) asked.clear();
    else asked.save(next.length === 0 ? null : next);
  };
  return html`<fieldset class="mp-ask" data-question=${asked.id} data-answered=${now.length > 0}>
    <legend>${asked.wording}</legend>
    <div class="mp-options">${asked.choices.map(
      ([code, label], index) => html`<label class="mp-option"><input type="checkbox" .checked=${now.includes(code)} @change=${() => turn(code)} />
        <span class="mp-key" aria-hidden="true">${index < 9 ? index + 1 : ""}</span>${label}</label>`,
    )}</div>
  </fieldset>`;
}

// -- which questions, and where their answers are kept -----------------------------------------------------------------------

export function questionsOf(app: App, subject: string, kind?: string): Question[] {
  return app.design.questions.filter((question) => question.subject === subject && (!question.kinds || !kind || question.kinds.includes(kind)));
}

export function wordingOf(app: App, subject: string, column: string, fallback: string): string {
  return app.design.questions.find((question) => question.subject === subject && question.column_name === column)?.wording ?? fallback;
}

/** A question of the tie: a column of it, or one the study invented. */
export function askOfTie(app: App, question: Question, tie: Tie): TemplateResult | typeof nothing {
  const column = question.column_name;
  if (!column) return askInvented(app, question, "tie_id", tie.id);
  if (column === "circle") return askCircle(app, question, tie);
  if (column === "via_tie_id") return askVia(app, question.wording, `via-${tie.id}`, tie.via_tie_id, tie.id, (via) => app.moves.describeTie(tie.id, { via_tie_id: via }));
  const spec = app.design.choices["ties"]?.[column];
  if (!spec) return nothing;
  return askColumn(app, question.wording, spec, `${column}-${tie.id}`, tie[column] as Value, (value) => app.moves.describeTie(tie.id, { [column]: value }));
}

export function askColumn(app: App, wording: string, spec: ColumnSpec, id: string, value: Value | undefined, save: (value: Value) => void): TemplateResult {
  return ask(app, { id, wording, kind: spec.kind, choices: spec.choices, value: value ?? null, save });
}

export function askInvented(app: App, question: Question, column: string, rowId: string): TemplateResult {
  const row = Object.values(app.tables.answers).find((answer) => answer["question_id"] === question.id && answer[column] === rowId);
  const kind = question.answer_kind ?? "text";
  const save = (value: Value) => app.moves.answer(question.id, column, rowId, value);
  const clear = () => app.moves.answer(question.id, column, rowId, undefined);
  return ask(app, { id: `q-${question.code}-${rowId}`, wording: question.wording, kind, choices: question.options ?? [], value: valueOf(row, kind), save, clear });
}

function valueOf(row: Row | undefined, kind: string): Value {
  if (!row) return null;
  if (kind === "number") return row["number"] as number | null;
  if (kind === "choices") return row["codes"] as string[] | null;
  if (kind === "boolean") return row["text"] === null || row["text"] === undefined ? null : row["text"] === "yes";
  return (row["text"] as string | null) ?? null;
}

function askCircle(app: App, question: Question, tie: Tie): TemplateResult {
  const choices = app.design.circles.map((circle): [string, string] => [String(circle.position), circle.label]);
  const save = (value: Value) => (value === null || value === "none" ? app.unplace(tie.id) : app.putInCircle(tie.id, Number(value)));
  const value = tie.circle === null ? "none" : String(tie.circle);
  return ask(app, { id: `circle-${tie.id}`, wording: question.wording, kind: "choice", choices: [...choices, ["none", "In no circle"]], value, save, isKept: true });
}

export function askVia(app: App, wording: string, id: string, value: string | null, except: string, save: (via: string | null) => void): TemplateResult {
  const choices = app.ties.filter((tie) => tie.id !== except).map((tie): [string, string] => [tie.id, app.name(tie)]);
  return html`<div class="mp-ask" data-question=${id}>${pick({ id, label: wording, value: value ?? "", choices, change: (via) => save(via || null), empty: "not through another" })}</div>`;
}

// -- number keys -----------------------------------------------------------------------------------------------------------------

/** Answer the question the focus is in (or the first one open) with a number key; go on to the next one. */
export function onPanelKey(event: KeyboardEvent, panel: HTMLElement): boolean {
  if (!/^[0-9]$/.test(event.key) || event.ctrlKey || event.metaKey || event.altKey) return false;
  const groups = [...panel.querySelectorAll<HTMLElement>("fieldset[data-question]")];
  const here = (document.activeElement as HTMLElement | null)?.closest<HTMLElement>("[data-question]");
  const group = here ?? groups.find((one) => one.dataset["answered"] !== "true") ?? groups[0];
  if (!group) return false;
  if (event.key === "0") {
    group.querySelector<HTMLElement>(".mp-clear")?.click();
    return true;
  }
  const input = group.querySelectorAll<HTMLInputElement>("input[type=radio], input[type=checkbox]")[Number(event.key) - 1];
  if (!input) return true;
  input.focus();
  input.click();
  if (input.type === "radio") focusQuestion(panel, group, 1);
  return true;
}

function focusQuestion(panel: HTMLElement, from: HTMLElement, by: number): void {
  const all = [...panel.querySelectorAll<HTMLElement>("[data-question]")];
  const next = all[all.indexOf(from) + by];
  const target = next?.querySelector<HTMLElement>("input:checked, input, textarea, select");
  if (!target || !next) return;
  target.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}
