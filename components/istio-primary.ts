import { Namespace, Secret } from "@pulumi/kubernetes/core/v1";
import type { Release } from "@pulumi/kubernetes/helm/v3";
import * as pulumi from "@pulumi/pulumi";
import { createHash } from "node:crypto";
import { baseValues, ingressGatewayValues, istiodValues, withAddress } from "./charts/istio-values";
import { merge } from "../lib/merge";
import type { ClusterModel, MeshModel } from "../settings/model";
import { CACERTS_SECRET, INGRESS_GATEWAY, ISTIO_NAMESPACE, NETWORK_LABEL, READER_SERVICE_ACCOUNT } from "../topology/names";
import type { Credentials, Intermediate } from "../outputs/contract";
import { chartRelease } from "./charts/chart-release";
import type { Cluster } from "./cluster";
import { loadBalancerAddress } from "./kubernetes/load-balancer";

/** Annotation of istiod's pods that changes with its certificates. */
const CACERTS_ANNOTATION = "usmesh.io/cacerts";

export interface IstioPrimaryArgs {
  readonly model: MeshModel;
  readonly member: ClusterModel;
  readonly cluster: Cluster;
  /** What istiod signs with. Secret. */
  readonly intermediate: pulumi.Input<Intermediate>;
  /** What load balancers have to wait for. */
  readonly loadBalancing: readonly pulumi.Resource[];
  /** The address that the ingress gateway's load balancer asks for; whichever it is given unless set. */
  readonly wantedAddress?: pulumi.Input<string>;
}

/** Istio's control plane in a cluster, as a primary of the mesh: namespace, CA, base, istiod, ingress, and the access for peers. */
export class IstioPrimary extends pulumi.ComponentResource {
  readonly namespace: Namespace;
  /** What needs the injector, or Istio's own kinds, has to wait for it. */
  readonly istiod: Release;
  /** Address of the ingress gateway: an IP address or a host name. */
  readonly ingressAddress: pulumi.Output<string>;
  /** What peers read this cluster with. Secret. */
  readonly credentials: pulumi.Output<Credentials>;

  constructor(name: string, args: IstioPrimaryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("usmesh:index:IstioPrimary", name, {}, opts);
    const { model, member, cluster } = args;
    const intermediate = pulumi.secret(args.intermediate);

    this.namespace = new Namespace(
      `${name}-namespace`,
      { metadata: { name: ISTIO_NAMESPACE, labels: { [NETWORK_LABEL]: member.network } } },
      cluster.options(this),
    );
    const namespace = this.namespace.metadata.name;
    const cacerts = new Secret(
      `${name}-cacerts`,
      { metadata: { name: CACERTS_SECRET, namespace }, type: "Opaque", data: intermediate.apply(cacertsData) },
      cluster.options(this),
    );
    const istio = { namespace, source: model.istio };
    const base = chartRelease(
      `${name}-base`,
      { ...istio, chart: "base", release: "istio-base", values: baseValues(model) },
      cluster,
      cluster.options(this),
    );
    this.istiod = chartRelease(
      `${name}-istiod`,
      {
        ...istio,
        chart: "istiod",
        release: "istiod",
        // istiod would notice other certificates within a minute or two; when `up` ends, it signs with them.
        values: merge(istiodValues(model, member), { podAnnotations: { [CACERTS_ANNOTATION]: fingerprint(intermediate) } }),
      },
      cluster,
      cluster.options(this, { dependsOn: [base, cacerts] }),
    );
    const plain = ingressGatewayValues(model);
    const values = args.wantedAddress === undefined ? plain : withAddress(plain, args.wantedAddress);
    const ingress = chartRelease(
      `${name}-ingress`,
      { ...istio, chart: "gateway", release: INGRESS_GATEWAY, values },
      cluster,
      cluster.options(this, { dependsOn: [this.istiod, ...args.loadBalancing] }),
    );

    this.ingressAddress = loadBalancerAddress(`${name}-ingress-service`, ingress, cluster.options(this));
    this.credentials = this.readerCredentials(name, model.peering.generation, cluster, base);
    this.registerOutputs({ ingressAddress: this.ingressAddress, credentials: this.credentials });
  }

  /** Tokens of the reader: this generation's, and the one before for peers whose next `up` is still to come. */
  private readerCredentials(name: string, generation: number, cluster: Cluster, base: Release): pulumi.Output<Credentials> {
    const token = (number: number) =>
      new Secret(
        `${name}-reader-${number}`,
        {
          metadata: {
            name: `${READER_SERVICE_ACCOUNT}-${number}`,
            namespace: this.namespace.metadata.name,
            annotations: {
              "kubernetes.io/service-account.name": READER_SERVICE_ACCOUNT,
              // By itself the provider waits five seconds, which a busy cluster exceeds.
              "pulumi.com/waitFor": "jsonpath={.data.token}",
            },
          },
          type: "kubernetes.io/service-account-token",
        },
        cluster.options(this, { dependsOn: base }),
      );
    if (generation > 1) token(generation - 1);
    return pulumi.secret(
      token(generation).data.apply((data) => ({
        caCertificate: decoded(data["ca.crt"]),
        token: decoded(data["token"]),
      })),
    );
  }
}

/** The Secret's content. `data` and not `stringData`: a key that goes from it goes from the cluster. */
function cacertsData(pem: Intermediate): Record<string, string> {
  const files = { "ca-cert.pem": pem.caCert, "ca-key.pem": pem.caKey, "cert-chain.pem": pem.certChain, "root-cert.pem": pem.rootCert };
  return Object.fromEntries(Object.entries(files).map(([file, text]) => [file, Buffer.from(text).toString("base64")]));
}

/** A digest of the certificates alone: it is no secret. */
function fingerprint(intermediate: pulumi.Output<Intermediate>): pulumi.Output<string> {
  return pulumi.unsecret(
    intermediate.apply((pem) => createHash("sha256").update(pem.certChain).update(pem.rootCert).digest("hex").slice(0, 16)),
  );
}

function decoded(base64: string | undefined): string {
  if (base64 === undefined) throw new Error("Kubernetes has not issued the reader's token");
  return Buffer.from(base64, "base64").toString();
}
