// Sends changes one after another until each is saved, always under the same request key, so that the server acts once.

/** The rows an action touched, as the server has them now; null for a row that is gone. */
export type Changed = Record<string, Record<string, Record<string, unknown> | null>>;

/** What the server says once a change is committed. */
export interface Saved {
  entry: string;
  saved_at: string;
  verb: string;
  changed: Changed;
  is_repeat: boolean;
}

export interface Job {
  request: string;
  path: string;
  body: Record<string, unknown>;
}

/** What became of one attempt. "away": no answer; "locked": the browser has to be let in again; "refused": a rule was broken. */
export type Outcome =
  | { kind: "saved"; saved: Saved }
  | { kind: "refused"; sentence: string }
  | { kind: "away" }
  | { kind: "locked" };

export type Trouble = "none" | "away" | "locked";


export class Queue<J extends Job = Job> {
  jobs: J[] = [];
  trouble: Trouble = "none";
  private busy = false;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private tries = 0;

  constructor(
    private send: (job: J) => Promise<Outcome>,
    private events: { saved(job: J, saved: Saved): void; refused(job: J, sentence: string): void; changed(): void },
    private pause: (tries: number) => number = (tries) => Math.min(8000, 400 * 2 ** tries),
  ) {}

  get isIdle(): boolean {
    return this.jobs.length === 0;
  }

  add(job: J): void {
    this.jobs.push(job);
    this.events.changed();
    void this.run();
  }

  /** Try at once, without waiting for the pause to end. */
  hurry(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    void this.run();
  }

  private async run(): Promise<void> {
    if (this.busy || this.timer !== null) return;
    this.busy = true;
    try {
      while (this.jobs.length > 0) {
        const job = this.jobs[0]!;
        const outcome = await this.send(job);
        if (outcome.kind === "away" || outcome.kind === "locked") {
          this.trouble = outcome.kind;
          this.timer = setTimeout(() => this.hurry(), this.pause(this.tries++));
          this.events.changed();
          return;
        }
        this.jobs.shift();
        this.trouble = "none";
        this.tries = 0;
        if (outcome.kind === "saved") this.events.saved(job, outcome.saved);
        else this.events.refused(job, outcome.sentence);
        this.events.changed();
      }
    } finally {
      this.busy = false;
    }
  }
}
