import { expect, test } from "vitest";
import { angleOfHour, circleAt, fromPoint, hourOf, placeAt, toPoint, within, wrap } from "../../src/map/geometry";
import { newId } from "../../src/saving/ids";
import { stepped, turned } from "../../src/map/keys";
import { placeLabels } from "../../src/map/labels";
import { freePlace, settle, spread } from "../../src/map/spacing";
import type { Tie } from "../../src/map/types";

let seed = 7;
const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;

test("a place and its point on the drawing are the same there and back", () => {
  for (let i = 0; i < 500; i++) {
    const [angle, distance] = [random() * 360, 0.01 + random() * 0.99];
    const back = fromPoint(toPoint(angle, distance));
    expect(Math.abs(wrap(back.angle - angle + 180) - 180)).toBeLessThan(1e-9);
    expect(back.distance).toBeCloseTo(distance, 12);
  }
});

test("twelve o'clock is up and three o'clock is right", () => {
  expect(toPoint(0, 1).y).toBeLessThan(0);
  expect(toPoint(90, 1).x).toBeGreaterThan(0);
  expect(hourOf(0)).toBe(12);
  expect(hourOf(90)).toBe(3);
  for (let hour = 1; hour <= 12; hour++) expect(hourOf(angleOfHour(hour))).toBe(hour);
});

test("a drop lies in the band of its circle, and outside all circles nowhere", () => {
  for (let i = 0; i < 500; i++) {
    const rings = 1 + Math.floor(random() * 6);
    const place = placeAt(toPoint(random() * 360, random() * 1.04), rings)!;
    expect(place.distance).toBeGreaterThan((place.circle - 1) / rings);
    expect(place.distance).toBeLessThanOrEqual(place.circle / rings);
  }
  expect(placeAt(toPoint(10, 1.2), 3)).toBeNull();
  expect(circleAt(1 / 3, 3)).toBe(1);
  expect(circleAt(0, 3)).toBe(1);
});

test("what is put down where others lie is moved aside, on the same circle", () => {
  const others = [{ x: 0, y: 0 }];
  for (let i = 0; i < 20; i++) {
    const place = settle({ circle: 2, angle: 45, distance: 0.5 }, others, 3, 20);
    expect(place.circle).toBe(2);
    const point = toPoint(place.angle, place.distance);
    for (const other of others) expect(Math.hypot(point.x - other.x, point.y - other.y)).toBeGreaterThan(40);
    others.push(point);
  }
});

test("when only the circle is said, the freest place on it is found", () => {
  const others = [toPoint(30, 0.5), toPoint(80, 0.5)];
  const place = freePlace(2, others, 3);
  const point = toPoint(place.angle, place.distance);
  for (const other of others) expect(Math.hypot(point.x - other.x, point.y - other.y)).toBeGreaterThan(100);
});

test("sixty alters stored on one spot are drawn apart and on their circle", () => {
  const places = Array.from({ length: 60 }, (_, index) => ({ circle: 3, angle: (index % 6) * 60, distance: 0.85 }));
  const points = spread(places, 3, 13.5);
  for (const point of points) expect(circleAt(fromPoint(point).distance, 3)).toBe(3);
  let touching = 0;
  for (let i = 0; i < 60; i++) for (let j = i + 1; j < 60; j++) if (Math.hypot(points[i]!.x - points[j]!.x, points[i]!.y - points[j]!.y) < 13.5) touching++;
  expect(touching).toBe(0);
});

test("labels of a crowded map do not lie over each other", () => {
  const items = Array.from({ length: 60 }, (_, index) => ({ id: String(index), at: toPoint((index * 137.5) % 360, within(Math.sqrt(index / 60), 3, 3) * Math.sqrt((index + 8) / 68)), width: 90 + (index % 5) * 8 }));
  const labels = placeLabels(items, 13.5, 18, { x: -700, y: -500, w: 1400, h: 1000 });
  let overlaps = 0;
  for (const [i, a] of labels.entries()) {
    for (const [j, b] of labels.entries()) {
      if (j <= i) continue;
      const w = Math.min(a.x + items[i]!.width, b.x + items[j]!.width) - Math.max(a.x, b.x);
      if (w > 3 && Math.abs(a.y - b.y) < 14) overlaps++;
    }
  }
  expect(overlaps).toBeLessThanOrEqual(1);
});

const tie = { id: "t", circle: 2, angle: 355, distance: 0.5 } as unknown as Tie;

test("arrow keys turn past twelve, and step from circle to circle and out", () => {
  expect(turned(tie, 10)).toEqual({ circle: 2, angle: 5, distance: 0.5 });
  expect(turned({ ...tie, angle: 5 }, -10).angle).toBe(355);
  expect(stepped(tie, -1, 3)!.circle).toBe(1);
  expect(stepped({ ...tie, circle: 1 }, -1, 3)!.circle).toBe(1);
  expect(stepped({ ...tie, circle: 3 }, 1, 3)).toBeNull();
});

test("ids made in the browser are UUIDs of version 7 that sort by time", () => {
  const early = newId(1_700_000_000_000);
  const late = newId(1_800_000_000_000);
  expect(early).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(early < late).toBe(true);
  expect(parseInt(early.replaceAll("-", "").slice(0, 12), 16)).toBe(1_700_000_000_000);
});
