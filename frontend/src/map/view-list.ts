// The list twin: everything the map holds, with ordinary controls that edit all of it.

import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { App } from "./app";
import { angleOfHour, hourOf } from "./geometry";
import { isJoined } from "./pairs";
import type { Tie } from "./types";
import { pick, shape, words } from "./view-parts";
import { kindLabel } from "./words";

const HOURS = Array.from({ length: 12 }, (_, index): [string, string] => [String(index + 1), `${index + 1} o’clock`]);

export function list(app: App): TemplateResult {
  return html`<section class="mp-list" aria-labelledby="list-title">
    <h2 id="list-title" tabindex="-1">List</h2>
    ${app.ties.length === 0
      ? html`<p class="quiet">Nobody and nothing is named yet.</p>`
      : html`<ul class="mp-lines">${repeat(app.ties, (tie) => tie.id, (tie) => line(app, tie))}</ul>`}
  </section>`;
}

function line(app: App, tie: Tie): TemplateResult {
  const alter = app.alter(tie);
  const { design } = app;
  const name = app.name(tie);
  const roles = design.roles.filter((role) => role.kind === alter.kind && (!role.is_retired || role.code === alter.role)).map((role): [string, string] => [role.code, role.label]);
  const circles = design.circles.map((circle): [string, string] => [String(circle.position), circle.label]);
  const hour = (value: string) => tie.circle !== null && app.put(tie.id, { circle: tie.circle, angle: angleOfHour(Number(value)), distance: tie.distance ?? 0.5 });
  return html`<li data-chosen=${tie.id === app.selected}>
    <h3>${shape(app, alter.kind)}<span>${name}</span></h3>
    <div class="mp-fields" role="group" aria-label=${name}>
      ${app.useNames
        ? words(app, { key: `list name ${alter.id}`, label: "Name", value: name, save: (text) => app.moves.rename(alter.id, text), needs: true })
        : words(app, { key: `list pseudonym ${alter.id}`, label: "Pseudonym", value: alter.pseudonym, save: (text) => app.moves.describeAlter(alter.id, { pseudonym: text }), needs: true })}
      ${pick({ id: `list-kind-${tie.id}`, label: "Kind", value: alter.kind, empty: null,
        choices: design.kind_order.map((kind): [string, string] => [kind, kindLabel(design, kind)]), change: (kind) => app.moves.describeAlter(alter.id, { kind, role: null }) })}
      ${pick({ id: `list-role-${tie.id}`, label: "Role", value: alter.role ?? "", choices: roles, empty: "left open", change: (role) => app.moves.describeAlter(alter.id, { role: role || null }) })}
      ${pick({ id: `list-circle-${tie.id}`, label: "Circle", value: tie.circle === null ? "" : String(tie.circle), choices: circles, empty: "in no circle",
        change: (circle) => (circle === "" ? app.unplace(tie.id) : app.putInCircle(tie.id, Number(circle))) })}
      ${tie.circle === null ? nothing : pick({ id: `list-hour-${tie.id}`, label: "Towards", value: String(hourOf(tie.angle ?? 0)), choices: HOURS, empty: null, change: hour })}
    </div>
    ${supports(app, tie)}
    <div class="mp-line-more">${tiedTo(app, tie)}
      <div class="mp-line-buttons"><button type="button" class="plain" @click=${() => app.openPanel(tie.id)}>Questions<span class="unseen"> about ${name}</span></button>
      <button type="button" class="plain danger" @click=${() => { app.dialog = { kind: "remove", tieId: tie.id }; app.render(); }}>Take off<span class="unseen"> ${name}</span></button></div></div>
  </li>`;
}

function supports(app: App, tie: Tie): TemplateResult | typeof nothing {
  const rows = Object.values(app.tables.supports).filter((row) => row["tie_id"] === tie.id);
  if (rows.length === 0) return nothing;
  const directions = new Map(app.design.choices["supports"]!["direction"]!.choices);
  const label = (code: string) => app.design.support_types.find((type) => type.code === code)?.label ?? code;
  return html`<p class="small">Support: ${rows.map((row) => `${label(row["support_type"] as string)} (${(directions.get(row["direction"] as string) ?? "").toLowerCase()})`).join(", ")}</p>`;
}

/** To whom it is tied, each with a button that takes the tie away, and a select that adds one. */
function tiedTo(app: App, tie: Tie): TemplateResult {
  const name = app.name(tie);
  const joined = Object.values(app.tables.alter_ties)
    .filter((pair) => isJoined(pair) && (pair.from_tie_id === tie.id || pair.to_tie_id === tie.id))
    .map((pair) => app.tie(pair.from_tie_id === tie.id ? pair.to_tie_id : pair.from_tie_id))
    .filter((other): other is Tie => other !== undefined);
  const ids = new Set(joined.map((other) => other.id));
  const free = app.ties.filter((other) => other.id !== tie.id && !ids.has(other.id)).map((other): [string, string] => [other.id, app.name(other)]);
  return html`<details class="mp-tied"><summary>Ties<span class="unseen"> of ${name}</span> ${joined.length || ""}</summary>
    ${joined.length > 0
      ? html`<ul class="mp-flat">${joined.map((other) => html`<li>${app.name(other)} <button type="button" class="plain" @click=${() => app.moves.join(tie.id, other.id, null)}>Untie<span class="unseen"> ${name} and ${app.name(other)}</span></button></li>`)}</ul>`
      : nothing}
    ${pick({ id: `list-tie-${tie.id}`, label: `Tie ${name} to`, value: "", choices: free, empty: "choose …", change: (other) => other && app.moves.join(tie.id, other, "knows") })}
  </details>`;
}
