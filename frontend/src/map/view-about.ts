// About each: the study's questions of one tie, what it gives, what happened, and what it is.

import { html, nothing, type TemplateResult } from "lit";
import { keyed } from "lit/directives/keyed.js";
import type { App } from "./app";
import type { Alter, Tie } from "./types";
import { eventsPart } from "./view-events";
import { pick, shape, words } from "./view-parts";
import { askInvented, askOfTie, onPanelKey, questionsOf, wordingOf } from "./view-questions";
import { saidPart } from "./view-said";
import { supportsPart } from "./view-supports";
import { isTyping } from "./keys";
import { kindLabel, placeWords, roleLabel } from "./words";

const SECTIONS: [App["section"], string][] = [
  ["questions", "Questions"],
  ["supports", "Support"],
  ["events", "Events"],
  ["itself", "Details"],
];

export function aboutStep(app: App): TemplateResult {
  const tie = app.tie(app.selected);
  if (!tie || !app.tables.alters[tie.alter_id]) {
    return html`<h2 tabindex="-1">About each</h2><p class="quiet">${app.ties.length === 0 ? "Nobody and nothing is named yet." : "Choose one on the map."}</p>`;
  }
  const alter = app.alter(tie);
  const { ties } = app;
  const onKey = (event: KeyboardEvent) => {
    const isField = isTyping(event.target);
    if (event.key === "PageDown" || event.key === "PageUp") app.turn(event.key === "PageDown" ? 1 : -1);
    else if (isField || !onPanelKey(event, event.currentTarget as HTMLElement)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  return html`<div class="mp-panel" @keydown=${onKey}>
    <div class="mp-turn">
      <button type="button" aria-label="The one before" title="Page Up" @click=${() => app.turn(-1)}>←</button>
      <span class="quiet small">${ties.findIndex((one) => one.id === tie.id) + 1} of ${ties.length}</span>
      <button type="button" aria-label="The next one" title="Page Down" @click=${() => app.turn(1)}>→</button>
    </div>
    <h2 tabindex="-1" class="mp-panel-name">${shape(app, alter.kind, 26)}<span>${app.name(tie)}</span></h2>
    <p class="quiet">${roleLabel(app.design, alter) || kindLabel(app.design, alter.kind)}; ${placeWords(app.design, tie)}</p>
    <div class="mp-sections" role="group" aria-label="Part of the panel">${SECTIONS.map(
      ([section, label]) => html`<button type="button" aria-pressed=${app.section === section} @click=${() => { app.section = section; app.render(); }}>${label}${badge(app, section, tie)}</button>`,
    )}</div>
    ${keyed(`${tie.id} ${app.section}`, section(app, tie, alter))}
    ${app.state.is_recall ? nothing : keyed(tie.alter_id, saidPart(app, tie))}
  </div>`;
}

function badge(app: App, section: App["section"], tie: Tie): string {
  const count =
    section === "supports"
      ? Object.values(app.tables.supports).filter((row) => row["tie_id"] === tie.id).length
      : section === "events"
        ? Object.values(app.tables.events).filter((row) => row["alter_id"] === tie.alter_id).length
        : 0;
  return count ? ` ${count}` : "";
}

function section(app: App, tie: Tie, alter: Alter): TemplateResult {
  if (app.section === "supports") return supportsPart(app, tie);
  if (app.section === "events") return eventsPart(app, tie);
  if (app.section === "itself") return itself(app, tie, alter);
  const questions = questionsOf(app, "tie", alter.kind);
  return html`${questions.length === 0 ? html`<p class="quiet">This study asks nothing about ties at this wave.</p>` : nothing}
    ${questions.map((question) => askOfTie(app, question, tie))}
    <p class="quiet small">Number keys answer and go on; 0 takes an answer back; Page Down goes to the next tie. Anything may stay open.</p>`;
}

function itself(app: App, tie: Tie, alter: Alter): TemplateResult {
  const { design } = app;
  const roles = design.roles.filter((role) => role.kind === alter.kind && (!role.is_retired || role.code === alter.role)).map((role): [string, string] => [role.code, role.label]);
  const describe = (column: string) => (value: string) => app.moves.describeAlter(alter.id, { [column]: value.trim() || null });
  const name = Object.values(app.tables.identities).find((row) => row["alter_id"] === alter.id)?.["name"] as string | undefined;
  return html`
    ${words(app, { key: `name ${alter.id}`, label: "Name, kept apart from the research data", value: name ?? "", save: (text) => app.moves.rename(alter.id, text), needs: true })}
    ${words(app, { key: `pseudonym ${alter.id}`, label: "Pseudonym in the study", value: alter.pseudonym, save: describe("pseudonym"), needs: true })}
    ${pick({
      id: `kind-${alter.id}`, label: wordingOf(app, "alter", "kind", "What is it?"), value: alter.kind, empty: null,
      choices: design.kind_order.map((kind): [string, string] => [kind, kindLabel(design, kind)]),
      change: (kind) => app.moves.describeAlter(alter.id, roles.some(([code]) => code === alter.role) && kind !== alter.kind ? { kind, role: null } : { kind }),
    })}
    ${pick({ id: `role-${alter.id}`, label: wordingOf(app, "alter", "role", "What is it to you?"), value: alter.role ?? "", choices: roles, empty: "left open", change: describe("role") })}
    ${words(app, { key: `known_since ${alter.id}`, label: wordingOf(app, "alter", "known_since", "Since when has it been known?"), value: alter.known_since ?? "", save: describe("known_since") })}
    ${words(app, { key: `met_where ${alter.id}`, label: wordingOf(app, "alter", "met_where", "How did they come together?"), value: alter.met_where ?? "", save: describe("met_where") })}
    ${questionsOf(app, "alter", alter.kind).filter((question) => !question.column_name).map((question) => askInvented(app, question, "alter_id", alter.id))}
    <p class="buttons"><button type="button" class="danger" @click=${() => { app.dialog = { kind: "remove", tieId: tie.id }; app.render(); }}>Take off this map</button></p>`;
}
