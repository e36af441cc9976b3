import * as fs from "node:fs";
import * as path from "node:path";
import type { Step } from "../builder/step";
import { versions } from "../versions";
import { GO_TOOLS, goEnvironment, goModule } from "./go-step";
import { kubernetesClients } from "./kubernetes-provider";

/** The folders of Istio's charts. */
const ISTIO_CHARTS = ["base", "istiod", "gateway"];

/** The template of Envoy's bootstrap configuration in Istio's module. */
const BOOTSTRAP = "tools/packaging/common/envoy_bootstrap.json";

/** The chart in MetalLB's module. */
const METALLB_CHART = "charts/metallb";

/** Copies a file or folder of a module, whose files are read-only, and makes the copy writable. */
function copyWritable(from: string, to: string): void {
  if (fs.statSync(from).isDirectory()) {
    fs.mkdirSync(to, { recursive: true });
    for (const entry of fs.readdirSync(from)) copyWritable(path.join(from, entry), path.join(to, entry));
  } else {
    fs.writeFileSync(to, fs.readFileSync(from), { mode: 0o644 });
  }
}

/** A build of Istio: the folder below `airgap/go` that pins its module, the module's version, and what it calls itself. */
export interface IstioBuild {
  readonly folder: string;
  readonly module: string;
  readonly version: string;
  /** Suffix of the names of its outputs; none for the build that the mesh runs. */
  readonly suffix?: string;
}

/** The build that the mesh runs. */
const istio: IstioBuild = { folder: "istio", module: versions.istioModule, version: versions.istio };

/** Folder with the program that writes the charts, which is built against the module of either build. */
const PROGRAM = "airgap/go/istio";

/** Writes Istio's charts, which its module embeds: those of a build with a suffix into one folder of that name. */
export function istioCharts({ folder, module, version, suffix }: IstioBuild): Step {
  const pins = `airgap/go/${folder}/go.mod`;
  const outputs = suffix === undefined ? ISTIO_CHARTS.map((chart) => `charts/${chart}`) : [`charts${suffix}`];
  return {
    name: `istio-charts${suffix ?? ""}`,
    kind: "chart",
    version,
    source: `go module istio.io/istio ${module}, manifests`,
    needs: [],
    inputs: [pins, `airgap/go/${folder}/go.sum`, `${PROGRAM}/charts`],
    recipe: { run: "./charts", charts: ISTIO_CHARTS },
    outputs,
    cost: { seconds: 10, diskMiB: 5, cacheMiB: 100, memoryMiB: 500 },
    lane: "light",
    tools: GO_TOOLS,
    async build({ run, repository, paths, scratch, publish }) {
      const charts = path.join(scratch, "charts");
      // Go reads the `go.sum` that is beside the `go.mod` named here.
      await run("go", ["run", `-modfile=${path.join(repository, pins)}`, "./charts", charts], { cwd: path.join(repository, PROGRAM), env: goEnvironment(paths) });
      for (const output of outputs) await publish(suffix === undefined ? path.join(charts, path.basename(output)) : charts, output);
    },
  };
}

/** Copies the template of Envoy's bootstrap configuration, which the proxy's image needs, from Istio's module. */
export function envoyBootstrap({ folder, module, version, suffix = "" }: IstioBuild): Step {
  const output = `files/envoy_bootstrap${suffix}.json`;
  return {
    name: `envoy-bootstrap${suffix}`,
    kind: "file",
    version,
    source: `go module istio.io/istio ${module}, ${BOOTSTRAP}`,
    needs: [],
    inputs: [`airgap/go/${folder}/go.mod`, `airgap/go/${folder}/go.sum`],
    recipe: { file: BOOTSTRAP },
    outputs: [output],
    cost: { seconds: 5, diskMiB: 1, cacheMiB: 100, memoryMiB: 200 },
    lane: "light",
    tools: GO_TOOLS,
    async build(context) {
      const file = path.join(context.scratch, path.basename(output));
      copyWritable(path.join(await goModule(context, folder, "istio.io/istio"), BOOTSTRAP), file);
      await context.publish(file, output);
    },
  };
}

/** Copies MetalLB's chart, which includes the chart of its CRDs, from its module. */
const metallbChart: Step = {
  name: "metallb-chart",
  kind: "chart",
  version: versions.metallb,
  source: `go module go.universe.tf/metallb v${versions.metallb}, ${METALLB_CHART}`,
  needs: [],
  inputs: [`airgap/go/${kubernetesClients}/go.mod`, `airgap/go/${kubernetesClients}/go.sum`],
  recipe: { folder: METALLB_CHART },
  outputs: ["charts/metallb"],
  cost: { seconds: 5, diskMiB: 1, cacheMiB: 50, memoryMiB: 200 },
  lane: "light",
  tools: GO_TOOLS,
  async build(context) {
    const chart = path.join(context.scratch, "metallb");
    copyWritable(path.join(await goModule(context, kubernetesClients, "go.universe.tf/metallb"), METALLB_CHART), chart);
    await context.publish(chart, "charts/metallb");
  },
};

/** The steps that copy charts and files from Go modules. */
export const chartSteps: readonly Step[] = [istioCharts(istio), envoyBootstrap(istio), metallbChart];
