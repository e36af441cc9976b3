import { X509Certificate } from "node:crypto";
import { discoveryHost } from "../topology/discovery";
import type { KeyAlgorithm, Subject } from "./certificates";
import { algorithmOf } from "./keys";

/**
 * The certificates of the discovery proxies. Each cluster has an authority of its own for its one proxy: it signs nothing else, and nothing
 * of the mesh trusts it, so that its key never speaks as a workload, or for another cluster's proxy.
 */

/** Parameters of an authority, as @pulumi/tls takes them. */
export interface AuthorityParameters {
  readonly validityPeriodHours: number;
  readonly isCaCertificate: true;
  readonly setSubjectKeyId: true;
  readonly allowedUses: string[];
}

/** Parameters of a proxy's certificate, as @pulumi/tls takes them. */
export interface ServerParameters {
  readonly validityPeriodHours: number;
  readonly earlyRenewalHours: number;
  readonly allowedUses: string[];
}

/** Subject of a cluster's authority of a generation. */
export function discoveryAuthoritySubject(meshId: string, key: string, generation: number): Subject {
  return { organization: meshId, commonName: `${meshId} discovery CA ${key} ${generation}`, locality: key };
}

/** Parameters of an authority, without its subject. */
export function discoveryAuthorityParameters(validityHours: number): AuthorityParameters {
  return { validityPeriodHours: validityHours, isCaCertificate: true, setSubjectKeyId: true, allowedUses: ["cert_signing", "crl_signing"] };
}

/**
 * By generation: the algorithm of the key of each authority that exists. What is not a certificate of such an authority is left out.
 * @param bundle PEM of the authorities, as peers trust them
 */
export function authorityAlgorithms(bundle: string): Record<number, KeyAlgorithm> {
  const blocks = bundle.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  return Object.fromEntries(
    blocks.flatMap((pem): [number, KeyAlgorithm][] => {
      try {
        const certificate = new X509Certificate(pem);
        const generation = /^CN=.* discovery CA \S+ (\d+)$/m.exec(certificate.subject)?.[1];
        const algorithm = algorithmOf(certificate);
        return generation === undefined || algorithm === undefined ? [] : [[Number(generation), algorithm]];
      } catch {
        return [];
      }
    }),
  );
}

/**
 * By generation: the algorithm for the key of each authority. One that exists keeps its own: with another key it would be another authority,
 * and no peer could read the cluster before its next `up`.
 * @param existing see {@link authorityAlgorithms}
 * @param wanted of new authorities
 */
export function discoveryAlgorithms(generations: readonly number[], existing: Readonly<Record<number, KeyAlgorithm>>, wanted: KeyAlgorithm): Record<number, KeyAlgorithm> {
  return Object.fromEntries(generations.map((generation) => [generation, existing[generation] ?? wanted]));
}

/** What the request for a proxy's certificate says. */
export function discoveryCertificateRequest(meshId: string, key: string): { subject: Subject; dnsNames: string[] } {
  return { subject: { organization: meshId, commonName: `${meshId} discovery proxy ${key}`, locality: key }, dnsNames: [discoveryHost(key)] };
}

/** Parameters of a proxy's certificate: it serves, and does nothing else. */
export function discoveryCertificateParameters(lifetime: { readonly validityHours: number; readonly earlyRenewalHours: number }): ServerParameters {
  return {
    validityPeriodHours: lifetime.validityHours,
    earlyRenewalHours: lifetime.earlyRenewalHours,
    allowedUses: ["digital_signature", "key_encipherment", "server_auth"],
  };
}
