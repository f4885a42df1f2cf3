// What is on the page: the rows the server has saved, over them what is still on its way, and what undo takes back.

import { newRequest } from "../saving/ids";
import { Queue, type Job, type Outcome, type Saved } from "../saving/queue";
import { merge } from "../map/sheet";
import type { CodingState, Tables } from "./types";

interface Change extends Job {
  apply: (tables: Tables) => void;
  step: "do" | "undo" | "redo";
  after?: (saved: Saved) => void;
}

export class Book {
  queue: Queue<Change>;
  savedAt: string | null = null;
  refusal: string | null = null;
  done: string[];
  undone: string[];
  onOwn: () => void = () => {}; // after a change made here: drawn at once, so that the next one builds on it
  onOther: () => void = () => {};
  onStepped: (step: "undo" | "redo") => void = () => {};
  private cached: Tables | null = null;
  private saves = 0;

  constructor(
    public state: CodingState,
    send: (job: Job) => Promise<Outcome>,
    private read: () => Promise<CodingState>,
    private onChange: () => void,
  ) {
    const kept = JSON.parse(sessionStorage.getItem(this.key) ?? "{}") as { done?: string[]; undone?: string[] };
    this.done = kept.done ?? [];
    this.undone = kept.undone ?? [];
    this.queue = new Queue<Change>((change) => this.send(change, send), {
      saved: (change, saved) => this.take(change, saved),
      refused: (change, sentence) => {
        this.refusal = sentence;
        if (change.step !== "do") this.stack(change.step).pop(); // it cannot be taken back any more
        void this.reread();
      },
      changed: () => this.touch(),
    });
  }

  get tables(): Tables {
    if (!this.cached) {
      const { segments, codings, mentions, memos, codes } = this.state.tables;
      this.cached = { segments: { ...segments }, codings: { ...codings }, mentions: { ...mentions }, memos: { ...memos }, codes: { ...codes } };
      for (const change of this.queue.jobs) change.apply(this.cached);
    }
    return this.cached;
  }

  do(verb: string, args: Record<string, unknown>, apply: (tables: Tables) => void = () => {}, after?: (saved: Saved) => void): void {
    this.refusal = null;
    this.queue.add({ request: newRequest(), path: `/api/actions/${verb.replaceAll(" ", "-")}`, body: { arguments: args }, apply, step: "do", after });
    this.onOwn();
  }

  step(which: "undo" | "redo"): void {
    this.refusal = null;
    this.queue.add({ request: newRequest(), path: "", body: {}, apply: () => {}, step: which });
    this.onOwn();
  }

  get key(): string {
    return `kith-coding-${this.state.document.id}`;
  }

  private stack(step: "undo" | "redo"): string[] {
    return step === "undo" ? this.done : this.undone;
  }

  /** What undo takes back is known only when its turn comes: what went before it may still be on its way. */
  private send(change: Change, send: (job: Job) => Promise<Outcome>): Promise<Outcome> {
    if (change.step !== "do") {
      const entry = this.stack(change.step).at(-1);
      if (!entry) return Promise.resolve({ kind: "refused", sentence: `There is nothing to ${change.step} on this page.` });
      change.path = `/api/entries/${entry}/undo`;
    }
    return send(change);
  }

  private take(change: Change, saved: Saved): void {
    this.saves++;
    merge(this.state.tables, saved.changed);
    if (saved.saved_at) this.savedAt = saved.saved_at;
    if (change.step !== "do") this.stack(change.step).pop();
    if (saved.entry) (change.step === "undo" ? this.undone : this.done).push(saved.entry);
    if (change.step === "do" && saved.entry) this.undone = [];
    sessionStorage.setItem(this.key, JSON.stringify({ done: this.done.slice(-200), undone: this.undone }));
    this.cached = null;
    change.after?.(saved);
    if (change.step !== "do") this.onStepped(change.step);
    if (saved.changed["assignments"]) void this.reread(); // what may be seen of others' work is another now
  }

  /** Another page may have changed what is shown here: look again, unless something is still on its way. */
  look(): void {
    if (this.queue.isIdle) void this.reread();
  }

  private async reread(): Promise<void> {
    const { saves } = this;
    try {
      const state = await this.read();
      if (saves !== this.saves) return this.reread(); // something was saved while it was on its way
      if (state.revision.id !== this.state.revision.id) return this.onOther(); // the text itself is another now
      this.state = state;
    } catch {
      // what is shown stays; the queue tells of a lost server
    }
    this.touch();
  }

  private touch(): void {
    this.cached = null;
    this.onChange();
  }
}
