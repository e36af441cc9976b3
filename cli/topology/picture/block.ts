import { fitted, lineHeight, widthOf, wrapped } from "./measure";
import type { Shape, Text } from "./shapes";

/** Shapes one below the other, and how far down they go. */
export interface Block {
  readonly shapes: readonly Shape[];
  readonly height: number;
}

/** How a line of text looks. */
export interface Style {
  readonly size: number;
  readonly tone?: Text["tone"];
  readonly bold?: boolean;
}

/** A line of text at a place, cut off where it would be wider than `width`. */
export function textAt(x: number, y: number, width: number, text: string, { size, tone = "plain", bold = false }: Style): Text {
  const shown = fitted(text, size, width);
  return { kind: "text", x, y, width: widthOf(shown, size), height: lineHeight(size), text: shown, ...(shown !== text && { whole: text }), size, tone, bold };
}

/** A text in as many lines as it takes. */
export function paragraphAt(x: number, y: number, width: number, text: string, style: Style): Block {
  const height = lineHeight(style.size);
  const lines = wrapped(text, style.size, width);
  return { shapes: lines.map((line, index) => textAt(x, y + index * height, width, line, style)), height: lines.length * height };
}

/** Blocks one below the other. @param make gives each block for the place at which it begins. */
export function stack(y: number, gap: number, make: readonly ((y: number) => Block)[]): Block {
  const shapes: Shape[] = [];
  let at = y;
  make.forEach((one, index) => {
    const block = one(at + (index === 0 ? 0 : gap));
    if (block.shapes.length === 0) return;
    shapes.push(...block.shapes);
    at += (index === 0 ? 0 : gap) + block.height;
  });
  return { shapes, height: at - y };
}
