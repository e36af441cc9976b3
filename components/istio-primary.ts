import { Namespace, Secret } from "@pulumi/kubernetes/core/v1";
import type { Release } from "@pulumi/kubernetes/helm/v3";
import * as pulumi from "@pulumi/pulumi";
import { createHash } from "node:crypto";
import { merge } from "../lib/merge";
import { thisStack } from "../lib/this-stack";
import {
  ADOPTED_ANNOTATION,
  CACERTS_SECRET,
  INGRESS_GATEWAY,
  ISTIO_NAMESPACE,
  NETWORK_LABEL,
  OWNER_ANNOTATION,
  READER_SERVICE_ACCOUNT,
  SERVICE_ACCOUNT_ANNOTATION,
  SERVICE_ACCOUNT_TOKEN,
} from "../topology/names";
import type { Intermediate } from "../trust/certificates";
import { chartRelease, recordedSource, type ChartSource } from "./charts/chart-release";
import { baseValues, ingressGatewayValues, istiodValues, withAddress, type Profile } from "./charts/istio-values";
import { childOptions, originOf, type ChildOptions } from "./kubernetes/child-options";
import { loadBalancerAddress } from "./kubernetes/load-balancer";

/** Annotation of istiod's pods that changes with its certificates. */
const CACERTS_ANNOTATION = "usmesh.io/cacerts";

/** Extra values of Istio's charts. What makes the cluster a member of the mesh cannot be overridden. Never a secret. */
export interface IstioChartValues {
  /** Of the chart `base`. Default: none. */
  readonly base?: Readonly<Record<string, unknown>>;
  /** Of the chart `istiod`. Default: none. */
  readonly istiod?: Readonly<Record<string, unknown>>;
  /** Of the chart `gateway`, for the ingress gateway. Default: none. */
  readonly gateway?: Readonly<Record<string, unknown>>;
}

export interface IstioPrimaryArgs {
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
  /** Where Istio's charts come from. */
  readonly charts: ChartSource;
  /** Extra values of the charts. Default: none. */
  readonly values?: IstioChartValues;
  /** Registry and path of the images, such as `docker.io/istio`. Default: the chart's. */
  readonly hub?: pulumi.Input<string>;
  /** Tag of the images. Default: the chart's. */
  readonly tag?: pulumi.Input<string>;
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

/** What peers read a cluster's API server with, as PEM and as text. */
export interface ReaderCredentials {
  /** PEM bundle that the API server's certificate chains to. */
  readonly caCertificate: string;
  /** Bearer token of the reader's ServiceAccount. */
  readonly token: string;
}

/** Istio's control plane in a cluster, as a primary of the mesh: namespace, CA, base, istiod, ingress gateway, and the peers' access. */
export class IstioPrimary extends pulumi.ComponentResource {
  /** Name of the control plane's namespace, known once it exists. */
  readonly namespace: pulumi.Output<string>;
  /** The release of istiod. What needs its injector or its custom kinds depends on it. */
  readonly istiod: Release;
  /** Address of the ingress gateway: an IP address or a host name; undefined without one. */
  readonly ingressAddress?: pulumi.Output<string>;
  /** What peers read this cluster's API server with; undefined without reader tokens. Secret. */
  readonly credentials: pulumi.Output<ReaderCredentials> | undefined;

  /** @param opts the cluster's provider, and what the component is deleted with */
  constructor(name: string, args: IstioPrimaryArgs, opts?: pulumi.ComponentResourceOptions) {
    const { cacerts, kubeconfig, ingressAddress, adopted = false, ingress: withIngress = true, ...recorded } = args;
    const completed = { ...recorded, charts: recordedSource(args.charts), trustDomain: args.trustDomain ?? "cluster.local", profile: args.profile ?? "demo", readerGenerations: args.readerGenerations ?? [1] };
    // Without the address: the whole component would wait for it.
    super("usmesh:index:IstioPrimary", name, completed, opts);
    const { profile, values, readerGenerations } = completed;
    const child = childOptions(this, opts);
    const intermediate = pulumi.secret(cacerts);

    this.namespace = new Namespace(
      `${name}-namespace`,
      {
        metadata: {
          name: ISTIO_NAMESPACE,
          labels: { [NETWORK_LABEL]: args.network },
          // By this a run that continues an interrupted one recognises its namespace, and another stack that the cluster is taken.
          annotations: { [adopted ? ADOPTED_ANNOTATION : OWNER_ANNOTATION]: thisStack() },
        },
      },
      child(adopted ? { retainOnDelete: true } : {}),
    ).metadata.name;
    const cacertsSecret = new Secret(
      `${name}-cacerts`,
      { metadata: { name: CACERTS_SECRET, namespace: this.namespace }, type: "Opaque", data: intermediate.apply(cacertsData) },
      child(),
    );
    const istio = { namespace: this.namespace, source: args.charts, kubeconfig };
    const base = chartRelease(`${name}-base`, { ...istio, chart: "base", release: "istio-base", values: baseValues(values?.base) }, child());
    this.istiod = chartRelease(
      `${name}-istiod`,
      {
        ...istio,
        chart: "istiod",
        release: "istiod",
        // istiod would load other certificates within a minute or two; with the annotation it signs with them when `up` ends.
        values: merge(istiodValues(completed, profile, values?.istiod), { podAnnotations: { [CACERTS_ANNOTATION]: fingerprint(intermediate) } }),
      },
      child({ dependsOn: [base, cacertsSecret] }),
    );
    if (withIngress) {
      const ingress = chartRelease(
        `${name}-ingress`,
        { ...istio, chart: "gateway", release: INGRESS_GATEWAY, values: withAddress(ingressGatewayValues(profile, values?.gateway), ingressAddress) },
        child({ dependsOn: [this.istiod, originOf(ingressAddress)] }),
      );
      this.ingressAddress = loadBalancerAddress(`${name}-ingress-service`, ingress, child());
    }
    this.credentials = this.readerCredentials(name, readerGenerations, base, child);
    this.registerOutputs({ ingressAddress: this.ingressAddress, credentials: this.credentials });
  }

  /** Creates the reader's tokens. @returns the last one, for peers; undefined when there is none */
  private readerCredentials(name: string, generations: readonly number[], base: Release, child: ChildOptions): pulumi.Output<ReaderCredentials> | undefined {
    const tokens = generations.map(
      (generation) =>
        new Secret(
          `${name}-reader-${generation}`,
          {
            metadata: {
              name: `${READER_SERVICE_ACCOUNT}-${generation}`,
              namespace: this.namespace,
              annotations: {
                [SERVICE_ACCOUNT_ANNOTATION]: READER_SERVICE_ACCOUNT,
                // By default the provider waits for five seconds, which a busy cluster exceeds.
                "pulumi.com/waitFor": "jsonpath={.data.token}",
              },
            },
            type: SERVICE_ACCOUNT_TOKEN,
          },
          child({ dependsOn: base }),
        ),
    );
    const newest = tokens.at(-1);
    if (newest === undefined) return undefined;
    return pulumi.secret(newest.data.apply((data) => ({ caCertificate: decoded(data["ca.crt"]), token: decoded(data["token"]) })));
  }
}

/** The Secret's content. `data` and not `stringData`: a key that is removed from it is removed from the cluster too. */
function cacertsData(pem: Intermediate): Record<string, string> {
  const files = { "ca-cert.pem": pem.caCert, "ca-key.pem": pem.caKey, "cert-chain.pem": pem.certChain, "root-cert.pem": pem.rootCert };
  return Object.fromEntries(Object.entries(files).map(([file, text]) => [file, Buffer.from(text).toString("base64")]));
}

/** A digest of the certificates alone, without the key: it is not secret. */
function fingerprint(intermediate: pulumi.Output<Intermediate>): pulumi.Output<string> {
  return pulumi.unsecret(
    intermediate.apply((pem) => createHash("sha256").update(pem.certChain).update(pem.rootCert).digest("hex").slice(0, 16)),
  );
}

function decoded(base64: string | undefined): string {
  if (base64 === undefined) throw new Error("Kubernetes has not issued the reader's token");
  return Buffer.from(base64, "base64").toString();
}
