// Free recall: one prompt at a time, a name and Enter, and the next; names land in the tray.

import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { App } from "./app";
import { onTrayKey } from "./keys";
import type { Fingers } from "./pointer";
import type { Question, Tie } from "./types";
import { pick, shape } from "./view-parts";
import { kindLabel, roleLabel } from "./words";

export function prompts(app: App): Question[] {
  return app.design.questions.filter((question) => question.subject === "name_generator");
}

function turnPrompt(app: App, by: number): void {
  const all = prompts(app);
  app.recall.prompt = Math.max(0, Math.min(all.length - 1, app.recall.prompt + by));
  const kinds = all[app.recall.prompt]?.kinds;
  if (kinds?.[0] && !kinds.includes(app.recall.kind)) setKind(app, kinds[0]);
  app.render();
  document.querySelector<HTMLElement>("#new-name")?.focus();
}

export function setKind(app: App, kind: string): void {
  if (app.recall.kind !== kind) app.recall.role = "";
  app.recall.kind = kind;
}

function add(app: App): void {
  const field = document.querySelector<HTMLInputElement>("#new-name")!;
  const name = field.value.trim();
  if (!name) return;
  const { recall } = app;
  const question = prompts(app)[recall.prompt];
  const isRecall = !app.map["recall_finished_at"];
  const twin = app.ties.find((tie) => app.name(tie).trim().toLowerCase() === name.toLowerCase());
  const tieId = app.moves.name(name, recall.kind, recall.role || null, question?.id ?? null, isRecall ? "recall" : "later");
  recall.draft = "";
  recall.role = "";
  recall.twin = twin ? `There is already one called ${name}; this is kept as another one.` : "";
  field.value = "";
  app.announce(`${name}, ${kindLabel(app.design, recall.kind)}, is named.${recall.twin ? ` ${recall.twin}` : ""}`);
  app.focused = tieId;
  app.render();
  document.querySelector(`.mp-chip[data-tie="${tieId}"]`)?.scrollIntoView({ block: "nearest" });
  field.focus();
}

export function nameStep(app: App, fingers: Fingers): TemplateResult {
  const all = prompts(app);
  const { recall } = app;
  const prompt = all[recall.prompt];
  const kinds = app.design.kind_order;
  const roles = app.design.roles.filter((role) => role.kind === recall.kind && !role.is_retired).map((role): [string, string] => [role.code, role.label]);
  return html`<div class="mp-naming"><div>
    <h2 tabindex="-1">Who and what is in your life?</h2>
    ${prompt
      ? html`<div class="mp-prompt">
          <p class="mp-prompt-words" id="prompt-words">${prompt.wording}</p>
          <div class="mp-prompt-turn">
            <button type="button" ?disabled=${recall.prompt === 0} @click=${() => turnPrompt(app, -1)}>Back</button>
            <span class="quiet small">${recall.prompt + 1} of ${all.length}</span>
            <button type="button" ?disabled=${recall.prompt === all.length - 1} @click=${() => turnPrompt(app, 1)}>Next prompt</button>
          </div>
          <details .open=${recall.showsAll} @toggle=${(e: Event) => (recall.showsAll = (e.target as HTMLDetailsElement).open)}>
            <summary>All prompts</summary>
            <ol class="mp-prompts">${all.map(
              (question, index) => html`<li><button type="button" class="plain" aria-current=${index === recall.prompt ? "true" : nothing}
                @click=${() => turnPrompt(app, index - recall.prompt)}>${question.wording}</button></li>`,
            )}</ol>
          </details>
        </div>`
      : nothing}
    <form class="mp-add" autocomplete="off" @submit=${(event: Event) => { event.preventDefault(); add(app); }}>
      <label for="new-name">Name, or any word that stands for it</label>
      <div class="mp-add-line">
        <input id="new-name" type="text" autocomplete="off" autocapitalize="words" spellcheck="false" enterkeyhint="done" maxlength="200"
          aria-describedby=${prompt ? "prompt-words" : nothing} .value=${recall.draft} @input=${(e: Event) => (recall.draft = (e.target as HTMLInputElement).value)} />
        <button type="submit" class="main">Add</button>
      </div>
      ${recall.twin ? html`<p class="small mp-twin">${recall.twin}</p>` : nothing}
      <fieldset class="mp-kinds">
        <legend>What is it?</legend>
        ${kinds.map((kind, index) => html`<label class="mp-kind" title="Alt+${index + 1}">
          <input type="radio" name="new-kind" value=${kind} .checked=${recall.kind === kind} @change=${() => { setKind(app, kind); app.render(); }} />
          ${shape(app, kind, 24)}<span>${kindLabel(app.design, kind)}</span></label>`)}
      </fieldset>
      ${pick({ id: "new-role", label: "Role (may be left open)", value: recall.role, choices: roles, empty: "left open", change: (role) => { recall.role = role; app.render(); } })}
    </form></div>
    ${tray(app, fingers)}</div>`;
}

/** Those named and in no circle: press and then tap the map, or carry to it. */
export function tray(app: App, fingers: Fingers): TemplateResult {
  const waiting = app.unplaced;
  return html`<section class="mp-tray" aria-labelledby="tray-title">
    <h3 id="tray-title">Named, in no circle <span class="quiet">${waiting.length}</span></h3>
    ${waiting.length === 0
      ? html`<p class="quiet small">${app.ties.length === 0 ? "Names appear here. Drag them onto the map, or tap a name and then a circle." : "All that were named are in a circle."}</p>`
      : html`<ul>${repeat(waiting, (tie) => tie.id, (tie) => chip(app, fingers, tie))}</ul>`}
    ${known(app)}
  </section>`;
}

function chip(app: App, fingers: Fingers, tie: Tie): TemplateResult {
  const alter = app.alter(tie);
  const isChosen = app.selected === tie.id;
  const role = roleLabel(app.design, alter) || kindLabel(app.design, alter.kind);
  const press = () => app.tapNode(tie.id);
  return html`<li><button type="button" class="mp-chip" data-tie=${tie.id} aria-pressed=${isChosen}
      @pointerdown=${(event: PointerEvent) => fingers.carry(event, tie.id, press)} @keydown=${(event: KeyboardEvent) => onTrayKey(app, event, tie.id)}
      @click=${() => fingers.click(press)}>
    ${shape(app, alter.kind)}<span class="mp-chip-name">${app.name(tie)}</span><span class="unseen">, ${role}, in no circle. Press a circle’s number to put it there.</span>
  </button></li>`;
}

/** Named today on another map of this interview: one press puts the same one here too. */
function known(app: App): TemplateResult | typeof nothing {
  const here = new Set(app.ties.map((tie) => tie.alter_id));
  const others = app.state.named_today.filter((id) => !here.has(id) && app.tables.alters[id]);
  if (others.length === 0 || app.state.states.length < 2) return nothing;
  return html`<h3>On the other map of today</h3>
    <ul>${others.map((id) => html`<li><button type="button" class="mp-chip mp-chip-known" @click=${() => app.moves.nameKnown(id, "later")}>
      ${shape(app, app.tables.alters[id]!.kind)}<span class="mp-chip-name">${app.nameOfAlter(id)}</span><span class="unseen">: put on this map</span></button></li>`)}</ul>`;
}

export function placeStep(app: App, fingers: Fingers): TemplateResult {
  return html`<div class="mp-naming"><div><h2 tabindex="-1">Where do they belong?</h2>
    <ol class="mp-circles">${app.design.circles.map(
      (circle) => html`<li data-near=${app.near === circle.position}><strong>${circle.label}</strong><span>${circle.prompt ?? ""}</span></li>`,
    )}</ol></div>
    ${tray(app, fingers)}</div>`;
}
