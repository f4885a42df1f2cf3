// What the page knows beside the rows: what is chosen in the text, and the few things that every part does.

import { newId } from "../saving/ids";
import { shorten } from "../map/words";
import type { Book } from "./book";
import { Offsets } from "./offsets";
import type { Code, Coding, Mention, Offer, Segment, Tables } from "./types";
import { indexAt, sentencesOf, trimmed, widened, wordsOf, type Span } from "./units";

const COLORS = ["#1f4b82", "#a3460f", "#1d5f4a", "#8a2f6b", "#6b5b00", "#4b3f9b", "#9a1b2f", "#2b6f86", "#5a5f66", "#3f6b1f"];
export type Unit = "word" | "sentence" | "turn";
const PINS = "kith-pinned-codes";

export class Coder {
  span: Span = { from: 0, to: 0 }; // chosen in the text, in UTF-16 units; empty is a cursor
  anchor: number | null = null; // where choosing by keyboard began
  lit: string | null = null; // a code whose passages are shown
  edited: string | null = null; // a code whose definition is open
  filter = "";
  dragged: string | null = null;
  over: string | null = null; // the code under what is dragged
  offers: Offer[] = [];
  pins: string[];
  isKeysOpen = false;
  drafts = new Map<string, string>();
  announce: (text: string) => void = () => {};
  render: () => void = () => {};
  choose: (span: Span, isBackwards?: boolean) => void = () => {};
  readonly text: string;
  readonly offsets: Offsets;
  readonly turns: Span[];
  private kept: { words?: Span[]; sentences?: Span[] } = {};
  private stood?: { tables: Tables; codings: Map<string, Coding[]>; passages: Segment[] };

  constructor(public book: Book) {
    this.text = book.state.revision.text;
    this.offsets = new Offsets(this.text);
    const turns = book.state.turns.map((turn) => this.units(turn));
    this.turns = turns.length > 0 ? turns : linesOf(this.text);
    this.pins = JSON.parse(localStorage.getItem(PINS) ?? "[]") as string[];
  }

  units(row: { start: number; stop: number }): Span {
    return { from: this.offsets.toUnits(row.start), to: this.offsets.toUnits(row.stop) };
  }

  get words(): Span[] {
    return (this.kept.words ??= wordsOf(this.text));
  }

  get sentences(): Span[] {
    return (this.kept.sentences ??= sentencesOf(this.text, this.turns));
  }

  private unitsOf(unit: Unit): Span[] {
    return unit === "word" ? this.words : unit === "sentence" ? this.sentences : this.turns;
  }

  get tables() {
    return this.book.tables;
  }

  // -- reading -------------------------------------------------------------------------------------------------------

  /** The words chosen, without blanks at the ends, in code points; null when nothing is chosen. */
  get chosen(): { start: number; stop: number } | null {
    const { from, to } = trimmed(this.text, this.span);
    return from < to ? { start: this.offsets.toPoints(from), stop: this.offsets.toPoints(to) } : null;
  }

  get chosenWords(): string {
    return this.text.slice(this.span.from, this.span.to).trim();
  }

  /** Passages with something on them: what only others rest on while a text is coded blind is none. */
  get passages(): Segment[] {
    return this.standing.passages;
  }

  /** Passages under the cursor or touched by what is chosen, shortest first. */
  get here(): Segment[] {
    const start = this.offsets.toPoints(this.span.from);
    const stop = this.offsets.toPoints(this.span.to);
    return this.passages
      .filter((one) => (start === stop ? one.start <= start && start < one.stop : one.start < stop && start < one.stop))
      .sort((a, b) => a.stop - a.start - (b.stop - b.start) || a.start - b.start);
  }

  /** The rows by the passages they stand on, worked out once as long as they stay. */
  private get standing(): { codings: Map<string, Coding[]>; passages: Segment[] } {
    const { tables } = this;
    if (this.stood?.tables === tables) return this.stood;
    const codings = new Map<string, Coding[]>();
    for (const one of Object.values(tables.codings)) {
      const others = codings.get(one.segment_id);
      if (!tables.codes[one.code_id]) continue;
      if (others) others.push(one);
      else codings.set(one.segment_id, [one]);
    }
    const used = new Set<string | null>(codings.keys());
    for (const one of [...Object.values(tables.mentions), ...Object.values(tables.memos)]) used.add(one.segment_id);
    this.stood = { tables, codings, passages: Object.values(tables.segments).filter((one) => used.has(one.id)) };
    return this.stood;
  }

  codingsOf(segmentId: string): Coding[] {
    return this.standing.codings.get(segmentId) ?? [];
  }

  /** Codes in the order of the tree, with how deep each stands. */
  get tree(): { code: Code; depth: number }[] {
    const under = new Map<string | null, Code[]>();
    const { codes } = this.tables;
    for (const code of Object.values(codes)) {
      const parent = code.parent_id && codes[code.parent_id] ? code.parent_id : null;
      under.set(parent, [...(under.get(parent) ?? []), code]);
    }
    const walk = (parent: string | null, depth: number): { code: Code; depth: number }[] =>
      (under.get(parent) ?? [])
        .sort((a, b) => (a.position ?? 0) - (b.position ?? 0) || a.name.localeCompare(b.name))
        .flatMap((code) => [{ code, depth }, ...walk(code.id, depth + 1)]);
    return walk(null, 0);
  }

  color(code: Code): string {
    if (code.color && /^#[0-9a-f]{6}$/i.test(code.color)) return code.color;
    let sum = 0;
    for (const letter of code.id) sum = (sum * 31 + letter.charCodeAt(0)) % 9973;
    return COLORS[sum % COLORS.length]!;
  }

  nameOf(alterId: string): string {
    return this.book.state.names[alterId] ?? this.book.state.alters.find((alter) => alter.id === alterId)?.pseudonym ?? "Someone";
  }

  /** Offers that nobody has confirmed yet, on these words or on a passage that holds them. */
  get openOffers(): Offer[] {
    const { segments, mentions } = this.tables;
    const tied = Object.values(mentions).flatMap((one) => (segments[one.segment_id] ? [{ ...segments[one.segment_id]!, alter_id: one.alter_id }] : []));
    return this.offers.filter(
      ({ start, stop, alter_ids }) => !tied.some((one) => one.start <= start && stop <= one.stop && (alter_ids.includes(one.alter_id) || one.stop - one.start === stop - start)),
    );
  }

  // -- moving in the text ----------------------------------------------------------------------------------------------

  /** Go to the next or previous word, sentence or turn; with `isExtending` what was chosen grows or shrinks to it. */
  go(unit: Unit, by: 1 | -1, isExtending: boolean): void {
    const units = this.unitsOf(unit);
    if (units.length === 0) return;
    const isBackwards = this.anchor !== null && this.span.from < this.anchor;
    const at = isBackwards ? this.span.from : Math.max(this.span.from, this.span.to - 1);
    const index = indexAt(units, at);
    const isBefore = units[index]!.from > at; // between two units: the next one is the one found
    const next = units[Math.max(0, Math.min(units.length - 1, index + (by === 1 && isBefore ? 0 : by)))]!;
    if (isExtending) {
      this.anchor ??= this.span.from;
      const home = this.words[indexAt(this.words, this.anchor)] ?? next;
      this.choose({ from: Math.min(next.from, home.from), to: Math.max(home.to, next.to) }, next.from < home.from);
    } else {
      const word = unit === "word" ? next : (this.words[indexAt(this.words, next.from)] ?? next);
      this.anchor = word.from;
      this.choose(word);
    }
    this.tell();
  }

  widen(unit: Unit): void {
    this.choose(widened(this.unitsOf(unit), this.span));
    this.anchor = this.span.from;
    this.tell();
  }

  /** The next or previous coded passage. */
  hop(by: 1 | -1): void {
    const order = this.passages
      .filter((one) => this.lit === null || this.codingsOf(one.id).some((coding) => coding.code_id === this.lit))
      .sort((a, b) => a.start - b.start || a.stop - b.stop);
    const [start, stop] = [this.offsets.toPoints(this.span.from), this.offsets.toPoints(this.span.to)];
    const place = (one: Segment) => one.start - start || one.stop - stop;
    const next = by === 1 ? order.find((one) => place(one) > 0) : order.findLast((one) => place(one) < 0);
    if (!next) return this.announce("No further passage.");
    this.choose(this.units(next));
    this.tell();
  }

  /** Say what is chosen, which codes stand there, of whom it speaks, and whether there is a memo. */
  tell(): void {
    const { here, tables } = this;
    const ids = new Set<string | null>(here.map((one) => one.id));
    const codes = here.flatMap((one) => this.codingsOf(one.id)).map((one) => tables.codes[one.code_id]!.name);
    const spokenOf = Object.values(tables.mentions).filter((one) => ids.has(one.segment_id)).map((one) => this.nameOf(one.alter_id));
    const memos = Object.values(tables.memos).filter((one) => ids.has(one.segment_id)).length;
    const said = [shorten(this.chosenWords, 120) || "Nothing chosen"];
    if (codes.length > 0) said.push(`coded ${[...new Set(codes)].join(", ")}`);
    if (spokenOf.length > 0) said.push(`speaks of ${[...new Set(spokenOf)].join(", ")}`);
    if (memos > 0) said.push(memos === 1 ? "one memo" : `${memos} memos`);
    this.announce(said.join("; "));
  }

  // -- doing -----------------------------------------------------------------------------------------------------------

  /** A press on a code: put it on what is chosen, or, with nothing chosen, show where it is. */
  press(codeId: string): void {
    const code = this.tables.codes[codeId];
    if (!code) return;
    if (this.chosen) return this.apply(codeId);
    this.lit = this.lit === codeId ? null : codeId;
    const count = Object.values(this.tables.codings).filter((one) => one.code_id === codeId).length;
    this.announce(this.lit ? `${code.name}: ${count} here` : "All passages");
    this.render();
  }

  apply(codeId: string): void {
    const { chosen } = this;
    const { coder_id: coder, revision } = this.book.state;
    if (!chosen) return this.announce("Choose words in the text first.");
    const there = Object.values(this.tables.segments).find((one) => one.start === chosen.start && one.stop === chosen.stop);
    const segment: Segment = there ?? { id: newId(), ...chosen, quotation: this.chosenWords };
    const coding: Coding = { id: newId(), segment_id: segment.id, code_id: codeId, coder_id: coder };
    const name = this.tables.codes[codeId]!.name;
    if (this.codingsOf(segment.id).some((one) => one.code_id === codeId && one.coder_id === coder)) return this.announce(`${name} is there already.`);
    const args = { revision_id: revision.id, ...chosen, code_ids: [codeId], coder_id: coder, segment_id: segment.id };
    this.book.do("code segment", args, (tables) => {
      tables.segments[segment.id] = segment;
      tables.codings[coding.id] = coding;
    });
    this.announce(`Coded ${name}.`);
  }

  /** A code of these words, or of the name given, put on what is chosen; without anything chosen it is only made. */
  create(name: string | null): void {
    const { chosen } = this;
    const { coder_id: coder_id, revision } = this.book.state;
    const parent_id = this.edited && this.tables.codes[this.edited] ? this.tables.codes[this.edited]!.parent_id : null;
    if (chosen) this.book.do("code in vivo", { revision_id: revision.id, ...chosen, name, parent_id, coder_id });
    else if (name) this.book.do("add code", { name, parent_id });
    else return this.announce("Choose words in the text first.");
    this.filter = "";
    this.announce(`New code: ${name ?? shorten(this.chosenWords, 60)}.`);
    this.render();
  }

  /** Draw a coding longer or shorter, to what is chosen. */
  redraw(coding: Coding): void {
    if (!this.chosen) return;
    this.book.do("move coding", { coding_id: coding.id, ...this.chosen });
    this.announce(`${this.tables.codes[coding.code_id]?.name ?? "The code"} is on what is chosen now.`);
  }

  /** Say that the coder has finished this text, or goes on with it. */
  finish(isFinished: boolean): void {
    const { coder_id, document } = this.book.state;
    this.book.do(isFinished ? "finish coding" : "reopen coding", { document_id: document.id, coder_id });
    this.announce(isFinished ? "Finished." : "Open again.");
  }

  showAll(): void {
    this.lit = null;
    this.announce("All passages");
    this.render();
  }

  uncode(coding: Coding): void {
    this.book.do("uncode", { coding_id: coding.id }, (tables) => void delete tables.codings[coding.id]);
    this.announce(`${this.tables.codes[coding.code_id]?.name ?? "The code"} taken off. Undo brings it back.`);
  }

  mention(spans: { start: number; stop: number; alter_id: string; event_id?: string | null }[]): void {
    const { about, coder_id, revision } = this.book.state;
    const mentions = spans.map((one) => (about.ties[one.alter_id] ? { ...one, tie_id: about.ties[one.alter_id] } : one));
    this.book.do("note mentions", { revision_id: revision.id, mentions, coder_id });
    this.announce(spans.length === 1 ? `Tied to ${this.nameOf(spans[0]!.alter_id)}.` : `${spans.length} mentions tied.`);
  }

  untie(mention: Mention): void {
    this.book.do("forget mention", { mention_id: mention.id }, (tables) => void delete tables.mentions[mention.id]);
    this.announce(`${this.nameOf(mention.alter_id)} untied. Undo brings it back.`);
  }

  pin(codeId: string): void {
    this.pins = this.pins.includes(codeId) ? this.pins.filter((one) => one !== codeId) : [...this.pins, codeId].slice(-9);
    localStorage.setItem(PINS, JSON.stringify(this.pins));
    this.render();
  }
}

/** A colour dark enough to be read as letters on white (4.5 to 1). */
export function readable(color: string): string {
  let parts = [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16));
  const light = () => parts.map((part) => part / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  const luminance = () => light().reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at]!, 0);
  while (luminance() > 0.18) parts = parts.map((part) => Math.floor(part * 0.92));
  return `#${parts.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
}

/** Lines with words, for a text in which nobody is told apart. */
function linesOf(text: string): Span[] {
  return [...text.matchAll(/[^\n]+/g)].map((line) => ({ from: line.index, to: line.index + line[0].length }));
}
