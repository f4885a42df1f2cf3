import { html, type TemplateResult } from "lit";
import type { App } from "./app";
export function finishStep(_app: App): TemplateResult {
  return html`<h2 tabindex="-1">Finish</h2>`;
}
