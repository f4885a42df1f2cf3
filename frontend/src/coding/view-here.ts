// What stands at the cursor: codes, mentions, memos; and names that may be mentions.

import { html, nothing, type TemplateResult } from "lit";
import { newId } from "../saving/ids";
import { shorten } from "../map/words";
import type { Coder, Unit } from "./coder";
import type { Memo, Mention, Offer, Segment } from "./types";

const AROUND = 30; // characters to each side of a name that is offered

export function here(coder: Coder): TemplateResult {
  const segments = coder.here;
  const { chosen } = coder;
  return html`<h2>At the cursor</h2>
    ${chosen ? html`<blockquote class="cd-quote">${shorten(coder.chosenWords, 160)}</blockquote>` : nothing}
    <p class="cd-widen" role="group" aria-label="Take the whole">${(["Word", "Sentence", "Turn"] as const).map(
      (unit) => html`<button type="button" title="Take the whole ${unit.toLowerCase()}" @click=${() => coder.widen(unit.toLowerCase() as Unit)}>${unit}</button>`)}</p>
    ${segments.length === 0 ? html`<p class="quiet">${chosen ? "Nothing is coded here yet." : "Choose words in the text, or go to a coded passage."}</p>` : nothing}
    ${segments.slice(0, 20).map((segment) => passage(coder, segment))}
    ${segments.length > 20 ? html`<p class="quiet">… and ${segments.length - 20} longer passages</p>` : nothing}
    ${speaksOf(coder)} ${offers(coder)} ${aside(coder)} ${lost(coder)}`;
}

function passage(coder: Coder, segment: Segment): TemplateResult {
  const codings = coder.codingsOf(segment.id);
  const mentions = Object.values(coder.tables.mentions).filter((one) => one.segment_id === segment.id);
  const { coders } = coder.book.state;
  const words = shorten(segment.quotation ?? "", 60);
  const { chosen } = coder;
  const isOther = chosen !== null && (chosen.start !== segment.start || chosen.stop !== segment.stop);
  return html`<article class="cd-passage">
    ${isOther || !chosen ? html`<button type="button" class="plain cd-words-of" @click=${() => { coder.choose(coder.units(segment)); coder.tell(); }}>${words}</button>` : nothing}
    <ul>${codings.map((coding) => {
      const code = coder.tables.codes[coding.code_id]!;
      const who = coding.coder_id ? coders[coding.coder_id] : null;
      return html`<li><svg width="10" height="16" aria-hidden="true"><rect y="1" width="6" height="14" rx="2" fill=${coder.color(code)}></rect></svg>
        <span>${code.name}${who ? html` <small class="quiet">${who}</small>` : nothing}</span>
        ${isOther ? html`<button type="button" class="plain" aria-label="Put ${code.name} on what is chosen instead" @click=${() => coder.redraw(coding)}>Redraw</button>` : nothing}
        <button type="button" class="plain" aria-label="Take ${code.name} off" @click=${() => coder.uncode(coding)}>Take off</button></li>`;
    })}
    ${mentions.map((one) => html`<li><span>Speaks of ${coder.nameOf(one.alter_id)}${event(coder, segment, one)}</span>
        <button type="button" class="plain" aria-label="Untie ${coder.nameOf(one.alter_id)}" @click=${() => coder.untie(one)}>Untie</button></li>`)}</ul>
    <a class="cd-beside" href="/passages/${segment.id}">Beside the map<span class="unseen">: ${words}</span></a>
    ${memoOf(coder, "segment", segment.id, `Memo on “${words}”`)}</article>`;
}

const MEMO_KINDS = { analytic: "Analytic", reflexive: "Reflexive", methodological: "Methodological", case: "Case" };

/** Memos on a passage or the text; cleared words remove one. */
function memoOf(coder: Coder, about: "segment" | "document", aboutId: string, label: string): TemplateResult {
  const memos = Object.values(coder.tables.memos).filter((one) => one[`${about}_id`] === aboutId);
  const rows: (Memo | null)[] = [...memos, null]; // the last is for one more
  const keep = (memo: Memo | null) => (event: Event) => {
    const text = (event.target as HTMLTextAreaElement).value;
    if (text.trim() === (memo?.text ?? "")) return;
    if (!text.trim()) return memo ? coder.book.do("remove memo", { memo_id: memo.id }, (tables) => void delete tables.memos[memo.id]) : undefined;
    write(memo, text.trim(), memo?.memo_kind ?? "analytic");
    if (!memo) (event.target as HTMLTextAreaElement).value = "";
  };
  const write = (memo: Memo | null, text: string, memo_kind: string) => {
    const id = memo?.id ?? newId();
    coder.book.do("write memo", { id, text, about, about_id: aboutId, memo_kind, coder_id: coder.book.state.coder_id }, (tables) => {
      tables.memos[id] = { ...(tables.memos[id] ?? { id, segment_id: null, document_id: null }), [`${about}_id`]: aboutId, text, memo_kind } as Memo;
    });
  };
  return html`${rows.map((memo, index) => {
    const id = `memo-${aboutId}-${index}`;
    const kinds = Object.entries(MEMO_KINDS).map(([code, name]) => html`<option value=${code} .selected=${code === (memo?.memo_kind ?? "analytic")}>${name}</option>`);
    return html`<details class="cd-memo" ?open=${memo !== null}><summary>${memo ? "Memo" : memos.length > 0 ? "One more memo" : "Write a memo"}</summary>
      <label for=${id} class="unseen">${label}</label><textarea id=${id} rows="2" .value=${memo?.text ?? ""} @change=${keep(memo)}></textarea>
      ${memo ? html`<label for="${id}-kind" class="unseen">Kind of ${label}</label><select id="${id}-kind" @change=${(event: Event) => write(memo, memo.text, (event.target as HTMLSelectElement).value)}>${kinds}</select>` : nothing}</details>`;
  })}`;
}

/** Which event with an alter a passage tells of, where any was noted in this interview. */
function event(coder: Coder, segment: Segment, mention: Mention): TemplateResult | typeof nothing {
  const events = coder.book.state.about.events[mention.alter_id] ?? [];
  if (events.length === 0) return nothing;
  const id = `event-${mention.id}`;
  const choose = (event_id: string | null) => coder.mention([{ start: segment.start, stop: segment.stop, alter_id: mention.alter_id, event_id }]);
  return html`<label for=${id} class="unseen">Event with ${coder.nameOf(mention.alter_id)} told of</label>
    <select id=${id} @change=${(change: Event) => choose((change.target as HTMLSelectElement).value || null)}>
      <option value="" .selected=${!mention.event_id}>tells of no event</option>
      ${events.map((one) => html`<option value=${one.id} .selected=${one.id === mention.event_id}>${one.label}</option>`)}</select>`;
}

// -- mentions --------------------------------------------------------------------------------------------------------

function speaksOf(coder: Coder): TemplateResult | typeof nothing {
  const { alters } = coder.book.state;
  if (alters.length === 0) return nothing;
  const tie = (event: Event) => {
    const select = event.target as HTMLSelectElement;
    if (select.value && coder.chosen) coder.mention([{ ...coder.chosen, alter_id: select.value }]);
    select.value = "";
  };
  const sorted = [...alters].sort((a, b) => coder.nameOf(a.id).localeCompare(coder.nameOf(b.id)));
  return html`<div class="cd-speaks"><label for="speaks-of">These words speak of</label>
    <select id="speaks-of" ?disabled=${!coder.chosen} @change=${tie}><option value="">choose someone or something</option>
      ${sorted.map((alter) => html`<option value=${alter.id}>${coder.nameOf(alter.id)}</option>`)}</select></div>`;
}

function offers(coder: Coder): TemplateResult | typeof nothing {
  const open = coder.openOffers;
  if (open.length === 0) return nothing;
  const start = coder.offsets.toPoints(coder.span.from);
  const near = [...open.filter((one) => one.stop > start), ...open.filter((one) => one.stop <= start)].slice(0, 6);
  const sure = open.filter((one) => one.alter_ids.length === 1 && one.how !== "words");
  return html`<h2>Names that may be mentions <span class="quiet">${open.length}</span></h2>
    <ul class="cd-offers">${near.map((offer) => html`<li>
      <button type="button" class="plain cd-words-of" @click=${() => { coder.choose(coder.units(offer)); coder.tell(); }}>${wordsOf(coder, offer)}</button>
      ${offer.alter_ids.slice(0, 4).map((id) => html`<button type="button" @click=${() => coder.mention([{ start: offer.start, stop: offer.stop, alter_id: id }])}>Speaks of ${coder.nameOf(id)}</button>`)}</li>`)}</ul>
    ${sure.length > 1 ? html`<p><button type="button" @click=${() => coder.mention(sure.map((one) => ({ start: one.start, stop: one.stop, alter_id: one.alter_ids[0]! })))}>Tie all ${sure.length} that fit one name</button></p>` : nothing}`;
}

/** An offer with some words around it, none of them cut. */
function wordsOf(coder: Coder, offer: Offer): string {
  const { from, to } = coder.units(offer);
  const [start, stop] = [Math.max(0, from - AROUND), Math.min(coder.text.length, to + AROUND)];
  const before = coder.text.slice(start, from).replace(start > 0 ? /^\S*\s/ : "", "");
  const after = coder.text.slice(to, stop).replace(stop < coder.text.length ? /\s\S*$/ : "", "");
  return `${start > 0 ? "… " : ""}${before}${coder.text.slice(from, to)}${after}${stop < coder.text.length ? " …" : ""}`.replace(/\s+/g, " ");
}

// -- the whole text --------------------------------------------------------------------------------------------------

function aside(coder: Coder): TemplateResult {
  return html`<h2>The whole text</h2>${memoOf(coder, "document", coder.book.state.document.id, "Memo on the text")}`;
}

function lost(coder: Coder): TemplateResult | typeof nothing {
  const { lost: gone } = coder.book.state;
  if (gone.length === 0) return nothing;
  const put = (segment: Segment) => () => coder.chosen && coder.book.do("put segment back", { segment_id: segment.id, ...coder.chosen });
  return html`<h2>Lost their place <span class="quiet">${gone.length}</span></h2>
    <p class="quiet">Their words changed. Choose where each belongs now, then put it there.</p>
    <ul class="cd-offers">${gone.filter((one) => !coder.tables.segments[one.id]).map((one) => html`<li><span>${shorten(one.quotation ?? "", 80)}</span>
      <button type="button" ?disabled=${!coder.chosen} @click=${put(one)}>Put it on what is chosen</button></li>`)}</ul>`;
}
