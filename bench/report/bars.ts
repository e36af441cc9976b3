import type { Series } from "../case";
import { spread } from "../statistics";
import { widthOf } from "../../cli/topology/picture/measure";
import { quantity } from "./numbers";
import { Drawing, LINE, TEXT, ticks } from "./svg";

/** Pixels: the scale's width, the space around, and between the bars of one quantity and those of the next. */
const [SCALE, MARGIN, GAP] = [360, 16, 8];

/**
 * A bar for each series: its length is the median, and a line over it goes from the minimum to the maximum. Series of one name are together.
 *
 * @param series all of one unit; at least one
 * @returns undefined where there is nothing to compare lengths with: units differ
 */
export function barPlot(title: string, series: readonly Series[]): Drawing | undefined {
  const unit = series[0]?.unit;
  if (unit === undefined || series.some((one) => one.unit !== unit)) return undefined;
  const names = [...new Set(series.map(({ name }) => name))];
  const sides = Math.max(...series.map(({ side }) => widthOf(side, TEXT)));
  const values = series.map((one) => ({ ...spread(one.values), text: valueText(one) }));
  const left = MARGIN + sides + 8;
  const right = Math.max(...values.map(({ text }) => widthOf(text, TEXT))) + 8;
  const marks = ticks(Math.max(...values.map(({ max }) => max)));
  const most = marks.at(-1)!;
  const width = Math.ceil(Math.max(left + SCALE + right + MARGIN, ...[title, ...names].map((text) => widthOf(text, TEXT) + 2 * MARGIN)));
  const height = MARGIN * 2 + LINE * (1 + names.length + series.length + 1) + GAP * (names.length + 1);
  const drawing = new Drawing(width, height, title);
  const at = (value: number): number => left + (value / most) * SCALE;
  let y = MARGIN + LINE / 2;
  drawing.text(title, MARGIN, y);
  const bottom = height - MARGIN - LINE;
  for (const mark of marks) drawing.line(at(mark), MARGIN + LINE, at(mark), bottom, "grid");
  for (const name of names) {
    y += LINE + GAP;
    drawing.text(name, MARGIN, y, { colour: "faint" });
    for (const [index, one] of series.entries()) {
      if (one.name !== name) continue;
      y += LINE;
      const { median, min, max, text } = values[index]!;
      const isFirst = series.find((other) => other.name === name) === one;
      drawing.text(one.side, MARGIN, y);
      drawing.rect({ x: left, y: y - 6, width: at(median) - left, height: 12 }, isFirst ? "own" : "other", `${name}, ${one.side}: ${text}`);
      drawing.line(at(min), y, at(max), y, "ink", 2);
      for (const end of [min, max]) drawing.line(at(end), y - 4, at(end), y + 4, "ink", 2);
      drawing.text(text, at(max) + 8, y);
    }
  }
  axis(drawing, marks, at, bottom + LINE / 2, unit);
  return drawing;
}

/** The numbers below a scale, as far as they have room; the unit is at the last one. */
export function axis(drawing: Drawing, marks: readonly number[], at: (value: number) => number, y: number, unit: Series["unit"]): void {
  let free = 0;
  const last = marks.at(-1)!;
  const lastText = quantity(last, unit);
  for (const mark of marks) {
    const text = mark === last ? lastText : String(mark);
    const start = at(mark) - widthOf(text, TEXT) / 2;
    // The last one says the unit, so it always has its room.
    if (mark !== last && (start < free || start + widthOf(text, TEXT) + 6 > at(last) - widthOf(lastText, TEXT) / 2)) continue;
    drawing.text(text, start, y, { colour: "faint" });
    free = start + widthOf(text, TEXT) + 6;
  }
}

function valueText({ unit, values }: Series): string {
  return quantity(spread(values).median, unit);
}
