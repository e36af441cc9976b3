import { ISTIO_CHARTS, istioValueClashes, type IstioChart } from "../../components/charts/istio-values";
import { istioValueProblems } from "../../components/charts/istio-value-problems";
import { metallbValueClashes } from "../../components/charts/metallb-values";
import { kialiValueClashes } from "../../components/charts/kiali-values";
import { kindConfigClashes } from "../../components/kind/kind-config";
import { formatPath, type Path } from "../paths";
import type { Problem } from "../problems";
import type { ClusterSettings } from "../schema";
import type { CheckContext } from "./check";

/** Which chart each of the settings below `istio.values` is for. */
const VALUES: readonly (readonly [setting: IstioChart | "ingress" | "eastWest", chart: IstioChart])[] = [
  ...ISTIO_CHARTS.map((chart) => [chart, chart] as const),
  ["ingress", "gateway"],
  ["eastWest", "gateway"],
];

type Clash = { readonly path: string; readonly kept: unknown };

/** Checks that local charts exist, and that extra values do not override what the components set. */
export function checkCharts(context: CheckContext): Problem[] {
  const { settings, model } = context;
  return [
    ...checkFolder(context, ["metallb", "charts"], settings.metallb.charts, ["metallb"]),
    ...istioSettings(context).flatMap(({ path, own, standing }) => [
      ...checkFolder(context, [...path, "charts"], own.charts, ISTIO_CHARTS),
      ...checkValues(context, [...path, "values"], own.values),
      ...checkTag(path, own, standing),
    ]),
    ...clashProblems(["metallb", "values"], metallbValueClashes(settings.metallb.values)),
    ...checkFolder(context, ["observability", "kiali", "charts"], settings.observability.kiali.charts, ["kiali-server"]),
    ...clashProblems(["observability", "kiali", "values"], model.clusters.flatMap((cluster) => kialiValueClashes(cluster, settings.observability.kiali.values))),
    ...clashProblems(
      ["kind", "config"],
      model.clusters.flatMap(({ driver }) => (driver.type === "kind" ? kindConfigClashes(driver, settings.kind.config) : [])),
    ),
  ];
}

/** The settings of Istio in one place, and the installation that follows from them. */
interface IstioSettings {
  readonly path: Path;
  readonly own: Partial<Pick<ClusterSettings["istio"], "version" | "charts" | "tag" | "values">>;
  readonly standing: { readonly version: string; readonly tag?: string | undefined };
}

/** The stack's settings, each cluster's, and those of its upgrade. */
function istioSettings({ settings, model }: CheckContext): IstioSettings[] {
  return [
    { path: ["istio"], own: settings.istio, standing: settings.istio },
    ...model.clusters.flatMap(({ key, istio }): IstioSettings[] => {
      const { upgrade, ...own } = settings.clusters[key]!.istio;
      const path = ["clusters", key, "istio"];
      return [{ path, own, standing: istio }, ...(upgrade && istio.next ? [{ path: [...path, "upgrade"], own: upgrade, standing: istio.next }] : [])];
    }),
  ];
}

function checkValues({ model }: CheckContext, path: Path, values: IstioSettings["own"]["values"]): Problem[] {
  if (values === undefined) return [];
  return VALUES.flatMap(([name, chart]) => [
    ...clashProblems(
      [...path, name],
      model.clusters.flatMap((cluster) => istioValueClashes(chart, { ...model.istio, meshId: model.mesh, trustDomain: model.trustDomain, ...cluster }, values[name])),
    ),
    ...istioValueProblems(chart, values[name]).map((problem): Problem => ({ path: [...path, name, ...problem.path], message: problem.message })),
  ]);
}

/** Charts and images of two versions do not fit together. A tag that names no version, such as that of a build of one's own, is accepted. */
function checkTag(path: Path, own: IstioSettings["own"], { version, tag }: IstioSettings["standing"]): Problem[] {
  // What a cluster has from the stack is the stack's problem.
  if (own.version === undefined && own.tag === undefined) return [];
  const named = tag === undefined ? undefined : /^v?(\d+(?:\.\d+){1,2})/.exec(tag)?.[1];
  if (named === undefined || version === named || version.startsWith(`${named}.`)) return [];
  const setting = (name: string): string => formatPath([...path, name]);
  const message = `"${tag}" is not the version of the charts, ${version} (${setting("version")}), and istiod would run with charts that were not made for it; set both to the same version`;
  return [{ path: [...path, "tag"], message, because: [[...path, "version"], ["istio", "version"], ["istio", "tag"]] }];
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
    message: `is set by the component, to ${JSON.stringify(clash.kept)}, and cannot be overridden; remove it${alternative(clash.path)}`,
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
