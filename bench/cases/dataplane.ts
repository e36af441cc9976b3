import { ensureBuilt } from "../../airgap";
import { benchTags } from "../../airgap/versions";
import type { BenchCase, BenchContext, CaseResult } from "../case";
import { execute, succeeded } from "../lib/execute";
import { CLUSTERS, MESH } from "../lib/names";
import { standingMesh, type StandingMesh } from "../standing-mesh";
import { dataplaneNotes, dataplaneSeries, FULL, noneTaken, STEADY } from "../traffic/dataplane";
import { awaitWay, deploy, measureWay, remove } from "../traffic/load-workloads";
import { targetsOf } from "../traffic/targets";
import { ABOUT } from "./about";

/** Milliseconds that one command in a cluster may take: longer than any load. */
const COMMAND_MS = 60_000;

/** Seconds of the load that is not measured, before those that are: connections between proxies are made by then. */
const WARM_SECONDS = 2;

/** Latency and throughput of requests within a cluster and between clusters, beside those of pods that are not in the mesh. */
export const dataplane: BenchCase = {
  name: "dataplane",
  ...ABOUT.dataplane,
  async run(context: BenchContext): Promise<CaseResult> {
    const { runs, say, signal } = context;
    await ensureBuilt({ only: ["image-fortio"] });
    const mesh = await standingMesh(context);
    const targets = await targetsOf(mesh, COMMAND_MS);
    await loadImage(mesh, signal);
    const taken = noneTaken();
    try {
      say("dataplane: start the load's pods");
      await Promise.all(CLUSTERS.map((cluster) => deploy(cluster, targets[cluster], benchTags.fortio, signal)));
      for (const { way } of taken) {
        await awaitWay(way, targets.west, signal);
        await measureWay(way, { ...FULL, seconds: WARM_SECONDS }, targets.west);
      }
      for (let run = 1; run <= runs; run += 1) {
        say(`dataplane: run ${run} of ${runs}`);
        for (const { way, steady, full } of taken) {
          signal.throwIfAborted();
          steady.push(await measureWay(way, STEADY, targets.west));
          full.push(await measureWay(way, FULL, targets.west));
        }
      }
    } finally {
      await Promise.all(CLUSTERS.map((cluster) => remove(cluster, targets[cluster])));
    }
    return { series: dataplaneSeries(taken), goals: [], notes: dataplaneNotes(taken) };
  },
};

/** Copies the load generator's image into the nodes. */
async function loadImage(mesh: StandingMesh, signal: AbortSignal): Promise<void> {
  for (const cluster of CLUSTERS) {
    const args = ["load", "docker-image", "--name", MESH.kind[cluster], benchTags.fortio];
    succeeded(`kind ${args.join(" ")}`, await execute("kind", args, { env: mesh.env, signal }), signal);
  }
}
