import { expect } from "chai";
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { ClusterAccess } from "../../../../airgap/plugins/kubernetes/access";
import type { JsonObject } from "../../../../airgap/plugins/kubernetes/objects";
import { kubeconfigFor } from "../../../../airgap/plugins/kubernetes/release/helm";
import { keepSecrets } from "../../../../airgap/plugins/kubernetes/release/marks";
import { notReady } from "../../../../airgap/plugins/kubernetes/release/not-ready";
import { privateFolder, withPrivateFile } from "../../../../airgap/plugins/kubernetes/release/private-folder";
import { resourceNames } from "../../../../airgap/plugins/kubernetes/release/record";
import { continuationOf, labelsFor } from "../../../../airgap/plugins/kubernetes/release/recovery";
import { Secret } from "../../../../airgap/plugins/lib/values";

describe("the names of a release's resources", () => {
  it("are grouped by kind and version, sorted, each once", () => {
    const object = (apiVersion: string, kind: string, metadata: object) => JSON.stringify({ apiVersion, kind, metadata });
    const manifest = [
      object("v1", "Service", { name: "b" }),
      object("v1", "Service", { name: "a", namespace: "n" }),
      object("v1", "Service", { name: "b" }),
      object("apps/v1", "Deployment", { name: "d" }),
      "# Source: empty",
      "just a text",
    ].join("\n---\n");
    expect(resourceNames(manifest)).to.eql({ "Service/v1": ["b", "n/a"], "Deployment.apps/apps/v1": ["d"] });
    expect(resourceNames("")).to.eql({});
  });
});

describe("what is not ready", () => {
  const pod = (status: JsonObject): JsonObject => ({ kind: "Pod", metadata: { name: "p", namespace: "n" }, status });

  it("is said in a sentence each", () => {
    const resources = {
      "v1/Deployment": [
        { kind: "Deployment", metadata: { name: "a", namespace: "n" }, spec: { replicas: 2 }, status: { updatedReplicas: 2, readyReplicas: 1 } },
        { kind: "Deployment", metadata: { name: "old", namespace: "n" }, spec: { replicas: 1 }, status: { readyReplicas: 1 } },
        { kind: "Deployment", metadata: { name: "fine", namespace: "n" }, spec: { replicas: 0 }, status: {} },
      ],
      "v1/DaemonSet": [
        { kind: "DaemonSet", metadata: { name: "d", namespace: "n", generation: 2 }, status: { observedGeneration: 1 } },
      ],
      "v1/Pod(related)": [
        {
          kind: "PodList",
          items: [
            pod({ containerStatuses: [{ name: "c", state: { waiting: { reason: "ImagePullBackOff", message: "no such image" } } }] }),
            pod({ conditions: [{ type: "PodScheduled", status: "False", message: "0/1 nodes are available" }] }),
            pod({ conditions: [{ type: "Ready", status: "True" }] }),
            pod({ phase: "Succeeded" }),
          ],
        },
      ],
      "v1/Service": [
        { kind: "Service", metadata: { name: "lb", namespace: "n" }, spec: { type: "LoadBalancer" }, status: { loadBalancer: {} } },
        { kind: "Service", metadata: { name: "plain", namespace: "n" }, spec: { type: "ClusterIP" } },
      ],
      "v1/Job": [{ kind: "Job", metadata: { name: "j", namespace: "n" }, status: { conditions: [{ type: "Failed", status: "True" }] } }],
      "v1/PersistentVolumeClaim": [
        { kind: "PersistentVolumeClaim", metadata: { name: "v", namespace: "n" }, status: { phase: "Pending" } },
      ],
    };
    expect(notReady(resources as unknown as JsonObject)).to.eql([
      "Deployment n/a: 1 of 2 pods are ready",
      "Deployment n/old: 0 of 1 pods are of the new revision",
      "DaemonSet n/d: its controller has not seen it yet",
      "Pod n/p: container c: ImagePullBackOff, no such image",
      "Pod n/p: 0/1 nodes are available",
      "Service n/lb: its load balancer has no address",
      "Job n/j: failed",
      "PersistentVolumeClaim n/v: is not bound",
    ]);
  });

  it("does not fill the screen", () => {
    const sentences = notReady({ "v1/Pod": Array.from({ length: 14 }, () => pod({})) });
    expect(sentences).to.have.length(11);
    expect(sentences[10]).to.equal("and 4 more objects");
  });
});

describe("the left-over of an interrupted run", () => {
  for (const [status, revision, how] of [
    ["pending-install", 1, "reinstall"],
    ["failed", 1, "reinstall"],
    ["uninstalling", 4, "reinstall"],
    ["uninstalled", 4, "reinstall"],
    ["failed", 2, "upgrade"],
    ["deployed", 1, "upgrade"],
    ["superseded", 2, "upgrade"],
    ["pending-upgrade", 2, "rollback"],
    ["pending-rollback", 3, "rollback"],
  ] as const) {
    it(`that is ${status} at revision ${revision}: ${how}`, () => {
      expect(continuationOf({ status, revision })).to.equal(how);
    });
  }

  it("is known by labels that Kubernetes takes", () => {
    const labels = labelsFor("urn:pulumi:stack::project::a$b::name/with:odd things", "abc123");
    expect(Object.keys(labels)).to.eql(["usmesh.io/resource", "usmesh.io/instance"]);
    for (const value of Object.values(labels)) expect(value).to.match(/^[a-z0-9]{1,63}$/);
  });
});

describe("values that Helm kept though the program no longer gives them", () => {
  const kept = { given: "a", taken: "b", deep: { given: "c", taken: "d" } };

  it("stay secret if they were", () => {
    const before = { given: new Secret("a"), taken: new Secret("b"), deep: { given: "c", taken: new Secret("d") } };
    expect(keepSecrets(kept, { given: "a", deep: { given: "c" } }, before)).to.eql({
      given: "a",
      taken: new Secret("b"),
      deep: { given: "c", taken: new Secret("d") },
    });
  });

  it("stay secret if all values were", () => {
    expect(keepSecrets(kept, { given: "a" }, new Secret(kept))).to.eql({
      given: "a",
      taken: new Secret("b"),
      deep: new Secret({ given: "c", taken: "d" }),
    });
  });

  it("stay as they are otherwise", () => {
    expect(keepSecrets(kept, {}, kept)).to.eql(kept);
    expect(keepSecrets(kept, {}, undefined)).to.eql(kept);
  });
});

describe("private files", () => {
  it("are readable by nobody else, and gone afterwards, also after an error", async () => {
    let place = "";
    const seen = await withPrivateFile("content", async (file) => {
      place = file;
      expect(statSync(file).mode & 0o777).to.equal(0o600);
      expect(statSync(join(file, "..")).mode & 0o777).to.equal(0o700);
      return readFileSync(file, "utf8");
    });
    expect(seen).to.equal("content");
    expect(existsSync(place)).to.equal(false);
    await withPrivateFile("content", async (file) => {
      place = file;
      throw new Error("helm failed");
    }).catch(() => undefined);
    expect(existsSync(place)).to.equal(false);
    expect(statSync(privateFolder()).mode & 0o777).to.equal(0o700);
  });
});

describe("the kubeconfig for helm", () => {
  const config = {
    clusters: [
      { name: "one", cluster: { server: "https://one" } },
      { name: "two", cluster: { server: "https://two" } },
    ],
    users: [
      { name: "me", user: { token: "mine" } },
      { name: "other", user: { token: "theirs" } },
    ],
    contexts: [
      { name: "a", context: { cluster: "one", user: "me" } },
      { name: "b", context: { cluster: "two", user: "other" } },
    ],
    "current-context": "a",
  };
  const made = (over: Partial<ClusterAccess>) =>
    kubeconfigFor({ kubeconfig: JSON.stringify(config), ...over } as ClusterAccess);

  it("has the one cluster and user that the provider means, and nobody else's credentials", () => {
    expect(made({})).to.contain("https://one").and.contain("mine").and.not.contain("theirs");
    expect(made({ context: "b" })).to.contain("https://two").and.contain("theirs").and.not.contain("mine");
    expect(made({ cluster: "two" })).to.contain("https://two").and.contain("mine");
  });

  it("names files wholly, since it lies elsewhere", () => {
    const files = {
      ...config,
      clusters: [{ name: "one", cluster: { server: "https://one", "certificate-authority": "ca.pem" } }],
      users: [{ name: "me", user: { "client-key": "/keys/key.pem", exec: { command: "./bin/token", args: ["a"] } } }],
    };
    const content = made({ kubeconfig: JSON.stringify(files), kubeconfigFolder: "/home/me/.kube" });
    for (const file of ["/home/me/.kube/ca.pem", "/keys/key.pem", "/home/me/.kube/bin/token"]) {
      expect(content).to.contain(`"${file}"`);
    }
  });
});
