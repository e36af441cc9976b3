import { fitted, widthOf } from "../../cli/topology/picture/measure";
import { axis } from "./bars";
import { Drawing, LINE, TEXT, ticks } from "./svg";

/** One resource of an operation: when the engine began with it and when it was done, in seconds from the start. */
export interface GanttRow {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  /** Whether it is part of the longest chain. */
  readonly critical: boolean;
}

/** Pixels: the scale's width, the space around, and the most that a name takes. */
const [SCALE, MARGIN, NAME] = [520, 16, 260];

/**
 * When each resource was worked on; those of the longest chain are marked.
 *
 * @param rows at least one
 * @param leastSeconds what took less is left out, so that the picture shows what counts
 */
export function gantt(title: string, rows: readonly GanttRow[], leastSeconds = 0.3): Drawing {
  const shown = rows.filter(({ from, to, critical }) => critical || to - from >= leastSeconds).sort((a, b) => a.from - b.from || a.to - b.to || (a.name < b.name ? -1 : 1));
  const marks = ticks(Math.max(...rows.map(({ to }) => to)), 8);
  const names = shown.map(({ name }) => fitted(name, TEXT, NAME));
  const left = MARGIN + Math.max(0, ...names.map((name) => widthOf(name, TEXT))) + 8;
  const legend = `${rows.length - shown.length} of less than ${leastSeconds} s are left out`;
  const width = Math.ceil(Math.max(left + SCALE + 60 + MARGIN, ...[title, legend].map((text) => widthOf(text, TEXT) + 2 * MARGIN)));
  const height = MARGIN * 2 + LINE * (shown.length + 4);
  const drawing = new Drawing(width, height, title);
  const at = (seconds: number): number => left + (seconds / marks.at(-1)!) * SCALE;
  drawing.text(title, MARGIN, MARGIN + LINE / 2);
  drawing.rect({ x: MARGIN, y: MARGIN + LINE + 3, width: 12, height: 12 }, "critical");
  drawing.text("the longest chain", MARGIN + 18, MARGIN + LINE * 1.5, { colour: "faint" });
  const [top, bottom] = [MARGIN + LINE * 2, MARGIN + LINE * (2 + shown.length)];
  for (const mark of marks) drawing.line(at(mark), top, at(mark), bottom, "grid");
  shown.forEach(({ from, to, critical, name }, index) => {
    const y = top + LINE * (index + 0.5);
    drawing.text(names[index]!, MARGIN, y);
    const took = `${(to - from).toFixed(1)} s`;
    drawing.rect({ x: at(from), y: y - 6, width: Math.max(1, at(to) - at(from)), height: 12 }, critical ? "critical" : "own", `${name}: ${took}`);
    drawing.text(took, at(to) + 4, y, { colour: "faint" });
  });
  axis(drawing, marks, at, bottom + LINE / 2, "s");
  drawing.text(legend, MARGIN, bottom + LINE * 1.5, { colour: "faint" });
  return drawing;
}
