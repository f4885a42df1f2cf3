import { describe, expect, test } from "vitest";
import { Offsets } from "../../src/coding/offsets";

const TEXTS = ["", "plain", "🌻", "a🌻b", "🌻🌻x🌻", "e\u0301 👩‍👩‍👧 family", "𝒳".repeat(40), "x𝒳".repeat(40) + "end"];

describe("places in a text", () => {
  test.each(TEXTS)("a place counted in code points and back is the same place in %j", (text) => {
    const offsets = new Offsets(text);
    const points = [...text];
    let units = 0;
    for (let place = 0; place <= points.length; place++) {
      expect(offsets.toUnits(place)).toBe(units);
      expect(offsets.toPoints(units)).toBe(place);
      units += points[place]?.length ?? 0;
    }
  });

  test("the words cut out by units are the words cut out by code points", () => {
    const text = "I 🌻 said 𝒳𝒴 and 👍🏽 went.";
    const offsets = new Offsets(text);
    const points = [...text];
    for (let start = 0; start < points.length; start++) {
      for (let stop = start; stop <= points.length; stop++) {
        expect(text.slice(offsets.toUnits(start), offsets.toUnits(stop))).toBe(points.slice(start, stop).join(""));
      }
    }
  });

  test("a place in the middle of a character is the place before it", () => {
    expect(new Offsets("a🌻b").toPoints(2)).toBe(1);
    expect(new Offsets("a🌻b").toPoints(3)).toBe(2);
  });
});
