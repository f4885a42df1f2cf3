// Fingers and mice: drag a node, drag a name from the tray, tap, pan and pinch.

import type { App } from "./app";
import { HALF, type Point } from "./geometry";
import { boxOf, scaleOf } from "./view-canvas";

const SLACK = { mouse: 5, pen: 8, touch: 10 } as Record<string, number>;

function theSvg(): SVGSVGElement | null {
  return document.querySelector<SVGSVGElement>("#the-map");
}

export function toDrawing(svg: SVGSVGElement, clientX: number, clientY: number): Point {
  const matrix = svg.getScreenCTM();
  if (!matrix) return { x: 0, y: 0 };
  const point = new DOMPoint(clientX, clientY).matrixTransform(matrix.inverse());
  return { x: point.x, y: point.y };
}

/** The node nearest to a point, within a finger's width, so that targets are large however small the shapes. */
export function nodeAt(app: App, point: Point): string | null {
  const reach = Math.max(24 / scaleOf(app), app.radius * 1.3);
  let best = { id: null as string | null, distance: reach };
  for (const tie of app.placed) {
    const at = app.pointOf(tie);
    const distance = Math.hypot(at.x - point.x, at.y - point.y);
    if (distance < best.distance) best = { id: tie.id, distance };
  }
  return best.id;
}

interface Held {
  tieId: string | null; // null: the drawing itself is held
  startX: number;
  startY: number;
  offset: Point;
  isMoving: boolean;
  zoom: App["zoom"];
}

export class Fingers {
  private held: Held | null = null;
  private down = new Map<number, { x: number; y: number }>();
  private pressedAt = -Infinity;
  private pinch: { distance: number; k: number } | null = null;

  constructor(private app: App) {}

  /** Listens on the element around the drawing, which stays when the drawing is drawn again. */
  watch(frame: HTMLElement): void {
    frame.addEventListener("pointerdown", (event) => this.start(event));
    frame.addEventListener("pointermove", (event) => this.move(event));
    frame.addEventListener("pointerup", (event) => this.end(event));
    frame.addEventListener("pointercancel", (event) => this.cancel(event));
    frame.addEventListener("pointerleave", () => !this.held && this.app.seeNear(null));
    frame.addEventListener(
      "wheel",
      (event) => {
        if (!event.ctrlKey && !event.metaKey) return;
        event.preventDefault();
        const svg = theSvg();
        if (svg) zoomBy(this.app, Math.exp(-event.deltaY * 0.004), toDrawing(svg, event.clientX, event.clientY));
      },
      { passive: false },
    );
  }

  private start(event: PointerEvent): void {
    const svg = theSvg();
    if (!svg || event.button !== 0 || !(event.target as Element).closest("#the-map")) return;
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
    this.down.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (this.down.size === 2) {
      this.drawBack();
      this.held = null;
      this.pinch = { distance: this.spread(), k: this.app.zoom.k };
      return;
    }
    const point = toDrawing(svg, event.clientX, event.clientY);
    const tieId = nodeAt(this.app, point);
    const tie = this.app.tie(tieId);
    const at = tie ? this.app.pointOf(tie) : point;
    const offset = { x: at.x - point.x, y: at.y - point.y };
    this.held = { tieId, startX: event.clientX, startY: event.clientY, offset, isMoving: false, zoom: { ...this.app.zoom } };
  }

  private move(event: PointerEvent): void {
    const svg = theSvg();
    if (!svg) return;
    if (this.down.has(event.pointerId)) this.down.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (this.pinch && this.down.size === 2) {
      const [one, other] = [...this.down.values()];
      const mid = toDrawing(svg, (one!.x + other!.x) / 2, (one!.y + other!.y) / 2);
      zoomTo(this.app, (this.pinch.k * this.spread()) / this.pinch.distance, mid);
      return;
    }
    const { held } = this;
    const point = toDrawing(svg, event.clientX, event.clientY);
    if (!held) {
      if (event.pointerType === "mouse") this.app.seeNear(point);
      return;
    }
    const [dx, dy] = [event.clientX - held.startX, event.clientY - held.startY];
    if (!held.isMoving && Math.hypot(dx, dy) < (SLACK[event.pointerType] ?? 8)) return;
    held.isMoving = true;
    if (held.tieId) {
      svg.dataset["dragging"] = "";
      const to = { x: point.x + held.offset.x, y: point.y + held.offset.y };
      nodeOf(held.tieId)?.setAttribute("transform", `translate(${to.x} ${to.y})`);
      hideLabel(held.tieId, true);
      this.app.seeNear(to);
    } else if (this.app.zoom.k > 1) {
      const scale = scaleOf(this.app);
      setZoom(this.app, held.zoom.k, held.zoom.x - dx / scale, held.zoom.y - dy / scale);
    }
  }

  private end(event: PointerEvent): void {
    const svg = theSvg();
    this.down.delete(event.pointerId);
    if (this.pinch) {
      if (this.down.size === 0) this.pinch = null;
      return;
    }
    const { held } = this;
    this.held = null;
    if (!held || !svg) return;
    const point = toDrawing(svg, event.clientX, event.clientY);
    if (!held.isMoving) {
      if (held.tieId) this.app.tapNode(held.tieId);
      else this.app.tapBlank(point);
    } else if (held.tieId) {
      this.letGo(held.tieId);
      if (isOverTray(event)) this.app.unplace(held.tieId);
      else this.app.drop(held.tieId, { x: point.x + held.offset.x, y: point.y + held.offset.y });
      this.app.render();
    }
  }

  private cancel(event: PointerEvent): void {
    this.down.delete(event.pointerId);
    this.pinch = null;
    this.drawBack();
    this.held = null;
  }

  /** The drawing library remembers where it put the node: tell the element so, or a drop on the same spot would not be drawn. */
  private letGo(tieId: string): void {
    delete theSvg()?.dataset["dragging"];
    hideLabel(tieId, false);
    const tie = this.app.tie(tieId);
    if (tie) {
      const at = this.app.pointOf(tie);
      nodeOf(tieId)?.setAttribute("transform", `translate(${at.x} ${at.y})`);
    }
  }

  private drawBack(): void {
    if (this.held?.tieId && this.held.isMoving) this.letGo(this.held.tieId);
  }

  private spread(): number {
    const [one, other] = [...this.down.values()];
    return Math.max(20, Math.hypot(one!.x - other!.x, one!.y - other!.y));
  }

  // -- from the tray -----------------------------------------------------------------------------------------------------

  /** Carry a name from the tray to the map; let go where it was taken, it is a press. */
  carry(event: PointerEvent, tieId: string, press: () => void): void {
    if (event.button !== 0) return;
    const button = event.currentTarget as HTMLElement;
    const start = { x: event.clientX, y: event.clientY };
    let float: HTMLElement | null = null;
    button.setPointerCapture(event.pointerId);
    const move = (at: PointerEvent) => {
      const far = Math.hypot(at.clientX - start.x, at.clientY - start.y);
      if (!float && far < (SLACK[at.pointerType] ?? 8)) return;
      float ??= this.makeFloat(button);
      float.style.transform = `translate(${at.clientX}px, ${at.clientY}px)`;
      const svg = theSvg();
      if (svg) this.app.seeNear(isOver(svg, at) ? toDrawing(svg, at.clientX, at.clientY) : null);
    };
    const stop = (at: PointerEvent) => {
      button.removeEventListener("pointermove", move);
      button.removeEventListener("pointerup", stop);
      button.removeEventListener("pointercancel", stop);
      this.pressedAt = performance.now();
      if (!float) {
        if (at.type === "pointerup") press();
        return;
      }
      float.remove();
      const svg = theSvg();
      if (at.type === "pointerup" && svg && isOver(svg, at)) {
        this.app.selected = null;
        this.app.drop(tieId, toDrawing(svg, at.clientX, at.clientY));
      }
      this.app.render();
    };
    button.addEventListener("pointermove", move);
    button.addEventListener("pointerup", stop);
    button.addEventListener("pointercancel", stop);
  }

  /** A click by keyboard or by a screen reader; one that follows a finger was dealt with when the finger left. */
  click(press: () => void): void {
    if (performance.now() - this.pressedAt > 500) press();
  }

  private makeFloat(button: HTMLElement): HTMLElement {
    const float = document.createElement("div");
    float.className = "mp-float";
    float.setAttribute("aria-hidden", "true");
    for (const child of button.children) float.append(child.cloneNode(true));
    document.body.append(float);
    return float;
  }
}

function nodeOf(tieId: string): Element | null {
  return document.querySelector(`#the-map [data-tie="${tieId}"]`);
}

function hideLabel(tieId: string, isHidden: boolean): void {
  for (const part of document.querySelectorAll(`#the-map [data-of="${tieId}"]`)) part.toggleAttribute("data-hidden", isHidden);
}

function isOver(element: Element, at: PointerEvent): boolean {
  const box = element.getBoundingClientRect();
  return at.clientX >= box.left && at.clientX <= box.right && at.clientY >= box.top && at.clientY <= box.bottom;
}

function isOverTray(at: PointerEvent): boolean {
  const tray = document.querySelector(".mp-tray");
  return tray !== null && isOver(tray, at);
}

// -- zoom ------------------------------------------------------------------------------------------------------------------

function setZoom(app: App, k: number, x: number, y: number): void {
  const room = HALF - HALF / k; // the square never leaves the frame
  app.zoom = { k, x: Math.max(-room, Math.min(room, x)), y: Math.max(-room, Math.min(room, y)) };
  app.render();
}

export function zoomTo(app: App, wanted: number, about: Point): void {
  const k = Math.max(1, Math.min(5, wanted));
  const box = boxOf(app);
  const [fx, fy] = [(about.x - box.x) / box.w, (about.y - box.y) / box.h];
  const side = (2 * HALF) / k;
  setZoom(app, k, about.x - fx * side + side / 2, about.y - fy * side + side / 2);
}

export function zoomBy(app: App, factor: number, about: Point = { x: app.zoom.x, y: app.zoom.y }): void {
  zoomTo(app, app.zoom.k * factor, about);
}
