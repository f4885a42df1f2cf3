// What is on the page: the rows the server has saved, and over them, in order, what is still on its way there.

import { Queue, type Changed, type Job, type Outcome, type Saved } from "../saving/queue";
import type { MapState, Row, Rows, TableName, Tables } from "./types";
import { newRequest } from "../saving/ids";

export interface Change extends Job {
  apply: (tables: Tables) => void;
  counts: "do" | "undo" | "redo" | "aside"; // aside: not among what undo on this map takes back
  after?: () => void;
}

export class Sheet {
  queue: Queue<Change>;
  savedAt: string | null = null;
  refusal: string | null = null;
  onOwn: () => void = () => {}; // after a change made here: drawn at once, so that the next one builds on it
  private cached: Tables | null = null;
  private saves = 0;

  constructor(
    public state: MapState,
    send: (job: Job) => Promise<Outcome>,
    private read: () => Promise<MapState>,
    private onChange: () => void,
    pause?: (tries: number) => number,
  ) {
    this.queue = new Queue<Change>(
      send,
      {
        saved: (change, saved) => this.take(change, saved),
        refused: (_change, sentence) => {
          this.refusal = sentence;
          void this.reread();
        },
        changed: () => this.touch(),
      },
      pause,
    );
  }

  /** The rows to show: saved ones with all waiting changes on top. */
  get tables(): Tables {
    if (!this.cached) {
      this.cached = Object.fromEntries(Object.entries(this.state.tables).map(([name, rows]) => [name, { ...rows }])) as unknown as Tables;
      for (const change of this.queue.jobs) change.apply(this.cached);
    }
    return this.cached;
  }

  do(verb: string, args: Record<string, unknown>, apply: (tables: Tables) => void, counts: Change["counts"] = "do", after?: () => void): void {
    const path = `/api/actions/${verb.replaceAll(" ", "-")}`;
    this.refusal = null;
    this.queue.add({ request: newRequest(), path, body: { arguments: args }, apply, counts, after });
    this.onOwn();
  }

  step(which: "undo" | "redo"): void {
    const path = `/api/maps/${this.state.map_id}/${which}`;
    this.queue.add({ request: newRequest(), path, body: {}, apply: () => {}, counts: which, after: () => void this.reread() });
  }

  async reread(): Promise<void> {
    const saves = this.saves;
    try {
      const state = await this.read();
      if (saves !== this.saves) return this.reread(); // something was saved meanwhile: what was read may be older
      this.state = state;
      this.touch();
    } catch {
      this.touch(); // what is shown stays; the queue tells of a lost server
    }
  }

  private take(change: Change, saved: Saved): void {
    this.saves++;
    merge(this.state.tables, saved.changed);
    if (saved.saved_at) this.savedAt = saved.saved_at;
    const depth = this.state.undo;
    if (saved.entry) {
      if (change.counts === "do") Object.assign(depth, { done: depth.done + 1, undone: 0 });
      if (change.counts === "undo") Object.assign(depth, { done: depth.done - 1, undone: depth.undone + 1 });
      if (change.counts === "redo") Object.assign(depth, { done: depth.done + 1, undone: depth.undone - 1 });
    }
    this.cached = null;
    change.after?.();
  }

  private touch(): void {
    this.cached = null;
    this.onChange();
  }
}

/** Merge what an action changed: columns over rows, null takes a row away; tables this page does not hold are passed by. */
export function merge(tables: object, changed: Changed): void {
  for (const [name, rows] of Object.entries(changed)) {
    const table = (tables as Record<string, Rows | undefined>)[name];
    if (!table) continue;
    for (const [id, columns] of Object.entries(rows)) {
      if (columns === null) delete table[id];
      else table[id] = { ...table[id], ...columns, id } as Row;
    }
  }
}

/** Change columns of one row of the rows shown. */
export function patch(tables: Tables, table: TableName, id: string, columns: Record<string, unknown>): void {
  const rows = tables[table] as Rows;
  const row = rows[id];
  if (row) rows[id] = { ...row, ...columns };
}
