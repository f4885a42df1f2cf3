import { html, type TemplateResult } from "lit";
import type { App } from "./app";
export function aboutStep(_app: App): TemplateResult {
  return html`<h2 tabindex="-1">about</h2>`;
}
