/** What bench/walkthrough.sh is given: the same images, charts and values as the program has. */
import * as fs from "node:fs";
import * as path from "node:path";
import { stringify } from "yaml";
import { baseValues, eastWestGatewayValues, ingressGatewayValues, istiodValues } from "../components/charts/istio-values";
import { kindConfigYaml } from "../components/kind/kind-config";
import { merge, type Tree } from "../lib/merge";
import { repositoryRoot } from "../lib/paths";
import { eastWestValues, installation } from "../program/istio";
import type { ClusterModel, MeshModel } from "../settings/model";
import { SCRIPT } from "./lib/names";

/** The script. */
export const WALKTHROUGH = path.join(repositoryRoot, "bench", "walkthrough.sh");

/**
 * The files that the script reads, by name. MetalLB's values are those that somebody gives who installs it: the images, and no routing daemon.
 *
 * @param model of a stack with the kind clusters west and east
 */
export function walkthroughFiles(model: MeshModel): Readonly<Record<string, string>> {
  const { profile, mesh: meshId, trustDomain, kind, metallb } = model;
  const [west, east] = [clusterOf(model, "west"), clusterOf(model, "east")];
  const values = ({ key, istio }: ClusterModel): Partial<Record<"base" | "istiod" | "gateway", Tree>> => installation(key, istio, model, undefined).values ?? {};
  const yaml = (tree: unknown): string => stringify(tree, { lineWidth: 0 });
  const each = [west, east].flatMap((cluster) => {
    const { key, clusterName, network, driver, istio } = cluster;
    if (driver.type !== "kind") throw new Error(`cluster ${key} is not a kind cluster`);
    const membership = { meshId, clusterName, network, trustDomain, hub: istio.hub, tag: istio.tag };
    return [
      [`${key}.kind.yaml`, kindConfigYaml({ ...driver, kindName: SCRIPT.kind[key as "west" | "east"] }, kind.config)],
      [`${key}.istiod.yaml`, yaml(istiodValues(membership, profile, values(cluster).istiod))],
      [`${key}.eastwest.yaml`, yaml(eastWestGatewayValues(network, profile, eastWestValues(istio, model)))],
    ] as const;
  });
  return {
    ...Object.fromEntries(each),
    "base.yaml": yaml(baseValues(values(west).base)),
    "ingress.yaml": yaml(ingressGatewayValues(profile, values(west).gateway)),
    "metallb.yaml": yaml(merge({ speaker: { frr: { enabled: false } } }, metallb.values["metallb"] ?? {})),
  };
}

/** The script's variables, beside {@link walkthroughFiles} in FILES. @param folder an empty one for what it writes */
export function walkthroughVariables(model: MeshModel, folder: string, files: string): Readonly<Record<string, string>> {
  const { istio } = clusterOf(model, "west");
  const { metallb } = model;
  return {
    WORK: folder,
    FILES: files,
    NETWORK: SCRIPT.network,
    NODE_IMAGE: model.kind.image,
    WEST: SCRIPT.kind.west,
    EAST: SCRIPT.kind.east,
    CLIENT: SCRIPT.client,
    CLIENT_IMAGE: model.client.image,
    DEMO_IMAGE: model.demo.image,
    ISTIO_CHARTS: istio.charts === undefined ? "" : path.resolve(repositoryRoot, istio.charts),
    ISTIO_REPOSITORY: istio.repository,
    ISTIO_VERSION: istio.version,
    METALLB_CHARTS: metallb.charts === undefined ? "" : path.resolve(repositoryRoot, metallb.charts),
    METALLB_REPOSITORY: metallb.repository,
    METALLB_VERSION: metallb.version,
  };
}

/** Writes the files below a folder of the run. @returns the script's variables */
export function writeWalkthrough(model: MeshModel, folder: string): Readonly<Record<string, string>> {
  const [work, files] = [path.join(folder, "work"), path.join(folder, "files")];
  for (const made of [work, files]) fs.mkdirSync(made, { recursive: true, mode: 0o700 });
  for (const [name, text] of Object.entries(walkthroughFiles(model))) fs.writeFileSync(path.join(files, name), text);
  return walkthroughVariables(model, work, files);
}

/** One step of the script. */
export interface Step {
  readonly name: string;
  readonly seconds: number;
}

/** The steps that the script printed, each until the next one; steps of one kind in both clusters are added up. */
export function stepsIn(stdout: string): Step[] {
  const begun = [...stdout.matchAll(/^step (\d+\.\d+) (.+)$/gm)].map(([, at, name]) => ({ at: Number(at), name: name!.replace(/(?: in)? (?:west|east)$/, "") }));
  const seconds = new Map<string, number>();
  begun.slice(0, -1).forEach(({ at, name }, index) => seconds.set(name, (seconds.get(name) ?? 0) + begun[index + 1]!.at - at));
  return [...seconds].map(([name, sum]) => ({ name, seconds: sum }));
}

function clusterOf({ clusters }: MeshModel, key: string): ClusterModel {
  const found = clusters.find((cluster) => cluster.key === key);
  if (found === undefined) throw new Error(`the stack has no cluster ${key}`);
  return found;
}
