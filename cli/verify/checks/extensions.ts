import type { X509Certificate } from "node:crypto";

/**
 * What Node.js does not tell about a certificate: its path length and what its key may be used for. (Its `ca` is false for a CA without
 * keyCertSign, too.) Read from the DER by hand, since the libraries that can do it take longer to load than `verify` takes for all its judging.
 */
export interface SigningLimits {
  /** Whether it says `CA:TRUE`. */
  readonly isAuthority: boolean;
  /** How many authorities may stand below this one in a chain; undefined: any number. */
  readonly pathLength?: number;
  /** Whether the key may sign certificates; undefined where the certificate does not limit its use. */
  readonly maySign?: boolean;
}

/** One element of DER: its tag, and its content. */
interface Element {
  readonly tag: number;
  readonly content: Buffer;
}

const TAG = { boolean: 0x01, integer: 0x02, octets: 0x04, extensions: 0xa3 } as const;
/** Object identifiers 2.5.29.19 and 2.5.29.15, encoded. */
const OID = { basicConstraints: "551d13", keyUsage: "551d0f" } as const;
/** keyCertSign is bit 5, counted from the left, of the bits after the byte that counts the unused ones. */
const KEY_CERT_SIGN = 0x04;

/** Reads the extensions of a certificate, which {@link X509Certificate} has parsed already. @throws RangeError on DER that ends too early. */
export function signingLimits(certificate: X509Certificate): SigningLimits {
  const [outer] = elements(certificate.raw);
  const [toBeSigned] = elements(outer?.content);
  const list = elements(toBeSigned?.content).find(({ tag }) => tag === TAG.extensions);
  const [extensions] = elements(list?.content);
  const values = new Map(elements(extensions?.content).map(({ content }) => extension(content)));
  const [constraints] = elements(values.get(OID.basicConstraints));
  const parts = elements(constraints?.content);
  const length = parts.find(({ tag }) => tag === TAG.integer);
  const [usage] = elements(values.get(OID.keyUsage));
  return {
    isAuthority: parts.some(({ tag, content }) => tag === TAG.boolean && content[0] !== 0),
    pathLength: length && length.content.readUIntBE(0, length.content.length),
    maySign: usage && ((usage.content[1] ?? 0) & KEY_CERT_SIGN) !== 0,
  };
}

/** An extension's object identifier, in hexadecimal, and its value. Between them may be the mark that it is critical. */
function extension(content: Buffer): [oid: string, value: Buffer | undefined] {
  const [oid, ...rest] = elements(content);
  return [oid?.content.toString("hex") ?? "", rest.find(({ tag }) => tag === TAG.octets)?.content];
}

/** The elements that follow each other in `der`. */
function elements(der: Buffer | undefined): Element[] {
  const found: Element[] = [];
  for (let at = 0; der !== undefined && at < der.length; ) {
    const tag = der.readUInt8(at);
    const first = der.readUInt8(at + 1);
    // From 128 on, the byte says how many bytes the length takes.
    const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
    const length = lengthBytes === 0 ? first : der.readUIntBE(at + 2, lengthBytes);
    const start = at + 2 + lengthBytes;
    found.push({ tag, content: der.subarray(start, start + length) });
    at = start + length;
  }
  return found;
}
