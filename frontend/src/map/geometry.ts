// Where things are on the map: degrees clockwise from twelve, distance as a share of the outermost circle's radius.
// The drawing is a square of 1000 units with ego in the middle of (0, 0); the screen never enters what is stored.

export const OUTER = 468; // units from the centre to the outermost circle
export const HALF = 500;
export const EGO = 0.075; // share of the radius kept free for ego

export interface Point {
  x: number;
  y: number;
}

export interface Place {
  circle: number;
  angle: number;
  distance: number;
}

export function wrap(angle: number): number {
  return ((angle % 360) + 360) % 360;
}

export function toPoint(angle: number, distance: number): Point {
  const radians = ((angle - 90) * Math.PI) / 180;
  return { x: Math.cos(radians) * distance * OUTER, y: Math.sin(radians) * distance * OUTER };
}

export function fromPoint(point: Point): { angle: number; distance: number } {
  const angle = wrap((Math.atan2(point.y, point.x) * 180) / Math.PI + 90);
  return { angle, distance: Math.hypot(point.x, point.y) / OUTER };
}

/** The circle at a distance, 1 = innermost; null beyond the outermost and its small tolerance. */
export function circleAt(distance: number, rings: number, tolerance = 0.05): number | null {
  if (distance > 1 + tolerance) return null;
  return Math.max(1, Math.min(rings, Math.ceil(distance * rings - 1e-9)));
}

/** Keep a distance inside the band of its circle, off the lines and off ego. */
export function within(distance: number, circle: number, rings: number): number {
  const low = Math.max((circle - 1) / rings + 0.012, circle === 1 ? EGO + 0.045 : 0);
  const high = circle / rings - 0.012;
  return Math.max(low, Math.min(high, distance));
}

export function middle(circle: number, rings: number): number {
  return circle === 1 ? (EGO + 1 / rings) / 2 + 0.02 : (circle - 0.5) / rings;
}

/** Where a drop at a point belongs; null when it fell outside all circles. */
export function placeAt(point: Point, rings: number): Place | null {
  const { angle, distance } = fromPoint(point);
  const circle = circleAt(distance, rings);
  if (circle === null) return null;
  return { circle, angle: round(angle, 2), distance: round(within(distance, circle, rings), 4) };
}

/** The nearest hour on a clock face: 1 to 12. */
export function hourOf(angle: number): number {
  return Math.round(wrap(angle) / 30) % 12 || 12;
}

export function angleOfHour(hour: number): number {
  return (hour % 12) * 30;
}

export function round(value: number, digits: number): number {
  const factor = 10 ** digits;
  return Math.round(value * factor) / factor;
}
