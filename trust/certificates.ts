import type { KeyAlgorithm, TrustModel } from "../settings/model";

/** Key parameters as @pulumi/tls takes them. */
export interface KeyParameters {
  readonly algorithm: "ECDSA" | "RSA";
  readonly ecdsaCurve?: string;
  readonly rsaBits?: number;
}

/** A certificate's subject as @pulumi/tls takes it. */
export interface Subject {
  readonly organization: string;
  readonly commonName: string;
  readonly locality?: string;
  readonly serialNumber?: string;
}

/** A root: self-signed. */
export interface RootParameters {
  readonly subject: Subject;
  readonly validityPeriodHours: number;
  readonly isCaCertificate: true;
  /** One: an intermediate may follow, and below that workloads alone, whatever the intermediate itself allows. */
  readonly maxPathLength: 1;
  readonly setSubjectKeyId: true;
  readonly allowedUses: string[];
}

/** An intermediate: a request of the member, signed by a root. */
export interface IntermediateParameters {
  readonly request: { readonly subject: Subject; readonly dnsNames: string[] };
  readonly certificate: {
    readonly validityPeriodHours: number;
    readonly earlyRenewalHours: number;
    readonly isCaCertificate: true;
    /**
     * Zero: an intermediate signs workloads, never another CA. The tls provider loses a zero on the way into the certificate, so
     * what forbids it is the root's path length. It is asked for all the same: without it every certificate would be reissued.
     */
    readonly maxPathLength: 0;
    readonly setSubjectKeyId: true;
    readonly allowedUses: string[];
  };
}

/** Under which name istiod serves: what Istio's own certificate tooling puts into an intermediate. */
export const ISTIOD_DNS_NAME = "istiod.istio-system.svc";

/** What a CA may do with its key. */
const CA_USES = ["digital_signature", "key_encipherment", "cert_signing", "crl_signing"];

/** Key parameters of roots and intermediates. */
export function keyParameters(algorithm: KeyAlgorithm): KeyParameters {
  const [kind, size] = algorithm.split("-") as ["ECDSA" | "RSA", string];
  return kind === "RSA" ? { algorithm: kind, rsaBits: Number(size) } : { algorithm: kind, ecdsaCurve: size };
}

/**
 * Parameters of a root. It has no early renewal: a root that renewed itself would cut off everyone who trusts the one before;
 * it is replaced in steps, see `checkRotation`.
 */
export function rootParameters(mesh: string, trust: TrustModel, root: string): RootParameters {
  return {
    subject: { organization: mesh, commonName: `${mesh} root CA ${root}` },
    validityPeriodHours: trust.rootValidityHours,
    isCaCertificate: true,
    maxPathLength: 1,
    setSubjectKeyId: true,
    allowedUses: [...CA_USES],
  };
}

/**
 * Parameters of a member's intermediate. The subject's serial number is the trust generation: raising it changes the request,
 * and with it reissues the certificate, without a new key pair and without a change of the root.
 */
export function intermediateParameters(mesh: string, trust: TrustModel, member: string): IntermediateParameters {
  return {
    request: {
      subject: {
        organization: mesh,
        commonName: `${mesh} intermediate CA ${member}`,
        locality: member,
        serialNumber: String(trust.generation),
      },
      dnsNames: [ISTIOD_DNS_NAME],
    },
    certificate: {
      validityPeriodHours: trust.intermediateValidityHours,
      earlyRenewalHours: trust.earlyRenewalHours,
      isCaCertificate: true,
      maxPathLength: 0,
      setSubjectKeyId: true,
      allowedUses: [...CA_USES],
    },
  };
}

/** PEM blocks one after another, each ended by exactly one newline: istiod compares bundles byte by byte. */
export function pemBundle(blocks: readonly string[]): string {
  return blocks.map((block) => `${block.trim()}\n`).join("");
}

/** The four files of `cacerts`. */
export interface CacertsFiles {
  readonly "ca-cert.pem": string;
  readonly "ca-key.pem": string;
  /** The intermediate, then the root that signed it. */
  readonly "cert-chain.pem": string;
  /**
   * Every trusted root: the one that signs, then the others in the order of the settings. So another signer is another bundle,
   * which makes istiod have all workloads sign anew at once, and the old root can go without waiting for their certificates to
   * end.
   */
  readonly "root-cert.pem": string;
}

/** Assembles `cacerts` from PEM texts. */
export function cacertsFiles(pem: {
  readonly certificate: string;
  readonly key: string;
  readonly signer: string;
  readonly roots: readonly string[];
}): CacertsFiles {
  const others = pem.roots.filter((root) => root.trim() !== pem.signer.trim());
  return {
    "ca-cert.pem": pemBundle([pem.certificate]),
    "ca-key.pem": pemBundle([pem.key]),
    "cert-chain.pem": pemBundle([pem.certificate, pem.signer]),
    "root-cert.pem": pemBundle([pem.signer, ...others]),
  };
}
