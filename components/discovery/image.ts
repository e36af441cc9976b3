import { ConfigMap } from "@pulumi/kubernetes/core/v1";
import type { Release } from "@pulumi/kubernetes/helm/v3/release";
import * as pulumi from "@pulumi/pulumi";
import { ofRevision } from "../../topology/revisions";

/** The parts of the injector's values from which the image of its sidecars comes. */
interface InjectorValues {
  readonly global?: {
    readonly hub?: string;
    readonly tag?: string | number;
    readonly variant?: string;
    readonly proxy?: { readonly image?: string };
  };
}

/**
 * The image that istiod's injector gives to sidecars and gateways, from the injector's own configuration: whatever charts, values and
 * registry the release comes from, the image is one that the cluster has anyway.
 *
 * @param istiod the release of istiod
 * @param revision its revision
 */
export function injectedImage(name: string, istiod: Release, revision: string, opts: pulumi.CustomResourceOptions): pulumi.Output<string> {
  // The status is unknown until the release is installed: a preview does not look for what cannot exist yet.
  const id = pulumi.interpolate`${istiod.status.namespace}/${ofRevision("istio-sidecar-injector", revision)}`;
  return ConfigMap.get(ofRevision(name, revision), id, opts).data.apply((data) => imageIn(data["values"]));
}

/** The image in the injector's values, which are JSON. @throws Error when they do not hold one */
export function imageIn(values: string | undefined): string {
  const { hub, tag, variant, proxy } = (JSON.parse(values ?? "{}") as InjectorValues).global ?? {};
  const image = proxy?.image ?? "proxyv2";
  if (image.includes("/")) return image;
  if (hub === undefined || tag === undefined) throw new Error("istiod's injector does not say which image its proxies have");
  return `${hub}/${image}:${tag}${variant ? `-${variant}` : ""}`;
}
