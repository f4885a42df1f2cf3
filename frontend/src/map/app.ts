// What the page knows beside the rows: the step, who is chosen, what is open; and the few things every part calls.

import { circleAt, fromPoint, middle, placeAt, toPoint, within, type Place, type Point } from "./geometry";
import { Moves } from "./moves";
import type { Sheet } from "./sheet";
import { freePlace, radiusFor, settle, spread } from "./spacing";
import type { Alter, Tables, Tie } from "./types";
import { circleWords, nameOf, spoken, type Speech } from "./words";

export type Step = "name" | "place" | "back" | "about" | "ties" | "finish";
export type View = "map" | "both" | "list";
export type Dialog = { kind: "keys" } | { kind: "states" } | { kind: "remove"; tieId: string } | null;

export class App {
  moves: Moves;
  step: Step = "name";
  view: View = "map";
  dialog: Dialog = null;
  selected: string | null = null; // a tie
  focused: string | null = null; // the tie the keyboard is on
  near: number | null = null; // the circle under finger, pointer or keyboard
  isAway = false;
  isGuideOpen = false;
  useNames = true;
  showsGhost = false;
  section: "questions" | "supports" | "events" | "itself" = "questions";
  recall = { prompt: 0, showsAll: false, kind: "person", role: "", draft: "", twin: "" };
  walk = { isTapping: false, kinds: new Set(["person"]), at: -1, passed: new Set<string>(), history: [] as string[], first: null as string | null, pair: null as string | null };
  back = { dismissed: new Set<string>(), passed: new Set<string>(), asking: null as string | null };
  zoom = { k: 1, x: 0, y: 0 };
  drafts = new Map<string, string>(); // text being typed, by field
  announce: (text: string) => void = () => {};
  render: () => void = () => {};
  focusOn: (selector: string) => void = () => {};
  keepDrafts: () => void = () => {};
  private drawn = { key: "", points: new Map<string, Point>() };

  constructor(public sheet: Sheet) {
    this.moves = new Moves(sheet);
  }

  // -- reading -------------------------------------------------------------------------------------------------------

  get tables(): Tables {
    return this.sheet.tables;
  }

  get state() {
    return this.sheet.state;
  }

  get design() {
    return this.sheet.state.design;
  }

  get rings(): number {
    return Math.max(1, this.design.circles.length);
  }

  get speech(): Speech {
    return { state: this.state, tables: this.tables, useNames: this.useNames };
  }

  get map() {
    return this.tables.maps[this.state.map_id]!;
  }

  get interview() {
    return Object.values(this.tables.interviews)[0]!;
  }

  tie(id: string | null): Tie | undefined {
    return id === null ? undefined : this.tables.ties[id];
  }

  alter(tie: Tie): Alter {
    return this.tables.alters[tie.alter_id]!;
  }

  name(tie: Tie): string {
    return nameOf(this.speech, tie.alter_id);
  }

  nameOfAlter(id: string): string {
    return nameOf(this.speech, id);
  }

  /** Ties whose alter is known, in the order they were named. */
  get ties(): Tie[] {
    return Object.values(this.tables.ties).filter((tie) => this.tables.alters[tie.alter_id]).sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  get placed(): Tie[] {
    return this.ties.filter((tie) => tie.circle !== null);
  }

  get unplaced(): Tie[] {
    return this.ties.filter((tie) => tie.circle === null);
  }

  /** Placed ties from the centre outwards and clockwise: the order of the keyboard. */
  get walkOrder(): Tie[] {
    return this.placed.sort((a, b) => a.circle! - b.circle! || (a.angle ?? 0) - (b.angle ?? 0) || (a.id < b.id ? -1 : 1));
  }

  get steps(): { step: Step; label: string }[] {
    const steps: { step: Step; label: string }[] = [
      { step: "name", label: "Name" },
      { step: "place", label: "Place" },
      { step: "about", label: "About each" },
      { step: "ties", label: "Ties between" },
      { step: "finish", label: "Finish" },
    ];
    if (this.state.has_before) steps.splice(2, 0, { step: "back", label: "Look back" });
    return steps;
  }

  /** Where a tie is drawn: where it was put, or a little aside when others lie there too. */
  pointOf(tie: Tie): Point {
    const ties = this.placed;
    const key = ties.map((one) => `${one.id} ${one.circle} ${one.angle} ${one.distance}`).join();
    if (this.drawn.key !== key) {
      const places = ties.map((one) => ({ circle: one.circle!, angle: one.angle ?? 0, distance: one.distance ?? middle(one.circle!, this.rings) }));
      const points = spread(places, this.rings, radiusFor(ties.length));
      this.drawn = { key, points: new Map(ties.map((one, index) => [one.id, points[index]!])) };
    }
    return this.drawn.points.get(tie.id) ?? toPoint(tie.angle ?? 0, tie.distance ?? 0.5);
  }

  get radius(): number {
    return radiusFor(this.placed.length) / this.zoom.k ** 0.45;
  }

  // -- doing ---------------------------------------------------------------------------------------------------------

  go(step: Step): void {
    this.keepDrafts();
    this.step = step;
    this.selected = step === "about" ? (this.selected ?? this.ties[0]?.id ?? null) : null;
    this.near = null;
    this.showsGhost ||= step === "back" && !this.state.is_recall;
    this.keepStage(step);
    this.showRail();
    remember(step);
    this.render();
    this.focusOn(".mp-rail h2");
  }

  /** The stage kept with the map only goes forward; where there is an earlier map, looking back begins with a press of its own. */
  private keepStage(step: Step): void {
    const stage = this.map["stage"] as string;
    if ((step === "about" || step === "ties") && !this.state.has_before && stage === "recall") this.moves.describeMap({ stage: "details" }, true);
    if ((step === "about" || step === "ties") && stage === "reconcile") this.moves.describeMap({ stage: "details" });
  }

  /** On a tablet the list and the guide take the place of what is to do: bring that back when it is asked for. */
  private showRail(): void {
    if (!matchMedia("(max-width: 75rem)").matches) return;
    if (this.view === "both") this.view = "map";
    this.isGuideOpen = false;
  }

  private others(except: string): Point[] {
    return [{ x: 0, y: 0 }, ...this.placed.filter((tie) => tie.id !== except).map((tie) => this.pointOf(tie))];
  }

  /** Put a tie down at a point of the drawing; outside all circles it stays named and unplaced. */
  drop(tieId: string, point: Point): void {
    const place = placeAt(point, this.rings);
    if (place) this.put(tieId, settle(place, this.others(tieId), this.rings, radiusFor(this.placed.length)));
    else this.unplace(tieId);
  }

  put(tieId: string, place: Place): void {
    this.moves.place(tieId, place);
    this.near = place.circle;
    this.tell(tieId);
  }

  putInCircle(tieId: string, circle: number): void {
    const tie = this.tie(tieId);
    if (!tie) return;
    if (tie.circle === null) this.put(tieId, freePlace(circle, this.others(tieId), this.rings));
    else {
      const distance = within((circle - 0.5) / this.rings, circle, this.rings);
      this.put(tieId, settle({ circle, angle: tie.angle ?? 0, distance }, this.others(tieId), this.rings, radiusFor(this.placed.length)));
    }
  }

  unplace(tieId: string): void {
    if (this.tie(tieId)?.circle !== null) this.moves.unplace(tieId);
    this.tell(tieId);
  }

  tell(tieId: string): void {
    const tie = this.tie(tieId);
    if (tie) this.announce(spoken(this.speech, tie));
  }

  /** Which circle lies at a point, for the words shown beside the map. */
  seeNear(point: Point | null): void {
    const near = point === null ? null : circleAt(fromPoint(point).distance, this.rings);
    if (near === this.near) return;
    this.near = near;
    this.render();
  }

  tapNode(tieId: string): void {
    if (this.step === "ties") return this.tapPair(tieId);
    if (this.step === "back") this.tell(tieId);
    else if (this.step === "about" || this.step === "finish") this.openPanel(tieId);
    else {
      this.selected = this.selected === tieId ? null : tieId;
      const tie = this.tie(tieId);
      if (tie && this.selected) this.announce(`${this.name(tie)} chosen. Tap a circle to put it there.`);
      this.render();
    }
  }

  tapBlank(point: Point): void {
    const isPlacing = this.step === "name" || this.step === "place";
    if (this.selected && isPlacing) {
      const id = this.selected;
      this.selected = null;
      this.drop(id, point);
    } else if (this.step === "ties") {
      this.walk.first = this.walk.pair = null;
    }
    this.render();
  }

  tapPair(tieId: string): void {
    const { walk } = this;
    walk.isTapping = true;
    walk.pair = null;
    if (walk.first === null || !this.tie(walk.first)) {
      walk.first = tieId;
      this.announce(`${this.name(this.tie(tieId)!)} chosen. Now the other one.`);
    } else if (walk.first === tieId) {
      walk.first = null;
      this.announce("Nobody chosen.");
    } else {
      const [one, other] = [walk.first, tieId];
      const found = this.pairBetween(one, other);
      if (!found || found.weight === 0) this.moves.join(one, other, "knows");
      walk.pair = `${one} ${other}`;
      walk.first = null;
      this.announce(`${this.name(this.tie(one)!)} and ${this.name(this.tie(other)!)} are joined.`);
    }
    this.render();
  }

  pairBetween(one: string, other: string) {
    return Object.values(this.tables.alter_ties).find(
      (pair) => (pair.from_tie_id === one && pair.to_tie_id === other) || (pair.from_tie_id === other && pair.to_tie_id === one),
    );
  }

  openPanel(tieId: string): void {
    const isMoved = this.selected !== tieId || this.step !== "about";
    this.keepDrafts();
    if (this.step !== "about") {
      this.step = "about";
      this.keepStage("about");
      remember("about");
    }
    this.selected = tieId;
    this.focused = tieId;
    this.showRail();
    this.render();
    if (isMoved) this.focusOn(".mp-rail h2");
  }

  /** The next or previous tie in the order of naming. */
  turn(by: 1 | -1): void {
    const { ties } = this;
    const at = ties.findIndex((tie) => tie.id === this.selected);
    const next = ties[(at + by + ties.length) % ties.length];
    if (next) this.openPanel(next.id);
  }

  remove(tieId: string): void {
    const tie = this.tie(tieId);
    if (!tie) return;
    const order = this.walkOrder;
    const neighbour = order[order.findIndex((other) => other.id === tieId) + 1] ?? order[0];
    this.announce(`${this.name(tie)} was taken off the map. Undo brings it back.`);
    this.moves.remove(tieId);
    if (this.selected === tieId) this.selected = this.step === "about" ? (this.ties[0]?.id ?? null) : null;
    this.focused = neighbour && neighbour.id !== tieId ? neighbour.id : null;
    this.dialog = null;
    this.render();
  }

  putAway(isAway: boolean): void {
    this.keepDrafts();
    this.isAway = isAway;
    if (isAway) this.announce(""); // what was spoken last may hold a name
    this.render();
    this.focusOn(isAway ? ".mp-away button" : ".mp-bar .mp-put-away");
  }

  say(circle: number): string {
    return circleWords(this.design, circle);
  }
}

/** The browser's way back leads through the steps, and only from the first one away from the map. */
function remember(step: Step): void {
  if (location.hash !== `#${step}`) history.pushState(null, "", `#${step}`);
}
