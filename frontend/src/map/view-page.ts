// The page around the map: bar, steps, what failed to be saved, dialogs, and the blank sheet when the map is put away.

import { html, nothing, type TemplateResult } from "lit";
import { alarms, saved } from "../saving/view-saving";
import type { App, View } from "./app";
import { KEYS } from "./keys";
import { zoomBy, type Fingers } from "./pointer";
import { aboutStep } from "./view-about";
import { backStep } from "./view-back";
import { canvas, caption } from "./view-canvas";
import { finishStep } from "./view-finish";
import { guide } from "./view-guide";
import { list } from "./view-list";
import { nameStep, placeStep } from "./view-name";
import { tiesStep } from "./view-ties";

const VIEWS: [View, string][] = [
  ["map", "Map"],
  ["both", "Map and list"],
  ["list", "List"],
];
export const STATES: Record<string, string> = { everyday: "Everyday", crisis: "In a crisis", wished_for: "Wished for", retrospective: "Looking back" };

export function page(app: App, fingers: Fingers): TemplateResult {
  if (app.isAway) {
    return html`<section class="mp-away" aria-label="The map is put away">${alarm(app)}<p>The map is put away.</p>
      <button type="button" class="main" @click=${() => app.putAway(false)}>Bring it back</button></section>`;
  }
  return html`${bar(app)} ${alarm(app)} ${steps(app)}
    <div class="mp-body" data-view=${app.view} data-step=${app.step} data-guide=${app.isGuideOpen}>
      <section class="mp-rail" aria-label="What to do now" tabindex=${app.step === "place" ? 0 : nothing}>${rail(app, fingers)}</section>
      ${app.view === "list" ? nothing : mapPart(app)} ${app.view === "map" ? nothing : list(app)} ${app.isGuideOpen ? guide(app) : nothing}
    </div>
    ${dialogs(app)}`;
}

function rail(app: App, fingers: Fingers): TemplateResult {
  if (app.step === "name") return nameStep(app, fingers);
  if (app.step === "place") return placeStep(app, fingers);
  if (app.step === "back") return backStep(app);
  if (app.step === "about") return aboutStep(app);
  if (app.step === "ties") return tiesStep(app);
  return finishStep(app);
}

function bar(app: App): TemplateResult {
  const { undo } = app.state;
  const isBusy = !app.sheet.queue.isIdle;
  return html`<header class="mp-bar">
    <a href="/" class="mp-home">Register</a>
    <p class="mp-who"><strong>${app.state.participant.pseudonym}</strong> <span class="quiet">${app.state.wave.label}</span></p>
    <button type="button" aria-haspopup="dialog" @click=${() => open(app, "states")}>${STATES[app.map["state"] as string]}</button>
    ${saved(app.sheet)}
    <div class="mp-tools">
      <button type="button" ?disabled=${undo.done < 1 && !isBusy} @click=${() => app.sheet.step("undo")} title="Ctrl+Z">Undo</button>
      <button type="button" ?disabled=${undo.undone < 1} @click=${() => app.sheet.step("redo")} title="Ctrl+Shift+Z">Redo</button>
      <button type="button" aria-pressed=${!app.useNames} @click=${() => { app.useNames = !app.useNames; app.render(); }}>Pseudonyms</button>
      <button type="button" aria-pressed=${app.isGuideOpen} @click=${() => { app.isGuideOpen = !app.isGuideOpen; app.render(); }}>Guide</button>
      <button type="button" class="mp-put-away" title="Esc Esc" @click=${() => app.putAway(true)}>Put the map away</button>
    </div>
  </header>`;
}

function alarm(app: App): TemplateResult {
  return alarms(app.sheet, () => {
    app.sheet.refusal = null;
    app.render();
  });
}

function steps(app: App): TemplateResult {
  return html`<nav class="mp-steps" aria-label="Steps">
    <ol>${app.steps.map(
      ({ step, label }, index) => html`<li><button type="button" aria-current=${step === app.step ? "step" : nothing} @click=${() => app.go(step)}>
        <span class="mp-step-number">${index + 1}</span>${label}</button></li>`,
    )}</ol>
    <div class="mp-views" role="group" aria-label="Show">${VIEWS.map(
      ([view, label]) => html`<button type="button" aria-pressed=${app.view === view} @click=${() => setView(app, view)}>${label}</button>`,
    )}</div>
  </nav>`;
}

export function setView(app: App, view: View): void {
  app.view = view;
  localStorage.setItem("kith-map-view", view);
  app.render();
}

function mapPart(app: App): TemplateResult {
  return html`<section class="mp-map" aria-label="Map">
    <p id="map-how" class="unseen">Arrow left and right turn it along its circle, up and down move it inwards and outwards, Page Down goes to the next one,
      Enter opens it, question mark tells all keys. The list holds the same.</p>
    <div class="mp-frame">${canvas(app)}</div>
    ${app.step !== "name" && app.state.before
      ? html`<button type="button" class="mp-ghost-button" aria-pressed=${app.showsGhost} @click=${() => { app.showsGhost = !app.showsGhost; app.render(); }}>Earlier map</button>`
      : nothing}
    <div class="mp-zoom" role="group" aria-label="Size of the map">
      <button type="button" aria-label="Smaller" ?disabled=${app.zoom.k <= 1} @click=${() => zoomBy(app, 1 / 1.4)}>−</button>
      <button type="button" aria-label="Larger" ?disabled=${app.zoom.k >= 5} @click=${() => zoomBy(app, 1.4)}>+</button>
      <button type="button" aria-label="Keys" @click=${() => open(app, "keys")}>?</button>
    </div>
    ${caption(app)}
  </section>`;
}

// -- dialogs -----------------------------------------------------------------------------------------------------------------

export function open(app: App, kind: "keys" | "states"): void {
  app.dialog = { kind };
  app.render();
}

function close(app: App): void {
  const { dialog } = app;
  app.dialog = null;
  app.render();
  if (dialog?.kind === "remove") document.querySelector<HTMLElement>(`[data-tie="${dialog.tieId}"]`)?.focus();
}

function dialogs(app: App): TemplateResult {
  const { dialog } = app;
  const title = dialog?.kind === "keys" ? "Keys on the map" : dialog?.kind === "states" ? "Which state of the network?" : "Take it off the map?";
  return html`<dialog class="mp-dialog" aria-label=${title} ?data-open=${dialog !== null} @close=${() => close(app)} @cancel=${() => close(app)}>
    ${dialog === null ? nothing : html`<h2>${title}</h2>${dialog.kind === "keys" ? keysTable() : dialog.kind === "states" ? states(app) : removing(app, dialog.tieId)}
      <p class="buttons"><button type="button" @click=${() => close(app)}>${dialog.kind === "remove" ? "Keep it" : "Close"}</button></p>`}
  </dialog>`;
}

function keysTable(): TemplateResult {
  return html`<dl class="mp-keys">${KEYS.map(([key, meaning]) => html`<dt>${key}</dt><dd>${meaning}</dd>`)}</dl>`;
}

function states(app: App): TemplateResult {
  const drawn = app.state.states;
  const missing = Object.keys(STATES).filter((state) => !drawn.some((one) => one.state === state));
  const start = (state: string, copy: boolean) =>
    app.moves.startState(state, copy ? app.state.map_id : null, (mapId) => location.assign(`/maps/${mapId}`));
  return html`<p>One network can look different in a crisis. Each state at this wave has a map of its own.</p>
    <ul class="mp-states">${drawn.map(
      (one) => html`<li>${one.map_id === app.state.map_id ? html`<strong>${STATES[one.state]}</strong> <span class="quiet">this map</span>` : html`<a class="button" href="/maps/${one.map_id}">${STATES[one.state]}</a>`}</li>`,
    )}
    ${missing.map((state) => html`<li><span>${STATES[state]}</span>
      <button type="button" @click=${() => start(state, true)}>Begin from a copy of this map</button>
      <button type="button" @click=${() => start(state, false)}>Begin blank</button></li>`)}</ul>`;
}

function removing(app: App, tieId: string): TemplateResult | typeof nothing {
  const tie = app.tie(tieId);
  if (!tie) return nothing;
  return html`<p>${app.name(tie)} and what was said about it on this map will be taken away. Undo brings it all back.</p>
    <p class="buttons"><button type="button" class="danger" @click=${() => app.remove(tieId)}>Take it off</button></p>`;
}
