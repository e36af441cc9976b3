/** The distinguished name of a certificate's subject. */
import type { Rules } from "../lib/schema";
import { Name } from "./x509";

/** The `subject` property of certificates and requests. All fields are optional. */
export interface Subject {
  commonName?: string;
  country?: string;
  emailAddress?: string;
  locality?: string;
  organization?: string;
  organizationalUnit?: string;
  postalCode?: string;
  province?: string;
  serialNumber?: string;
  streetAddresses?: string[];
}

const TEXT = { type: "string" } as const;

/** The rules for a subject. */
export const SUBJECT_RULES: Rules = {
  commonName: TEXT,
  country: TEXT,
  emailAddress: TEXT,
  locality: TEXT,
  organization: TEXT,
  organizationalUnit: TEXT,
  postalCode: TEXT,
  province: TEXT,
  serialNumber: TEXT,
  streetAddresses: { type: "array", items: TEXT },
};

/** The attributes in the official plugin's order. */
const ATTRIBUTES: readonly (readonly [keyof Subject, string])[] = [
  ["country", "2.5.4.6"],
  ["organization", "2.5.4.10"],
  ["organizationalUnit", "2.5.4.11"],
  ["locality", "2.5.4.7"],
  ["province", "2.5.4.8"],
  ["streetAddresses", "2.5.4.9"],
  ["postalCode", "2.5.4.17"],
  ["commonName", "2.5.4.3"],
  ["serialNumber", "2.5.4.5"],
  ["emailAddress", "1.2.840.113549.1.9.1"],
];

/** The subject as an X.509 name; empty when the subject is. */
export function distinguishedName(subject: Subject | undefined): Name {
  const attributes = ATTRIBUTES.flatMap(([field, oid]) => {
    const values = [subject?.[field] ?? []].flat().filter((value) => value !== "");
    return values.length ? [{ [oid]: values.map((value) => encoded(field, value)) }] : [];
  });
  return new Name(attributes);
}

/**
 * What the official plugin keeps of a request's subject when it signs: the attributes that Go has fields for, in Go's order. There is no
 * field for an e-mail address.
 */
export function keptName(name: Name): Name {
  const kept = ATTRIBUTES.filter(([field]) => field !== "emailAddress").map(([field, oid]) => {
    const values = name.getField(oid);
    return [field, field === "commonName" || field === "serialNumber" ? values.slice(-1) : values];
  });
  return distinguishedName(Object.fromEntries(kept) as Subject);
}

function encoded(field: keyof Subject, value: string) {
  if (field === "emailAddress") return { ia5String: value };
  // The characters of ASN.1's PrintableString; other strings are UTF-8.
  return /^[A-Za-z0-9 '()+,\-./:=?]*$/.test(value) ? { printableString: value } : { utf8String: value };
}
