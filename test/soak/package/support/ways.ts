/** The ways in which somebody brings up a mesh over clusters that exist. */
import * as fs from "node:fs";
import * as path from "node:path";
import { parse, stringify } from "yaml";
import { repositoryRoot } from "../../../../lib/paths";
import { merge, type Tree } from "../../../../lib/merge";
import { CLUSTERS, KEYS, STACK, type Ground } from "./ground";

/** One way to bring up a mesh, and to take it down. */
export interface Way {
  readonly name: string;
  up(ground: Ground): Promise<void>;
  down(ground: Ground): Promise<void>;
}

/** Mesh id, the same in every way. */
const MESH = "shop";

/** What `Mesh` is given beside the kubeconfigs: charts and images of this machine. */
async function meshArgs(ground: Ground): Promise<{ readonly clusters: Record<string, object> } & Record<string, unknown>> {
  const { istio, metallb } = await ground.model();
  const images = { global: { ...(istio.hub === undefined ? {} : { hub: istio.hub }), ...(istio.tag === undefined ? {} : { tag: istio.tag }) } };
  const { base = {}, istiod = {}, gateway = {} } = istio.values;
  const clusters = await Promise.all(KEYS.map(async (key) => [key, { apiServer: ground.exports.apiServers[key], addresses: await ground.addresses(key) }] as const));
  return {
    meshId: MESH,
    clusters: Object.fromEntries(clusters),
    istioCharts: source(istio),
    istioValues: { base, istiod: merge(istiod, images), gateway },
    metallbCharts: source(metallb),
    metallbValues: metallb.values["metallb"] ?? {},
  };
}

function source({ version, repository, charts }: { readonly version: string; readonly repository: string; readonly charts?: string }): object {
  return charts === undefined ? { version, repository } : { version, folder: charts };
}

const TYPESCRIPT = (args: object): string => `
import * as pulumi from "@pulumi/pulumi";
import { Mesh, type MeshArgs } from "usmesh";

const made = new pulumi.StackReference(${JSON.stringify(CLUSTERS)});
const { clusters, ...args } = ${JSON.stringify(args)};
const known = Object.entries(clusters).map(([key, cluster]) => [key, { ...cluster, kubeconfig: made.requireOutput(key) as pulumi.Output<string> }] as const);
export const pairs = new Mesh("mesh", { ...args, clusters: Object.fromEntries(known) } as MeshArgs).pairs;
`;

/** A program of the user's own, with the package. */
function typescript(): Way {
  let folder = "";
  return {
    name: "a program in TypeScript with the package",
    async up(ground) {
      folder = await ground.project("mesh-typescript", {
        "Pulumi.yaml": "name: mesh-typescript\nruntime: nodejs\nmain: index.ts\n",
        "package.json": '{"name": "mesh-typescript"}\n',
        "index.ts": TYPESCRIPT(await meshArgs(ground)),
      });
      await ground.pulumi(folder, "up", "--yes", "--skip-preview");
    },
    down: async (ground) => void (await ground.pulumi(folder, "destroy", "--yes", "--skip-preview")),
  };
}

/** The example in YAML, with the package's plugin. */
function yaml(): Way {
  let folder = "";
  return {
    name: "a program in YAML with the package's plugin",
    async up(ground) {
      const program = parse(fs.readFileSync(path.join(repositoryRoot, "examples", "yaml", "Pulumi.yaml"), "utf8")) as { resources: { mesh: { properties: Tree } } };
      program.resources.mesh.properties = merge(program.resources.mesh.properties, await meshArgs(ground));
      folder = await ground.project("mesh-yaml", { "Pulumi.yaml": stringify(program) });
      for (const key of KEYS) await ground.run(folder, "pulumi", ["config", "set", "--secret", key, "--stack", STACK, "--non-interactive"], ground.exports[key]);
      await ground.pulumi(folder, "up", "--yes", "--skip-preview");
    },
    down: async (ground) => void (await ground.pulumi(folder, "destroy", "--yes", "--skip-preview")),
  };
}

/** This repository's program, which takes the kubeconfigs from the outputs of the stack that made the clusters. */
function program(): Way {
  return {
    name: "this program, with the kubeconfigs from another stack's outputs",
    async up(ground) {
      const { clusters } = await ground.model();
      const own = KEYS.map(async (key) => {
        const { region, zone } = clusters.find((one) => one.key === key)!;
        const place = { driver: "existing", stack: CLUSTERS, output: key, apiServer: ground.exports.apiServers[key] };
        return [key, { ...place, region, zone, metallb: true, addresses: await ground.addresses(key) }] as const;
      });
      ground.settings({ mesh: MESH, clusters: Object.fromEntries(await Promise.all(own)) });
      await ground.meshDoes("up", STACK);
      // Of its own reading: the clusters are known by the stack alone.
      await ground.meshDoes("verify", STACK);
    },
    down: async (ground) => void (await ground.meshDoes("down", "--yes", STACK)),
  };
}

/** All of them, in the order in which they are tried. */
export const ways = (): Way[] => [typescript(), yaml(), program()];
