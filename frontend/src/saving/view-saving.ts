// How saving stands, told the same on every page that saves by itself: when it last was, what waits, what was refused.

import { html, nothing, type TemplateResult } from "lit";
import type { Queue } from "./queue";

export interface Saving {
  queue: Pick<Queue, "jobs" | "trouble" | "isIdle" | "hurry">;
  savedAt: string | null;
  refusal: string | null;
}

export function saved({ queue, savedAt }: Saving): TemplateResult {
  return html`<p class="saving" role="status" data-busy=${!queue.isIdle}>${words(queue.trouble !== "none", queue.jobs.length > 0, savedAt)}</p>`;
}

function words(isTrouble: boolean, isWaiting: boolean, savedAt: string | null): string {
  if (isTrouble) return "Not saved";
  if (isWaiting) return savedAt ? `Saving … (saved ${timeOfDay(savedAt)})` : "Saving …";
  return savedAt ? `Saved ${timeOfDay(savedAt)}` : "Everything is saved";
}

function timeOfDay(iso: string): string {
  const at = new Date(iso);
  return [at.getHours(), at.getMinutes(), at.getSeconds()].map((part) => String(part).padStart(2, "0")).join(":");
}

/** What is not saved and what was refused; `close` puts a refusal away. */
export function alarms({ queue, refusal }: Saving, close: () => void): TemplateResult {
  const count = queue.jobs.length;
  const waiting = `${count} ${count === 1 ? "change is" : "changes are"} not saved yet`;
  const sentence =
    queue.trouble === "locked"
      ? `${waiting}: this browser has to be let in again. Open the new link that “kith serve” prints in another tab; this page then saves by itself.`
      : queue.trouble === "away"
        ? `${waiting}: Kithwork does not answer. Leave this page open; it keeps trying, and nothing you typed is lost.`
        : "";
  return html`<div role="alert" class="alarms">
    ${sentence ? html`<p class="alarm"><span>${sentence}</span><button type="button" @click=${() => queue.hurry()}>Try now</button></p>` : nothing}
    ${refusal ? html`<p class="refusal"><span>${refusal}</span><button type="button" @click=${close}>Close</button></p>` : nothing}
  </div>`;
}
