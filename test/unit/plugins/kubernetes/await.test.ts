import { expect } from "chai";
import { judgeDeployment, type Parts } from "../../../../airgap/plugins/kubernetes/await/deployment";
import { sentences } from "../../../../airgap/plugins/kubernetes/await/events";
import { holders } from "../../../../airgap/plugins/kubernetes/await/gone";
import { judgeJob } from "../../../../airgap/plugins/kubernetes/await/job";
import { compileJsonPath } from "../../../../airgap/plugins/kubernetes/await/json-path";
import { judgeDefinition, judgeIngress, judgeSecret } from "../../../../airgap/plugins/kubernetes/await/others";
import { judgePod, podProblems } from "../../../../airgap/plugins/kubernetes/await/pod";
import { readRuleFor, ruleFor } from "../../../../airgap/plugins/kubernetes/await/rules";
import { judgeService } from "../../../../airgap/plugins/kubernetes/await/service";
import { judgeClaim, judgeQuota, judgeVolume } from "../../../../airgap/plugins/kubernetes/await/storage";
import type { Verdict } from "../../../../airgap/plugins/kubernetes/await/verdict";
import { waitForRule } from "../../../../airgap/plugins/kubernetes/await/wait-for";
import { judgeDaemonSet, judgeReplicationController, judgeStatefulSet } from "../../../../airgap/plugins/kubernetes/await/workloads";
import type { Json, JsonObject, KubeObject } from "../../../../airgap/plugins/kubernetes/objects";

const conditions = (entries: Record<string, string>, more: JsonObject = {}): Json[] =>
  Object.entries(entries).map(([type, status]) => ({ type, status, ...more }));

describe("a Deployment", () => {
  const deployment = (status: JsonObject, revision = "1", more: JsonObject = {}): KubeObject => ({
    kind: "Deployment",
    metadata: { name: "d", uid: "d-1", generation: 2, annotations: { "deployment.kubernetes.io/revision": revision } },
    status: { observedGeneration: 2, ...status },
    ...more,
  });
  const set = (ready: number, revision = "1"): KubeObject => ({
    metadata: {
      uid: `rs-${revision}`,
      annotations: { "deployment.kubernetes.io/revision": revision },
      ownerReferences: [{ uid: "d-1" }],
    },
    spec: { replicas: 2 },
    status: { readyReplicas: ready },
  });
  const parts = (more: Partial<Parts>): Parts => ({ replicaSets: [], pods: [], claims: [], ...more });
  const available = { conditions: conditions({ Available: "True" }) };

  it("is ready when its first revision has all its pods and is available", () => {
    expect(judgeDeployment(deployment(available), parts({ replicaSets: [set(2)] })).ready).to.equal(true);
  });

  it("is not while its controller has not seen it, has made no ReplicaSet, or pods are missing", () => {
    const messages = [
      judgeDeployment(deployment({ ...available, observedGeneration: 1 }), parts({ replicaSets: [set(2)] })),
      judgeDeployment(deployment(available), parts({ replicaSets: [set(2, "0")] })),
      judgeDeployment(deployment(available), parts({ replicaSets: [set(1)] })),
      judgeDeployment(deployment({ conditions: conditions({ Available: "False" }) }), parts({ replicaSets: [set(2)] })),
    ].map(({ ready, message }) => `${ready}: ${message}`);
    expect(messages).to.deep.equal([
      "false: Waiting for the Deployment's controller to see it",
      "false: Waiting for the Deployment's ReplicaSet",
      "false: Waiting for the Deployment's Pods (1/2 ready)",
      "false: Waiting for the Deployment to be available",
    ]);
  });

  it("is not, after its first revision, until the rollout has ended", () => {
    const rolling = [...available.conditions, { type: "Progressing", status: "True", reason: "ReplicaSetUpdated" }];
    const ended = [...available.conditions, { type: "Progressing", status: "True", reason: "NewReplicaSetAvailable" }];
    const replicaSets = [set(2, "2"), set(2, "1")];
    expect(judgeDeployment(deployment({ conditions: rolling }, "2"), parts({ replicaSets })).ready).to.equal(false);
    expect(judgeDeployment(deployment({ conditions: ended }, "2"), parts({ replicaSets })).ready).to.equal(true);
  });

  it("tells of its conditions and of its current pods", () => {
    const status = {
      conditions: [{ type: "Progressing", status: "False", reason: "ProgressDeadlineExceeded", message: "too slow" }],
    };
    const pod = (owner: string): KubeObject => ({
      metadata: { name: `p-${owner}`, ownerReferences: [{ uid: owner }] },
      status: { containerStatuses: [{ name: "c", state: { waiting: { reason: "ImagePullBackOff", message: "no such image" } } }] },
    });
    const verdict = judgeDeployment(deployment(status), parts({ replicaSets: [set(0)], pods: [pod("rs-1"), pod("rs-0")] }));
    expect(verdict.problems).to.deep.equal([
      "[ProgressDeadlineExceeded] too slow",
      "Pod p-rs-1: container c: [ImagePullBackOff] no such image",
    ]);
  });

  it("waits for its claims", () => {
    const claims = [{ metadata: { name: "c" }, status: { phase: "Pending" } }];
    expect(judgeDeployment(deployment(available), parts({ replicaSets: [set(2)], claims }))).to.deep.include({
      ready: false,
      problems: ["PersistentVolumeClaim c is Pending"],
    });
  });
});

describe("a DaemonSet", () => {
  const set = (status: JsonObject): KubeObject => ({ metadata: { generation: 1 }, status: { observedGeneration: 1, ...status } });
  const all = { desiredNumberScheduled: 2, currentNumberScheduled: 2, updatedNumberScheduled: 2, numberAvailable: 2, numberReady: 2 };

  it("is ready when every node has its pod, of the current template", () => {
    expect(judgeDaemonSet(set(all)).ready).to.equal(true);
    expect(judgeDaemonSet(set({ desiredNumberScheduled: 0 })).ready).to.equal(true);
    expect(judgeDaemonSet(set({ ...all, updatedNumberScheduled: 1 })).message).to.contain("updatedNumberScheduled 1/2");
    expect(judgeDaemonSet(set({ ...all, numberAvailable: 1 })).ready).to.equal(false);
    expect(judgeDaemonSet(set({ ...all, observedGeneration: 0 })).ready).to.equal(false);
  });
});

describe("a StatefulSet", () => {
  const set = (status: JsonObject, spec: JsonObject = {}): KubeObject => ({
    metadata: { generation: 1 },
    spec: { replicas: 2, ...spec },
    status: { observedGeneration: 1, readyReplicas: 2, ...status },
  });

  it("is ready when all pods are, and of the current template", () => {
    expect(judgeStatefulSet(set({ currentRevision: "a", updateRevision: "a" })).ready).to.equal(true);
    expect(judgeStatefulSet(set({ currentRevision: "a", updateRevision: "b", updatedReplicas: 1 })).message).to.contain("1/2 updated");
    expect(judgeStatefulSet(set({ readyReplicas: 1 })).ready).to.equal(false);
    expect(judgeStatefulSet(set({ observedGeneration: 0 })).ready).to.equal(false);
  });

  it("does not wait for pods that somebody has to delete, nor for a partition", () => {
    const revisions = { currentRevision: "a", updateRevision: "b" };
    expect(judgeStatefulSet(set(revisions, { updateStrategy: { type: "OnDelete" } })).ready).to.equal(true);
    expect(judgeStatefulSet(set(revisions, { updateStrategy: { rollingUpdate: { partition: 1 } } })).ready).to.equal(true);
  });
});

describe("a ReplicationController", () => {
  it("is ready when its pods are available", () => {
    expect(judgeReplicationController({ spec: { replicas: 2 }, status: { availableReplicas: 2 } }).ready).to.equal(true);
    expect(judgeReplicationController({ spec: { replicas: 2 } }).message).to.contain("0/2");
  });
});

describe("a Pod", () => {
  it("is ready when it says so, or when it ran to a good end", () => {
    expect(judgePod({ status: { conditions: conditions({ Ready: "True" }) } }).ready).to.equal(true);
    expect(judgePod({ status: { phase: "Succeeded" } }).ready).to.equal(true);
    expect(judgePod({ status: { phase: "Failed" } }).ready).to.equal(false);
  });

  it("says what it waits for", () => {
    expect(judgePod({}).message).to.contain("scheduled");
    expect(judgePod({ status: { conditions: conditions({ PodScheduled: "True" }) } }).message).to.contain("init containers");
    expect(judgePod({ status: { conditions: conditions({ PodScheduled: "True", Initialized: "True" }) } }).message).to.contain("ready");
  });

  it("tells of scheduling, images, crashes, and nothing of the usual way", () => {
    const pod = (status: JsonObject) => podProblems({ metadata: { name: "p" }, status });
    const unschedulable = { type: "PodScheduled", status: "False", reason: "Unschedulable", message: "0/1 nodes fit" };
    expect(pod({ conditions: [unschedulable] })).to.deep.equal(["Pod p: [Unschedulable] 0/1 nodes fit"]);
    expect(pod({ containerStatuses: [{ name: "c", state: { waiting: { reason: "ContainerCreating" } } }] })).to.deep.equal([]);
    const crashed = { name: "c", state: { running: {} }, lastState: { terminated: { exitCode: 3, message: "boom" } } };
    expect(pod({ containerStatuses: [crashed] })).to.deep.equal(["Pod p: container c: exited with code 3: boom"]);
    const init = { name: "i", state: { terminated: { exitCode: 1 } } };
    expect(pod({ initContainerStatuses: [init] })).to.deep.equal(["Pod p: container i: exited with code 1"]);
  });
});

describe("a Service", () => {
  const service = (spec: JsonObject, status: JsonObject = {}): KubeObject => ({ metadata: { name: "s" }, spec, status });
  const selecting = { selector: { app: "a" }, clusterIP: "10.0.0.1" };
  const slice = (...ready: boolean[]): KubeObject => ({ endpoints: ready.map((is) => ({ conditions: { ready: is } })) });

  it("is ready when all its endpoints are", () => {
    expect(judgeService(service(selecting), [slice(true)], 0).ready).to.equal(true);
    expect(judgeService(service(selecting), [slice(true), slice(false)], 99).ready).to.equal(false);
  });

  it("waits a little for endpoints to show up, and is ready without any then", () => {
    expect(judgeService(service(selecting), [], 0).ready).to.equal(false);
    expect(judgeService(service(selecting), [slice()], 99).ready).to.equal(true);
  });

  it("does not look behind what selects nothing, is headless or an external name", () => {
    for (const spec of [{}, { ...selecting, clusterIP: "None" }, { ...selecting, type: "ExternalName" }]) {
      expect(judgeService(service(spec), [slice(false)], 0).ready).to.equal(true);
    }
  });

  it("of type LoadBalancer waits for its address", () => {
    const balanced = { ...selecting, type: "LoadBalancer" };
    const without = judgeService(service(balanced), [slice(true)], 99);
    expect(without.ready).to.equal(false);
    expect(without.problems[0]).to.contain("the Service got no address");
    const status = { loadBalancer: { ingress: [{ ip: "1.2.3.4" }] } };
    expect(judgeService(service(balanced, status), [slice(true)], 0).ready).to.equal(true);
  });
});

describe("a Job", () => {
  it("is ready when it is complete, and never once it failed", () => {
    expect(judgeJob({ status: { conditions: conditions({ Complete: "True" }) } }).ready).to.equal(true);
    const failed: Verdict = judgeJob({
      status: { conditions: conditions({ Failed: "True" }, { reason: "BackoffLimitExceeded", message: "too often" }) },
    });
    expect(failed).to.deep.include({ ready: false, failed: true, problems: ["the Job failed (BackoffLimitExceeded: too often)"] });
    expect(judgeJob({}).message).to.contain("to start");
    expect(judgeJob({ status: { startTime: "t", succeeded: 1 }, spec: { completions: 3 } }).message).to.contain("1/3");
  });
});

describe("volumes and quotas", () => {
  it("are ready when bound, or when their class waits for a pod", () => {
    expect(judgeVolume({ status: { phase: "Available" } }).ready).to.equal(true);
    expect(judgeVolume({ status: { phase: "Pending" } }).ready).to.equal(false);
    expect(judgeClaim({ status: { phase: "Bound" } }, "Immediate").ready).to.equal(true);
    expect(judgeClaim({ status: { phase: "Pending" } }, "WaitForFirstConsumer").ready).to.equal(true);
    expect(judgeClaim({ status: { phase: "Pending" } }, undefined).ready).to.equal(false);
    expect(judgeQuota({ spec: { hard: { a: "1", b: "2" } }, status: { hard: { b: "2", a: "1" } } }).ready).to.equal(true);
    expect(judgeQuota({ spec: { hard: { a: "1" } } }).ready).to.equal(false);
  });
});

describe("other kinds", () => {
  it("a token Secret is ready when the token is in it, other Secrets at once", () => {
    const type = "kubernetes.io/service-account-token";
    expect(judgeSecret({ type: "Opaque" }).ready).to.equal(true);
    expect(judgeSecret({ type, data: { token: "eA==" } }).ready).to.equal(true);
    const metadata = { annotations: { "kubernetes.io/service-account.name": "reader" } };
    expect(judgeSecret({ type, metadata }).problems).to.deep.equal(["no token was issued for ServiceAccount reader"]);
  });

  it("a definition is ready when it is established", () => {
    expect(judgeDefinition({ status: { conditions: conditions({ Established: "True", NamesAccepted: "True" }) } }).ready).to.equal(true);
    const taken = conditions({ NamesAccepted: "False" }, { reason: "Conflict", message: "things is taken" });
    expect(judgeDefinition({ status: { conditions: taken } }).problems).to.deep.equal(["[Conflict] things is taken"]);
  });

  it("an Ingress is ready when it has an address", () => {
    expect(judgeIngress({}).ready).to.equal(false);
    expect(judgeIngress({ status: { loadBalancer: { ingress: [{ hostname: "h" }] } } }).ready).to.equal(true);
  });
});

describe("the rule for an object", () => {
  const annotated = (annotations: Record<string, string>) => ({ apiVersion: "v1", kind: "Service", metadata: { annotations } });

  it("is its kind's, in any version", () => {
    expect(ruleFor({ apiVersion: "apps/v1", kind: "Deployment" })).to.equal(ruleFor({ apiVersion: "apps/v9", kind: "Deployment" }));
    expect(ruleFor({ apiVersion: "v1", kind: "ConfigMap" })).to.equal(undefined);
    expect(ruleFor({ apiVersion: "example.com/v1", kind: "Deployment" })).to.equal(undefined);
  });

  it("is none with skipAwait, and the program's own with waitFor", () => {
    expect(ruleFor(annotated({ "pulumi.com/skipAwait": "true" }))).to.equal(undefined);
    expect(readRuleFor(annotated({ "pulumi.com/skipAwait": "true" }))).to.equal(undefined);
    const own = ruleFor(annotated({ "pulumi.com/waitFor": "condition=Fine" }));
    expect(own?.judge({ status: { conditions: conditions({ Fine: "True" }) } }, {} as never)).to.include({ ready: true });
  });

  it("of a refresh leaves out kinds that never stop being ready", () => {
    expect(readRuleFor({ apiVersion: "apps/v1", kind: "Deployment" })).to.not.equal(undefined);
    expect(readRuleFor({ apiVersion: "v1", kind: "Secret" })).to.equal(undefined);
  });
});

describe("waitFor", () => {
  const judge = (expression: string, object: KubeObject) => waitForRule(expression).judge(object, {} as never) as Verdict;
  const object: KubeObject = { status: { phase: "Running", conditions: conditions({ Ready: "True", Other: "False" }) } };

  it("takes conditions, with and without a status", () => {
    expect(judge("condition=Ready", object).ready).to.equal(true);
    expect(judge("condition=Other=false", object).ready).to.equal(true);
    expect(judge("condition=Other", object).problems).to.deep.equal(["condition Other is False"]);
    expect(judge("condition=Missing", object).problems).to.deep.equal(["condition Missing is not there"]);
  });

  it("takes paths, with and without a value", () => {
    expect(judge("jsonpath={.status.phase}=Running", object).ready).to.equal(true);
    expect(judge("jsonpath={.status.phase}", object).ready).to.equal(true);
    expect(judge("jsonpath={.status.phase}=Gone", object).problems).to.deep.equal(["{.status.phase} is Running"]);
  });

  it("takes a list, all of which must hold", () => {
    expect(judge('["condition=Ready", "jsonpath={.status.phase}=Running"]', object).ready).to.equal(true);
    expect(judge('["condition=Ready", "condition=Other"]', object).ready).to.equal(false);
  });

  it("does not take the status of an older generation for the answer", () => {
    const stale = { ...object, metadata: { generation: 2 }, status: { ...(object["status"] as JsonObject), observedGeneration: 1 } };
    expect(judge("condition=Ready", stale).ready).to.equal(false);
    expect(judge("jsonpath={.status.phase}=Running", stale).ready).to.equal(false);
  });

  it("refuses what it does not understand", () => {
    expect(() => waitForRule("phase=Running")).to.throw('"phase=Running" starts neither with "condition="');
    expect(() => waitForRule("[]")).to.throw("empty");
    expect(() => waitForRule("jsonpath=.status")).to.throw("jsonpath={.path}=value");
    expect(() => waitForRule("jsonpath={.a[}")).to.throw("no JSONPath");
  });
});

describe("JSONPath", () => {
  const value = { a: { "b.c": [1, 2, 3] }, list: [{ type: "X", v: 1 }, { type: "Y", v: 2 }] };
  const paths: [string, Json[]][] = [
    [".a", [value.a]],
    ["$.list[0].v", [1]],
    [".list[-1].v", [2]],
    [".list[*].v", [1, 2]],
    ['.list[?(@.type=="Y")].v', [2]],
    [".list[?(@.type!='Y')].v", [1]],
    ['.a["b.c"][1]', [2]],
    [".a.b\\.c[0]", [1]],
    [".missing.deeper", []],
  ];
  for (const [path, found] of paths) {
    it(`selects ${path}`, () => expect(compileJsonPath(path)(value)).to.deep.equal(found));
  }
});

describe("what holds an object", () => {
  it("are its finalizers, and for a Namespace what its conditions say", () => {
    expect(holders({ kind: "ConfigMap", metadata: { finalizers: ["a/b"] } })).to.deep.equal(["its finalizers may hold it: a/b"]);
    const namespace = { kind: "Namespace", status: { conditions: conditions({ NamespaceContentRemaining: "True" }, { message: "pods remain" }) } };
    expect(holders(namespace)).to.deep.equal(["pods remain"]);
  });
});

describe("events", () => {
  it("are told once, the latest last, three at most", () => {
    const event = (lastTimestamp: string, message: string, count = 1): KubeObject => ({ lastTimestamp, reason: "R", message, count });
    expect(sentences([event("4", "d"), event("1", "a"), event("2", "b"), event("3", "c", 7), event("5", "d")])).to.deep.equal([
      "event: [R] b",
      "event: [R] c (7 times)",
      "event: [R] d",
    ]);
  });
});
