// The stripes beside the text. All get their places; only those near what is in view are drawn, so that many cost no more than few.

import { render, svg, type TemplateResult } from "lit";
import { readable, type Coder } from "./coder";
import { labels, lanes, type Extent } from "./stripes";
import type { Code, Segment } from "./types";
import type { Span } from "./units";

const LANE = 9;
const LABEL = 20;
const NARROW = 110; // no room for names

interface Stripe {
  extent: Extent;
  code: Code;
  segment: Segment;
}

export class Margin {
  readonly root = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  private measured = new Map<string, { top: number; bottom: number }>(); // by place in the text, from its upper edge
  private size = "";
  private placed: Stripe[] = [];
  private lane = new Map<string, number>();
  private written = new Map<string, number>();
  private drawn = { from: 0, to: 0 };

  constructor(
    private coder: Coder,
    private text: HTMLElement,
    private range: (span: Span) => Range,
  ) {
    this.root.setAttribute("class", "cd-stripes");
    this.root.setAttribute("aria-hidden", "true");
    this.root.addEventListener("click", (event) => {
      const id = (event.target as Element).closest<SVGElement>(".cd-stripe")?.dataset["segment"];
      const segment = id ? coder.tables.segments[id] : undefined;
      if (!segment) return;
      coder.choose(coder.units(segment));
      coder.tell();
    });
  }

  /** True when the words stand elsewhere than when they were measured. */
  isMoved(): boolean {
    return this.size !== `${this.text.offsetWidth} ${this.text.offsetHeight} ${this.root.clientWidth}`;
  }

  forget(): void {
    this.measured.clear();
  }

  /** Give every stripe its place. */
  place(): void {
    const { coder } = this;
    const { segments, codes, codings } = coder.tables;
    const stripes = new Map<string, Stripe>(); // one a code and passage, whoever coded
    const origin = this.text.getBoundingClientRect().top;
    for (const coding of Object.values(codings)) {
      const [segment, code] = [segments[coding.segment_id], codes[coding.code_id]];
      if (!segment || !code || (coder.lit && code.id !== coder.lit)) continue;
      const id = `${segment.id} ${code.id}`;
      stripes.set(id, { extent: { id, ...this.measure(segment, origin) }, code, segment });
    }
    this.placed = [...stripes.values()];
    const extents = this.placed.map((one) => one.extent);
    const width = this.root.clientWidth;
    const isNarrow = width < NARROW;
    this.lane = lanes(extents, Math.max(3, Math.floor((isNarrow ? width : width * 0.4) / LANE)));
    this.written = isNarrow ? new Map() : labels(extents, LABEL, 3 * LABEL);
    const height = this.text.offsetHeight;
    this.size = `${this.text.offsetWidth} ${height} ${width}`;
    const lowest = Math.max(0, ...this.written.values()) + LABEL; // names may reach further down than the last words
    this.root.setAttribute("height", String(Math.max(1, height, lowest)));
    this.draw();
  }

  private measure(segment: Segment, origin: number): { top: number; bottom: number } {
    const key = `${segment.start} ${segment.stop}`;
    let found = this.measured.get(key);
    if (!found) {
      const box = this.range(this.coder.units(segment)).getBoundingClientRect();
      found = { top: box.top - origin + 2, bottom: box.bottom - origin - 2 };
      this.measured.set(key, found);
    }
    return found;
  }

  /** What is in view, and a screen above and below it. */
  draw(): void {
    const { from, to, reach } = this.view();
    this.drawn = { from: from - reach, to: to + reach };
    const here = new Set(this.coder.here.map((one) => one.id));
    const x = Math.max(0, ...this.lane.values()) * LANE + LANE + 6;
    const near = this.placed.filter(({ extent }) => extent.top < this.drawn.to && extent.bottom > this.drawn.from);
    render(svg`${near.map((one) => this.stripe(one, x, here.has(one.segment.id)))}`, this.root);
  }

  /** After scrolling: drawn anew only when what was drawn comes to its end. */
  follow(): void {
    const { from, to, reach } = this.view();
    if (from - reach / 2 < this.drawn.from || to + reach / 2 > this.drawn.to) this.draw();
  }

  private view(): { from: number; to: number; reach: number } {
    const scroller = this.text.closest(".cd-scroll");
    if (!scroller) return { from: 0, to: innerHeight, reach: innerHeight };
    const from = scroller.getBoundingClientRect().top - this.text.getBoundingClientRect().top;
    return { from, to: from + scroller.clientHeight, reach: scroller.clientHeight };
  }

  private stripe({ extent, code, segment }: Stripe, x: number, isHere: boolean): TemplateResult {
    const y = this.written.get(extent.id);
    const color = this.coder.color(code);
    return svg`<g class="cd-stripe" data-segment=${segment.id} data-here=${isHere}><title>${code.name}</title>
      <rect x=${this.lane.get(extent.id)! * LANE + 2} y=${extent.top} width=${LANE - 4} height=${Math.max(6, extent.bottom - extent.top)} rx="2" fill=${color}></rect>
      ${y === undefined ? null : svg`<text x=${x} y=${y + 14} fill=${readable(color)}>${code.name}</text>`}</g>`;
  }
}
