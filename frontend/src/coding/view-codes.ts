// The codebook: find, press to apply, pin to a key, name, define, move, merge.

import { html, nothing, type TemplateResult } from "lit";
import { keyed } from "lit/directives/keyed.js";
import type { Coder } from "./coder";
import type { Code } from "./types";

export function codebook(coder: Coder): TemplateResult {
  const wanted = coder.filter.trim().toLowerCase();
  const tree = coder.tree;
  const shown = wanted ? found(tree, wanted) : tree;
  const isNew = wanted !== "" && !tree.some(({ code }) => code.name.toLowerCase() === wanted);
  const counts = new Map<string, number>();
  for (const coding of Object.values(coder.tables.codings)) counts.set(coding.code_id, (counts.get(coding.code_id) ?? 0) + 1);
  const onKey = (event: KeyboardEvent) => {
    if (event.key === "Enter") {
      const first = shown[0];
      if (first && !event.ctrlKey) coder.press(first.code.id);
      else if (isNew) coder.create(coder.filter.trim());
      coder.filter = "";
      toText();
    } else if (event.key === "Escape") {
      coder.filter = "";
      toText();
    } else return;
    event.preventDefault();
    event.stopPropagation();
    coder.render();
  };
  return html`<div class="cd-find"><label for="code-filter">Codes</label>
      <input type="search" id="code-filter" autocomplete="off" placeholder="Find or make a code" .value=${coder.filter}
        @input=${(event: Event) => { coder.filter = (event.target as HTMLInputElement).value; coder.render(); }} @keydown=${onKey} />
      ${isNew ? html`<button type="button" @click=${() => coder.create(coder.filter.trim())}>Make “${coder.filter.trim()}”${coder.chosen ? " and apply it" : ""}</button>` : nothing}
      <button type="button" ?disabled=${!coder.chosen} title="I" @click=${() => coder.create(null)}>Code in their words</button></div>
    ${coder.lit ? html`<p class="cd-lit"><span>Only ${coder.tables.codes[coder.lit]?.name} is shown.</span> <button type="button" class="plain" @click=${() => coder.showAll()}>Show all</button></p>` : nothing}
    <ul class="cd-tree" @dragover=${(event: DragEvent) => event.preventDefault()} @drop=${() => dropOn(coder, null)}>
      ${shown.map(({ code, depth }) => entry(coder, code, wanted ? 0 : depth, counts.get(code.id) ?? 0))}</ul>
    ${tree.length === 0 ? html`<p class="quiet">No code yet. Choose words in the text, then make the first.</p>` : nothing}`;
}

/** The whole name first, then names and words that begin so, then the rest; else in the order of the tree. */
function found(tree: { code: Code; depth: number }[], wanted: string): { code: Code; depth: number }[] {
  const rank = ({ code }: { code: Code }) => {
    const name = code.name.toLowerCase();
    return name === wanted ? 0 : name.startsWith(wanted) ? 1 : name.includes(` ${wanted}`) ? 2 : 3;
  };
  return tree.filter(({ code }) => code.name.toLowerCase().includes(wanted)).sort((a, b) => rank(a) - rank(b));
}

function entry(coder: Coder, code: Code, depth: number, count: number): TemplateResult {
  const key = coder.pins.indexOf(code.id) + 1;
  const isOpen = coder.edited === code.id;
  const hover = (event: DragEvent) => {
    event.stopPropagation();
    event.preventDefault();
    if (coder.over !== code.id) (coder.over = code.id), coder.render();
  };
  return html`<li data-depth=${Math.min(depth, 5)} data-over=${coder.over === code.id && coder.dragged !== code.id} draggable="true" @dragstart=${() => (coder.dragged = code.id)}
      @dragover=${hover} @dragend=${() => { coder.dragged = coder.over = null; coder.render(); }} @drop=${(event: DragEvent) => { event.stopPropagation(); dropOn(coder, code.id); }}>
    <div class="cd-code">
      <svg width="12" height="18" aria-hidden="true"><rect y="2" width="6" height="14" rx="2" fill=${coder.color(code)}></rect></svg>
      <button type="button" class="cd-apply" aria-pressed=${coder.lit === code.id} title=${code.definition ?? ""} @click=${() => coder.press(code.id)}>${code.name}</button>
      ${key ? html`<kbd>${key}</kbd>` : nothing}
      <span class="quiet small">${count || ""}<span class="unseen"> here</span></span>
      <button type="button" class="cd-more" aria-expanded=${isOpen} aria-label="About ${code.name}" @click=${() => { coder.edited = isOpen ? null : code.id; coder.render(); }}>…</button>
    </div>
    ${isOpen ? keyed(code.id, about(coder, code)) : nothing}</li>`;
}

function dropOn(coder: Coder, parentId: string | null): void {
  const id = coder.dragged;
  coder.dragged = coder.over = null;
  coder.render();
  if (!id || coder.tables.codes[id]?.parent_id === parentId || (parentId && branch(coder, id).has(parentId))) return;
  move(coder, id, parentId);
}

function move(coder: Coder, id: string, parentId: string | null): void {
  coder.book.do("move code", { code_id: id, parent_id: parentId });
}

function about(coder: Coder, code: Code): TemplateResult {
  const keep = (column: keyof Code) => (event: Event) => {
    const value = (event.target as HTMLInputElement).value.trim();
    if (value === (code[column] ?? "") || (column === "name" && !value)) return coder.render();
    coder.book.do("describe code", { code_id: code.id, values: { [column]: value || null } }, (tables) => {
      if (tables.codes[code.id]) tables.codes[code.id] = { ...tables.codes[code.id]!, [column]: value || null };
    });
  };
  const under = branch(coder, code.id);
  const places = coder.tree.filter((one) => !under.has(one.code.id)); // never under itself
  const place = (event: Event) => {
    const parent = (event.currentTarget as HTMLElement).closest(".cd-place")!.querySelector("select")!.value || null;
    if (parent !== code.parent_id) move(coder, code.id, parent);
  };
  const id = `code-${code.id}`;
  return html`<div class="cd-about">
    <label for="${id}-name">Name</label><input id="${id}-name" autocomplete="off" .value=${code.name} @change=${keep("name")} />
    <label for="${id}-definition">What it covers</label><textarea id="${id}-definition" rows="3" .value=${code.definition ?? ""} @change=${keep("definition")}></textarea>
    <label for="${id}-example">A typical example</label><textarea id="${id}-example" rows="2" .value=${code.example ?? ""} @change=${keep("example")}></textarea>
    <label for="${id}-limits">What it does not cover</label><textarea id="${id}-limits" rows="2" .value=${code.limits ?? ""} @change=${keep("limits")}></textarea>
    <label for="${id}-parent">Stands under</label>
    <div class="cd-place"><select id="${id}-parent"><option value="" .selected=${code.parent_id === null}>the top</option>
      ${places.map((one) => html`<option value=${one.code.id} .selected=${one.code.id === code.parent_id}>${"— ".repeat(one.depth)}${one.code.name}</option>`)}</select>
      <button type="button" @click=${place}>Move</button></div>
    <p class="buttons"><button type="button" aria-pressed=${coder.pins.includes(code.id)} @click=${() => coder.pin(code.id)}>${coder.pins.includes(code.id) ? "Pinned to a key" : "Pin to a key"}</button>
      <a class="button" href="/codes/${code.id}">All its passages</a>
      <a class="button" href="/codes/${code.id}#split-name">Split</a> <a class="button" href="/codes/${code.id}#into">Merge</a></p></div>`;
}

/** A code and all that stands under it. */
function branch(coder: Coder, id: string): Set<string> {
  const found = new Set([id]);
  for (const { code } of coder.tree) if (code.parent_id && found.has(code.parent_id)) found.add(code.id); // parents come first in a tree
  return found;
}

export function toText(): void {
  document.querySelector<HTMLElement>("#the-talk")?.focus({ preventScroll: true });
}
