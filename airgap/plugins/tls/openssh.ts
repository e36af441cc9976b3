/** Keys in OpenSSH's formats (RFC 4253, RFC 5656, and OpenSSH's PROTOCOL.key), which Node does not write. */
import { randomBytes, type JsonWebKey, type KeyObject } from "node:crypto";

/** A public key as OpenSSH sends it. */
export interface SshPublicKey {
  /** The key's type, such as `ssh-ed25519`. */
  type: string;
  blob: Buffer;
}

/** OpenSSH's names for the curves of JSON web keys. It does not support P-224. */
const CURVES: Record<string, string> = { "P-256": "nistp256", "P-384": "nistp384", "P-521": "nistp521" };

/** Block size in bytes of the cipher `none`: the private part is padded to it. */
const BLOCK = 8;

/** A public key for OpenSSH; undefined when OpenSSH does not support it (the curve P-224). */
export function openSshPublicKey(key: KeyObject): SshPublicKey | undefined {
  // Node has no JSON format for P-224 either, and throws.
  if (key.asymmetricKeyDetails?.namedCurve === "secp224r1") return undefined;
  const jwk = key.export({ format: "jwk" });
  const fields = publicFields(jwk);
  return fields && { type: fields.type, blob: Buffer.concat([string(fields.type), ...fields.values]) };
}

/** A private key, without a passphrase and without a comment, as `ssh-keygen` writes it. */
export function openSshPrivateKey(key: KeyObject, { type, blob }: SshPublicKey): string {
  const check = randomBytes(4);
  const secrets = Buffer.concat([check, check, string(type), ...privateFields(key.export({ format: "jwk" })), string("")]);
  const missing = (BLOCK - (secrets.length % BLOCK)) % BLOCK;
  const padding = Buffer.from(Array.from({ length: missing }, (_, i) => i + 1));
  const body = Buffer.concat([
    Buffer.from("openssh-key-v1\0"),
    string("none"),
    string("none"),
    string(""),
    uint32(1),
    string(blob),
    string(Buffer.concat([secrets, padding])),
  ]);
  const lines = body.toString("base64").match(/.{1,64}/g) as string[];
  return ["-----BEGIN OPENSSH PRIVATE KEY-----", ...lines, "-----END OPENSSH PRIVATE KEY-----", ""].join("\n");
}

function publicFields(jwk: JsonWebKey): { type: string; values: Buffer[] } | undefined {
  if (jwk.kty === "RSA") return { type: "ssh-rsa", values: [mpint(jwk.e), mpint(jwk.n)] };
  if (jwk.kty === "OKP") return { type: "ssh-ed25519", values: [string(bytes(jwk.x))] };
  const curve = CURVES[jwk.crv ?? ""];
  return curve ? { type: `ecdsa-sha2-${curve}`, values: [string(curve), string(point(jwk))] } : undefined;
}

/** The fields after the type's name in the private part. */
function privateFields(jwk: JsonWebKey): Buffer[] {
  if (jwk.kty === "RSA") return [jwk.n, jwk.e, jwk.d, jwk.qi, jwk.p, jwk.q].map(mpint);
  if (jwk.kty === "OKP") return [string(bytes(jwk.x)), string(Buffer.concat([bytes(jwk.d), bytes(jwk.x)]))];
  return [string(CURVES[jwk.crv as string] as string), string(point(jwk)), mpint(jwk.d)];
}

/** A point of a curve, uncompressed. */
function point(jwk: JsonWebKey): Buffer {
  return Buffer.concat([Buffer.from([4]), bytes(jwk.x), bytes(jwk.y)]);
}

function bytes(base64url: string | undefined): Buffer {
  return Buffer.from(base64url ?? "", "base64url");
}

function uint32(n: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32BE(n);
  return buffer;
}

function string(data: string | Buffer): Buffer {
  const content = Buffer.from(data as never);
  return Buffer.concat([uint32(content.length), content]);
}

/** A positive number without leading zeros, except for one where the first bit would make it negative. */
function mpint(base64url: string | undefined): Buffer {
  let content = bytes(base64url);
  while (content.length > 1 && content[0] === 0) content = content.subarray(1);
  return string((content[0] ?? 0) > 127 ? Buffer.concat([Buffer.from([0]), content]) : content);
}
