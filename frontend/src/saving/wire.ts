// Talking to the server: one attempt at a time, an answer within five seconds or none.

import type { Job, Outcome, Saved } from "./queue";

const PATIENCE = 5000;
let token = "";

function tokenIn(page: Document): string {
  return page.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? "";
}

/** A fresh anti-forgery token: after a new sign-in the one in this page no longer counts. */
async function renewToken(): Promise<number> {
  const response = await fetch(location.pathname, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
  if (response.ok) token = tokenIn(new DOMParser().parseFromString(await response.text(), "text/html")) || token;
  return response.status;
}

export async function send(job: Job, isSecond = false): Promise<Outcome> {
  token ||= tokenIn(document);
  try {
    const response = await fetch(job.path, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": token },
      body: JSON.stringify({ ...job.body, request: job.request }),
      signal: AbortSignal.timeout(PATIENCE),
    });
    if (response.ok) return { kind: "saved", saved: (await response.json()) as Saved };
    if (response.status >= 500) return { kind: "away" };
    if ((response.status === 400 || response.status === 401) && !isSecond) {
      const status = await renewToken(); // a stale token is told with 400, and so is a missing cookie
      if (status !== 200) return { kind: status === 401 ? "locked" : "away" };
      return send(job, true);
    }
    if (response.status === 401) return { kind: "locked" };
    return { kind: "refused", sentence: await sentenceOf(response) };
  } catch {
    return { kind: "away" }; // no network, no answer in time, or half an answer
  }
}

async function sentenceOf(response: Response): Promise<string> {
  try {
    return ((await response.json()) as { error: string }).error;
  } catch {
    return "This could not be saved; reload the page and try again.";
  }
}

export async function read<T>(path: string): Promise<T> {
  const response = await fetch(path, { cache: "no-store", signal: AbortSignal.timeout(20000) });
  if (!response.ok) throw new Error(await sentenceOf(response));
  return (await response.json()) as T;
}
