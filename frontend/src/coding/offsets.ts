// Places in a text: the study counts Unicode code points, a browser UTF-16 units. They differ after each astral character.

export class Offsets {
  private astral: number[] = []; // code point places of characters that take two units, in order

  constructor(text: string) {
    let points = 0;
    for (let unit = 0; unit < text.length; unit++, points++) {
      if (text.codePointAt(unit)! > 0xffff) {
        this.astral.push(points);
        unit++;
      }
    }
  }

  /** Code points before a place → units before it. */
  toUnits(points: number): number {
    return points + this.below(points, (index) => this.astral[index]!);
  }

  /** Units before a place → code points before it; a place inside a character counts as before it. */
  toPoints(units: number): number {
    const wide = this.below(units, (index) => this.astral[index]! + index + 1); // the character's second unit
    return units - wide - (wide < this.astral.length && this.astral[wide]! + wide + 1 === units ? 1 : 0);
  }

  /** How many astral characters stand, by `at`, before a place. */
  private below(place: number, at: (index: number) => number): number {
    let [low, high] = [0, this.astral.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (at(middle) < place) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
