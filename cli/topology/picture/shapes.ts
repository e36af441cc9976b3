import type { Condition } from "../schema";

/** A rectangle by its upper left corner, in pixels. */
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A frame with something in it. */
export interface Box extends Rect {
  readonly kind: "box";
  readonly condition: Condition;
  /** Whether it is small, as the name of a cluster among lines. */
  readonly pill: boolean;
}

/** One line of text. The rectangle is what it may take up. */
export interface Text extends Rect {
  readonly kind: "text";
  readonly text: string;
  /** The whole text, where `text` is only its beginning. */
  readonly whole?: string;
  readonly size: number;
  readonly tone: Condition | "plain" | "faint";
  readonly bold: boolean;
}

/** A straight line that shows the state between one cluster and another. */
export interface Stroke {
  readonly kind: "stroke";
  readonly from: Point;
  readonly to: Point;
  readonly condition: Condition;
  /** Width in pixels. */
  readonly weight: number;
  readonly arrow: boolean;
  /** What it means, for those who point at it. */
  readonly says: string;
}

export type Shape = Box | Text | Stroke;

/** A picture: shapes, those in front last. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly shapes: readonly Shape[];
}

/** Whether two rectangles have a point in common, or are nearer to each other than `gap`. */
export function overlaps(a: Rect, b: Rect, gap = 0): boolean {
  return a.x < b.x + b.width + gap && b.x < a.x + a.width + gap && a.y < b.y + b.height + gap && b.y < a.y + a.height + gap;
}

/** Whether a line from one point to another touches a rectangle that is larger by `gap` on each side. */
export function touches(from: Point, to: Point, rect: Rect, gap = 0): boolean {
  const low = { x: rect.x - gap, y: rect.y - gap };
  const high = { x: rect.x + rect.width + gap, y: rect.y + rect.height + gap };
  let [enter, leave] = [0, 1];
  for (const axis of ["x", "y"] as const) {
    const length = to[axis] - from[axis];
    if (length === 0) {
      if (from[axis] < low[axis] || from[axis] > high[axis]) return false;
      continue;
    }
    const [a, b] = [(low[axis] - from[axis]) / length, (high[axis] - from[axis]) / length];
    enter = Math.max(enter, Math.min(a, b));
    leave = Math.min(leave, Math.max(a, b));
  }
  return enter <= leave;
}
