import { describe, expect, test } from "vitest";
import { indexAt, sentencesOf, trimmed, widened, wordsOf } from "../../src/coding/units";

const TEXT = "P: It rained 🌻 a lot. We stayed.\nI: Yes?\n";

describe("words, sentences and turns", () => {
  test("words are what stands between blanks and marks", () => {
    expect(wordsOf(TEXT).map(({ from, to }) => TEXT.slice(from, to))).toEqual(["P", "It", "rained", "a", "lot", "We", "stayed", "I", "Yes"]);
  });

  test("a sentence never reaches out of its turn", () => {
    const turns = [{ from: 3, to: 33 }, { from: 37, to: 41 }];
    expect(sentencesOf(TEXT, turns).map(({ from, to }) => TEXT.slice(from, to))).toEqual(["It rained 🌻 a lot.", "We stayed.", "Yes?"].map((one) => one.slice(0, TEXT.length)));
  });

  test("a span is widened to the whole units it touches", () => {
    const words = wordsOf(TEXT);
    const start = TEXT.indexOf("ained");
    const wide = widened(words, { from: start, to: TEXT.indexOf("ot.") + 1 });
    expect(TEXT.slice(wide.from, wide.to)).toBe("rained 🌻 a lot");
  });

  test("blanks at the ends are not chosen", () => {
    expect(trimmed("  a b \n", { from: 0, to: 7 })).toEqual({ from: 2, to: 5 });
  });

  test("the unit at a place between two is the next", () => {
    const words = wordsOf("one  two");
    expect(indexAt(words, 4)).toBe(1);
    expect(indexAt(words, 99)).toBe(1);
  });
});
