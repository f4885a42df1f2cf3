import { html, type TemplateResult } from "lit";
import type { App } from "./app";
export function list(_app: App): TemplateResult {
  return html`<section class="mp-list" aria-label="List"></section>`;
}
