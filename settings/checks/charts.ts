import { ISTIO_CHARTS, istioValueClashes, type IstioChart } from "../../components/charts/istio-values";
import { istioValueProblems } from "../../components/charts/istio-value-problems";
import { metallbValueClashes } from "../../components/charts/metallb-values";
import { kindConfigClashes } from "../../components/kind/kind-config";
import type { Path } from "../paths";
import type { Problem } from "../problems";
import type { CheckContext } from "./check";

/** Which chart each of the settings below `istio.values` is for. */
const VALUES: readonly (readonly [setting: string, chart: IstioChart])[] = [...ISTIO_CHARTS.map((chart) => [chart, chart] as const), ["ingress", "gateway"], ["eastWest", "gateway"]];

type Clash = { readonly path: string; readonly stands: unknown };

/** Checks that local charts exist, and that extra values do not override what the components set. */
export function checkCharts(context: CheckContext): Problem[] {
  const { settings, model } = context;
  return [
    ...checkFolder(context, ["istio", "charts"], settings.istio.charts, ISTIO_CHARTS),
    ...checkFolder(context, ["metallb", "charts"], settings.metallb.charts, ["metallb"]),
    ...VALUES.flatMap(([name, chart]) => [
      ...clashProblems(
        ["istio", "values", name],
        model.clusters.flatMap((cluster) => istioValueClashes(chart, { ...model.istio, meshId: model.mesh, trustDomain: model.trustDomain, ...cluster }, model.istio.values[name])),
      ),
      ...istioValueProblems(chart, model.istio.values[name]).map(({ path, message }): Problem => ({ path: ["istio", "values", name, ...path], message })),
    ]),
    ...checkTag(context),
    ...clashProblems(["metallb", "values"], metallbValueClashes(settings.metallb.values)),
    ...clashProblems(
      ["kind", "config"],
      model.clusters.flatMap(({ driver }) => (driver.type === "kind" ? kindConfigClashes(driver, settings.kind.config) : [])),
    ),
  ];
}

/** Charts and images of two versions do not fit together. A tag that names no version, such as that of a build of one's own, is accepted. */
function checkTag({ settings }: CheckContext): Problem[] {
  const { version, tag } = settings.istio;
  const named = tag === undefined ? undefined : /^v?(\d+(?:\.\d+){1,2})/.exec(tag)?.[1];
  if (named === undefined || version === named || version.startsWith(`${named}.`)) return [];
  const message = `"${tag}" is not the version of the charts, ${version} (usmesh:istio.version), and istiod would run with charts that were not made for it; set both to the same version`;
  return [{ path: ["istio", "tag"], message, because: [["istio", "version"]] }];
}

function checkFolder({ exists }: CheckContext, path: Path, folder: string | undefined, charts: readonly string[]): Problem[] {
  if (folder === undefined) return [];
  if (!exists(folder)) {
    return [{ path, message: `there is no folder "${folder}"; write its path, absolute or from the project's folder, or remove the setting` }];
  }
  const missing = charts.map((chart) => `${chart}/Chart.yaml`).filter((file) => !exists(`${folder}/${file}`));
  if (missing.length === 0) return [];
  return [{ path, message: `"${folder}" has no ${missing.join(", ")}; it must contain the chart folders ${charts.join(", ")}` }];
}

/** One problem for each value, however many clusters it concerns. */
function clashProblems(start: Path, clashes: readonly Clash[]): Problem[] {
  const first = new Map(clashes.map((clash) => [clash.path, clash] as const).reverse());
  return [...first.values()].map((clash) => ({
    path: [...start, ...clash.path.split(".")],
    message: `is set by the component, to ${JSON.stringify(clash.stands)}, and cannot be overridden; remove it${alternative(clash.path)}`,
  }));
}

/** The setting to use instead of a value. */
function alternative(path: string): string {
  const settings: Record<string, string> = {
    "global.meshID": "usmesh:mesh",
    "global.multiCluster.clusterName": "usmesh:clusters.KEY.clusterName",
    "global.network": "usmesh:clusters.KEY.network",
    "global.hub": "usmesh:istio.hub",
    "global.tag": "usmesh:istio.tag",
    "meshConfig.trustDomain": "usmesh:trustDomain",
    name: "usmesh:clusters.KEY.kindName",
    nodes: "usmesh:clusters.KEY.nodes",
    "networking.podSubnet": "usmesh:clusters.KEY.podSubnet",
    "networking.serviceSubnet": "usmesh:clusters.KEY.serviceSubnet",
  };
  const setting = settings[path.replace(/^pilot\./, "")];
  return setting === undefined ? "" : `, or set ${setting}`;
}
