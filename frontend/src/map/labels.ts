// Where each label goes, so that no two lie over each other; far ones get a line to their node.

import type { Point } from "./geometry";

export interface Labelled {
  id: string;
  at: Point;
  width: number;
}

export interface Label {
  id: string;
  x: number; // left edge
  y: number; // middle
  isFar: boolean;
  join: Point; // where a leader line meets the label
}

interface Box {
  x: number;
  y: number;
  w: number;
  h: number;
}

function overlap(a: Box, b: Box): number {
  const w = Math.min(a.x + a.w, b.x + b.w) - Math.max(a.x, b.x);
  const h = Math.min(a.y + a.h, b.y + b.h) - Math.max(a.y, b.y);
  return w > 0 && h > 0 ? w * h : 0;
}

function candidates(item: Labelled, radius: number, height: number): { box: Box; cost: number; isFar: boolean }[] {
  const found = [];
  const directions = [0, 180, 90, -90, 40, 140, -40, -140, 65, 115, -65, -115];
  for (const [level, reach] of [radius * 1.35 + 3, radius + height, radius + height * 2.2, radius + height * 3.6, radius + height * 5].entries()) {
    for (const [order, degrees] of directions.entries()) {
      const cos = Math.cos((degrees * Math.PI) / 180);
      const sin = Math.sin((degrees * Math.PI) / 180);
      const cx = item.at.x + cos * reach + (Math.abs(cos) < 0.01 ? 0 : Math.sign(cos) * item.width * 0.5 * Math.min(1, Math.abs(cos) * 1.6));
      const cy = item.at.y + sin * (reach + height * 0.5);
      const box = { x: cx - item.width / 2, y: cy - height / 2, w: item.width, h: height };
      found.push({ box, cost: level * 26 + order * 1.2, isFar: level >= 2 });
    }
  }
  return found;
}

/** Greedy with two rounds of second thoughts; `bounds` is the part of the drawing that is seen. */
export function placeLabels(items: Labelled[], radius: number, height: number, bounds: Box, taken: Box[] = []): Label[] {
  const nodes = items.map((item) => ({ x: item.at.x - radius, y: item.at.y - radius, w: radius * 2, h: radius * 2 }));
  const crowd = (item: Labelled) => items.filter((other) => Math.hypot(other.at.x - item.at.x, other.at.y - item.at.y) < 120).length;
  const order = items.map((item, index) => ({ index, crowd: crowd(item) })).sort((a, b) => b.crowd - a.crowd || a.index - b.index);
  const options = items.map((item) => candidates(item, radius, height));
  const chosen: (number | null)[] = items.map(() => null);
  const costOf = (index: number, option: { box: Box; cost: number }): number => {
    const { box } = option;
    let cost = option.cost;
    const outside = box.w * box.h - overlap(box, bounds);
    cost += outside * 4;
    for (const block of taken) cost += overlap(box, block) * 0.6;
    for (let other = 0; other < items.length; other++) {
      if (other !== index) cost += overlap(box, nodes[other]!) * 1.5;
      const pick = chosen[other];
      if (other !== index && pick != null) cost += overlap(box, options[other]![pick]!.box) * 3;
    }
    return cost;
  };
  for (let round = 0; round < 3; round++) {
    for (const { index } of order) {
      let best = { pick: 0, cost: Infinity };
      for (const [pick, option] of options[index]!.entries()) {
        if (option.cost >= best.cost) continue;
        const cost = costOf(index, option);
        if (cost < best.cost) best = { pick, cost };
      }
      chosen[index] = best.pick;
    }
  }
  return items.map((item, index) => {
    const { box, isFar } = options[index]![chosen[index] ?? 0]!;
    const join = { x: clamp(item.at.x, box.x, box.x + box.w), y: clamp(item.at.y, box.y, box.y + box.h) };
    return { id: item.id, x: box.x, y: box.y + height / 2, isFar, join };
  });
}

function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(high, value));
}
