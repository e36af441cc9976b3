import { advice, grouped, head } from "../../verify/report/text";
import type { Condition, Topology } from "../schema";
import { SIGNS, timeText, title, verdict } from "../words";
import { type Block, paragraphAt, stack } from "./block";
import { cardsAt, GAP } from "./cards";
import { duoAt, MIN_DUO } from "./duo";
import { widthOf } from "./measure";
import { ringAt } from "./ring";
import type { Picture } from "./shapes";

const MARGIN = 16;
const SIZE = 12;

/** The mesh as a picture of a width in pixels; it is as high as it has to be. */
export function pictureOf(topology: Topology, width: number): Picture {
  const { clusters, links, condition } = topology;
  const room = width - 2 * MARGIN;
  const line = (text: string, style: Parameters<typeof paragraphAt>[4]) => (y: number) => paragraphAt(MARGIN, y, room, text, style);
  const [first, second, ...others] = clusters;
  const isDuo = first !== undefined && second !== undefined && others.length === 0 && width >= MIN_DUO;
  const linksOf = ({ key }: { readonly key: string }) => links.filter(({ from }) => from === key);
  const ring = (y: number): Block => (clusters.length > 2 ? ringAt(y, MARGIN, width, topology) : { shapes: [], height: 0 });
  const hasRing = ring(0).shapes.length > 0;
  const body = isDuo
    ? [(y: number) => duoAt(y, MARGIN, width, [first, second], links)]
    : [
        ring,
        ...(hasRing ? [line("The half of a line that begins at a cluster is how that one reads the other, and sends to it.", { size: 11, tone: "faint" })] : []),
        (y: number) => cardsAt(y, MARGIN, width, clusters, linksOf),
      ];
  const header = (y: number): Block =>
    stack(y, 2, [
      line(title(topology), { size: 17, bold: true }),
      line(`${SIGNS[condition]} ${verdict(topology)}`, { size: 13, tone: condition === "ok" ? "ok" : condition }),
      line(timeText(topology), { size: 11, tone: "faint" }),
    ]);
  const { shapes, height } = stack(MARGIN, GAP, [header, ...body, (y) => findingsAt(y, width, topology)]);
  return { width, height: Math.ceil(height + 2 * MARGIN), shapes };
}

/** The faults, why they matter, and what to do. */
function findingsAt(y: number, width: number, { findings }: Topology): Block {
  const indent = 8 * widthOf("x", SIZE);
  const blocks = grouped(findings).map((group) => (at: number): Block => {
    const condition = (group[0]?.status ?? "fail") as Condition;
    return stack(at, 1, [
      (top) => paragraphAt(MARGIN, top, width - 2 * MARGIN, `${SIGNS[condition]} ${head(group, ({ check }) => check)}`, { size: SIZE, tone: condition, bold: true }),
      ...advice(group).map(([word, text]) => (top: number): Block => {
        const label = paragraphAt(MARGIN + 2 * widthOf("x", SIZE), top, indent, word, { size: SIZE, tone: "faint" });
        const said = paragraphAt(MARGIN + indent + widthOf("x", SIZE), top, width - 2 * MARGIN - indent - widthOf("x", SIZE), text, { size: SIZE });
        return { shapes: [...label.shapes, ...said.shapes], height: Math.max(label.height, said.height) };
      }),
    ]);
  });
  return stack(y, 8, blocks);
}
