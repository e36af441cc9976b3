import { observedGateway, observedIstiod, type ChartSource, type IstioInstallation } from "../components";
import { exposureValues } from "../components/charts/istio-values";
import { merge, type Tree } from "../lib/merge";
import type { ChartModel, IstioInstall, MeshModel } from "../settings/model";

/** Where charts come from, and the login for it. */
export function chartSource({ version, repository, charts }: ChartModel, credentials: ChartSource["credentials"]): ChartSource {
  return { version, repository, ...(charts === undefined ? {} : { folder: charts }), ...(credentials === undefined ? {} : { credentials }) };
}

/**
 * Where an istiod of a cluster comes from, and the values of its charts. What observes the mesh reads every istiod, so each has the values
 * for that.
 */
export function installation(key: string, install: IstioInstall, model: MeshModel, credentials: ChartSource["credentials"]): IstioInstallation {
  const { base = {}, istiod = {}, ingress = {} } = install.values;
  return {
    charts: chartSource(install, credentials),
    values: { base, istiod: model.observability.enabled ? observedIstiod(key, istiod) : istiod, gateway: merge(gatewayValues(install, model), ingress) },
    ...(install.hub === undefined ? {} : { hub: install.hub }),
    ...(install.tag === undefined ? {} : { tag: install.tag }),
  };
}

/** Values of the east-west gateway that an istiod serves. */
export function eastWestValues(install: IstioInstall, model: MeshModel): Tree {
  return merge(exposureValues(model.eastWest), gatewayValues(install, model), install.values["eastWest"] ?? {});
}

/** Values of both gateways. */
function gatewayValues({ values: { gateway = {} } }: IstioInstall, { observability }: MeshModel): Tree {
  return observability.enabled ? merge(observedGateway(), gateway) : gateway;
}
