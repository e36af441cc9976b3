import type { ClusterNode, Link } from "../schema";
import { linkText, readsText, rate, SIGNS } from "../words";
import { type Block, textAt } from "./block";
import { cardAt, cardHeight } from "./cards";
import { lineHeight } from "./measure";
import type { Shape } from "./shapes";

/** Width of the space between the two cards, from what it needs to what looks good, and the size of what is written there. */
const MIN_BETWEEN = 188;
const MAX_BETWEEN = 300;
const SIZE = 12;
const MAX_CARD = 460;
/** Between the cards there is room for two arrows with a text above and below each. */
const MIN_HEIGHT = 3 * (2 * lineHeight(SIZE) + 12);
/** Below this width the cards would be too narrow to read side by side. */
export const MIN_DUO = 680;

/** Two clusters side by side, with an arrow in each direction and what there is to say about it. */
export function duoAt(y: number, margin: number, width: number, [left, right]: readonly [ClusterNode, ClusterNode], links: readonly Link[]): Block {
  const room = width - 2 * margin;
  const card = Math.min(MAX_CARD, (room - MIN_BETWEEN) / 2);
  const space = Math.min(MAX_BETWEEN, room - 2 * card);
  const height = Math.max(MIN_HEIGHT, cardHeight(card, left, []), cardHeight(card, right, []));
  const middle = { from: margin + card, to: margin + card + space };
  const arrows = [left, right].flatMap((from, index): Shape[] => {
    const link = links.find((one) => one.from === from.key && one.to !== from.key);
    const at = y + (height * (index + 1)) / 3;
    return link === undefined ? [] : arrow(link, middle, at, index === 0);
  });
  return { shapes: [...cardAt(margin, y, card, height, left, []), ...cardAt(margin + card + space, y, card, height, right, []), ...arrows], height };
}

/** An arrow from one side to the other, what it says above it, and the requests below. */
function arrow(link: Link, between: { readonly from: number; readonly to: number }, y: number, isRightward: boolean): Shape[] {
  const [from, to] = [between.from + 6, between.to - 6];
  const { condition, requestsPerSecond, reads } = link;
  const tone = condition === "ok" ? "plain" : condition;
  const room = to - from - 8;
  const said = `${SIGNS[condition]} ${readsText(reads, link.to)}`;
  const rates = requestsPerSecond === undefined ? [] : [textAt(from + 4, y + 5, room, `${rate(requestsPerSecond)} requests/s`, { size: SIZE, tone: "faint" })];
  return [
    {
      kind: "stroke",
      from: { x: isRightward ? from : to, y },
      to: { x: isRightward ? to : from, y },
      condition,
      weight: 2,
      arrow: true,
      says: `${link.from} → ${link.to}: ${linkText(link)}`,
    },
    textAt(from + 4, y - lineHeight(SIZE) - 5, room, said, { size: SIZE, tone }),
    ...rates,
  ];
}
