/** Subject alternative names. */
import { isIP } from "node:net";
import type { Rules } from "../lib/schema";
import { SubjectAlternativeNameExtension, type JsonGeneralName } from "./x509";

/** The names that certificates and requests can have besides their subject. */
export interface AlternativeNames {
  dnsNames?: string[];
  ipAddresses?: string[];
  uris?: string[];
}

/** The rules for the names. */
export const NAME_RULES: Rules = {
  dnsNames: { type: "array", items: { type: "string" } },
  ipAddresses: {
    type: "array",
    items: { type: "string", test: (text) => (isIP(text) ? undefined : "an IP address") },
  },
  uris: { type: "array", items: { type: "string", test: (text) => (text ? undefined : "a URI") } },
};

/**
 * The extension for the names, or undefined when there are none.
 *
 * @param critical true when the subject is empty, since nothing else then names the certificate's owner
 */
export function alternativeNames(names: AlternativeNames, critical: boolean): SubjectAlternativeNameExtension | undefined {
  const all: JsonGeneralName[] = [
    ...(names.dnsNames ?? []).map((value) => ({ type: "dns", value }) as const),
    ...(names.ipAddresses ?? []).map((value) => ({ type: "ip", value }) as const),
    ...(names.uris ?? []).map((value) => ({ type: "url", value }) as const),
  ];
  return all.length ? new SubjectAlternativeNameExtension(all, critical) : undefined;
}

/** What the official plugin keeps of a request's names when it signs. */
export function keptNames(asked: SubjectAlternativeNameExtension | undefined): AlternativeNames {
  const of = (type: string): string[] => (asked?.names.items ?? []).filter((name) => name.type === type).map((name) => name.value);
  return { dnsNames: of("dns"), ipAddresses: of("ip"), uris: of("url") };
}
