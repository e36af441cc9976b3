import type { Series } from "../case";
import { widthOf } from "../../cli/topology/picture/measure";
import { quantity } from "./numbers";
import { Drawing, LINE, TEXT, ticks } from "./svg";

/** Pixels: the plot's area, and the space around. */
const [WIDTH, HEIGHT, MARGIN] = [420, 220, 16];

/** A point of a curve: how many there are, and what was measured. */
export interface PlotPoint {
  readonly x: number;
  readonly y: number;
}

/** A curve: its points by x. */
export interface Curve {
  readonly name: string;
  readonly points: readonly PlotPoint[];
}

/** Of the curves, in their order. */
const CURVES = ["own", "other", "critical"] as const;

/**
 * Curves over a number of things, such as seconds for each cluster over clusters. Both axes begin at 0, so that flat looks flat.
 *
 * @param curves at least one, and not more than three; each with the same x
 */
export function linePlot(title: string, across: string, unit: Series["unit"], curves: readonly Curve[]): Drawing {
  const points = curves.flatMap((curve) => curve.points);
  const rows = ticks(Math.max(...points.map(({ y }) => y)));
  const [mostX, mostY] = [Math.max(...points.map(({ x }) => x)), rows.at(-1)!];
  const left = MARGIN + Math.max(...rows.map((row) => widthOf(quantity(row, unit), TEXT))) + 8;
  const top = MARGIN + LINE * (2 + curves.length);
  const width = Math.ceil(Math.max(left + WIDTH + MARGIN * 2, widthOf(title, TEXT) + 2 * MARGIN));
  const height = top + HEIGHT + LINE * 2 + MARGIN;
  const drawing = new Drawing(width, height, title);
  const at = ({ x, y }: PlotPoint): { readonly x: number; readonly y: number } => ({ x: left + (x / mostX) * WIDTH, y: top + HEIGHT * (1 - y / mostY) });
  drawing.text(title, MARGIN, MARGIN + LINE / 2);
  for (const row of rows) {
    const { y } = at({ x: 0, y: row });
    drawing.line(left, y, left + WIDTH, y, "grid");
    drawing.text(quantity(row, unit), left - 8, y, { at: "end", colour: "faint" });
  }
  const below = top + HEIGHT + LINE / 2 + 4;
  let free = 0;
  for (const point of curves[0]?.points ?? []) {
    const half = widthOf(String(point.x), TEXT) / 2;
    if (at(point).x - half < free) continue;
    drawing.text(String(point.x), at(point).x - half, below, { colour: "faint" });
    free = at(point).x + half + 6;
  }
  drawing.text(across, left, below + LINE, { colour: "faint" });
  curves.forEach((curve, order) => {
    const colour = CURVES[order] ?? "ink";
    const y = MARGIN + LINE * (order + 1.5);
    drawing.dot(MARGIN + 6, y, colour, curve.name);
    drawing.text(curve.name, MARGIN + 18, y);
    curve.points.forEach((point, index) => {
      const [here, next] = [at(point), curve.points[index + 1]];
      if (next) drawing.line(here.x, here.y, at(next).x, at(next).y, colour, 2);
      drawing.dot(here.x, here.y, colour, `${curve.name}, ${point.x}: ${quantity(point.y, unit)}`);
    });
  });
  return drawing;
}
