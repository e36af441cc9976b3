import { discoveryHost } from "../topology/discovery";
import type { Subject } from "./certificates";

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
