import { describe, expect, test } from "vitest";
import { labels, lanes, type Extent } from "../../src/coding/stripes";

/** Always the same numbers, so that a failure can be looked at. */
function extents(count: number, height: number): Extent[] {
  let seed = 7;
  const next = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  return Array.from({ length: count }, (_, index) => {
    const top = next() * height;
    return { id: `s${index}`, top, bottom: top + 15 + next() * 120 };
  });
}

describe("stripes beside a text", () => {
  test("stripes that overlap stand in lanes of their own while there are lanes", () => {
    const all = extents(500, 18000);
    const lane = lanes(all, 40);
    for (const a of all) {
      for (const b of all) {
        if (a.id < b.id && lane.get(a.id) === lane.get(b.id)) expect(a.bottom <= b.top || b.bottom <= a.top).toBe(true);
      }
    }
  });

  test("no stripe is left out and none stands further out than there are lanes", () => {
    const lane = lanes(extents(500, 600), 6);
    expect(lane.size).toBe(500);
    expect(Math.max(...lane.values())).toBe(5);
  });

  test("stripes that do not touch share the first lane", () => {
    const lane = lanes([{ id: "a", top: 0, bottom: 10 }, { id: "b", top: 10, bottom: 20 }], 4);
    expect([...lane.values()]).toEqual([0, 0]);
  });

  test("names never lie on each other and stay near their stripes", () => {
    const all = extents(500, 18000);
    const places = labels(all, 20, 60);
    const sorted = [...places.values()].sort((a, b) => a - b);
    sorted.slice(1).forEach((place, index) => expect(place - sorted[index]!).toBeGreaterThan(19.999));
    for (const one of all) {
      const place = places.get(one.id);
      if (place !== undefined) expect(place).toBeLessThanOrEqual(Math.max(one.bottom - 20, one.top) + 60);
    }
    expect(places.size).toBeGreaterThan(400);
  });
});
