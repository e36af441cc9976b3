import type { Picture, Shape, Stroke, Text } from "./picture/shapes";
import { pictureOf } from "./picture/picture";
import type { Topology } from "./schema";
import { title, verdict } from "./words";

const FONT = "ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace";

/** Colours of lines and texts; enough contrast on both backgrounds of the picture. */
const COLOURS = { ok: "#1a7f37", warn: "#9a6700", unknown: "#59636e", fail: "#cf222e", plain: "#1f2328", faint: "#59636e" } as const;
/** Lines among many, of which nothing is wrong. */
const QUIET = "#75b788";
const DASHES = { ok: "", warn: "6 3", unknown: "2 3", fail: "" } as const;

/** The mesh as an SVG file of a width in pixels. */
export function topologySvg(topology: Topology, width: number): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${svgElement(topology, width)}\n`;
}

/** The same as an element for a page. */
export function svgElement(topology: Topology, width: number): string {
  const picture = pictureOf(topology, width);
  const label = escaped(`${title(topology)}; ${verdict(topology)}`);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${picture.width}" height="${picture.height}" viewBox="0 0 ${picture.width} ${picture.height}" role="img" aria-label="${label}" font-family="${FONT}">`,
    `<rect width="${picture.width}" height="${picture.height}" fill="#ffffff"/>`,
    ...drawn(picture),
    "</svg>",
  ].join("\n");
}

function drawn({ shapes }: Picture): string[] {
  return shapes.map((shape: Shape) => {
    if (shape.kind === "text") return textElement(shape);
    if (shape.kind === "stroke") return strokeElement(shape);
    const { x, y, width, height, condition, pill } = shape;
    const look = `fill="${pill ? "#ffffff" : "#f6f8fa"}" stroke="${COLOURS[condition]}" stroke-width="${condition === "ok" ? 1.5 : 3}"${dashes(condition)}`;
    return `<rect x="${px(x)}" y="${px(y)}" width="${px(width)}" height="${px(height)}" rx="${pill ? px(height / 2) : 8}" ${look}/>`;
  });
}

function textElement({ x, y, height, size, text, whole, tone, bold }: Text): string {
  const weight = bold ? ' font-weight="600"' : "";
  const tip = whole === undefined ? "" : `<title>${escaped(whole)}</title>`;
  // The baseline is where a line's text is in the middle of its height.
  return `<text x="${px(x)}" y="${px(y + height / 2 + size * 0.35)}" font-size="${size}" fill="${COLOURS[tone]}"${weight} xml:space="preserve">${tip}${escaped(text)}</text>`;
}

function strokeElement({ from, to, condition, weight, arrow, says }: Stroke): string {
  const look = `stroke="${condition === "ok" && !arrow ? QUIET : COLOURS[condition]}" stroke-width="${px(weight)}"${dashes(condition)}`;
  const line = `<line x1="${px(from.x)}" y1="${px(from.y)}" x2="${px(to.x)}" y2="${px(to.y)}" ${look}/>`;
  if (!arrow) return `<g><title>${escaped(says)}</title>${line}</g>`;
  const back = to.x > from.x ? -8 : 8;
  const head = `<path d="M${px(to.x)} ${px(to.y)}l${back} -5v10z" fill="${COLOURS[condition]}"/>`;
  return `<g><title>${escaped(says)}</title>${line}${head}</g>`;
}

function dashes(condition: keyof typeof DASHES): string {
  return DASHES[condition] === "" ? "" : ` stroke-dasharray="${DASHES[condition]}"`;
}

function px(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** Text in which XML and HTML find nothing of their own. Control characters, which XML does not allow, are left out. */
export function escaped(text: string): string {
  const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  return [...text]
    .filter((character) => character >= " ")
    .map((character) => entities[character] ?? character)
    .join("");
}
