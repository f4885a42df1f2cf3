// Ties between alters: a quick walk through pairs, or tapping two on the map.

import { html, nothing, type TemplateResult } from "lit";
import type { App } from "./app";
import { isJoined, nextOpen, pairsOf, recorded, type Pair } from "./pairs";
import { pick, shape } from "./view-parts";
import { wordingOf } from "./view-questions";
import { kindLabel } from "./words";

export function tiesStep(app: App): TemplateResult {
  const { walk } = app;
  const turn = (isTapping: boolean) => {
    Object.assign(walk, { isTapping, first: null, pair: null });
    app.render();
  };
  return html`<h2 tabindex="-1">Who is tied to whom?</h2>
    <div class="mp-sections" role="group" aria-label="How to go about it">
      <button type="button" aria-pressed=${!walk.isTapping} @click=${() => turn(false)}>Pair by pair</button>
      <button type="button" aria-pressed=${walk.isTapping} @click=${() => turn(true)}>Tap two</button>
    </div>
    ${walk.isTapping ? tapping(app) : walking(app)} ${asked(app)}`;
}

/** The walk as it stands: all pairs, what is answered, and where it goes on. */
export function standing(app: App) {
  const pairs = pairsOf(app.tables.ties, app.tables.alters, app.walk.kinds);
  const answers = recorded(app.tables.alter_ties);
  const { at, passed } = app.walk;
  const isHeld = at >= 0 && at < pairs.length; // gone back to on purpose
  const index = isHeld ? at : nextOpen(pairs, answers, passed, last(app, pairs));
  return { pairs, answers, index, answered: pairs.filter((pair) => answers.has(pair.key)).length };
}

function last(app: App, pairs: Pair[]): number {
  const key = app.walk.history.at(-1);
  return key === undefined ? -1 : pairs.findIndex((pair) => pair.key === key);
}

export function answerPair(app: App, answer: "yes" | "no" | "skip"): void {
  const { pairs, index } = standing(app);
  const pair = pairs[index];
  if (!pair) return;
  const { walk } = app;
  if (answer === "skip") walk.passed.add(pair.key);
  else {
    const found = app.pairBetween(pair.one.id, pair.other.id);
    if (answer === "no") app.moves.join(pair.one.id, pair.other.id, "knows", 0);
    else if (!isJoined(found)) app.moves.join(pair.one.id, pair.other.id, "knows");
    walk.passed.delete(pair.key);
  }
  walk.history.push(pair.key);
  walk.at = -1;
  walk.pair = answer === "yes" ? `${pair.one.id} ${pair.other.id}` : null;
  const now = standing(app);
  if (now.answered === now.pairs.length && app.map["alter_ties_asked"] !== "yes") app.moves.describeMap({ alter_ties_asked: "yes" });
  const next = now.pairs[now.index];
  app.announce(next ? `${app.name(next.one)} and ${app.name(next.other)}?` : "All pairs are through.");
  app.render();
}

export function backPair(app: App): void {
  const key = app.walk.history.pop();
  const { pairs } = standing(app);
  const at = pairs.findIndex((pair) => pair.key === key);
  if (at < 0) return;
  app.walk.passed.delete(key!);
  app.walk.at = at;
  app.render();
}

/** Keys of the walk; true when one meant something. */
export function onWalkKey(app: App, event: KeyboardEvent): boolean {
  if (app.walk.isTapping || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return false;
  if ((event.target as Element).closest("#the-map")) return false;
  const key = event.key.toLowerCase();
  if (key === "y") answerPair(app, "yes");
  else if (key === "n") answerPair(app, "no");
  else if (key === "s") answerPair(app, "skip");
  else if (key === "arrowleft") backPair(app);
  else return false;
  return true;
}

function walking(app: App): TemplateResult {
  const { pairs, index, answered, answers } = standing(app);
  const pair = pairs[index];
  const given = pair ? answers.get(pair.key) : undefined;
  return html`${kindBoxes(app)}
    ${pair
      ? html`<div class="mp-pair">
          <p class="quiet small">${wordingOf(app, "alter_tie", "relation", "Do these two know each other?")}</p>
          <p class="mp-pair-names">${shape(app, app.alter(pair.one).kind)} <strong>${app.name(pair.one)}</strong> and
            ${shape(app, app.alter(pair.other).kind)} <strong>${app.name(pair.other)}</strong>?</p>
          ${given ? html`<p class="quiet small">Answered before: ${given.weight === 0 ? "no" : "yes"}</p>` : nothing}
          <div class="mp-yesno">
            <button type="button" class="main" @click=${() => answerPair(app, "yes")}>Yes <kbd>Y</kbd></button>
            <button type="button" class="main" @click=${() => answerPair(app, "no")}>No <kbd>N</kbd></button>
            <button type="button" @click=${() => answerPair(app, "skip")}>Skip <kbd>S</kbd></button>
            <button type="button" ?disabled=${app.walk.history.length === 0} @click=${() => backPair(app)}>Back <kbd>←</kbd></button>
          </div>
        </div>`
      : html`<p class="mp-lead">${pairs.length === 0 ? "There are no two of these kinds on the map." : app.walk.passed.size > 0 ? "Those left were skipped." : "All pairs are through."}</p>
        ${app.walk.passed.size > 0 ? html`<button type="button" @click=${() => { app.walk.passed.clear(); app.render(); }}>Ask the skipped ones again</button>` : nothing}`}
    <p class="small quiet">${answered} of ${pairs.length} pairs</p>
    <progress class="mp-progress" max=${Math.max(1, pairs.length)} value=${answered} aria-label="Pairs answered"></progress>
    ${lastPair(app)}`;
}

function kindBoxes(app: App): TemplateResult {
  const present = app.design.kind_order.filter((kind) => app.ties.some((tie) => app.alter(tie).kind === kind));
  const turn = (kind: string) => {
    const { kinds } = app.walk;
    if (!kinds.delete(kind)) kinds.add(kind);
    app.walk.at = -1;
    app.render();
  };
  return html`<details><summary>Between which kinds: ${present.filter((kind) => app.walk.kinds.has(kind)).map((kind) => kindLabel(app.design, kind).toLowerCase()).join(", ") || "none"}</summary>
    <fieldset><legend class="unseen">Kinds</legend><div class="mp-options">${present.map(
      (kind) => html`<label class="mp-option"><input type="checkbox" .checked=${app.walk.kinds.has(kind)} @change=${() => turn(kind)} />${kindLabel(app.design, kind)}</label>`,
    )}</div></fieldset></details>`;
}

/** The pair last joined, to say more about it or take it back. */
function lastPair(app: App): TemplateResult | typeof nothing {
  const [one, other] = (app.walk.pair ?? "").split(" ").map((id) => app.tie(id));
  if (!one || !other) return nothing;
  const pair = app.pairBetween(one.id, other.id);
  const choices = app.design.choices["alter_ties"]!["relation"]!.choices;
  return html`<section class="mp-joined" aria-label="The pair joined last">
    <p><strong>${app.name(one)}</strong> and <strong>${app.name(other)}</strong></p>
    ${isJoined(pair)
      ? html`${pick({ id: "relation", label: "What joins them", value: pair!.relation, choices, empty: null, change: (relation) => app.moves.join(one.id, other.id, relation) })}
        <div class="mp-yesno"><button type="button" @click=${() => app.moves.join(one.id, other.id, "knows", 0)}>They are not tied</button>
        <button type="button" @click=${() => { app.moves.join(one.id, other.id, null); app.walk.pair = null; app.render(); }}>Take the answer back</button></div>`
      : html`<p class="quiet">${pair ? "Not tied to each other." : "No answer."}</p>
        <button type="button" @click=${() => app.moves.join(one.id, other.id, "knows")}>Join them</button>`}
  </section>`;
}

function tapping(app: App): TemplateResult {
  const first = app.tie(app.walk.first);
  return html`<p class="mp-lead">${first ? html`<strong>${app.name(first)}</strong> and …` : "Tap one on the map, then another: they are joined. Tap a joined pair again to change it."}</p>
    ${app.unplaced.length > 0
      ? html`<ul class="mp-flat">${app.unplaced.map((tie) => html`<li><button type="button" class="mp-chip" aria-pressed=${app.walk.first === tie.id} @click=${() => app.tapPair(tie.id)}>${shape(app, app.alter(tie).kind)}${app.name(tie)}</button></li>`)}</ul>`
      : nothing}
    ${lastPair(app)}`;
}

function asked(app: App): TemplateResult {
  const now = app.map["alter_ties_asked"] as string;
  return html`<div class="mp-asked">${pick({
    id: "asked-ties", label: "Were ties between them asked about?", value: now, empty: null,
    choices: app.design.choices["maps"]!["alter_ties_asked"]!.choices, change: (value) => app.moves.describeMap({ alter_ties_asked: value }),
  })}</div>`;
}
