import { Service } from "@pulumi/kubernetes/core/v1";
import type { Release } from "@pulumi/kubernetes/helm/v3/release";
import * as pulumi from "@pulumi/pulumi";
import { MeshError } from "../../lib/errors";
import { refusal } from "../../lib/refusal";

/**
 * The address that a release's load balancer was given: an IP address or a host name. The Service has the name of the release.
 * Known once the release is ready, since Helm waits for the address.
 */
export function loadBalancerAddress(name: string, release: Release, opts: pulumi.CustomResourceOptions): pulumi.Output<string> {
  // The status is unknown until the release is installed: a preview does not look for a Service that cannot exist yet.
  const id = pulumi.interpolate`${release.status.namespace}/${release.status.name}`;
  const service = Service.get(name, id, opts);
  return service.status.loadBalancer.ingress.apply((ingress) => {
    const { ip, hostname } = ingress?.[0] ?? {};
    const address = ip ?? hostname;
    if (address === undefined) throw refusal(new MeshError("waiting-for-load-balancer", `${name}: the Service has no load balancer address`));
    return address;
  });
}
