import { tableLines } from "../lib/table";
import type { MeshModel } from "../../settings/model";
import { DEMO_HOST } from "../../topology/names";
import type { MeshOutputs } from "../../outputs/contract";

/** A stack that is up. */
export interface UpStack {
  readonly stack: string;
  readonly model: MeshModel;
  readonly outputs: MeshOutputs;
}

/** What `./mesh up --json` prints. Nothing in it is secret. */
export interface UpReport {
  /** Version of this shape. */
  readonly version: 1;
  readonly stacks: readonly {
    readonly stack: string;
    readonly clusters: MeshOutputs["clusters"];
    readonly pairs: readonly string[];
    /** RFC 3339 time at which the signing root ends. */
    readonly rootExpiry: string | undefined;
  }[];
  /** A command that shows how the mesh works; absent without the demo or the client. */
  readonly try: string | undefined;
}

/** The machine-readable report. */
export function upReport(stacks: readonly UpStack[]): UpReport {
  return {
    version: 1,
    stacks: stacks.map(({ stack, outputs }) => ({
      stack,
      clusters: outputs.clusters,
      pairs: outputs.pairs,
      rootExpiry: outputs.trust?.ends.roots[outputs.trust.signer],
    })),
    try: tryLine(stacks),
  };
}

/** The report as text: a table of the clusters' addresses, the pairs, and a command to try. */
export function upLines(stacks: readonly UpStack[]): string[] {
  const rows = stacks.flatMap(({ stack, outputs }) =>
    Object.entries(outputs.clusters).map(([key, cluster]) => [
      key,
      stack,
      cluster.network,
      cluster.apiServer,
      cluster.ingressAddress ?? "none",
      cluster.eastWestAddress,
      cluster.versions.istio,
    ]),
  );
  const pairs = stacks.flatMap(({ outputs }) => outputs.pairs).sort();
  const line = tryLine(stacks);
  return [
    "",
    ...tableLines([["CLUSTER", "STACK", "NETWORK", "API SERVER", "INGRESS", "EAST-WEST", "ISTIO"], ...rows]),
    "",
    pairs.length === 0 ? "No pair of clusters is wired." : `Wired: ${pairs.join(", ")}`,
    ...(line === undefined ? [] : ["", "Try it:", "", `  ${line}`]),
  ];
}

/** The request that shows `catalog` answering from another cluster; undefined without the demo or the client. */
function tryLine(stacks: readonly UpStack[]): string | undefined {
  for (const { model, outputs } of stacks) {
    const ingress = outputs.clusters[model.demo.webapp ?? ""]?.ingressAddress;
    if (ingress === undefined || !model.demo.enabled || !model.client.enabled) continue;
    return `docker exec ${model.client.name} curl -s -H 'Host: ${DEMO_HOST}' http://${ingress}/api/catalog`;
  }
  return undefined;
}
