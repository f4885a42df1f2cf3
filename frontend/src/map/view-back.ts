// Looking back, one at a time: the same under another spelling? gone since last time? new since then?

import { html, nothing, type TemplateResult } from "lit";
import type { App } from "./app";
import { asksReasons, freshFates, GONE_FATES, lookBack } from "./lookback";
import type { Alter, Fate, LookAlike } from "./types";
import { pick, shape, words } from "./view-parts";
import { ask } from "./view-questions";
import { kindLabel, roleLabel } from "./words";

export function backStep(app: App): TemplateResult {
  const { before } = app.state;
  if (app.state.is_recall) return gate(app);
  if (!before) return html`<h2 tabindex="-1">Looking back</h2><p class="quiet">Opening the earlier map …</p>`;
  const found = lookBack(app.state, app.tables, app.back.dismissed, app.back.passed);
  const asking = app.back.asking ? found.told.find(({ alter }) => alter.id === app.back.asking) : undefined;
  const alikes = new Set(found.alike.flatMap((pair) => [pair.alter_id, pair.same_as_id]));
  const left = found.alike.length + [...found.gone, ...found.fresh].filter((alter) => !alikes.has(alter.id)).length;
  return html`<h2 tabindex="-1">Looking back</h2>
    <p class="quiet small">Compared with: ${before.wave}. ${found.kept} on both maps. ${left === 0 ? "" : `${left} to look at.`}</p>
    ${asking
      ? asking.fate.fate === "forgotten" ? where(app, asking.alter) : reasons(app, asking.alter, asking.fate)
      : found.alike[0]
        ? alike(app, found.alike)
        : found.gone[0]
          ? gone(app, found.gone[0])
          : found.fresh[0]
            ? fresh(app, found.fresh[0])
            : html`<p class="mp-lead">All have been looked at.</p>${app.back.passed.size > 0 ? html`<button type="button" @click=${() => { app.back.passed.clear(); app.render(); }}>Show those passed over</button>` : nothing}`}
    ${told(app, found.told)}`;
}

/** The earlier map opens only when the person is done with naming freely. */
function gate(app: App): TemplateResult {
  const isUnderway = app.map["stage"] !== "recall";
  return html`<h2 tabindex="-1">Looking back</h2><div class="mp-card">
    <p>The earlier map is still closed, so that today’s names come freely. When nobody and nothing else comes to mind, free recall is finished and the earlier map opens.</p>
    <div class="mp-choices"><button type="button" class="main" ?disabled=${isUnderway} @click=${() => { app.showsGhost = true; app.moves.describeMap({ stage: "reconcile" }, true); app.render(); }}>Free recall is finished</button>
    <button type="button" @click=${() => app.go("name")}>Go on naming</button></div></div>`;
}

function who(app: App, alter: Alter): TemplateResult {
  return html`<p class="mp-big">${shape(app, alter.kind, 40)}<strong>${app.nameOfAlter(alter.id)}</strong></p>
    <p class="quiet">${roleLabel(app.design, alter) || kindLabel(app.design, alter.kind)}${whereBefore(app, alter)}</p>`;
}

function whereBefore(app: App, alter: Alter): string {
  const old = app.state.before?.ties.find((tie) => tie.alter_id === alter.id);
  if (!old) return "";
  if (old.circle === null) return "; last time in no circle";
  return `; last time in circle ${old.circle} of ${app.state.before!.rings}`;
}

// -- the same? --------------------------------------------------------------------------------------------------------------

function alike(app: App, pairs: LookAlike[]): TemplateResult {
  const pair = pairs[0]!;
  const same = pairs.filter((one) => one.is_same);
  const [named, known] = [app.tables.alters[pair.alter_id]!, app.tables.alters[pair.same_as_id]!];
  const settle = (one: LookAlike) => app.moves.merge(one.alter_id, one.same_as_id);
  return html`<div class="mp-card">
    ${same.length > 1
      ? html`<p>${same.length} have the same name and kind as last time:</p>
        <p class="mp-names">${same.map((one) => app.nameOfAlter(one.alter_id)).join(", ")}</p>
        <div class="mp-choices"><button type="button" class="main" @click=${() => { same.forEach(settle); app.announce(`${same.length} are the same as last time.`); app.render(); }}>They are all the same as last time</button></div>
        <p class="quiet small">Or one by one:</p>`
      : nothing}
    <p>Is this ${kindLabel(app.design, named.kind).toLowerCase()}</p>
    <p class="mp-big">${shape(app, named.kind, 40)}<strong>${app.nameOfAlter(named.id)}</strong></p>
    <p>the same as</p>
    ${who(app, known)}
    <div class="mp-choices">
      <button type="button" class="main" @click=${() => { settle(pair); app.render(); }}>The same</button>
      <button type="button" @click=${() => { app.back.dismissed.add(`${pair.alter_id} ${pair.same_as_id}`); app.render(); }}>Not the same</button>
    </div>
  </div>`;
}

// -- gone, or new --------------------------------------------------------------------------------------------------------------

function labelOf(app: App, fate: string): string {
  return app.design.choices["fates"]!["fate"]!.choices.find(([code]) => code === fate)?.[1] ?? fate;
}

function say(app: App, alter: Alter, fate: string): void {
  app.moves.fate(alter.id, fate);
  app.back.asking = asksReasons(fate) || fate === "forgotten" ? alter.id : null;
  app.announce(`${app.nameOfAlter(alter.id)}: ${labelOf(app, fate)}.`);
  app.render();
  app.focusOn(".mp-rail h2");
}

function choices(app: App, alter: Alter, fates: string[]): TemplateResult {
  return html`<div class="mp-choices">${fates.map((fate) => html`<button type="button" @click=${() => say(app, alter, fate)}>${labelOf(app, fate)}</button>`)}
    <button type="button" class="plain" @click=${() => { app.back.passed.add(alter.id); app.render(); }}>Leave it open for now</button></div>`;
}

function gone(app: App, alter: Alter): TemplateResult {
  const here = app.ties.filter((tie) => !app.state.earlier.includes(tie.alter_id)).map((tie): [string, string] => [tie.alter_id, app.name(tie)]);
  return html`<div class="mp-card">
    <p>On the map last time, and not named today. How is it now?</p>
    ${who(app, alter)} ${choices(app, alter, GONE_FATES)}
    ${here.length > 0
      ? html`<details><summary>It was named today, under another name</summary>${pick({
          id: "same-as", label: "Named today as", value: "", choices: here, empty: "choose …",
          change: (other) => { if (other) { app.moves.merge(other, alter.id); app.render(); } },
        })}</details>`
      : nothing}
  </div>`;
}

function fresh(app: App, alter: Alter): TemplateResult {
  return html`<div class="mp-card"><p>On the map now, and not last time.</p>${who(app, alter)} ${choices(app, alter, freshFates(app.state.earlier.includes(alter.id)))}</div>`;
}

function reasons(app: App, alter: Alter, fate: Fate): TemplateResult {
  const spec = app.design.choices["fates"]!;
  const now = { reasons: fate.reasons, replaced_by_id: fate.replaced_by_id, note: fate.note };
  const save = (values: Partial<typeof now>) => app.moves.fate(alter.id, fate.fate, { ...now, ...values });
  const others = app.ties.filter((tie) => tie.alter_id !== alter.id).map((tie): [string, string] => [tie.alter_id, app.name(tie)]);
  return html`<div class="mp-card">
    ${who(app, alter)}
    <p><strong>${labelOf(app, fate.fate)}.</strong></p>
    ${ask(app, { id: `why-${alter.id}`, wording: "What brought it about? As far as it can be said.", kind: "choices", choices: spec["reasons"]!.choices, value: fate.reasons, save: (value) => save({ reasons: value as string[] | null }) })}
    ${pick({ id: `instead-${alter.id}`, label: "Has anyone or anything taken its place?", value: fate.replaced_by_id ?? "", choices: others, empty: "no, or not said", change: (id) => save({ replaced_by_id: id || null }) })}
    ${words(app, { key: `fate note ${alter.id}`, label: "Note", value: fate.note ?? "", rows: 2, save: (note) => save({ note: note || null }) })}
    <div class="mp-choices"><button type="button" class="main" @click=${() => { app.back.asking = null; app.render(); app.focusOn(".mp-rail h2"); }}>Next</button></div>
  </div>`;
}

/** One forgotten just now is on the map again: say at once where. */
function where(app: App, alter: Alter): TemplateResult {
  const tie = app.ties.find((one) => one.alter_id === alter.id);
  const put = (circle: number | null) => {
    if (tie && circle !== null) app.putInCircle(tie.id, circle);
    app.back.asking = null;
    app.render();
    app.focusOn(".mp-rail h2");
  };
  return html`<div class="mp-card"><p>On the map again. Where does it belong today?</p>${who(app, alter)}
    <div class="mp-choices">${app.design.circles.map((circle) => html`<button type="button" @click=${() => put(circle.position)}>${circle.label}</button>`)}
      <button type="button" @click=${() => put(null)}>In no circle for now</button></div></div>`;
}

function told(app: App, all: { alter: Alter; fate: Fate }[]): TemplateResult | typeof nothing {
  if (all.length === 0) return nothing;
  return html`<details class="mp-told"><summary>Said so far ${all.length}</summary><ul>${all.map(
    ({ alter, fate }) => html`<li>${shape(app, alter.kind, 18)} <span>${app.nameOfAlter(alter.id)}: ${labelOf(app, fate.fate)}</span>
      ${asksReasons(fate.fate) ? html`<button type="button" class="plain" @click=${() => { app.back.asking = alter.id; app.render(); }}>Reasons</button>` : nothing}
      <button type="button" class="plain" @click=${() => app.moves.fate(alter.id, null)}>Take back</button></li>`,
  )}</ul></details>`;
}
