import type { Change } from "./resources";

/**
 * Why a kind cluster is replaced, in the words of the settings.
 *
 * @param isRecreated whether another resource creates a kind cluster in its place.
 */
export function kindReason({ operation, before, after, reasons }: Change, isRecreated: boolean): string {
  if (operation === "delete") return isRecreated ? "another resource creates it" : "it is no longer a kind cluster";
  const [was, is] = [variables(before?.inputs), variables(after?.inputs)];
  const differs = (name: string): boolean => was[name] !== is[name];
  const why = [
    ...(differs("INCARNATION") ? ["the one that the stack created is gone, or somebody else recreated it"] : []),
    ...(differs("KIND_IMAGE") ? [`node image ${was["KIND_IMAGE"]} → ${is["KIND_IMAGE"]}`] : []),
    ...(differs("KIND_NAME") ? [`kind name ${was["KIND_NAME"]} → ${is["KIND_NAME"]}`] : []),
    ...(before?.inputs["stdin"] !== after?.inputs["stdin"] ? ["another kind configuration: subnets, region, zone or what usmesh:kind.config says"] : []),
    ...(differs("DOCKER_NETWORK") || differs("DOCKER_SUBNET") ? ["another Docker network"] : []),
  ];
  return why.join("; ") || `another ${reasons.join(", ") || "definition"}`;
}

function variables(inputs: Readonly<Record<string, unknown>> = {}): Record<string, string> {
  const environment = inputs["environment"];
  return typeof environment === "object" && environment !== null ? (environment as Record<string, string>) : {};
}
