import { X509Certificate } from "node:crypto";
import { isTree } from "./merge";

/** How a kubeconfig proves who its user is, as far as that can run out. */
export interface Login {
  readonly token?: string | undefined;
  /** PEM. */
  readonly cert?: string | undefined;
}

/**
 * Why a login no longer works, if it says itself until when it does: a token that is a JSON Web Token, or a client certificate.
 *
 * @param now milliseconds since 1970. Default: now.
 * @returns the end of a sentence without anything secret, such as `the kubeconfig's token ran out at 2026-01-01T00:00:00.000Z`.
 */
export function ranOut({ token, cert }: Login, now: number = Date.now()): string | undefined {
  const ends = token === undefined ? certificateEnd(cert) : tokenEnd(token);
  if (ends === undefined || ends > now) return undefined;
  return `the kubeconfig's ${token === undefined ? "client certificate" : "token"} ran out at ${new Date(ends).toISOString()}`;
}

/** When a JSON Web Token ends, in milliseconds since 1970; undefined when it does not say so, or is not one. */
function tokenEnd(token: string): number | undefined {
  const [, payload] = token.split(".");
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload ?? "", "base64url").toString());
    return isTree(claims) && typeof claims["exp"] === "number" ? claims["exp"] * 1000 : undefined;
  } catch {
    return undefined;
  }
}

function certificateEnd(pem: string | undefined): number | undefined {
  try {
    return pem === undefined ? undefined : Date.parse(new X509Certificate(pem).validTo);
  } catch {
    return undefined;
  }
}
