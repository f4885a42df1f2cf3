// What happened between ego and one alter: asked, refused, disclosed, felt or enacted stigma … each with a note.

import { html, nothing, type TemplateResult } from "lit";
import type { App } from "./app";
import type { Row, Tie } from "./types";
import { pick, words } from "./view-parts";
import { ask, questionsOf } from "./view-questions";

export function eventsPart(app: App, tie: Tie): TemplateResult {
  const events = Object.values(app.tables.events)
    .filter((row) => row["alter_id"] === tie.alter_id)
    .sort((a, b) => (a.id < b.id ? 1 : -1));
  const here = events.filter((row) => row["map_id"] === app.state.map_id);
  const earlier = events.filter((row) => row["map_id"] !== app.state.map_id);
  const spec = app.design.choices["events"]!;
  const asked = questionsOf(app, "event", app.alter(tie).kind).filter((question) => question.column_name === "event" || question.column_name === "response");
  const add = (event: string) => {
    if (!event) return;
    const id = app.moves.note(tie.alter_id, { event });
    document.querySelector<HTMLSelectElement>("#new-event")!.value = "";
    app.announce(`Noted: ${labelOf(spec["event"]!.choices, event)}.`);
    app.focusOn(`#event-${id}-note`);
  };
  return html`${asked.map((question) => html`<p class="mp-lead">${question.wording}</p>`)}
    ${pick({ id: "new-event", label: "Note something that happened", value: "", choices: spec["event"]!.choices, empty: "choose …", change: add })}
    ${here.map((row) => card(app, tie, row))}
    ${earlier.length > 0 ? html`<h3>Told before, or on another map</h3><ul>${earlier.map((row) => html`<li>${labelOf(spec["event"]!.choices, row["event"] as string)}
      ${row["happened_on"] ? html`<span class="quiet">${row["happened_on"]}</span>` : nothing} ${row["note"] ?? ""}</li>`)}</ul>` : nothing}`;
}

function labelOf(choices: [string, string][], code: string): string {
  return choices.find(([other]) => other === code)?.[1] ?? code;
}

function card(app: App, tie: Tie, row: Row): TemplateResult {
  const spec = app.design.choices["events"]!;
  const save = (values: Record<string, unknown>) => app.moves.note(tie.alter_id, values, row.id);
  const choose = (column: string, label: string) =>
    pick({ id: `event-${row.id}-${column}`, label, value: (row[column] as string) ?? "", choices: spec[column]!.choices, change: (value) => save({ [column]: value || null }) });
  return html`<section class="mp-event" aria-label=${labelOf(spec["event"]!.choices, row["event"] as string)}>
    ${pick({ id: `event-${row.id}-event`, label: "What happened", value: row["event"] as string, choices: spec["event"]!.choices, empty: null, change: (event) => save({ event }) })}
    <div class="mp-words"><label for=${`event-${row.id}-on`}>When, if known</label>
      <input id=${`event-${row.id}-on`} type="date" .value=${(row["happened_on"] as string) ?? ""} @change=${(e: Event) => save({ happened_on: (e.target as HTMLInputElement).value || null })} /></div>
    <div class="mp-two">${choose("response", "What the person did")} ${choose("effect", "What it did to the tie")}</div>
    <div id=${`event-${row.id}-note`} tabindex="-1">${words(app, { key: `note ${row.id}`, label: "Note", value: (row["note"] as string) ?? "", rows: 2, save: (note) => save({ note: note || null }) })}</div>
    <details><summary>Why${row["reasons"] ? " ✓" : ""}</summary>${ask(app, { id: `event-${row.id}-why`, wording: "Reasons", kind: "choices", choices: spec["reasons"]!.choices, value: (row["reasons"] as string[] | null) ?? null, save: (reasons) => save({ reasons }) })}</details>
    <button type="button" class="plain danger" @click=${() => app.moves.removeEvent(row.id)}>Remove this note</button>
  </section>`;
}
