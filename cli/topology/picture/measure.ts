/** Width of a character of the picture's font, as a share of its size. Monospaced fonts are a little narrower: nothing is wider than counted. */
const ADVANCE = 0.61;

/** Height of a line of text, as a share of its size. */
const LEADING = 1.45;

/** Columns that a text takes: letters of East Asia and most symbols outside of Latin take two. */
function columns(text: string): number {
  return [...text].reduce((sum, character) => sum + ((character.codePointAt(0) ?? 0) >= 0x2e80 ? 2 : 1), 0);
}

/** Width of a line of text in pixels. */
export function widthOf(text: string, size: number): number {
  return columns(text) * size * ADVANCE;
}

/** Height of a line of text in pixels. */
export function lineHeight(size: number): number {
  return Math.ceil(size * LEADING);
}

/** What sums of widths may be off by. */
const EPSILON = 0.001;

/** A text that is not wider than `width`: its end is left out where it would be. */
export function fitted(text: string, size: number, width: number): string {
  if (widthOf(text, size) <= width + EPSILON) return text;
  const characters = [...text];
  while (characters.length > 0 && widthOf(`${characters.join("")}…`, size) > width) characters.pop();
  return `${characters.join("").trimEnd()}…`;
}

/** The lines of a text, none wider than `width`; broken at spaces, and inside a word where it is wider by itself. */
export function wrapped(text: string, size: number, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/).flatMap((one) => pieces(one, size, width))) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (widthOf(longer, size) <= width) {
      line = longer;
      continue;
    }
    if (line !== "") lines.push(line);
    line = word;
  }
  return line === "" ? lines : [...lines, line];
}

/** A word in pieces of which none is wider than `width`. */
function pieces(word: string, size: number, width: number): string[] {
  const parts: string[] = [];
  let part = "";
  for (const character of word) {
    if (part !== "" && widthOf(part + character, size) > width) {
      parts.push(part);
      part = "";
    }
    part += character;
  }
  return [...parts, part];
}
