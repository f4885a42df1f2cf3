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

/** Where nodes are drawn when stored places lie on each other, as after an import: a little aside, on the same circle. */
export function spread(places: Place[], rings: number, radius: number): Point[] {
  const points = places.map((place) => toPoint(place.angle, within(place.distance, place.circle, rings)));
  const room = radius * 2.1;
  for (let round = 0; round < 24; round++) {
    let isCalm = true;
    for (let i = 0; i < points.length; i++) {
      for (let j = i + 1; j < points.length; j++) {
        const [a, b] = [points[i]!, points[j]!];
        let [dx, dy] = [b.x - a.x, b.y - a.y];
        const gap = Math.hypot(dx, dy);
        if (gap >= room - 0.5) continue;
        if (gap < 0.01) [dx, dy] = [Math.cos(i + j), Math.sin(i + j)];
        const push = (room - gap) / 2 / (Math.hypot(dx, dy) || 1);
        points[i] = { x: a.x - dx * push, y: a.y - dy * push };
        points[j] = { x: b.x + dx * push, y: b.y + dy * push };
        isCalm = false;
      }
    }
    if (isCalm) break;
    for (const [index, place] of places.entries()) {
      const seen = fromPoint(points[index]!);
      points[index] = toPoint(seen.angle, within(seen.distance, place.circle, rings));
    }
  }
  return points;
}
