import * as pulumi from "@pulumi/pulumi";
import { LocallySignedCert } from "@pulumi/tls/locallySignedCert";
import { PrivateKey } from "@pulumi/tls/privateKey";
import { SelfSignedCert } from "@pulumi/tls/selfSignedCert";
import {
  chainOf,
  endingBefore,
  intermediateParameters,
  KEPT_IN_INTERMEDIATES,
  KEPT_IN_ROOTS,
  keyParameters,
  pemBundle,
  rootParameters,
  rootSubject,
  withKey,
  type Chain,
  type Intermediate,
  type KeyAlgorithm,
} from "../trust/certificates";
import type { RootRecipe } from "../trust/root-recipe";
import { generationName, intermediateKey } from "./trust/intermediate-key";

/** A request of another stack, which has the key. */
export interface CertificateRequest {
  /** PEM of the public key. */
  readonly publicKey: string;
  /** PEM of the request. */
  readonly request: string;
}

/** What the authority gives back for a request. Nothing of it is secret. */
export interface IssuedCertificate extends Chain {
  /** PEM of the public key that it was issued for. */
  readonly publicKey: string;
  /** RFC 3339 time at which it ends. */
  readonly ends: string;
}

export interface PluginCAArgs {
  /** Mesh id, part of every subject. Another one reissues all certificates. */
  readonly meshId: pulumi.Input<string>;
  /** Keys of the clusters whose keys are made here. A cluster's key is part of the names of the resources. */
  readonly members: readonly string[];
  /** By cluster key: requests of other stacks, which keep the keys. Another request reissues the certificate. Default: none. */
  readonly requests?: Readonly<Record<string, CertificateRequest>>;
  /** Names of the trusted roots, oldest first; more than one only while a root is replaced. Default: `["1"]`. */
  readonly roots?: readonly string[];
  /** The root, one of `roots`, that signs the intermediates. Default: the oldest one. */
  readonly signer?: string;
  /** Raise it by one to give every member a new key. Default: 1. */
  readonly generation?: number;
  /**
   * The generation of members in a state whose names do not say it, such as one of version 0.1: they keep their keys under new names.
   * Default: none.
   */
  readonly renamedGeneration?: number;
  /** Key algorithm of roots and intermediates: `ECDSA-P256`, `ECDSA-P384`, `RSA-2048` or `RSA-4096`. Default: `ECDSA-P256`. */
  readonly keyAlgorithm?: KeyAlgorithm;
  /** Hours for which a root is valid. Default: 87600, ten years. */
  readonly rootValidityHours?: number;
  /** By name: the parameters of existing roots, where they differ from the other arguments. Default: none. */
  readonly recipes?: Readonly<Record<string, RootRecipe>>;
  /** Hours for which an intermediate is valid. Less when its root ends before. Default: 8760, one year. */
  readonly intermediateValidityHours?: number;
  /** Hours before its end at which `up` reissues an intermediate, with the same key. Default: 720, thirty days. */
  readonly earlyRenewalHours?: number;
  /**
   * Whether the engine refuses to delete the key and the certificate of the root that signs. A root that no longer signs, or does not
   * sign yet, can be removed. Default: false.
   */
  readonly protectSigner?: boolean;
}

/** The arguments with every default. */
interface Completed extends Required<Omit<PluginCAArgs, "meshId" | "renamedGeneration" | "recipes">> {
  readonly meshId: pulumi.Output<string>;
}

interface Root {
  readonly key: PrivateKey;
  readonly certificate: SelfSignedCert;
}

/**
 * The mesh's certificate authority: its roots, an intermediate for each member, and certificates for the requests of other stacks. A
 * private key never leaves the state and the member's own cluster.
 */
export class PluginCA extends pulumi.ComponentResource {
  /** By member: what its istiod signs with. Secret. */
  readonly intermediates: Readonly<Record<string, pulumi.Output<Intermediate>>>;
  /** By member: RFC 3339 time at which its intermediate ends. */
  readonly intermediateEnds: Readonly<Record<string, pulumi.Output<string>>>;
  /** By cluster key of a request: what was issued for it. */
  readonly certificates: Readonly<Record<string, pulumi.Output<IssuedCertificate>>>;
  /** PEM of every trusted root, oldest first. */
  readonly rootCertificates: pulumi.Output<string>;
  /** By name: RFC 3339 time at which the root ends. */
  readonly rootEnds: Readonly<Record<string, pulumi.Output<string>>>;

  constructor(name: string, args: PluginCAArgs, opts?: pulumi.ComponentResourceOptions) {
    const completed = complete(args);
    const { requests, ...recorded } = completed;
    super("usmesh:index:PluginCA", name, { ...recorded, ...(Object.keys(requests).length > 0 ? { requests } : {}) }, opts);

    const { recipes = {}, renamedGeneration } = args;
    const roots = new Map(completed.roots.map((root) => [root, this.root(`${name}-root-${root}`, root, completed, recipes[root])]));
    const signer = roots.get(completed.signer);
    if (!signer) throw new Error(`signer "${completed.signer}" is not one of the roots ${completed.roots.join(", ")}`);
    const rootPems = pulumi.all([...roots.values()].map((root) => root.certificate.certPem));

    this.rootCertificates = rootPems.apply(pemBundle);
    this.rootEnds = Object.fromEntries([...roots].map(([root, { certificate }]) => [root, certificate.validityEndTime]));

    const own = completed.members.map((member) => {
      const renamed = renamedGeneration === completed.generation;
      const key = intermediateKey(`${name}-${member}`, { ...completed, member, renamed }, this);
      const [certificateName, options] = generationName(`${name}-${member}`, "certificate", completed.generation, this, renamed);
      // See the root: the certificate of a new generation has this version's parameters.
      const certificate = this.sign([certificateName, { ...options, ignoreChanges: [...KEPT_IN_INTERMEDIATES] }], key.request, completed, signer);
      const intermediate = pulumi.secret(pulumi.all([chain(certificate, signer, rootPems), key.privateKey]).apply(([issued, pem]) => withKey(issued, pem)));
      return { member, certificate, intermediate };
    });
    this.intermediates = Object.fromEntries(own.map(({ member, intermediate }) => [member, intermediate]));
    this.intermediateEnds = Object.fromEntries(own.map(({ member, certificate }) => [member, certificate.validityEndTime]));
    this.certificates = Object.fromEntries(
      Object.entries(requests).map(([member, { publicKey, request }]) => {
        const certificate = this.sign([`${name}-${member}-certificate`, { parent: this }], request, completed, signer);
        const issued = pulumi.all([chain(certificate, signer, rootPems), certificate.validityEndTime]).apply(([pem, ends]) => ({ publicKey, ...pem, ends }));
        return [member, issued];
      }),
    );
    this.registerOutputs({
      rootCertificates: this.rootCertificates,
      rootEnds: this.rootEnds,
      intermediates: pulumi.secret(this.intermediates),
      certificates: this.certificates,
    });
  }

  private root(name: string, root: string, args: Completed, recipe?: RootRecipe): Root {
    const { keyAlgorithm, validityHours } = recipe ?? { keyAlgorithm: args.keyAlgorithm, validityHours: args.rootValidityHours };
    const kept = args.protectSigner && root === args.signer ? { protect: true } : {};
    const key = new PrivateKey(`${name}-key`, keyParameters(keyAlgorithm), { parent: this, ...kept });
    const subject = args.meshId.apply((meshId) => rootSubject(recipe?.mesh ?? meshId, root));
    const certificate = new SelfSignedCert(
      name,
      { ...rootParameters({ rootValidityHours: validityHours }), subject, privateKeyPem: key.privateKeyPem },
      // Earlier versions made roots with other parameters. Such a root stays as it is, since another one would be a change of trust; the
      // root that replaces it has those of this version.
      { parent: this, ignoreChanges: [...KEPT_IN_ROOTS], ...kept },
    );
    return { key, certificate };
  }

  private sign([name, options]: [string, pulumi.CustomResourceOptions], request: pulumi.Input<string>, args: Completed, { certificate, key }: Root): LocallySignedCert {
    const { intermediateValidityHours, earlyRenewalHours } = args;
    const lifetimes = certificate.validityEndTime.apply((end) => endingBefore(end, { intermediateValidityHours, earlyRenewalHours }));
    return new LocallySignedCert(
      name,
      {
        ...intermediateParameters(args),
        validityPeriodHours: lifetimes.intermediateValidityHours,
        earlyRenewalHours: lifetimes.earlyRenewalHours,
        certRequestPem: request,
        caCertPem: certificate.certPem,
        caPrivateKeyPem: key.privateKeyPem,
      },
      options,
    );
  }
}

function chain(certificate: LocallySignedCert, signer: Root, rootPems: pulumi.Output<string[]>): pulumi.Output<Chain> {
  return pulumi
    .all([certificate.certPem, signer.certificate.certPem, rootPems])
    .apply(([pem, signerPem, roots]) => chainOf({ certificate: pem, signer: signerPem, roots }));
}

function complete(args: PluginCAArgs): Completed {
  const roots = args.roots ?? ["1"];
  return {
    meshId: pulumi.output(args.meshId),
    members: args.members,
    requests: args.requests ?? {},
    roots,
    signer: args.signer ?? roots[0] ?? "",
    generation: args.generation ?? 1,
    keyAlgorithm: args.keyAlgorithm ?? "ECDSA-P256",
    rootValidityHours: args.rootValidityHours ?? 87_600,
    intermediateValidityHours: args.intermediateValidityHours ?? 8_760,
    earlyRenewalHours: args.earlyRenewalHours ?? 720,
    protectSigner: args.protectSigner ?? false,
  };
}
