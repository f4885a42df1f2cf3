// Keeping nodes out of each other's way: only the one being put down gives way, what lies already stays where it was put.

import { fromPoint, middle, OUTER, round, toPoint, within, wrap, type Place, type Point } from "./geometry";

export function radiusFor(count: number): number {
  return count <= 12 ? 23 : count <= 25 ? 20 : count <= 40 ? 16 : 13.5;
}

function clearance(point: Point, others: Point[]): number {
  return others.reduce((least, other) => Math.min(least, Math.hypot(other.x - point.x, other.y - point.y)), Infinity);
}

/** The wanted place, or the nearest free one on the same circle. */
export function settle(wanted: Place, others: Point[], rings: number, radius: number): Place {
  const start = toPoint(wanted.angle, wanted.distance);
  const room = radius * 2.15;
  if (clearance(start, others) >= room) return wanted;
  let best = { place: wanted, cost: Infinity };
  for (let ring = 1; ring <= 10; ring++) {
    for (let turn = 0; turn < 16; turn++) {
      const direction = ((turn + ring / 2) * Math.PI) / 8;
      const reach = (ring * room) / 3;
      const seen = fromPoint({ x: start.x + Math.cos(direction) * reach, y: start.y + Math.sin(direction) * reach });
      const place = { circle: wanted.circle, angle: seen.angle, distance: within(seen.distance, wanted.circle, rings) };
      const point = toPoint(place.angle, place.distance);
      const lack = Math.max(0, room - clearance(point, others));
      const cost = lack * 20 + Math.hypot(point.x - start.x, point.y - start.y);
      if (cost < best.cost) best = { place, cost };
    }
  }
  return { circle: wanted.circle, angle: round(wrap(best.place.angle), 2), distance: round(best.place.distance, 4) };
}

/** The freest place on a circle, for when only the circle was said. */
export function freePlace(circle: number, others: Point[], rings: number): Place {
  const distance = middle(circle, rings);
  let best = { angle: 0, room: -1 };
  for (let step = 0; step < 36; step++) {
    const angle = (step * 50 + 30) % 360; // spread early ones around instead of starting at twelve
    const room = Math.min(clearance(toPoint(angle, distance), others), OUTER / 3);
    if (room > best.room + 1e-6) best = { angle, room };
  }
  return { circle, angle: best.angle, distance: round(distance, 4) };
}
