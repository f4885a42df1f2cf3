// Said about this: the passages that speak of an alter, wave by wave, asked for when they are looked at.

import { html, nothing, type TemplateResult } from "lit";
import type { App } from "./app";
import type { Tie } from "./types";
import { read } from "../saving/wire";

interface Passage {
  segment_id: string;
  document_id: string;
  wave: string | null;
  before: string;
  words: string | null;
  after: string;
  is_lost: boolean;
}

const known = new Map<string, Passage[] | string>(); // by alter; a sentence where they could not be read

export function saidPart(app: App, tie: Tie): TemplateResult {
  const alterId = tie.alter_id;
  const open = (event: Event) => {
    if (!(event.target as HTMLDetailsElement).open) return;
    read<{ passages: Passage[] }>(`/api/alters/${alterId}/passages`)
      .then(({ passages }) => known.set(alterId, passages))
      .catch(() => known.set(alterId, "What was said could not be read; close this and open it again."))
      .finally(() => app.render());
  };
  return html`<details class="mp-said" @toggle=${open}><summary>Said about this</summary>${told(known.get(alterId))}</details>`;
}

function told(passages: Passage[] | string | undefined): TemplateResult {
  if (passages === undefined) return html`<p class="quiet">Looking …</p>`;
  if (typeof passages === "string") return html`<p>${passages}</p>`;
  if (passages.length === 0) return html`<p class="quiet">No passage is tied to it yet.</p>`;
  return html`<ul>${passages.map(
    (one, index) => html`${one.wave !== passages[index - 1]?.wave || index === 0 ? html`<li><strong>${one.wave ?? "No wave"}</strong></li>` : nothing}
      <li><a href="/documents/${one.document_id}#${one.segment_id}"><span class="quiet">${one.before}</span>${one.words ?? ""}<span class="quiet">${one.after}</span></a></li>`,
  )}</ul>`;
}
