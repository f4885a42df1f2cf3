// The text itself: built once from text nodes that hold it exactly, so that every place on screen is a place in the text.

import { svg, render, type TemplateResult } from "lit";
import { readable, type Coder } from "./coder";
import { labels, lanes, type Extent } from "./stripes";
import type { Span } from "./units";

const LANE = 9;
const LABEL = 20;

interface Piece {
  node: Text;
  from: number;
}

export class Talk {
  readonly root = document.createElement("div");
  readonly margin = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  private pieces: Piece[] = [];
  private drawn: unknown = null;

  constructor(private coder: Coder) {
    this.root.id = "the-talk";
    this.root.tabIndex = 0;
    this.root.setAttribute("role", "textbox"); // a screen reader passes the arrow keys on; nothing can be typed
    this.root.setAttribute("aria-multiline", "true");
    this.root.setAttribute("aria-readonly", "true");
    this.root.setAttribute("aria-label", "The text");
    this.root.setAttribute("aria-describedby", "talk-how");
    this.margin.setAttribute("class", "cd-stripes");
    this.margin.setAttribute("aria-hidden", "true");
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

  /** Marks in the words, and stripes beside them; both only when something they show changed. */
  draw(isForced = false): void {
    const { coder } = this;
    this.mark("kith-chosen", coder.span.to > coder.span.from ? [coder.span] : []);
    const shown = [coder.tables, coder.lit, coder.offers];
    if (!isForced && Array.isArray(this.drawn) && this.drawn.every((one, index) => one === shown[index])) return;
    this.drawn = shown;
    const { segments, codings, mentions } = coder.tables;
    const coded = new Set(Object.values(codings).map((one) => one.segment_id));
    const lit = new Set(Object.values(codings).filter((one) => one.code_id === coder.lit).map((one) => one.segment_id));
    const spans = (ids: Iterable<string>) => [...ids].flatMap((id) => (segments[id] ? [coder.units(segments[id])] : []));
    this.mark("kith-coded", spans(coded));
    this.mark("kith-lit", spans(lit));
    this.mark("kith-mention", spans(Object.values(mentions).map((one) => one.segment_id)));
    this.mark("kith-offer", coder.openOffers.map((one) => coder.units(one)));
    this.stripes();
  }

  private mark(name: string, spans: Span[]): void {
    if (typeof Highlight === "undefined") return; // the stripes tell it too
    const mark = new Highlight(...spans.map((span) => this.range(span)));
    mark.priority = ["kith-coded", "kith-offer", "kith-mention", "kith-lit", "kith-chosen"].indexOf(name);
    CSS.highlights.set(name, mark);
  }

  private stripes(): void {
    const { coder } = this;
    const { segments, codes } = coder.tables;
    const origin = this.root.getBoundingClientRect().top;
    const boxes = new Map<string, DOMRect>();
    const shown = new Map<string, { extent: Extent; codeId: string; segmentId: string }>(); // one stripe a code and passage, whoever coded
    for (const coding of Object.values(coder.tables.codings)) {
      const segment = segments[coding.segment_id];
      if (!segment || !codes[coding.code_id] || (coder.lit && coding.code_id !== coder.lit)) continue;
      const box = boxes.get(segment.id) ?? this.range(coder.units(segment)).getBoundingClientRect();
      boxes.set(segment.id, box);
      const id = `${segment.id} ${coding.code_id}`;
      shown.set(id, { extent: { id, top: box.top - origin + 2, bottom: box.bottom - origin - 2 }, codeId: coding.code_id, segmentId: segment.id });
    }
    const extents = [...shown.values()].map((one) => one.extent);
    const width = this.margin.clientWidth;
    const isNarrow = width < 110;
    const most = Math.max(3, Math.floor((isNarrow ? width : width * 0.4) / LANE));
    const lane = lanes(extents, most);
    const used = Math.max(0, ...lane.values()) + 1;
    const written = isNarrow ? new Map<string, number>() : labels(extents, LABEL, 3 * LABEL);
    this.margin.setAttribute("height", String(Math.max(1, Math.round(this.root.getBoundingClientRect().height))));
    const stripe = ({ extent, codeId, segmentId }: { extent: Extent; codeId: string; segmentId: string }): TemplateResult => {
      const code = codes[codeId]!;
      const y = written.get(extent.id);
      const choose = () => {
        coder.choose(coder.units(segments[segmentId]!));
        coder.tell();
      };
      const x = lane.get(extent.id)! * LANE + 2;
      return svg`<g class="cd-stripe" @click=${choose}><title>${code.name}</title>
        <rect x=${x} y=${extent.top} width=${LANE - 4} height=${Math.max(6, extent.bottom - extent.top)} rx="2" fill=${coder.color(code)}></rect>
        ${y === undefined ? null : svg`<text x=${used * LANE + 6} y=${y + 14} fill=${readable(coder.color(code))}>${code.name}</text>`}</g>`;
    };
    render(svg`${[...shown.values()].map(stripe)}`, this.margin);
  }
}
