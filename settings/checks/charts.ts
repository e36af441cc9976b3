import type { Checked } from "../config";
import { ISTIO_CHARTS, istioValueClashes } from "../../components/charts/istio-values";
import { kindConfigClashes } from "../../components/kind/kind-config";
import { metallbValueClashes } from "../../components/charts/metallb-values";
import type { Path, Problem } from "../../lib/problems";

type Clash = { readonly path: string; readonly stands: unknown };

/** Whether local charts are there, and extra values leave alone what the components set. */
export function checkCharts(checked: Checked): Problem[] {
  const { settings, model } = checked;
  return [
    ...checkFolder(checked, ["istio", "charts"], settings.istio.charts, ISTIO_CHARTS),
    ...checkFolder(checked, ["metallb", "charts"], settings.metallb.charts, ["metallb"]),
    ...ISTIO_CHARTS.flatMap((chart) =>
      clashProblems(
        ["istio", "values", chart],
        model.clusters.flatMap((cluster) => istioValueClashes(chart, { ...model.istio, meshId: model.mesh, trustDomain: model.trustDomain, ...cluster }, model.istio.values[chart])),
      ),
    ),
    ...clashProblems(["metallb", "values"], metallbValueClashes(settings.metallb.values)),
    ...clashProblems(
      ["kind", "config"],
      model.clusters.flatMap(({ driver }) => (driver.type === "kind" ? kindConfigClashes(driver, settings.kind.config) : [])),
    ),
  ];
}

function checkFolder({ exists }: Checked, path: Path, folder: string | undefined, charts: readonly string[]): Problem[] {
  if (folder === undefined) return [];
  if (!exists(folder)) {
    return [{ path, message: `there is no folder "${folder}"; write its path, absolute or from the project's folder, or take it away` }];
  }
  const missing = charts.filter((chart) => !exists(`${folder}/${chart}/Chart.yaml`));
  if (missing.length === 0) return [];
  return [{ path, message: `"${folder}" has no ${missing.map((chart) => `${chart}/Chart.yaml`).join(", ")}; it must hold the chart folders ${charts.join(", ")}` }];
}

/** One problem a key, however many clusters it concerns. */
function clashProblems(start: Path, clashes: readonly Clash[]): Problem[] {
  const first = new Map(clashes.map((clash) => [clash.path, clash] as const).reverse());
  return [...first.values()].map((clash) => ({
    path: [...start, ...clash.path.split(".")],
    message: `is set by the component, to ${JSON.stringify(clash.stands)}, and cannot be another value; take it away${hint(clash.path)}`,
  }));
}

/** The setting that is meant for what a value would override. */
function hint(path: string): string {
  const settings: Record<string, string> = {
    "global.meshID": "usmesh:mesh",
    "global.multiCluster.clusterName": "usmesh:clusters.KEY.clusterName",
    "global.network": "usmesh:clusters.KEY.network",
    "global.hub": "usmesh:istio.hub",
    "global.tag": "usmesh:istio.tag",
    "meshConfig.trustDomain": "usmesh:trustDomain",
    name: "usmesh:clusters.KEY.kindName",
    "networking.podSubnet": "usmesh:clusters.KEY.podSubnet",
    "networking.serviceSubnet": "usmesh:clusters.KEY.serviceSubnet",
  };
  return settings[path] === undefined ? "" : `, or set ${settings[path]}`;
}
