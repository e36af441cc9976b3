import type { IstioPrimaryArgs } from "../components";
import { withKey } from "../trust/certificates";
import type { CreatedTrust } from "./exports";

/** What istiod of a cluster signs with; undefined while nothing was issued for its key. */
export function cacertsFor(key: string, trust: CreatedTrust): IstioPrimaryArgs["cacerts"] | undefined {
  if ("ca" in trust) return trust.ca.intermediates[key];
  const signed = trust.signing.signed[key];
  if (signed === undefined || "former" in signed) return signed?.former;
  return trust.keys.privateKey(key, signed.generation).apply((pem) => withKey(signed.certificate, pem));
}
