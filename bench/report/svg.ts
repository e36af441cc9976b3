/** Pictures in SVG: what all plots of the benchmark are drawn with. */
import { widthOf } from "../../cli/topology/picture/measure";
import type { Rect } from "../../cli/topology/picture/shapes";
import { escaped } from "../../cli/topology/svg";

/** The font whose widths {@link widthOf} counts. */
const FONT = "ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace";

export const COLOURS = { ink: "#1f2328", faint: "#59636e", grid: "#d1d9e0", paper: "#ffffff", own: "#1f6feb", other: "#8c959f", critical: "#cf222e" } as const;
type Colour = keyof typeof COLOURS;

/** Size of all text, in pixels. */
export const TEXT = 12;

/** Height that a line of text takes. */
export const LINE = 18;

/** A text in a picture, with the rectangle that it takes up. */
export interface Label extends Rect {
  readonly text: string;
}

/** A picture as it is made: elements, those in front last, and where its texts are. */
export class Drawing {
  private readonly elements: string[] = [];
  private readonly texts: Label[] = [];

  /** @param says what the picture shows, for those who do not see it */
  constructor(
    readonly width: number,
    readonly height: number,
    private readonly says: string,
  ) {}

  /** The texts, so that a test sees whether two overlap. */
  get labels(): readonly Label[] {
    return this.texts;
  }

  /** Writes a text whose line has its middle at `y`; `at` says which end of it is at `x`. */
  text(text: string, x: number, y: number, { at = "start", colour = "ink" }: { readonly at?: "start" | "end"; readonly colour?: Colour } = {}): void {
    const width = widthOf(text, TEXT);
    this.texts.push({ text, x: at === "end" ? x - width : x, y: y - LINE / 2, width, height: LINE });
    this.elements.push(`<text x="${px(x)}" y="${px(y + TEXT * 0.35)}" font-size="${TEXT}" text-anchor="${at}" fill="${COLOURS[colour]}" xml:space="preserve">${escaped(text)}</text>`);
  }

  rect({ x, y, width, height }: Rect, colour: Colour, says?: string): void {
    const tip = says === undefined ? "" : `<title>${escaped(says)}</title>`;
    this.elements.push(`<rect x="${px(x)}" y="${px(y)}" width="${px(width)}" height="${px(height)}" fill="${COLOURS[colour]}">${tip}</rect>`);
  }

  line(x1: number, y1: number, x2: number, y2: number, colour: Colour, weight = 1): void {
    this.elements.push(`<line x1="${px(x1)}" y1="${px(y1)}" x2="${px(x2)}" y2="${px(y2)}" stroke="${COLOURS[colour]}" stroke-width="${weight}"/>`);
  }

  dot(x: number, y: number, colour: Colour, says: string): void {
    this.elements.push(`<circle cx="${px(x)}" cy="${px(y)}" r="4" fill="${COLOURS[colour]}"><title>${escaped(says)}</title></circle>`);
  }

  /** The file. */
  svg(): string {
    const size = `width="${this.width}" height="${this.height}" viewBox="0 0 ${this.width} ${this.height}"`;
    return [
      '<?xml version="1.0" encoding="UTF-8"?>',
      `<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img" aria-label="${escaped(this.says)}" font-family="${FONT}">`,
      `<rect width="${this.width}" height="${this.height}" fill="${COLOURS.paper}"/>`,
      ...this.elements,
      "</svg>",
      "",
    ].join("\n");
  }
}

/** Round values for an axis from 0 on, the last one not less than `most`: about as many as `about`. */
export function ticks(most: number, about = 5): number[] {
  if (!(most > 0)) return [0, 1];
  const rough = most / about;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough) ?? 10 * power;
  const count = Math.ceil(most / step - 1e-9);
  return Array.from({ length: count + 1 }, (_, index) => Number((index * step).toPrecision(12)));
}

function px(value: number): string {
  return String(Math.round(value * 10) / 10);
}
