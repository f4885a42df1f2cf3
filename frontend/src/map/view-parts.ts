// Small parts that several places draw: shapes, a text field that saves itself, a select.

import { html, nothing, svg, type TemplateResult } from "lit";
import type { App } from "./app";

export function shape(app: App, kind: string, size = 22): TemplateResult {
  const look = app.design.kinds[kind];
  return html`<svg class="mp-shape" width=${size} height=${size} viewBox="-1.15 -1.15 2.3 2.3" aria-hidden="true">
    ${look ? svg`<path d=${look.path} fill=${look.color}></path>` : nothing}
  </svg>`;
}

const timers = new Map<string, ReturnType<typeof setTimeout>>();

/** Words being typed are kept under `key`, saved when typing rests and when the field is left. */
export function words(
  app: App,
  options: { key: string; label: string; value: string; save: (text: string) => void; rows?: number; isLabelHidden?: boolean; hint?: string; needs?: boolean },
): TemplateResult {
  const { key, label, value, save, rows } = options;
  const id = `words-${key.replaceAll(" ", "-")}`;
  const keep = () => {
    clearTimeout(timers.get(key));
    timers.delete(key);
    const draft = app.drafts.get(key);
    app.drafts.delete(key);
    if (draft !== undefined && draft !== value && (draft.trim() || !options.needs)) save(draft);
    else app.render();
  };
  const input = (event: Event) => {
    app.drafts.set(key, (event.target as HTMLInputElement).value);
    clearTimeout(timers.get(key));
    timers.set(key, setTimeout(() => latest.get(key)?.(), 1500));
  };
  latest.set(key, keep);
  const shown = app.drafts.get(key) ?? value;
  return html`<div class="mp-words">
    <label for=${id} class=${options.isLabelHidden ? "unseen" : ""}>${label}</label>
    ${rows
      ? html`<textarea id=${id} rows=${rows} .value=${shown} @input=${input} @change=${keep}></textarea>`
      : html`<input id=${id} type="text" autocomplete="off" .value=${shown} @input=${input} @change=${keep} />`}
  </div>`;
}

// The newest closure of each field: the value it compares with is the one last drawn.
const latest = new Map<string, () => void>();

/** Whether words were typed that are not yet on their way. */
export function hasDrafts(app: App): boolean {
  return app.drafts.size > 0;
}

/** Send on whatever is still being typed. */
export function keepDrafts(app: App): void {
  for (const key of [...app.drafts.keys()]) latest.get(key)?.();
}

export function pick(
  options: { id: string; label: string; value: string; choices: [string, string][]; change: (value: string) => void; isLabelHidden?: boolean; empty?: string | null },
): TemplateResult {
  const { id, value, choices } = options;
  const hasValue = value === "" || choices.some(([code]) => code === value);
  return html`<div class="mp-pick">
    <label for=${id} class=${options.isLabelHidden ? "unseen" : ""}>${options.label}</label>
    <select id=${id} @change=${(event: Event) => options.change((event.target as HTMLSelectElement).value)}>
      ${options.empty === null ? nothing : html`<option value="" ?selected=${value === ""} .selected=${value === ""}>${options.empty ?? "not answered"}</option>`}
      ${hasValue ? nothing : html`<option value=${value} .selected=${true}>${value}</option>`}
      ${choices.map(([code, label]) => html`<option value=${code} .selected=${code === value}>${label}</option>`)}
    </select>
  </div>`;
}
