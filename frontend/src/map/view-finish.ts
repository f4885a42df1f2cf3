// The end of the drawing: what is on the map in plain counts, the questions about the picture, and where to go on.

import { html, type TemplateResult } from "lit";
import type { App } from "./app";
import { ask, askInvented, questionsOf } from "./view-questions";
import { kindLabel } from "./words";

const PLURALS: Record<string, string> = { person: "people", activity: "activities", digital: "digital" };

export function finishStep(app: App): TemplateResult {
  const isFinished = app.map["stage"] === "finished";
  const { participant } = app.state;
  const minutes = app.interview["minutes"] as number | null;
  return html`<h2 tabindex="-1">The picture as it is now</h2>
    <p class="mp-lead">${counts(app)}</p>
    ${questionsOf(app, "map").filter((question) => !question.column_name).map((question) => askInvented(app, question, "map_id", app.state.map_id))}
    ${ask(app, { id: "map-notes", wording: "Notes on the drawing, and how the picture was taken", kind: "text", choices: [], value: (app.map["notes"] as string) ?? null, save: (notes) => app.moves.describeMap({ notes }) })}
    ${ask(app, { id: "minutes", wording: "How long the interview took, in minutes", kind: "number", choices: [], value: minutes, save: (value) => app.moves.describeInterview({ minutes: value }) })}
    <p class="buttons">${isFinished
      ? html`<span class="mp-done">This map is finished. It can still be changed.</span>`
      : html`<button type="button" class="main" @click=${() => { app.moves.describeMap({ stage: "finished" }); app.announce("The map is finished."); }}>The map is finished</button>`}
    </p>
    <p><a href="/participants/${participant.id}/maps.pdf?map=${app.state.map_id}${app.useNames ? "&show=names" : ""}">A page to keep (PDF)</a></p>
    <p><a href="/participants/${participant.id}">Maps through time</a></p>`;
}

function counts(app: App): string {
  const parts = app.design.kind_order
    .map((kind) => ({ kind, number: app.ties.filter((tie) => app.alter(tie).kind === kind).length }))
    .filter(({ number }) => number > 0)
    .map(({ kind, number }) => {
      const label = kindLabel(app.design, kind).toLowerCase();
      return `${number} ${number === 1 ? label : (PLURALS[kind] ?? `${label}s`)}`;
    });
  const unplaced = app.unplaced.length;
  if (parts.length === 0) return "Nothing has been named on this map.";
  return `On this map: ${parts.join(", ")}${unplaced > 0 ? `; ${unplaced} of them in no circle` : ""}.`;
}
