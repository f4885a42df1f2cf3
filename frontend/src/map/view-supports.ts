// Supports given and received over one tie, by type: which way, how much, whether enough, and what it hangs on.

import { html, nothing, type TemplateResult } from "lit";
import type { App } from "./app";
import type { Row, SupportType, Tie } from "./types";
import { pick, words } from "./view-parts";
import { ask, askVia, wordingOf } from "./view-questions";

export function supportsPart(app: App, tie: Tie): TemplateResult {
  const rows = new Map(
    Object.values(app.tables.supports).filter((row) => row["tie_id"] === tie.id).map((row) => [row["support_type"] as string, row]),
  );
  const types = app.design.support_types.filter((type) => !type.is_retired || rows.has(type.code));
  return html`<p class="mp-lead">${wordingOf(app, "support", "support_type", "What comes from it, and what is given to it?")}</p>
    ${types.map((type) => support(app, tie, type, rows.get(type.code)))}
    ${types.length === 0 ? html`<p class="quiet">This study has no kinds of support.</p>` : nothing}`;
}

function support(app: App, tie: Tie, type: SupportType, row: Row | undefined): TemplateResult {
  const spec = app.design.choices["supports"]!;
  const id = `${type.code}-${tie.id}`;
  const save = (values: Record<string, unknown>) => app.moves.support(tie.id, type.code, values);
  const directions = spec["direction"]!.choices;
  return html`<fieldset class="mp-support" data-question=${`support-${id}`} data-answered=${row !== undefined}>
    <legend><strong>${type.label}</strong> <span class="quiet small">${type.meaning ?? ""}</span></legend>
    <div class="mp-options">${directions.map(
      ([code, label], index) => html`<label class="mp-option"><input type="radio" name=${`direction-${id}`} .checked=${row?.["direction"] === code}
        @change=${() => save({ direction: code })} /><span class="mp-key" aria-hidden="true">${index + 1}</span>${label}</label>`,
    )}
    ${row ? html`<button type="button" class="plain mp-clear" @click=${() => app.moves.support(tie.id, type.code, null)}>Take back</button>` : nothing}</div>
    ${row
      ? html`<div class="mp-two">
          ${pick({ id: `amount-${id}`, label: wordingOf(app, "support", "amount", "How much?"), value: row["amount"] == null ? "" : String(row["amount"]), choices: spec["amount"]!.choices, change: (value) => save({ amount: value === "" ? null : Number(value) }) })}
          ${pick({ id: `enough-${id}`, label: wordingOf(app, "support", "sufficiency", "Is it enough?"), value: (row["sufficiency"] as string) ?? "", choices: spec["sufficiency"]!.choices, change: (value) => save({ sufficiency: value || null }) })}
        </div>
        <details><summary>Only if, or through someone${row["conditional_on"] || row["condition"] || row["via_tie_id"] ? " ✓" : ""}</summary>
          ${ask(app, { id: `depends-${id}`, wording: wordingOf(app, "support", "conditional_on", "Does it depend on anything?"), kind: "choices", choices: spec["conditional_on"]!.choices, value: (row["conditional_on"] as string[] | null) ?? null, save: (value) => save({ conditional_on: value }) })}
          ${words(app, { key: `condition-${id}`, label: "In the person’s words", value: (row["condition"] as string) ?? "", save: (text) => save({ condition: text || null }) })}
          ${askVia(app, wordingOf(app, "support", "via_tie_id", "Does it come through someone or something else?"), `support-via-${id}`, (row["via_tie_id"] as string | null) ?? null, tie.id, (via) => save({ via_tie_id: via }))}
        </details>`
      : nothing}
  </fieldset>`;
}
