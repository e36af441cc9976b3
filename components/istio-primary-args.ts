import type * as pulumi from "@pulumi/pulumi";
import type { Revision, UpgradeStep } from "../topology/revisions";
import type { Intermediate } from "../trust/certificates";
import type { ChartSource } from "./charts/chart-release";
import type { Profile } from "./charts/istio-values";

/** Extra values of Istio's charts. What makes the cluster a member of the mesh cannot be overridden. Never a secret. */
export interface IstioChartValues {
  /** Of the chart `base`. Default: none. */
  readonly base?: Readonly<Record<string, unknown>>;
  /** Of the chart `istiod`. Default: none. */
  readonly istiod?: Readonly<Record<string, unknown>>;
  /** Of the chart `gateway`, for the ingress gateway. Default: none. */
  readonly gateway?: Readonly<Record<string, unknown>>;
}

/** An istiod with its charts. */
export interface IstioInstallation {
  /** Where Istio's charts come from. */
  readonly charts: ChartSource;
  /** Extra values of the charts. Default: none. */
  readonly values?: IstioChartValues;
  /** Registry and path of the images, such as `docker.io/istio`. Default: the chart's. */
  readonly hub?: pulumi.Input<string>;
  /** Tag of the images. Default: the chart's. */
  readonly tag?: pulumi.Input<string>;
}

/** A second istiod, which takes over from the first. */
export interface IstioUpgrade extends IstioInstallation {
  /** Its revision, another than that of the first. */
  readonly revision: Revision;
  /** How far it has taken over. The ingress gateway and new pods follow it; so does the chart `base`, from the beginning. */
  readonly step: UpgradeStep;
}

export interface IstioPrimaryArgs extends IstioInstallation {
  /** Mesh id, the same in every member. */
  readonly meshId: pulumi.Input<string>;
  /** Istio's name for the cluster, such as `west-cluster`, distinct in the mesh. */
  readonly clusterName: pulumi.Input<string>;
  /** Istio's name for the cluster's network, such as `west-network`, distinct in the mesh. */
  readonly network: pulumi.Input<string>;
  /** SPIFFE trust domain, the same in every member. Default: `cluster.local`. */
  readonly trustDomain?: pulumi.Input<string>;
  /** `demo`: one replica of everything, and each request is logged; `production`: two replicas, and none is logged. Default: `demo`. */
  readonly profile?: Profile;
  /** The certificates that istiod signs with, all PEM, such as `PluginCA.intermediates`. Secret, and not recorded in the state. */
  readonly cacerts: pulumi.Input<Intermediate>;
  /** Revision of istiod. Changed only by an upgrade: otherwise the new istiod would replace the first one while that is still in use. Default: `default`, none. */
  readonly revision?: Revision;
  /** The istiod that takes over. Default: none. */
  readonly upgrade?: IstioUpgrade;
  /** Whether there is an ingress gateway. Default: true. */
  readonly ingress?: boolean;
  /**
   * The address that the ingress gateway's load balancer asks for. The gateway waits for what the address comes from, such as MetalLB's
   * pool; the rest of Istio does not. Default: the address that it is given.
   */
  readonly ingressAddress?: pulumi.Input<string>;
  /**
   * Generations of the reader tokens that exist, oldest first, from 1. Peers get the last one; those before stay valid for peers that
   * have not run `up` since. None: no peer reads the cluster at its API server. Default: `[1]`.
   */
  readonly readerGenerations?: readonly number[];
  /** The administrator's kubeconfig of the cluster, with which the component looks before it writes. Secret, and not recorded in the state. */
  readonly kubeconfig: pulumi.Input<string>;
  /** Whether the namespace istio-system was there before, and stays when the component is deleted. Default: false. */
  readonly adopted?: boolean;
}
