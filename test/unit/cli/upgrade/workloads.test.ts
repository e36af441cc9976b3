import { expect } from "chai";
import { isRolledOut, restartWorkloads, type Workload } from "../../../../cli/upgrade/workloads";
import type { Kube } from "../../../../cli/verify/kube";

const pod = (name: string, app: string) => ({ metadata: { name, labels: { app } } });
const workload = (name: string, change: Partial<Workload["spec"]> = {}, status: Workload["status"] = { observedGeneration: 1, replicas: 1, updatedReplicas: 1, availableReplicas: 1 }): Workload => ({
  metadata: { name, generation: 1 },
  spec: { replicas: 1, selector: { matchLabels: { app: name } }, ...change },
  status,
});

/** A cluster with these pods and workloads; what was asked of it is in `patched`. */
function cluster(objects: { pods: object[]; deployments?: Workload[]; statefulsets?: Workload[]; daemonsets?: Workload[] }): { kube: Kube; patched: string[] } {
  const patched: string[] = [];
  const lists = objects as Record<string, object[] | undefined>;
  const kube = {
    list: (path: string) => Promise.resolve(lists[path.split("/").at(-1)!] ?? []),
    get: (path: string) => Promise.resolve((lists[path.split("/").at(-2)!] as Workload[]).find(({ metadata }) => metadata.name === path.split("/").at(-1))),
    request: (method: string, path: string, body: { spec: { template: { metadata: { annotations: Record<string, string> } } } }) => {
      expect([method, Object.keys(body.spec.template.metadata.annotations)]).to.deep.equal(["PATCH", ["kubectl.kubernetes.io/restartedAt"]]);
      patched.push(path.split("/").slice(-2).join("/"));
      return Promise.resolve({});
    },
  } as unknown as Kube;
  return { kube, patched };
}

const never = new AbortController().signal;

describe("the restart of a namespace's workloads", () => {
  it("restarts those that have the pods, of each kind, one after another", async () => {
    const { kube, patched } = cluster({ pods: [pod("a-1", "a"), pod("b-1", "b"), pod("c-1", "c"), pod("d-1", "d")], deployments: [workload("a"), workload("b")], statefulsets: [workload("c")], daemonsets: [workload("d", {}, { observedGeneration: 1, desiredNumberScheduled: 1, updatedNumberScheduled: 1, numberAvailable: 1 })] });
    expect(await restartWorkloads(kube, "shop", ["a-1", "c-1", "d-1"], never)).to.deep.equal(["deployment a", "statefulset c", "daemonset d"]);
    expect(patched).to.deep.equal(["deployments/a", "statefulsets/c", "daemonsets/d"]);
  });

  it("knows a workload's pods by its whole selector", async () => {
    const only = (name: string, values: string[]): Workload => workload(name, { selector: { matchExpressions: [{ key: "app", operator: "In", values }] } });
    const { kube } = cluster({ pods: [pod("a-1", "a"), pod("b-1", "b")], deployments: [only("x", ["a", "c"]), only("y", ["b"])] });
    expect(await restartWorkloads(kube, "shop", ["a-1"], never)).to.deep.equal(["deployment x"]);
  });

  it("restarts nothing when no workload restarts one of the pods", async () => {
    const { kube, patched } = cluster({ pods: [pod("a-1", "a"), pod("job-1", "job"), pod("job-2", "job")], deployments: [workload("a")] });
    const error = await restartWorkloads(kube, "shop", ["a-1", "job-1", "job-2"], never).catch((thrown: Error) => thrown);
    expect(error).to.include({ section: "upgrade-pods-alone" }).and.to.have.property("message").that.includes("job-1, job-2: no Deployment");
    expect(patched).to.deep.equal([]);
  });

  it("restarts nothing when pods are replaced only by whoever deletes them, and says that they keep the old proxy", async () => {
    const onDelete = { updateStrategy: { type: "OnDelete" } };
    const { kube, patched } = cluster({ pods: [pod("a-1", "a"), pod("e-1", "e"), pod("e-2", "e"), pod("d-1", "d")], deployments: [workload("a")], statefulsets: [workload("e", onDelete)], daemonsets: [workload("d", onDelete)] });
    const error = await restartWorkloads(kube, "shop", ["a-1", "e-1", "e-2", "d-1"], never).catch((thrown: Error) => thrown);
    expect(error).to.include({ section: "upgrade-pods-alone" }).and.to.have.property("message").that.includes("e-1, e-2 of statefulset e; d-1 of daemonset d: with the strategy OnDelete, these pods keep the old proxy");
    expect(patched).to.deep.equal([]);
  });

  it("restarts nothing when a rollout would wait for somebody: it would not end", async () => {
    const held: readonly (readonly [Partial<Record<"deployments" | "statefulsets", Workload[]>>, string])[] = [
      [{ deployments: [workload("a"), workload("b", { paused: true })] }, "namespace shop: deployment b is paused; nothing in the namespace was restarted"],
      [{ deployments: [workload("a")], statefulsets: [workload("b", { updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition: 2 } } })] }, "namespace shop: statefulset b restarts only its pods from number 2 on (partition); nothing in the namespace was restarted"],
    ];
    for (const [workloads, message] of held) {
      const { kube, patched } = cluster({ pods: [pod("a-1", "a"), pod("b-1", "b")], ...workloads });
      const error = await restartWorkloads(kube, "shop", ["a-1", "b-1"], never).catch((thrown: Error) => thrown);
      expect(error).to.include({ section: "upgrade-workload-held", message });
      expect(patched).to.deep.equal([]);
      expect(await restartWorkloads(kube, "shop", ["a-1"], never), "without its pods").to.deep.equal(["deployment a"]);
    }
  });

  it("restarts a StatefulSet whose partition holds no pod back", async () => {
    const { kube } = cluster({ pods: [pod("a-1", "a")], statefulsets: [workload("a", { updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition: 0 } } })] });
    expect(await restartWorkloads(kube, "shop", ["a-1"], never)).to.deep.equal(["statefulset a"]);
  });

  it("ends with the workload whose rollout does not", async () => {
    const { kube } = cluster({ pods: [pod("a-1", "a")], deployments: [workload("a", {}, { observedGeneration: 1, replicas: 2, updatedReplicas: 1, availableReplicas: 1 })] });
    const error = await restartWorkloads(kube, "shop", ["a-1"], never, -1).catch((thrown: Error) => thrown);
    expect(error).to.include({ section: "upgrade-rollout-stuck" }).and.to.have.property("message").that.includes("deployment a");
  });

  it("leaves out pods that were deleted meanwhile", async () => {
    const { kube, patched } = cluster({ pods: [], deployments: [workload("a")] });
    expect(await restartWorkloads(kube, "shop", ["a-1"], never)).to.deep.equal([]);
    expect(patched).to.deep.equal([]);
  });
});

describe("a rollout", () => {
  it("has ended when every pod is new and available, and no old one is left", () => {
    expect(isRolledOut(workload("a"))).to.equal(true);
    expect(isRolledOut(workload("a", { replicas: 0 }, { observedGeneration: 1 }))).to.equal(true);
    expect(isRolledOut(workload("a", {}, { observedGeneration: 1, replicas: 1, updatedReplicas: 1, readyReplicas: 1 })), "without availableReplicas").to.equal(true);
    for (const status of [undefined, { observedGeneration: 0, replicas: 1, updatedReplicas: 1, availableReplicas: 1 }, { observedGeneration: 1, replicas: 1, updatedReplicas: 0, availableReplicas: 1 }, { observedGeneration: 1, replicas: 1, updatedReplicas: 1 }, { observedGeneration: 1, replicas: 2, updatedReplicas: 1, availableReplicas: 2 }]) {
      expect(isRolledOut({ ...workload("a"), status }), JSON.stringify(status)).to.equal(false);
    }
    const daemon = { observedGeneration: 1, desiredNumberScheduled: 2, updatedNumberScheduled: 2, numberAvailable: 2 };
    expect(isRolledOut(workload("d", {}, daemon))).to.equal(true);
    for (const change of [{ updatedNumberScheduled: 1 }, { numberAvailable: 1 }]) expect(isRolledOut(workload("d", {}, { ...daemon, ...change }))).to.equal(false);
  });
});
