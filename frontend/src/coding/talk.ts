// The text itself: built once from text nodes that hold it exactly, so that every place on screen is a place in the text.

import type { Coder } from "./coder";
import { Margin } from "./margin";
import { isFromRight, type Span } from "./units";

interface Piece {
  node: Text;
  from: number;
}

export class Talk {
  readonly root = document.createElement("div");
  readonly margin: Margin;
  private pieces: Piece[] = [];
  private marked: unknown[] = [];
  private striped: unknown[] = [];

  constructor(private coder: Coder) {
    this.root.id = "the-talk";
    this.root.tabIndex = 0;
    this.root.setAttribute("role", "textbox"); // a screen reader passes the arrow keys on; nothing can be typed
    this.root.setAttribute("aria-multiline", "true");
    this.root.setAttribute("aria-readonly", "true");
    this.root.setAttribute("aria-label", "The text");
    this.root.setAttribute("aria-describedby", "talk-how");
    this.margin = new Margin(coder, this.root, (span) => this.range(span));
    this.build();
  }

  private build(): void {
    const { text, turns, book } = this.coder;
    let at = 0;
    let last: HTMLElement = this.root;
    const rows = book.state.turns;
    turns.forEach((turn, index) => {
      const ends = /^\s*\n/.exec(text.slice(at, turn.from))?.[0].length ?? 0; // line ends close the turn before
      if (ends > 0) this.piece(last, "cd-between", at, at + ends);
      at += ends;
      const block = document.createElement("div");
      block.className = "cd-turn";
      block.dataset["role"] = rows[index]?.speaker_role ?? "none";
      block.dir = isFromRight(text.slice(turn.from, turn.to)) ? "rtl" : "ltr"; // by the words, whatever letters the speaker's label has
      if (turn.from > at) this.piece(block, "cd-between", at, turn.from);
      this.piece(block, "cd-words", turn.from, turn.to);
      at = turn.to;
      this.root.append((last = block));
    });
    if (at < text.length) this.piece(last, "cd-between", at, text.length);
  }

  private piece(parent: HTMLElement, name: string, from: number, to: number): void {
    const span = document.createElement("span");
    span.className = name;
    const node = document.createTextNode(this.coder.text.slice(from, to));
    span.append(node);
    parent.append(span);
    this.pieces.push({ node, from });
  }

  // -- places --------------------------------------------------------------------------------------------------------

  private point(place: number): [Text, number] {
    let [low, high] = [0, this.pieces.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.pieces[middle]!.from <= place) low = middle;
      else high = middle - 1;
    }
    const { node, from } = this.pieces[low]!;
    return [node, Math.max(0, Math.min(place - from, node.data.length))];
  }

  range({ from, to }: Span): Range {
    const range = document.createRange();
    range.setStart(...this.point(from));
    const [node, offset] = this.point(Math.max(from, to - 1)); // the end stays in the piece of the last letter
    range.setEnd(node, Math.min(node.data.length, offset + (to > from ? 1 : 0)));
    return range;
  }

  /** The place in the text of a place in the page; null outside the text. */
  private place(node: Node, offset: number): number | null {
    if (!this.root.contains(node)) return null;
    if (node instanceof Text) return this.pieces[this.indexOf(node)]!.from + offset;
    const after = node.childNodes[offset];
    const walker = document.createTreeWalker(this.root, NodeFilter.SHOW_TEXT);
    if (after) {
      walker.currentNode = after;
      const next = after instanceof Text ? after : (walker.nextNode() as Text | null);
      return next ? this.pieces[this.indexOf(next)]!.from : this.coder.text.length;
    }
    let last: Node | null = node;
    while (last?.lastChild) last = last.lastChild;
    return last instanceof Text ? this.pieces[this.indexOf(last)]!.from + last.data.length : this.coder.text.length;
  }

  private indexOf(node: Text): number {
    return this.pieces.findIndex((piece) => piece.node === node);
  }

  /** What the browser has chosen, as a span of the text; null when it is elsewhere. */
  selection(): Span | null {
    const chosen = getSelection();
    if (!chosen?.anchorNode || !chosen.focusNode) return null;
    const one = this.place(chosen.anchorNode, chosen.anchorOffset);
    const other = this.place(chosen.focusNode, chosen.focusOffset);
    return one === null || other === null ? null : { from: Math.min(one, other), to: Math.max(one, other) };
  }

  select(span: Span, isBackwards = false): void {
    const range = this.range(span);
    const [start, end] = [[range.startContainer, range.startOffset], [range.endContainer, range.endOffset]] as [[Node, number], [Node, number]];
    const [anchor, focus] = isBackwards ? [end, start] : [start, end];
    getSelection()?.setBaseAndExtent(anchor[0], anchor[1], focus[0], focus[1]);
    this.reveal(isBackwards ? { from: span.from, to: span.from + 1 } : { from: Math.max(span.from, span.to - 1), to: span.to });
  }

  private reveal(span: Span): void {
    const scroller = this.root.closest<HTMLElement>(".cd-scroll");
    if (!scroller) return;
    const [box, frame] = [this.range(span).getBoundingClientRect(), scroller.getBoundingClientRect()];
    if (box.top < frame.top + 40) scroller.scrollTop += box.top - frame.top - frame.height / 3;
    else if (box.bottom > frame.bottom - 40) scroller.scrollTop += box.bottom - frame.bottom + frame.height / 3;
  }

  // -- drawing -------------------------------------------------------------------------------------------------------

  /** Marks in the words, and stripes beside them; each only when something it shows changed. */
  draw(): void {
    const { coder } = this;
    this.mark("kith-chosen", coder.span.to > coder.span.from ? [coder.span] : []);
    const [marked, striped] = [this.marked, this.striped];
    this.marked = [coder.tables, coder.lit, coder.offers];
    this.striped = [coder.tables, coder.lit];
    if (isOther(marked, this.marked)) this.marks();
    if (isOther(striped, this.striped)) this.margin.place();
    else this.margin.draw();
  }

  /** The words stand elsewhere: another width, other letters. */
  resized(): void {
    this.margin.forget();
    this.margin.place();
  }

  private marks(): void {
    const { coder } = this;
    const { segments, codings, mentions } = coder.tables;
    const coded = new Set(Object.values(codings).map((one) => one.segment_id));
    const lit = new Set(Object.values(codings).filter((one) => one.code_id === coder.lit).map((one) => one.segment_id));
    const spans = (ids: Iterable<string>) => [...ids].flatMap((id) => (segments[id] ? [coder.units(segments[id])] : []));
    this.mark("kith-coded", spans(coded));
    this.mark("kith-lit", spans(lit));
    this.mark("kith-mention", spans(Object.values(mentions).map((one) => one.segment_id)));
    this.mark("kith-offer", coder.openOffers.map((one) => coder.units(one)));
  }

  private mark(name: string, spans: Span[]): void {
    if (typeof Highlight === "undefined") return; // the stripes tell it too
    const mark = new Highlight(...spans.map((span) => this.range(span)));
    mark.priority = ["kith-coded", "kith-offer", "kith-mention", "kith-lit", "kith-chosen"].indexOf(name);
    CSS.highlights.set(name, mark);
  }
}

function isOther(before: unknown[], now: unknown[]): boolean {
  return now.some((one, index) => one !== before[index]);
}
