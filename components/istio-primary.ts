import { Namespace, Secret } from "@pulumi/kubernetes/core/v1";
import type { Release } from "@pulumi/kubernetes/helm/v3/release";
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
} from "../topology/names";
import type { Intermediate } from "../trust/certificates";
import { DEFAULT_REVISION, ofRevision, placementOf, type Placement, type Revision } from "../topology/revisions";
import { chartRelease, recordedSource } from "./charts/chart-release";
import { baseValues, ingressGatewayValues, istiodValues, revisionValues, servedBy, withAddress, type Membership } from "./charts/istio-values";
import type { IstioInstallation, IstioPrimaryArgs } from "./istio-primary-args";
import { accountToken, issued } from "./kubernetes/account-token";
import { childOptions, originOf, type ChildOptions } from "./kubernetes/child-options";
import { loadBalancerAddress } from "./kubernetes/load-balancer";
import { revisionTag } from "./revision-tag";

/** Annotation of istiod's pods that changes with its certificates. */
const CACERTS_ANNOTATION = "usmesh.io/cacerts";

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
  /** The release of istiod; while one takes over from another, that which injects. What needs its injector or its custom kinds depends on it. */
  readonly istiod: Release;
  /** Revision of {@link istiod}. */
  readonly revision: Revision;
  /** By revision: the releases of istiod. */
  private readonly releases: ReadonlyMap<string, Release>;
  /** Address of the ingress gateway: an IP address or a host name; undefined without one. */
  readonly ingressAddress?: pulumi.Output<string>;
  /** What peers read this cluster's API server with; undefined without reader tokens. Secret. */
  readonly credentials: pulumi.Output<ReaderCredentials> | undefined;

  /** @param opts the cluster's provider, and what the component is deleted with */
  constructor(name: string, args: IstioPrimaryArgs, opts?: pulumi.ComponentResourceOptions) {
    const { cacerts, kubeconfig, ingressAddress, adopted = false, ingress: withIngress = true, ...recorded } = args;
    const upgrade = args.upgrade && { ...args.upgrade, charts: recordedSource(args.upgrade.charts) };
    const charts = recordedSource(args.charts);
    const completed = { ...recorded, charts, ...(upgrade ? { upgrade } : {}), trustDomain: args.trustDomain ?? "cluster.local", profile: args.profile ?? "demo", readerGenerations: args.readerGenerations ?? [1] };
    // Without the address: the whole component would wait for it.
    super("usmesh:index:IstioPrimary", name, completed, opts);
    const { profile, readerGenerations } = completed;
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
    const placement = placementOf(args.revision ?? DEFAULT_REVISION, args.upgrade);
    const installs = new Map<string, IstioInstallation>([[placement.revisions[0]!, args], ...(args.upgrade ? [[args.upgrade.revision, args.upgrade] as const] : [])]);
    const newest = args.upgrade ?? args;
    const istio = { namespace: this.namespace, kubeconfig };
    // The custom kinds come before the istiod that reads them; those of a newer version suit an older istiod as well.
    const base = chartRelease(
      `${name}-base`,
      { ...istio, source: newest.charts, chart: "base", release: "istio-base", values: baseValues(newest.values?.base, placement.injects) },
      child(),
    );
    const certificates = { podAnnotations: { [CACERTS_ANNOTATION]: fingerprint(intermediate) } };
    const istiod = (revision: string, needs: pulumi.Resource[]): Release => {
      const { charts, hub, tag, values } = installs.get(revision)!;
      const membership: Membership = { ...completed, hub, tag };
      return chartRelease(
        ofRevision(`${name}-istiod`, revision),
        {
          ...istio,
          source: charts,
          chart: "istiod",
          release: ofRevision("istiod", revision),
          // By itself, istiod loads changed certificates only after a minute or two; with the annotation it signs with them when `up` ends.
          values: merge(istiodValues(membership, profile, values?.istiod), revisionValues(revision, placement.tagged), certificates),
        },
        child({ dependsOn: [base, cacertsSecret, ...needs] }),
      );
    };
    this.revision = placement.injects;
    this.releases = this.istiods(name, placement, istiod, child);
    this.istiod = this.istiodOf(placement.injects);
    if (withIngress) {
      const { charts, values } = installs.get(placement.ingress)!;
      const gateway = merge(ingressGatewayValues(profile, values?.gateway), servedBy(placement.ingress));
      const ingress = chartRelease(
        `${name}-ingress`,
        { ...istio, source: charts, chart: "gateway", release: INGRESS_GATEWAY, values: withAddress(gateway, ingressAddress) },
        child({ dependsOn: [this.istiodOf(placement.ingress), originOf(ingressAddress)] }),
      );
      this.ingressAddress = loadBalancerAddress(`${name}-ingress-service`, ingress, child());
    }
    this.credentials = this.readerCredentials(name, readerGenerations, base, child);
    this.registerOutputs({ ingressAddress: this.ingressAddress, credentials: this.credentials });
  }

  /** The release of istiod of a revision. @throws Error when there is none */
  istiodOf(revision: string): Release {
    const release = this.releases.get(revision);
    if (release === undefined) throw new Error(`there is no istiod of revision ${revision}`);
    return release;
  }

  /**
   * Creates the releases of istiod, and the tag. The tag follows the istiod that it leads to. An istiod without a revision takes its own
   * webhook away when there is a tag, so the tag comes first: in between, both inject, and the pod has the sidecar of the last.
   */
  private istiods(name: string, placement: Placement, create: (revision: string, needs: pulumi.Resource[]) => Release, child: ChildOptions): Map<string, Release> {
    const { revisions, injects, tagged } = placement;
    const releases = new Map(revisions.filter((revision) => revision !== DEFAULT_REVISION).map((revision) => [revision as string, create(revision, [])]));
    const target = releases.get(injects);
    const tag = tagged ? [revisionTag(`${name}-tag`, injects, this.namespace, child(target ? { dependsOn: target } : {}))] : [];
    if (revisions.includes(DEFAULT_REVISION)) releases.set(DEFAULT_REVISION, create(DEFAULT_REVISION, tag));
    return releases;
  }

  /** Creates the reader's tokens. @returns the last one, for peers; undefined when there is none */
  private readerCredentials(name: string, generations: readonly number[], base: Release, child: ChildOptions): pulumi.Output<ReaderCredentials> | undefined {
    const tokens = generations.map((generation) =>
      accountToken(
        `${name}-reader-${generation}`,
        { secret: `${READER_SERVICE_ACCOUNT}-${generation}`, namespace: this.namespace, account: READER_SERVICE_ACCOUNT },
        child({ dependsOn: base }),
      ),
    );
    const newest = tokens.at(-1);
    if (newest === undefined) return undefined;
    return pulumi.secret(newest.data.apply((data) => ({ caCertificate: issued(data["ca.crt"], "the reader's token"), token: issued(data["token"], "the reader's token") })));
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
