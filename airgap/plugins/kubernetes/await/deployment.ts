/** Deployments: the rollout is complete. */
import { type KubeObject, annotation, at, listAt, nameOf, namespaceOf, numberAt, stringAt } from "../objects";
import { podProblems } from "./pod";
import { type Look, type Rule, labelSelector, related } from "./rule";
import { READY, type Verdict, complaint, condition, holds, isObserved, isOwnedBy, waiting } from "./verdict";

const REVISION = "deployment.kubernetes.io/revision";

/** What belongs to a Deployment. */
export interface Parts {
  readonly replicaSets: readonly KubeObject[];
  readonly pods: readonly KubeObject[];
  /** The claims that its pods mount. */
  readonly claims: readonly KubeObject[];
}

/**
 * A Deployment is ready when its controller has seen it, the replica set of its current revision has all its pods ready,
 * it is available and, unless it is its first revision, the rollout has ended. The pods asked for are the replica set's:
 * an autoscaler's or a person's scaling is not undone by waiting for other numbers.
 */
export function judgeDeployment(deployment: KubeObject, parts: Parts): Verdict {
  if (!isObserved(deployment)) return waiting("Waiting for the Deployment's controller to see it");
  const revision = annotation(deployment, REVISION);
  const replicaSet = currentReplicaSet(deployment, parts.replicaSets);
  if (revision === undefined || replicaSet === undefined) return waiting("Waiting for the Deployment's ReplicaSet");

  const desired = numberAt(replicaSet, "spec", "replicas") ?? 1;
  const ready = numberAt(replicaSet, "status", "readyReplicas") ?? 0;
  const problems = [
    ...complaint(deployment, "Progressing"),
    ...complaint(deployment, "Available"),
    ...parts.pods.filter((pod) => isOwnedBy(pod, replicaSet)).flatMap(podProblems),
    ...unboundClaims(parts.claims),
  ];
  if (ready < desired) return waiting(`Waiting for the Deployment's Pods (${ready}/${desired} ready)`, problems);
  if (!holds(deployment, "Available")) return waiting("Waiting for the Deployment to be available", problems);
  const rolledOut = stringAt(condition(deployment, "Progressing"), "reason") === "NewReplicaSetAvailable";
  if (revision !== "1" && !(rolledOut && holds(deployment, "Progressing"))) {
    return waiting("Waiting for the Deployment's rollout", problems);
  }
  if (unboundClaims(parts.claims).length > 0) return waiting("Waiting for PersistentVolumeClaims", problems);
  return READY;
}

function currentReplicaSet(deployment: KubeObject, replicaSets: readonly KubeObject[]): KubeObject | undefined {
  const revision = annotation(deployment, REVISION);
  return replicaSets.find((set) => isOwnedBy(set, deployment) && annotation(set, REVISION) === revision);
}

function unboundClaims(claims: readonly KubeObject[]): string[] {
  return claims.flatMap((claim) => {
    const phase = stringAt(claim, "status", "phase");
    return phase === undefined || phase === "Bound" ? [] : [`PersistentVolumeClaim ${nameOf(claim)} is ${phase}`];
  });
}

async function partsOf(deployment: KubeObject, look: Look): Promise<Parts> {
  const namespace = namespaceOf(deployment);
  const labels = labelSelector(at(deployment, "spec", "selector", "matchLabels"));
  const names = listAt(deployment, "spec", "template", "spec", "volumes").flatMap(
    (volume) => stringAt(volume, "persistentVolumeClaim", "claimName") ?? [],
  );
  const claims = names.length === 0 ? [] : await related(look, { group: "", version: "v1", kind: "PersistentVolumeClaim" }, namespace);
  return {
    replicaSets: await related(look, { group: "apps", version: "v1", kind: "ReplicaSet" }, namespace, { labels }),
    pods: await related(look, { group: "", version: "v1", kind: "Pod" }, namespace, { labels }),
    claims: claims.filter((claim) => names.includes(nameOf(claim))),
  };
}

/** Deployments. */
export const deploymentRule: Rule = {
  judge: async (deployment, look) => judgeDeployment(deployment, await partsOf(deployment, look)),
  onRead: true,
};
