import type { Condition, Topology } from "./schema";
import { clusterLines, linkText, SIGNS, timeText, title, verdict } from "./words";

const STYLES: Readonly<Record<Condition, string>> = {
  ok: "stroke:#1a7f37",
  warn: "stroke:#9a6700,stroke-dasharray:6 3",
  unknown: "stroke:#6e7781,stroke-dasharray:2 3",
  fail: "stroke:#cf222e,stroke-width:3px",
};

/** Lines of a cluster that a diagram has room for. */
const LABELS = ["network", "istiod", "gateway", "entry", "trust", "unread"];

/** The mesh as a Mermaid flowchart, which GitHub and others draw. */
export function topologyMermaid(topology: Topology): string {
  const id = (key: string): string => `c${topology.clusters.findIndex((cluster) => cluster.key === key)}`;
  const nodes = topology.clusters.map((cluster) => {
    const lines = clusterLines(cluster).filter(([label]) => LABELS.includes(label));
    const text = [`${SIGNS[cluster.condition]} ${cluster.key}`, ...lines.map(([label, said]) => `${label} ${said}`)].map(escaped).join("<br/>");
    return `  ${id(cluster.key)}["${text}"]:::${cluster.condition}`;
  });
  const links = topology.links.map((link) => `  ${id(link.from)} -->|"${escaped(`${SIGNS[link.condition]} ${linkText(link)}`)}"| ${id(link.to)}`);
  return [
    `%% ${title(topology)}, ${timeText(topology)}; ${verdict(topology)}`,
    "flowchart LR",
    ...nodes,
    ...links,
    ...topology.links.map(({ condition }, index) => `  linkStyle ${index} ${STYLES[condition]}`),
    ...Object.entries(STYLES).map(([condition, style]) => `  classDef ${condition} ${style}`),
  ].join("\n");
}

/** Text in which Mermaid finds nothing of its own. */
function escaped(text: string): string {
  return text.replace(/[&<>"#;|[\]{}()`\\]/g, (character) => `#${character.codePointAt(0)};`);
}
