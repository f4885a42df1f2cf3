// The topic guide, the interviewer's notes, who else is there, and a quiet clock.

import { html, nothing, type TemplateResult } from "lit";
import type { App } from "./app";
import { ask, askInvented, questionsOf } from "./view-questions";

const LONGEST = 8 * 60; // an interview of more than eight hours is a clock left running

export function minutesSince(startedAt: unknown, now: number): number | null {
  if (typeof startedAt !== "string") return null;
  const minutes = Math.floor((now - Date.parse(startedAt)) / 60000);
  return minutes >= 0 && minutes < LONGEST ? minutes : null;
}

export function guide(app: App): TemplateResult {
  const { interview } = app;
  const minutes = minutesSince(interview["started_at"], Date.now());
  const topics = questionsOf(app, "topic");
  const save = (column: string) => (value: unknown) => app.moves.describeInterview({ [column]: value });
  return html`<aside class="mp-guide" aria-label="Topic guide and notes">
    <div class="mp-guide-top"><h2>Guide</h2>${minutes === null ? nothing : html`<p class="quiet" title="Since the interview began">${minutes} min</p>`}
      <button type="button" class="plain" @click=${() => { app.isGuideOpen = false; app.render(); }}>Close</button></div>
    ${ask(app, { id: "others-present", wording: "Others present, in general words", kind: "text", choices: [], value: (interview["others_present"] as string) ?? null, save: save("others_present") })}
    ${ask(app, { id: "interview-notes", wording: "Interviewer’s notes", kind: "text", choices: [], value: (interview["notes"] as string) ?? null, save: save("notes") })}
    ${topics.map((question) => askInvented(app, question, "interview_id", interview.id))}
    ${questionsOf(app, "interview").filter((question) => !question.column_name).map((question) => askInvented(app, question, "interview_id", interview.id))}
    ${questionsOf(app, "participant").filter((question) => !question.column_name).map((question) => askInvented(app, question, "participant_id", app.state.participant.id))}
  </aside>`;
}
