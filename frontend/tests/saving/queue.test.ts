import { expect, test, vi } from "vitest";
import { Queue, type Job, type Outcome, type Saved } from "../../src/saving/queue";
import { merge, Sheet } from "../../src/map/sheet";
import type { MapState, Tables } from "../../src/map/types";
import { Moves } from "../../src/map/moves";

const saved = (changed: Saved["changed"] = {}): Outcome => ({ kind: "saved", saved: { entry: "e", saved_at: "2026-03-14T09:30:00.000Z", verb: "v", changed, is_repeat: false } });
const job = (request: string): Job => ({ request, path: "/p", body: {} });
const settled = () => new Promise((resolve) => setTimeout(resolve, 30));

function queueOf(send: (job: Job) => Promise<Outcome>) {
  const told: string[] = [];
  const queue = new Queue<Job>(send, { saved: (one) => told.push(`saved ${one.request}`), refused: (one, sentence) => told.push(`refused ${one.request} ${sentence}`), changed: () => {} }, () => 1);
  return { queue, told };
}

test("changes go out one after another, in the order they were made", async () => {
  let isOut = false;
  const sent: string[] = [];
  const { queue, told } = queueOf(async (one) => {
    expect(isOut).toBe(false);
    isOut = true;
    await new Promise((resolve) => setTimeout(resolve, 2));
    isOut = false;
    sent.push(one.request);
    return saved();
  });
  for (const key of ["a", "b", "c"]) queue.add(job(key));
  await settled();
  expect(sent).toEqual(["a", "b", "c"]);
  expect(told).toEqual(["saved a", "saved b", "saved c"]);
});

test("a change without an answer is sent again under the same key until it is saved, and nothing overtakes it", async () => {
  const sent: string[] = [];
  const { queue, told } = queueOf(async (one) => {
    sent.push(one.request);
    return sent.length < 4 ? { kind: "away" } : saved();
  });
  queue.add(job("a"));
  queue.add(job("b"));
  await vi.waitFor(() => expect(told).toEqual(["saved a", "saved b"]));
  expect(sent).toEqual(["a", "a", "a", "a", "b"]);
  expect(queue.trouble).toBe("none");
});

test("trouble stays on show while the browser has to be let in again", async () => {
  const send = vi.fn(async (): Promise<Outcome> => ({ kind: "locked" }));
  const queue = new Queue<Job>(send, { saved: () => {}, refused: () => {}, changed: () => {} }, () => 1e6);
  queue.add(job("a"));
  await settled();
  expect(queue.trouble).toBe("locked");
  expect(queue.isIdle).toBe(false);
  queue.hurry();
  await settled();
  expect(send).toHaveBeenCalledTimes(2);
});

test("a refused change is told with its sentence and does not stop the next one", async () => {
  const { queue, told } = queueOf(async (one) => (one.request === "a" ? { kind: "refused", sentence: "No." } : saved()));
  queue.add(job("a"));
  queue.add(job("b"));
  await settled();
  expect(told).toEqual(["refused a No.", "saved b"]);
});

// -- the sheet: saved rows, and what is on its way over them ----------------------------------------------------------------

function emptyTables(): Tables {
  return { maps: { m: { id: "m", stage: "recall" } }, interviews: {}, alters: {}, identities: {}, ties: {}, nominations: {}, supports: {}, alter_ties: {}, fates: {}, events: {}, answers: {} };
}

function stateOf(tables = emptyTables()): MapState {
  return { map_id: "m", participant: { id: "p", pseudonym: "P" }, wave: { id: "w", label: "", position: 1 }, design: {} as MapState["design"], tables, is_recall: true, has_before: false, before: null, earlier: [], lookalikes: [], states: [], named_today: [], undo: { done: 0, undone: 0 } };
}

test("a name shows at once and once only, before and after the server's answer", async () => {
  const sheet = new Sheet(stateOf(), async (sent) => {
    const args = (sent.body as { arguments: Record<string, string> }).arguments;
    return saved({
      alters: { [args["alter_id"]!]: { id: args["alter_id"]!, kind: "person", pseudonym: "Person 1" } },
      ties: { [args["tie_id"]!]: { id: args["tie_id"]!, alter_id: args["alter_id"]!, circle: null } },
      identities: { i1: { id: "i1", alter_id: args["alter_id"]!, name: "Ana" } },
    });
  }, async () => stateOf(), () => {});
  const tieId = new Moves(sheet).name("Ana", "person", null, null, "recall");
  expect(Object.keys(sheet.tables.ties)).toEqual([tieId]);
  expect(Object.values(sheet.tables.identities).map((row) => row["name"])).toEqual(["Ana"]);
  await settled();
  expect(Object.keys(sheet.tables.ties)).toEqual([tieId]);
  expect(Object.values(sheet.tables.identities).map((row) => row["name"])).toEqual(["Ana"]);
  expect(Object.values(sheet.tables.alters)[0]!.pseudonym).toBe("Person 1");
  expect(sheet.savedAt).toBe("2026-03-14T09:30:00.000Z");
  expect(sheet.state.undo.done).toBe(1);
});

test("a refused change is taken back on the page and its sentence shown", async () => {
  const tables = emptyTables();
  tables.ties["t"] = { id: "t", map_id: "m", alter_id: "a", circle: 1, angle: 0, distance: 0.2, via_tie_id: null };
  const sheet = new Sheet(stateOf(tables), async () => ({ kind: "refused", sentence: "This map has circles 1 to 3." }), async () => stateOf(structuredClone(tables)), () => {});
  new Moves(sheet).place("t", { circle: 9, angle: 0, distance: 0.5 });
  expect(sheet.tables.ties["t"]!.circle).toBe(9);
  await settled();
  expect(sheet.tables.ties["t"]!.circle).toBe(1);
  expect(sheet.refusal).toBe("This map has circles 1 to 3.");
});

test("what was read while something was being saved is read again, so nothing saved disappears", async () => {
  let reads = 0;
  const tables = emptyTables();
  const sheet = new Sheet(stateOf(tables), async () => saved({ maps: { m: { stage: "details" } } }), async () => {
    reads++;
    if (reads > 1) return stateOf({ ...emptyTables(), maps: { m: { id: "m", stage: "details" } } });
    await settled();
    return stateOf();
  }, () => {});
  const reading = sheet.reread();
  new Moves(sheet).describeMap({ stage: "details" });
  await reading;
  expect(reads).toBe(2);
  expect(sheet.tables.maps["m"]!["stage"]).toBe("details");
});

test("merging changes columns, takes rows away, and passes by tables the page does not hold", () => {
  const tables = emptyTables();
  tables.fates["f"] = { id: "f", map_id: "m", alter_id: "a", fate: "lost", reasons: null, replaced_by_id: null, note: "kept" };
  merge(tables, { fates: { f: { id: "f", fate: "dormant" } }, maps: { m: null }, waves: { w: { id: "w" } } });
  expect(tables.fates["f"]).toMatchObject({ fate: "dormant", note: "kept" });
  expect(tables.maps).toEqual({});
});
