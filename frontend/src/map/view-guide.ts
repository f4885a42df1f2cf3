import { html, type TemplateResult } from "lit";
import type { App } from "./app";
export function guide(_app: App): TemplateResult {
  return html`<aside class="mp-guide" aria-label="Topic guide"></aside>`;
}
