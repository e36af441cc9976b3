import { isTree, type Tree } from "../../lib/merge";
import { CROSS_NETWORK_PORT } from "../../topology/names";
import type { IstioChart } from "./istio-values";

/** A value that would break the mesh. */
export interface ValueProblem {
  /** Keys from the top of the chart's values. */
  readonly path: readonly string[];
  /** What is wrong and what would be right. */
  readonly message: string;
}

/** A value to look at: where it is, and what is wrong with what is there; undefined when it is right. */
interface Rule {
  readonly path: readonly string[];
  readonly problem: (value: unknown) => string | undefined;
}

const REPLICAS = "would leave no pod that answers; write 1 or more, or remove it";

const notEmpty = (message: string) => (value: unknown) => (value === undefined || value === null || value === "" ? undefined : message);
const below1 = (value: unknown) => (value !== null && Number(value) < 1 ? REPLICAS : undefined);
const isFalse = (message: string) => (value: unknown) => (String(value) === "false" ? message : undefined);

/** Istio's charts copy what is below this key over their defaults, before any other value: there nothing could be checked. */
const HIDDEN: Rule = {
  path: ["_internal_defaults_do_not_set"],
  problem: notEmpty("is for the chart itself; set the values in it directly, beside it"),
};

const REVISION: Rule = {
  path: ["revision"],
  problem: notEmpty("namespaces are labelled istio-injection: enabled, which no istiod with a revision serves; remove it. An upgrade installs another revision beside it: usmesh:clusters.KEY.istio.upgrade"),
};

const SCOPE: Rule = {
  path: ["global", "resourceScope"],
  problem: (value) => (value === undefined || value === null || value === "all" ? undefined : "would leave out a part of what istiod and its peers need; remove it, or write all"),
};

const READER: Rule = {
  path: ["global", "readerServiceAccount"],
  problem: notEmpty("peers read the cluster as istio-reader-service-account, which would not exist or would have no permissions; remove it"),
};

/** The chart of istiod copies what is below this key over all other values. */
const OVER_ALL = "pilot";

/** The same values of istiod, where the chart also takes them. */
const inPilot = (rule: Rule): readonly Rule[] => [rule, { ...rule, path: [OVER_ALL, ...rule.path] }];

/** A gateway's chart also takes each of its values below `global`. */
const inGlobal = (rule: Rule): readonly Rule[] => [rule, { ...rule, path: ["global", ...rule.path] }];

const RULES: Readonly<Record<IstioChart, readonly Rule[]>> = {
  base: [HIDDEN, SCOPE, READER],
  istiod: [
    HIDDEN,
    ...[
      REVISION,
      SCOPE,
      READER,
      { path: ["replicaCount"], problem: below1 },
      { path: ["autoscaleMin"], problem: below1 },
      { path: ["meshConfig", "enableAutoMtls"], problem: isFalse("requests to other clusters are mutual TLS, without which the east-west gateways refuse them; remove it") },
      { path: ["env", "ENABLE_CA_SERVER"], problem: isFalse("istiod signs the certificates of all workloads, and none would get one; remove it") },
    ].flatMap(inPilot),
  ],
  gateway: [
    HIDDEN,
    ...[
      REVISION,
      { path: ["replicaCount"], problem: below1 },
      { path: ["autoscaling", "minReplicas"], problem: below1 },
      { path: ["networkGatewayPorts", "tls"], problem: otherPort },
      { path: ["labels", "networking.istio.io/gatewayPort"], problem: otherPort },
    ].flatMap(inGlobal),
  ],
};

/** Which values of a chart would break the mesh although the component does not set them. */
export function istioValueProblems(chart: IstioChart, values: Tree = {}): ValueProblem[] {
  return RULES[chart].flatMap(({ path, problem }) => {
    const message = problem(path.reduce<unknown>((value, key) => (isTree(value) ? value[key] : undefined), values));
    return message === undefined ? [] : [{ path, message }];
  });
}

/** The port at which peers reach an east-west gateway, as a record of the Service's port or as a label. */
function otherPort(value: unknown): string | undefined {
  const ports = isTree(value) ? [value["port"], value["targetPort"]] : [value];
  const moved = ports.some((port) => port !== undefined && port !== null && Number(port) !== CROSS_NETWORK_PORT);
  return moved ? `peers and the Gateway expect the east-west gateway at port ${CROSS_NETWORK_PORT}; remove it` : undefined;
}
