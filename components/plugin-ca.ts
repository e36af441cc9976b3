import * as pulumi from "@pulumi/pulumi";
import { CertRequest } from "@pulumi/tls/certRequest";
import { LocallySignedCert } from "@pulumi/tls/locallySignedCert";
import { PrivateKey } from "@pulumi/tls/privateKey";
import { SelfSignedCert } from "@pulumi/tls/selfSignedCert";
import type { Intermediate } from "../outputs/contract";
import {
  cacertsFiles,
  INTERMEDIATE_DNS_NAMES,
  intermediateParameters,
  intermediateSubject,
  keyParameters,
  pemBundle,
  rootParameters,
  rootSubject,
  type KeyAlgorithm,
} from "../trust/certificates";

export interface PluginCAArgs {
  /** Mesh id, part of every subject. Another one reissues all certificates. */
  readonly meshId: pulumi.Input<string>;
  /** Keys of the clusters that get an intermediate. A key is part of the names of the resources. */
  readonly members: readonly string[];
  /** Names of the trusted roots, oldest first; more than one only while a root is replaced. Default: `["1"]`. */
  readonly roots?: readonly string[];
  /** The root, one of `roots`, that signs the intermediates. Default: the oldest one. */
  readonly signer?: string;
  /** Raised by one, every intermediate is reissued with the same key. Default: 1. */
  readonly generation?: number;
  /** Key algorithm of roots and intermediates: `ECDSA-P256`, `ECDSA-P384`, `RSA-2048` or `RSA-4096`. Default: `ECDSA-P256`. */
  readonly keyAlgorithm?: KeyAlgorithm;
  /** Hours for which a root is valid. Default: 87600, ten years. */
  readonly rootValidityHours?: number;
  /** Hours for which an intermediate is valid. Default: 8760, one year. */
  readonly intermediateValidityHours?: number;
  /** Hours before its end at which `up` reissues an intermediate. Default: 720, thirty days. */
  readonly earlyRenewalHours?: number;
  /**
   * Whether the engine refuses to delete the key and the certificate of the root that signs. A root that no longer signs, or does not
   * sign yet, can be removed. Default: false.
   */
  readonly protectSigner?: boolean;
}

/** The arguments with every default. */
interface Completed extends Required<Omit<PluginCAArgs, "meshId">> {
  readonly meshId: pulumi.Output<string>;
}

interface Root {
  readonly key: PrivateKey;
  readonly certificate: SelfSignedCert;
}

/** The mesh's certificate authority: its roots, and an intermediate for each member. A root's key never leaves the state. */
export class PluginCA extends pulumi.ComponentResource {
  /** By member: what its istiod signs with. Secret. */
  readonly intermediates: Readonly<Record<string, pulumi.Output<Intermediate>>>;
  /** PEM of every trusted root, oldest first. */
  readonly rootCertificates: pulumi.Output<string>;
  /** RFC 3339 time at which the signing root ends. */
  readonly rootExpiry: pulumi.Output<string>;

  constructor(name: string, args: PluginCAArgs, opts?: pulumi.ComponentResourceOptions) {
    const completed = complete(args);
    super("usmesh:index:PluginCA", name, { ...completed }, opts);

    const roots = new Map(completed.roots.map((root) => [root, this.root(`${name}-root-${root}`, root, completed)]));
    const signer = roots.get(completed.signer);
    if (!signer) throw new Error(`signer "${completed.signer}" is not one of the roots ${completed.roots.join(", ")}`);
    const rootPems = pulumi.all([...roots.values()].map((root) => root.certificate.certPem));

    this.rootCertificates = rootPems.apply(pemBundle);
    this.rootExpiry = signer.certificate.validityEndTime;
    this.intermediates = Object.fromEntries(
      completed.members.map((member) => [member, this.intermediate(`${name}-${member}`, member, completed, signer, rootPems)]),
    );
    this.registerOutputs({
      rootCertificates: this.rootCertificates,
      rootExpiry: this.rootExpiry,
      intermediates: pulumi.secret(this.intermediates),
    });
  }

  private root(name: string, root: string, args: Completed): Root {
    const kept = args.protectSigner && root === args.signer ? { protect: true } : {};
    const key = new PrivateKey(`${name}-key`, keyParameters(args.keyAlgorithm), { parent: this, ...kept });
    const subject = args.meshId.apply((meshId) => rootSubject(meshId, root));
    const certificate = new SelfSignedCert(
      name,
      { ...rootParameters(args), subject, privateKeyPem: key.privateKeyPem },
      // Earlier versions made roots without a path length. Such a root stays as it is, since another one would be a change of trust;
      // the root that replaces it has a path length.
      { parent: this, ignoreChanges: ["maxPathLength"], ...kept },
    );
    return { key, certificate };
  }

  private intermediate(name: string, member: string, args: Completed, signer: Root, rootPems: pulumi.Output<string[]>): pulumi.Output<Intermediate> {
    const key = new PrivateKey(`${name}-key`, keyParameters(args.keyAlgorithm), { parent: this });
    const subject = args.meshId.apply((meshId) => intermediateSubject(meshId, member, args.generation));
    const request = new CertRequest(`${name}-request`, { subject, dnsNames: [...INTERMEDIATE_DNS_NAMES], privateKeyPem: key.privateKeyPem }, { parent: this });
    const certificate = new LocallySignedCert(
      `${name}-certificate`,
      {
        ...intermediateParameters(args),
        certRequestPem: request.certRequestPem,
        caCertPem: signer.certificate.certPem,
        caPrivateKeyPem: signer.key.privateKeyPem,
      },
      { parent: this },
    );
    return pulumi.secret(
      pulumi.all([certificate.certPem, key.privateKeyPem, signer.certificate.certPem, rootPems]).apply(([pem, keyPem, signerPem, roots]) => {
        const files = cacertsFiles({ certificate: pem, key: keyPem, signer: signerPem, roots });
        return {
          caCert: files["ca-cert.pem"],
          caKey: files["ca-key.pem"],
          certChain: files["cert-chain.pem"],
          rootCert: files["root-cert.pem"],
        };
      }),
    );
  }
}

function complete(args: PluginCAArgs): Completed {
  const roots = args.roots ?? ["1"];
  return {
    meshId: pulumi.output(args.meshId),
    members: args.members,
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
