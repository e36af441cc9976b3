import { escaped, svgElement } from "./svg";
import type { Topology } from "./schema";
import { title } from "./words";

/** Widths of the pictures in the page, in pixels; the widest that fits into the window is shown. */
const WIDTHS = [360, 760, 1160, 1560] as const;

/** Space around the picture, and what a scroll bar takes. */
const AROUND = 24;

/**
 * The mesh as one page that needs no other file, no script and no network.
 *
 * @param renewSeconds seconds after which the page loads itself again; undefined: never.
 */
export function topologyHtml(topology: Topology, renewSeconds?: number): string {
  const rules = WIDTHS.map((width, index) => {
    const next = WIDTHS[index + 1];
    const above = index === 0 ? [] : [`(min-width: ${width + AROUND}px)`];
    const below = next === undefined ? [] : [`(max-width: ${next + AROUND - 0.02}px)`];
    return `@media ${[...above, ...below].join(" and ")} { .w${width} { display: block } }`;
  });
  return [
    "<!doctype html>",
    '<html lang="en">',
    "<head>",
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    ...(renewSeconds === undefined ? [] : [`<meta http-equiv="refresh" content="${renewSeconds}">`]),
    `<title>${escaped(title(topology))}</title>`,
    `<style>body { margin: 0; background: #fff } .w { display: none } .w svg { display: block; margin: 0 auto } ${rules.join(" ")}</style>`,
    "</head>",
    "<body>",
    ...WIDTHS.map((width) => `<div class="w w${width}">${svgElement(topology, width)}</div>`),
    "</body>",
    "</html>",
    "",
  ].join("\n");
}
