/** Which rule holds for which object. */
import { SKIP_AWAIT, WAIT_FOR, isTrue } from "../annotations";
import { type KubeObject, annotation, gvkOf } from "../objects";
import { deploymentRule } from "./deployment";
import { jobRule } from "./job";
import { definitionRule, ingressRule, secretRule } from "./others";
import { podRule } from "./pod";
import type { Rule } from "./rule";
import { serviceRule } from "./service";
import { claimRule, quotaRule, volumeRule } from "./storage";
import { waitForRule } from "./wait-for";
import { daemonSetRule, replicationControllerRule, statefulSetRule } from "./workloads";

/** By `group:Kind`; every version of a kind is awaited alike. */
const RULES: Readonly<Record<string, Rule>> = {
  ":PersistentVolume": volumeRule,
  ":PersistentVolumeClaim": claimRule,
  ":Pod": podRule,
  ":ReplicationController": replicationControllerRule,
  ":ResourceQuota": quotaRule,
  ":Secret": secretRule,
  ":Service": serviceRule,
  "apiextensions.k8s.io:CustomResourceDefinition": definitionRule,
  "apps:DaemonSet": daemonSetRule,
  "apps:Deployment": deploymentRule,
  "apps:StatefulSet": statefulSetRule,
  "batch:Job": jobRule,
  "extensions:Ingress": ingressRule,
  "networking.k8s.io:Ingress": ingressRule,
};

/**
 * The rule by which an object is awaited after a write: none where the program says so or the kind has none, the
 * program's own condition, or the kind's. Throws for a condition that is not understood.
 */
export function ruleFor(object: KubeObject): Rule | undefined {
  if (isTrue(object, SKIP_AWAIT)) return undefined;
  const given = annotation(object, WAIT_FOR);
  return given ? waitForRule(given) : kindRule(object);
}

/** The rule by which a refresh judges an object. */
export function readRuleFor(object: KubeObject): Rule | undefined {
  const rule = isTrue(object, SKIP_AWAIT) ? undefined : kindRule(object);
  return rule?.onRead === true ? rule : undefined;
}

function kindRule(object: KubeObject): Rule | undefined {
  const { group, kind } = gvkOf(object);
  return RULES[`${group}:${kind}`];
}
