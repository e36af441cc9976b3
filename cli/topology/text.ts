import { styleText } from "node:util";
import { tableLines } from "../lib/table";
import { findingLines } from "../verify/report/text";
import type { Condition, Topology } from "./schema";
import { clusterLines, linkText, SIGNS, timeText, title, verdict } from "./words";

const COLOURS: Readonly<Record<Condition, "green" | "yellow" | "red">> = { ok: "green", warn: "yellow", unknown: "yellow", fail: "red" };

/** The mesh for a terminal: clusters, pairs, and faults. */
export function topologyText(topology: Topology, colour: boolean): string {
  const sign = (condition: Condition): string => (colour ? styleText(COLOURS[condition], SIGNS[condition], { validateStream: false }) : SIGNS[condition]);
  const clusters = topology.clusters.map((cluster) =>
    [`${sign(cluster.condition)} ${cluster.key}`, ...clusterLines(cluster).map(([label, text]) => `    ${label.padEnd(8)} ${text}`)].join("\n"),
  );
  const links = tableLines(topology.links.map(({ from, to, ...link }) => [`${from} → ${to}`, linkText({ from, to, ...link })]));
  const pairs = topology.links.map(({ condition }, index) => `${sign(condition)} ${links[index]}`);
  return [
    `${title(topology)}, ${timeText(topology)}`,
    ...clusters,
    ...(pairs.length > 0 ? [pairs.join("\n")] : []),
    ...(topology.findings.length > 0 ? [findingLines(topology.findings, colour).join("\n")] : []),
    `${sign(topology.condition)} ${verdict(topology)}`,
  ].join("\n\n");
}
