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

/**
 * A curve over a number of things, such as seconds for each cluster over clusters. Both axes begin at 0, so that flat looks flat.
 *
 * @param points by x; at least one
 */
export function linePlot(title: string, across: string, unit: Series["unit"], points: readonly PlotPoint[]): Drawing {
  const rows = ticks(Math.max(...points.map(({ y }) => y)));
  const [mostX, mostY] = [Math.max(...points.map(({ x }) => x)), rows.at(-1)!];
  const left = MARGIN + Math.max(...rows.map((row) => widthOf(quantity(row, unit), TEXT))) + 8;
  const top = MARGIN + LINE * 2;
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
  for (const point of points) {
    const half = widthOf(String(point.x), TEXT) / 2;
    if (at(point).x - half < free) continue;
    drawing.text(String(point.x), at(point).x - half, below, { colour: "faint" });
    free = at(point).x + half + 6;
  }
  drawing.text(across, left, below + LINE, { colour: "faint" });
  points.forEach((point, index) => {
    const [here, next] = [at(point), points[index + 1]];
    if (next) drawing.line(here.x, here.y, at(next).x, at(next).y, "own", 2);
  });
  for (const point of points) drawing.dot(at(point).x, at(point).y, "own", `${point.x}: ${quantity(point.y, unit)}`);
  return drawing;
}
