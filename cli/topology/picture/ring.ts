import type { Condition, Link, Topology } from "../schema";
import { linkText } from "../words";
import { type Block, textAt } from "./block";
import { fitted, lineHeight, widthOf } from "./measure";
import { overlaps, type Point, type Rect, type Shape, type Stroke, touches } from "./shapes";

const SIZE = 13;
const PADDING = 8;
/** How wide the name of a cluster can be. */
const MAX_NAME = 130;
const GAP = 8;
/** Half the height of the ring: as small as names and lines let it be, from so much for each cluster on. */
const RADIUS_EACH = 20;
const MAX_RADIUS = 420;
const STEP = 10;
const MAX_WIDTH = 860;

interface Pill extends Rect {
  readonly key: string;
  readonly condition: Condition;
  readonly centre: Point;
}

/**
 * The clusters on an ellipse, with a line between every two. The half of a line that begins at a cluster shows the state of its requests
 * to the other. Nothing where there is no room for it, that is where a line would go through a third cluster's name.
 */
export function ringAt(y: number, margin: number, width: number, { clusters, links }: Topology): Block {
  for (let radius = clusters.length * RADIUS_EACH; radius <= MAX_RADIUS; radius += STEP) {
    const pills = pillsOn(y, margin, width, radius, clusters);
    if (!isClear(pills)) continue;
    const strokes = pills.flatMap((from) => pills.filter((to) => to !== from).map((to) => strokeOf(from, to, links)));
    const shown = strokes.flatMap((stroke) => stroke ?? []).sort((a, b) => rank(a) - rank(b));
    return { shapes: [...shown, ...pills.flatMap(pillShapes)], height: 2 * radius + pillHeight() };
  }
  return { shapes: [], height: 0 };
}

function pillHeight(): number {
  return lineHeight(SIZE) + PADDING;
}

function pillsOn(y: number, margin: number, width: number, radius: number, clusters: Topology["clusters"]): Pill[] {
  const height = pillHeight();
  const across = Math.min(MAX_WIDTH, width - 2 * margin) / 2 - MAX_NAME / 2 - PADDING;
  return clusters.map(({ key, condition }, index) => {
    // The first is at the upper left, so that none of them, for an even number, is alone at the top.
    const angle = (2 * Math.PI * (index + 0.5)) / clusters.length - Math.PI;
    const centre = { x: width / 2 + across * Math.cos(angle), y: y + height / 2 + radius * (1 + Math.sin(angle)) };
    const own = widthOf(fitted(key, SIZE, MAX_NAME), SIZE) + 2 * PADDING;
    return { key, condition, centre, x: centre.x - own / 2, y: centre.y - height / 2, width: own, height };
  });
}

function isClear(pills: readonly Pill[]): boolean {
  return pills.every((a, i) =>
    pills.slice(i + 1).every((b) => !overlaps(a, b, GAP) && pills.every((third) => third === a || third === b || !touches(a.centre, b.centre, third, GAP / 2))),
  );
}

/** What is wrong is drawn over what is not. */
function rank({ condition }: Stroke): number {
  return ["ok", "warn", "unknown", "fail"].indexOf(condition);
}

/** The half of the line between two clusters that belongs to the first. */
function strokeOf(from: Pill, to: Pill, links: readonly Link[]): Stroke | undefined {
  const link = links.find((one) => one.from === from.key && one.to === to.key);
  if (link === undefined) return undefined;
  const middle = { x: (from.centre.x + to.centre.x) / 2, y: (from.centre.y + to.centre.y) / 2 };
  const weight = link.condition === "ok" ? 1 + Math.min(2, Math.log10(1 + (link.requestsPerSecond ?? 0)) / 2) : 3;
  return { kind: "stroke", from: from.centre, to: middle, condition: link.condition, weight, arrow: false, says: `${link.from} → ${link.to}: ${linkText(link)}` };
}

function pillShapes({ key, condition, centre: _centre, ...rect }: Pill): Shape[] {
  return [
    { kind: "box", ...rect, condition, pill: true },
    textAt(rect.x + PADDING, rect.y + PADDING / 2, MAX_NAME, key, { size: SIZE, bold: true, tone: condition === "ok" ? "plain" : condition }),
  ];
}
