// The map itself: circles, ego, who is on it, labels that keep out of each other's way.

import { html, nothing, svg, type SVGTemplateResult, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { App } from "./app";
import { HALF, OUTER, toPoint, type Point } from "./geometry";
import { placeLabels, type Label } from "./labels";
import { isJoined } from "./pairs";
import { standing } from "./view-ties";
import type { AlterTie, Tie } from "./types";
import { shorten, spoken } from "./words";

let size = { width: 700, height: 700 };

export function setSize(width: number, height: number): boolean {
  if (width === size.width && height === size.height) return false;
  size = { width: Math.max(50, width), height: Math.max(50, height) };
  return true;
}

/** Screen pixels a unit of the drawing. */
export function scaleOf(app: App): number {
  return (Math.min(size.width, size.height) * app.zoom.k) / (2 * HALF);
}

export function boxOf(app: App) {
  const side = (2 * HALF) / app.zoom.k;
  return { x: app.zoom.x - side / 2, y: app.zoom.y - side / 2, w: side, h: side };
}

/** The part of the drawing that is seen, which is wider or taller than the square. */
function seen(app: App) {
  const scale = scaleOf(app);
  const [w, h] = [size.width / scale, size.height / scale];
  return { x: app.zoom.x - w / 2, y: app.zoom.y - h / 2, w, h };
}

const measure = document.createElement("canvas").getContext("2d");
const widths = new Map<string, number>();

function widthOf(text: string, px: number): number {
  const key = `${px} ${text}`;
  let width = widths.get(key);
  if (width === undefined) {
    if (measure) measure.font = `600 ${px}px "Atkinson Hyperlegible Next", system-ui, sans-serif`;
    width = measure ? measure.measureText(text).width : text.length * px * 0.55;
    widths.set(key, width);
  }
  return width;
}

let remembered: { key: string; labels: Map<string, Label> } = { key: "", labels: new Map() };

function labelsOf(app: App, ties: Tie[], px: number, texts: Map<string, string>): Map<string, Label> {
  const scale = scaleOf(app);
  const radius = app.radius;
  const key = JSON.stringify([ties.map((t) => [t.id, t.angle, t.distance, t.circle, texts.get(t.id)]), px, scale, app.zoom, size, document.fonts?.status]);
  if (remembered.key === key) return remembered.labels;
  const items = ties.map((tie) => ({ id: tie.id, at: app.pointOf(tie), width: (widthOf(texts.get(tie.id)!, px) + 4) / scale }));
  const rings = ringLabels(app).map(({ x, y, width, height }) => ({ x: x - width / 2, y: y - height / 2, w: width, h: height }));
  const ego = { x: -26, y: -26, w: 52, h: 52 };
  const labels = placeLabels(items, radius, (px * 1.15) / scale, seen(app), [ego, ego, ego, ...rings]);
  remembered = { key, labels: new Map(labels.map((label) => [label.id, label])) };
  return remembered.labels;
}

/** The name of each circle just inside its line, at the top unless somebody lies there. */
function ringLabels(app: App) {
  const scale = scaleOf(app);
  const px = 13;
  const points = app.placed.map((tie) => app.pointOf(tie));
  const radius = app.radius;
  return app.design.circles.map((circle, index) => {
    const reach = (OUTER * (index + 1)) / app.rings - (px * 0.95) / scale;
    const chord = (2 * reach * 0.92 * scale) / Math.max(1, widthOf(circle.label, px)); // a long name stays inside its circle
    const text = chord < 1 ? shorten(circle.label, Math.max(3, Math.floor([...circle.label].length * chord))) : circle.label;
    const width = (widthOf(text, px) + 10) / scale;
    const height = (px * 1.3) / scale;
    const spots = [0, 180, 24, -24, 156, 204].map((degrees) => toPoint(degrees, reach / OUTER));
    const crowd = (spot: Point) =>
      points.filter((point) => Math.abs(point.x - spot.x) < width / 2 + radius && Math.abs(point.y - spot.y) < height / 2 + radius).length;
    const { x, y } = spots.find((spot) => crowd(spot) === 0) ?? spots[0]!;
    return { text, x, y, width, height, px: px / scale };
  });
}

export function canvas(app: App): TemplateResult {
  const box = boxOf(app);
  const ties = app.placed;
  const px = ties.length <= 20 ? 16 : ties.length <= 40 ? 14.5 : 13;
  const texts = new Map(ties.map((tie) => [tie.id, shorten(app.name(tie), ties.length <= 25 ? 20 : 17)]));
  const labels = labelsOf(app, ties, px, texts);
  const first = app.tie(app.focused)?.circle != null ? app.focused : (app.walkOrder[0]?.id ?? null);
  return html`<svg
    class="mp-svg"
    id="the-map"
    viewBox="${box.x} ${box.y} ${box.w} ${box.h}"
    role="application"
    aria-label="The map"
    aria-roledescription="map with circles"
    aria-describedby="map-how"
    tabindex=${ties.length === 0 ? 0 : nothing}
    data-near=${app.near ?? ""}
  >
    ${ringShapes(app)} ${app.showsGhost ? ghost(app) : nothing} ${alterTies(app)}
    <g class="mp-ego" aria-hidden="true"><circle r="22"></circle><text y="0.35em" font-size=${Math.min(17, 15 / scaleOf(app))}>Me</text></g>
    <g aria-hidden="true">${ties.map((tie) => leader(app, tie, labels.get(tie.id)!))}</g>
    ${repeat(ties, (tie) => tie.id, (tie) => node(app, tie, tie.id === first))}
    <g aria-hidden="true" class="mp-labels">${ties.map((tie) => labelText(app, tie, labels.get(tie.id)!, texts.get(tie.id)!, px))}</g>
  </svg>`;
}

function ringShapes(app: App): SVGTemplateResult {
  const rings = app.design.circles.map((_, index) => index + 1).reverse();
  const labels = ringLabels(app);
  return svg`<g aria-hidden="true">
    ${rings.map((ring) => svg`<circle class="mp-ring" data-ring=${ring} r=${(OUTER * ring) / app.rings}></circle>`)}
    ${labels.map((label, index) => svg`<text class="mp-ring-label" data-ring=${index + 1} x=${label.x} y=${label.y} dy="0.35em" font-size=${label.px}>${label.text}</text>`)}
  </g>`;
}

function node(app: App, tie: Tie, isFirst: boolean): SVGTemplateResult {
  const { x, y } = app.pointOf(tie);
  const kind = app.design.kinds[app.alter(tie).kind]!;
  const isChosen = tie.id === app.selected || (app.step === "ties" && (tie.id === app.walk.first || pairShown(app).includes(tie.id)));
  const radius = app.radius;
  return svg`<g class="mp-node" role="button" data-tie=${tie.id} data-chosen=${isChosen} transform="translate(${x} ${y})"
      tabindex=${isFirst ? 0 : -1} aria-label=${spoken(app.speech, tie)} aria-pressed=${isChosen}>
    <circle class="mp-halo" r=${radius * 1.45}></circle>
    <path d=${kind.path} transform="scale(${radius})" fill=${kind.color} vector-effect="non-scaling-stroke"></path>
  </g>`;
}

/** The two the walk asks about, or those just joined by tapping. */
function pairShown(app: App): string[] {
  if (app.walk.isTapping) return (app.walk.pair ?? "").split(" ");
  const { pairs, index } = standing(app);
  const pair = pairs[index];
  return pair ? [pair.one.id, pair.other.id] : [];
}

function leader(app: App, tie: Tie, label: Label) {
  if (!label.isFar) return nothing;
  const { x, y } = app.pointOf(tie);
  return svg`<line class="mp-leader" data-of=${tie.id} x1=${x} y1=${y} x2=${label.join.x} y2=${label.join.y}></line>`;
}

function labelText(app: App, tie: Tie, label: Label, text: string, px: number): SVGTemplateResult {
  return svg`<text class="mp-label" data-of=${tie.id} data-chosen=${tie.id === app.selected} x=${label.x} y=${label.y} dy="0.35em" font-size=${px / scaleOf(app)}>${text}</text>`;
}

function alterTies(app: App): SVGTemplateResult {
  const isShown = (pair: AlterTie) =>
    isJoined(pair) && (app.step === "ties" || app.step === "finish" || pair.from_tie_id === app.selected || pair.to_tie_id === app.selected);
  const lines = Object.values(app.tables.alter_ties).filter(isShown);
  return svg`<g class="mp-between" aria-hidden="true">${lines.map((pair) => {
    const [one, other] = [app.tie(pair.from_tie_id), app.tie(pair.to_tie_id)];
    if (one?.circle == null || other?.circle == null) return nothing;
    const [a, b] = [app.pointOf(one), app.pointOf(other)];
    const isChosen = app.step === "ties" && app.walk.isTapping && [one.id, other.id].every((id) => (app.walk.pair ?? "").includes(id));
    return svg`<line data-relation=${pair.relation} data-chosen=${isChosen} x1=${a.x} y1=${a.y} x2=${b.x} y2=${b.y}></line>`;
  })}</g>`;
}

/** The earlier map, hollow, with a faint line to where each is now. */
function ghost(app: App): SVGTemplateResult | typeof nothing {
  const { before } = app.state;
  if (!before) return nothing;
  const now = new Map(app.placed.map((tie) => [tie.alter_id, tie]));
  return svg`<g class="mp-ghost" aria-hidden="true">${before.ties.map((old) => {
    const alter = app.tables.alters[old.alter_id];
    if (old.circle === null || !alter) return nothing;
    const { x, y } = toPoint(old.angle ?? 0, old.distance ?? (old.circle - 0.5) / before.rings);
    const tie = now.get(old.alter_id);
    const to = tie ? app.pointOf(tie) : null;
    return svg`${to ? svg`<line x1=${x} y1=${y} x2=${to.x} y2=${to.y}></line>` : nothing}
      <path d=${app.design.kinds[alter.kind]!.path} transform="translate(${x} ${y}) scale(${app.radius * 0.9})" vector-effect="non-scaling-stroke"></path>
      ${to ? nothing : svg`<text x=${x} y=${y + app.radius * 1.7} font-size=${13 / scaleOf(app)}>${shorten(app.nameOfAlter(alter.id), 16)}</text>`}`;
  })}</g>`;
}

export function caption(app: App): TemplateResult {
  const circle = app.near === null ? null : app.design.circles[app.near - 1];
  if (circle) return html`<p class="mp-caption"><strong>${circle.label}</strong> ${circle.prompt ?? ""}</p>`;
  const chosen = app.tie(app.selected);
  if (chosen && (app.step === "name" || app.step === "place")) {
    return html`<p class="mp-caption"><strong>${app.name(chosen)}</strong> is chosen: tap where it belongs.</p>`;
  }
  return html`<p class="mp-caption quiet">${app.placed.length === 0 ? "The circles are empty so far. Names can be put on them at any time." : "Drag to move. Outside the circles means: named, in no circle."}</p>`;
}
