import * as pulumi from "@pulumi/pulumi";
import { eastWestGatewayValues, withAddress } from "./charts/istio-values";
import type { ClusterModel, MeshModel } from "../settings/model";
import { CROSS_NETWORK_GATEWAY, CROSS_NETWORK_PORT, EAST_WEST_GATEWAY } from "../topology/names";
import { chartRelease } from "./charts/chart-release";
import type { Cluster } from "./cluster";
import { customObject } from "./kubernetes/custom-object";
import type { IstioPrimary } from "./istio-primary";
import { loadBalancerAddress } from "./kubernetes/load-balancer";

export interface EastWestGatewayArgs {
  readonly model: MeshModel;
  readonly member: ClusterModel;
  readonly cluster: Cluster;
  readonly primary: IstioPrimary;
  /** What load balancers have to wait for. */
  readonly loadBalancing: readonly pulumi.Resource[];
  /** The address that its load balancer asks for; whichever it is given unless set. */
  readonly wantedAddress?: pulumi.Input<string>;
}

/** The door through which other networks reach a cluster's services: mutual TLS passes through it unopened, routed by SNI. */
export class EastWestGateway extends pulumi.ComponentResource {
  /** Where other networks come in: an IP address or a host name. */
  readonly address: pulumi.Output<string>;

  constructor(name: string, args: EastWestGatewayArgs, opts?: pulumi.ComponentResourceOptions) {
    super("usmesh:index:EastWestGateway", name, {}, opts);
    const { model, member, cluster, primary } = args;
    const namespace = primary.namespace.metadata.name;

    const plain = eastWestGatewayValues(model, member);
    const values = args.wantedAddress === undefined ? plain : withAddress(plain, args.wantedAddress);
    const release = chartRelease(
      `${name}-release`,
      { chart: "gateway", release: EAST_WEST_GATEWAY, namespace, source: model.istio, values },
      cluster,
      cluster.options(this, { dependsOn: [primary.istiod, ...args.loadBalancing] }),
    );
    customObject(
      `${name}-gateway`,
      {
        apiVersion: "networking.istio.io/v1",
        kind: "Gateway",
        metadata: { name: CROSS_NETWORK_GATEWAY, namespace },
        spec: {
          selector: { istio: "eastwestgateway" },
          servers: [
            {
              port: { number: CROSS_NETWORK_PORT, name: "tls", protocol: "TLS" },
              tls: { mode: "AUTO_PASSTHROUGH" },
              hosts: ["*.local"],
            },
          ],
        },
      },
      cluster,
      this,
      primary.istiod,
    );

    this.address = loadBalancerAddress(`${name}-service`, release, cluster.options(this));
    this.registerOutputs({ address: this.address });
  }
}
