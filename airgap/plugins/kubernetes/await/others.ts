/** Kinds whose readiness is a single look at the object itself. */
import { type KubeObject, at, isObject, listAt, stringAt } from "../objects";
import type { Rule } from "./rule";
import { READY, type Verdict, complaint, holds, waiting } from "./verdict";

const TOKEN_TYPE = "kubernetes.io/service-account-token";

/** A ServiceAccount's token Secret is ready when the token is in it; other Secrets are at once. */
export function judgeSecret(secret: KubeObject): Verdict {
  const data = at(secret, "data");
  if (stringAt(secret, "type") !== TOKEN_TYPE || (isObject(data) && Object.keys(data).length > 0)) return READY;
  const account = stringAt(secret, "metadata", "annotations", "kubernetes.io/service-account.name") ?? "(none)";
  return waiting("Waiting for the ServiceAccount's token", [`no token was issued for ServiceAccount ${account}`]);
}

/** A CustomResourceDefinition is ready when the API server serves what it defines. */
export function judgeDefinition(definition: KubeObject): Verdict {
  if (holds(definition, "Established") && holds(definition, "NamesAccepted")) return READY;
  const problems = [...complaint(definition, "NamesAccepted"), ...complaint(definition, "Established")];
  return waiting("Waiting for the CustomResourceDefinition to be established", problems);
}

/** An Ingress is ready when it has an address. */
export function judgeIngress(ingress: KubeObject): Verdict {
  if (listAt(ingress, "status", "loadBalancer", "ingress").length > 0) return READY;
  return waiting("Waiting for the Ingress's address", ["the Ingress got no address: is there a controller for its class?"]);
}

/** Secrets. */
export const secretRule: Rule = { judge: judgeSecret, onRead: false, seconds: 30 };

/** CustomResourceDefinitions. */
export const definitionRule: Rule = { judge: judgeDefinition, onRead: false, seconds: 60 };

/** Ingresses. */
export const ingressRule: Rule = { judge: judgeIngress, onRead: true };
