// The page around the text: bar, codebook to the left, what stands at the cursor to the right.

import { html, nothing, type TemplateResult } from "lit";
import { alarms, saved } from "../saving/view-saving";
import type { Coder } from "./coder";
import { KEYS } from "./keys";
import { codebook } from "./view-codes";
import { here } from "./view-here";

export function page(coder: Coder): TemplateResult {
  return html`${bar(coder)} ${alarm(coder)}
    <div class="cd-body">
      <section class="cd-codes" aria-label="Codebook">${codebook(coder)}</section>
      <section class="cd-text" aria-label="Transcript">
        <p id="talk-how" class="unseen">Arrow keys go by word and, up and down, by sentence; Shift extends; Alt+S takes the sentence, Alt+T the turn;
          1 to 9 put a pinned code on what is chosen. Question mark tells all keys.</p>
        <p class="cd-on-paper quiet">The text alone. With its codes in the margin it is among the transcripts, under “Coded, to read”.</p>
        <div class="cd-scroll" tabindex="-1"><div class="cd-sheet" id="cd-sheet"></div></div>
      </section>
      <section class="cd-here" aria-label="At the cursor">${here(coder)}</section>
    </div>
    <dialog class="cd-dialog" aria-label="Keys" @close=${() => closeKeys(coder)}>
      <h2>Keys in the text</h2>
      <table><tbody>${KEYS.map(([key, what]) => html`<tr><th scope="row">${key}</th><td>${what}</td></tr>`)}</tbody></table>
      <p class="buttons"><button type="button" @click=${() => closeKeys(coder)}>Close</button></p>
    </dialog>`;
}

function closeKeys(coder: Coder): void {
  coder.isKeysOpen = false;
  coder.render();
}

function bar(coder: Coder): TemplateResult {
  const { book } = coder;
  const { about, document: doc, revision } = book.state;
  const isBusy = !book.queue.isIdle;
  return html`<header class="cd-bar">
    <a href="/documents" class="cd-home">Transcripts</a> <a href="/codebook">Codebook</a>
    <p class="cd-who"><strong>${doc.title}</strong>${about.pseudonym ? html` <a href="/participants/${about.participant_id}">${about.pseudonym}</a>` : nothing}
      <span class="quiet">${[about.wave, revision.number > 1 ? `version ${revision.number}` : "", revision.signed_off_at ? "signed off" : ""].filter(Boolean).join(" · ")}</span></p>
    ${about.map_id ? html`<a href="/maps/${about.map_id}">The map</a>` : nothing}
    ${alone(coder)}
    ${saved(book)}
    <div class="cd-tools">
      <button type="button" ?disabled=${book.done.length === 0 && !isBusy} title="Ctrl+Z" @click=${() => book.step("undo")}>Undo</button>
      <button type="button" ?disabled=${book.undone.length === 0} title="Ctrl+Shift+Z" @click=${() => book.step("redo")}>Redo</button>
      <button type="button" @click=${() => { coder.isKeysOpen = true; coder.render(); }}>Keys</button>
    </div>
  </header>`;
}

/** In a text that is coded in parallel: that one works unseen, and that one has finished. */
function alone(coder: Coder): TemplateResult | typeof nothing {
  const { coder_id, is_blind, is_named, finished_at } = coder.book.state;
  if (!is_blind && !is_named) return nothing;
  const words = is_blind ? (coder_id ? "You see only your own codings" : "Coded blind") : finished_at ? "You have finished" : "";
  if (!coder_id) return html`<p class="quiet">${words}: <a href="/coders">say who is working</a></p>`;
  return html`<p class="cd-alone"><span class="quiet">${words}</span>
    <button type="button" @click=${() => coder.finish(!finished_at)}>${finished_at ? "Go on coding" : "I have finished"}</button></p>`;
}

function alarm(coder: Coder): TemplateResult {
  return alarms(coder.book, () => {
    coder.book.refusal = null;
    coder.render();
  });
}
