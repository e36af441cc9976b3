import type { ClusterNode, Link } from "../schema";
import { clusterLines, linkText, SIGNS } from "../words";
import { type Block, textAt } from "./block";
import { lineHeight, widthOf, wrapped } from "./measure";
import type { Box, Shape, Text } from "./shapes";

const PADDING = 12;
const HEAD = 16;
const BODY = 12;
/** Columns for the labels in a card: so many at least, and at most a share of its width. */
const LABEL = 9;
const LABEL_SHARE = 0.4;
/** Lines that a text in a card may take. */
const MAX_LINES = 3;
/** Space between cards. */
export const GAP = 16;
/** How narrow and how wide a card may be. */
const MIN_WIDTH = 330;
const MAX_WIDTH = 460;

/** A row of a card: a label, what there is to say, and how that looks. */
type Row = readonly [label: string, text: string, tone: Text["tone"]];

/** What a card says of its cluster, and of the others as this one reads them. */
function rowsOf(cluster: ClusterNode, links: readonly Link[]): Row[] {
  const own = clusterLines(cluster).map(([label, text]): Row => [label, text, label === "unread" ? "fail" : "plain"]);
  return [...own, ...links.map((link): Row => [`→ ${link.to}`, `${SIGNS[link.condition]} ${linkText(link)}`, link.condition === "ok" ? "plain" : link.condition])];
}

/** The same in lines of a card, as far as they fit into it. @param room width of what there is to say */
function linesOf(cluster: ClusterNode, links: readonly Link[], room: number): Row[] {
  return rowsOf(cluster, links).flatMap(([label, text, tone]): Row[] => {
    const lines = wrapped(text, BODY, room);
    const shown = lines.length === 0 ? [""] : lines.length > MAX_LINES ? [...lines.slice(0, MAX_LINES - 1), lines.slice(MAX_LINES - 1).join(" ")] : lines;
    return shown.map((line, index) => [index === 0 ? label : "", line, tone]);
  });
}

/** Where in a card it is said what, by the width of the card and of the labels that there are. */
function columnsOf(width: number, labels: number): { readonly inner: number; readonly label: number; readonly room: number } {
  const inner = width - 2 * PADDING;
  const label = Math.min(labels, inner * LABEL_SHARE);
  return { inner, label, room: inner - label };
}

/** How high a card of a width is. */
export function cardHeight(width: number, cluster: ClusterNode, links: readonly Link[], labels = labelWidth([])): number {
  return 2 * PADDING + lineHeight(HEAD) + 4 + linesOf(cluster, links, columnsOf(width, labels).room).length * lineHeight(BODY);
}

/** Width of the labels, the same in all cards. */
function labelWidth(links: readonly Link[]): number {
  return widthOf("x".repeat(Math.max(LABEL, ...links.map(({ to }) => [...to].length + 3))), BODY);
}

/** The card of a cluster at a place. @param height at least {@link cardHeight}. */
export function cardAt(x: number, y: number, width: number, height: number, cluster: ClusterNode, links: readonly Link[], labels = labelWidth([])): Shape[] {
  const { key, condition } = cluster;
  const { inner, label, room } = columnsOf(width, labels);
  const rows = linesOf(cluster, links, room);
  const top = y + PADDING + lineHeight(HEAD) + 4;
  const box: Box = { kind: "box", x, y, width, height, condition, pill: false };
  const tone = condition === "ok" ? "plain" : condition;
  return [
    box,
    textAt(x + PADDING, y + PADDING, inner, `${SIGNS[condition]} ${key}`, { size: HEAD, tone, bold: true }),
    ...rows.flatMap(([name, text, look], index) => {
      const at = top + index * lineHeight(BODY);
      const named = name === "" ? [] : [textAt(x + PADDING, at, label - widthOf(" ", BODY), name, { size: BODY, tone: "faint" })];
      return [...named, textAt(x + PADDING + label, at, room, text, { size: BODY, tone: look })];
    }),
  ];
}

/** All cards in rows. @param linksOf what a card says of the others. */
export function cardsAt(y: number, margin: number, width: number, clusters: readonly ClusterNode[], linksOf: (cluster: ClusterNode) => readonly Link[]): Block {
  const room = width - 2 * margin;
  const perRow = Math.max(1, Math.min(clusters.length, Math.floor((room + GAP) / (MIN_WIDTH + GAP))));
  const cardWidth = Math.min(MAX_WIDTH, (room - (perRow - 1) * GAP) / perRow);
  const labels = labelWidth(clusters.flatMap(linksOf));
  const shapes: Shape[] = [];
  let at = y;
  for (let first = 0; first < clusters.length; first += perRow) {
    const row = clusters.slice(first, first + perRow);
    const height = Math.max(...row.map((cluster) => cardHeight(cardWidth, cluster, linksOf(cluster), labels)));
    row.forEach((cluster, index) => shapes.push(...cardAt(margin + index * (cardWidth + GAP), at, cardWidth, height, cluster, linksOf(cluster), labels)));
    at += height + GAP;
  }
  return { shapes, height: Math.max(0, at - GAP - y) };
}
