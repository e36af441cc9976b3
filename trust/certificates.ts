import { ISTIOD_DNS_NAME } from "../topology/names";

/** Algorithms and sizes of keys. */
export const KEY_ALGORITHMS = ["ECDSA-P256", "ECDSA-P384", "RSA-2048", "RSA-4096"] as const;

/** Kind and size of a key: one of {@link KEY_ALGORITHMS}. */
export type KeyAlgorithm = (typeof KEY_ALGORITHMS)[number];

/** How long certificates are valid. */
export interface Lifetimes {
  /** Hours for which a root is valid. */
  readonly rootValidityHours: number;
  /** Hours for which an intermediate is valid. */
  readonly intermediateValidityHours: number;
  /** Hours before its end at which `up` reissues an intermediate. */
  readonly earlyRenewalHours: number;
}

/** Those of an intermediate. */
export type IntermediateLifetimes = Omit<Lifetimes, "rootValidityHours">;

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

/** Parameters of a self-signed root, without its subject. */
export interface RootParameters {
  readonly validityPeriodHours: number;
  readonly isCaCertificate: true;
  /** One: below a root there is an intermediate, and below that only workloads, whatever the intermediate itself allows. */
  readonly maxPathLength: 1;
  readonly setSubjectKeyId: true;
  readonly allowedUses: string[];
}

/** Parameters of an intermediate that a root signs. */
export interface IntermediateParameters {
  readonly validityPeriodHours: number;
  readonly earlyRenewalHours: number;
  readonly isCaCertificate: true;
  /**
   * Zero: an intermediate signs workloads, never another CA. The tls provider loses the zero on the way into the certificate, so
   * the root's path length is what forbids it. The parameter stays all the same: without it every certificate would be reissued.
   */
  readonly maxPathLength: 0;
  readonly setSubjectKeyId: true;
  readonly allowedUses: string[];
}

/** DNS names of an intermediate: what Istio's own certificate tooling puts there. */
export const INTERMEDIATE_DNS_NAMES: readonly string[] = [ISTIOD_DNS_NAME];

/** What a CA may do with its key: it signs, and encrypts nothing. */
const CA_USES = ["digital_signature", "cert_signing", "crl_signing"];

/** Of what may be signed, the parameters that a certificate keeps once it exists: earlier versions set others, and another value would reissue it. */
export const KEPT_IN_ROOTS: readonly string[] = ["maxPathLength", "allowedUses"];
/** See {@link KEPT_IN_ROOTS}. */
export const KEPT_IN_INTERMEDIATES: readonly string[] = ["allowedUses"];

/** Key parameters of roots and intermediates. */
export function keyParameters(algorithm: KeyAlgorithm): KeyParameters {
  const [kind, size] = algorithm.split("-") as ["ECDSA" | "RSA", string];
  return kind === "RSA" ? { algorithm: kind, rsaBits: Number(size) } : { algorithm: kind, ecdsaCurve: size };
}

/** Subject of a root. */
export function rootSubject(meshId: string, root: string): Subject {
  return { organization: meshId, commonName: `${meshId} root CA ${root}` };
}

/**
 * Parameters of a root. It has no early renewal: a root that renewed itself would cut off everyone who trusts the previous one.
 * It is replaced in steps, see `checkRotation`.
 */
export function rootParameters({ rootValidityHours }: Pick<Lifetimes, "rootValidityHours">): RootParameters {
  return { validityPeriodHours: rootValidityHours, isCaCertificate: true, maxPathLength: 1, setSubjectKeyId: true, allowedUses: [...CA_USES] };
}

/**
 * Subject of a member's intermediate. Its serial number is the generation of its key, so that the intermediates of two generations can be
 * told apart.
 */
export function intermediateSubject(meshId: string, member: string, generation: number): Subject {
  return { organization: meshId, commonName: `${meshId} intermediate CA ${member}`, locality: member, serialNumber: String(generation) };
}

/** Parameters of a member's intermediate. */
export function intermediateParameters(lifetimes: IntermediateLifetimes): IntermediateParameters {
  return {
    validityPeriodHours: lifetimes.intermediateValidityHours,
    earlyRenewalHours: lifetimes.earlyRenewalHours,
    isCaCertificate: true,
    maxPathLength: 0,
    setSubjectKeyId: true,
    allowedUses: [...CA_USES],
  };
}

/**
 * The lifetimes of an intermediate that is signed now, so that it ends before its root.
 * @param rootEnd RFC 3339 time at which the root ends
 */
export function endingBefore(rootEnd: string, wanted: IntermediateLifetimes, now: number = Date.now()): IntermediateLifetimes {
  const intermediateValidityHours = hoursBefore(rootEnd, wanted.intermediateValidityHours, now);
  if (intermediateValidityHours === wanted.intermediateValidityHours) return wanted;
  return { intermediateValidityHours, earlyRenewalHours: Math.min(wanted.earlyRenewalHours, Math.floor(intermediateValidityHours / 2)) };
}

const HOUR_MS = 3_600_000;

/**
 * Hours for which something that is signed now is valid, so that it ends before its root: those that are wanted, or a half, a quarter and
 * so on. Not simply all that are left, which are others in each run, and would reissue every intermediate in each run.
 */
function hoursBefore(end: string, wanted: number, now: number): number {
  const left = (Date.parse(end) - now) / HOUR_MS;
  let hours = wanted;
  while (hours > left && hours > 1) hours = Math.floor(hours / 2);
  return hours;
}

/** PEM blocks one after another, each with exactly one newline at its end: istiod compares bundles byte by byte. */
export function pemBundle(blocks: readonly string[]): string {
  return blocks.map((block) => `${block.trim()}\n`).join("");
}

/** What a root issued for one cluster. All PEM, and nothing of it secret. */
export interface Chain {
  /** The intermediate. */
  readonly caCert: string;
  /** The intermediate, followed by the root that signed it. */
  readonly certChain: string;
  /**
   * Every trusted root: the one that signs, then the others in the order given. So a change of the signer changes the bundle, on
   * which istiod at once reissues the certificates of all workloads, and the old root can be removed before those certificates
   * have expired.
   */
  readonly rootCert: string;
}

/** What istiod of one cluster signs with: the content of its `cacerts`. All PEM. Secret. */
export interface Intermediate extends Chain {
  /** The private key of the intermediate. */
  readonly caKey: string;
}

/** Assembles what a cluster needs from PEM texts. */
export function chainOf(pem: { readonly certificate: string; readonly signer: string; readonly roots: readonly string[] }): Chain {
  const others = pem.roots.filter((root) => root.trim() !== pem.signer.trim());
  return {
    caCert: pemBundle([pem.certificate]),
    certChain: pemBundle([pem.certificate, pem.signer]),
    rootCert: pemBundle([pem.signer, ...others]),
  };
}

/** The same with the key that it belongs to. */
export function withKey(chain: Chain, key: string): Intermediate {
  const { caCert, certChain, rootCert } = chain;
  return { caCert, caKey: pemBundle([key]), certChain, rootCert };
}
