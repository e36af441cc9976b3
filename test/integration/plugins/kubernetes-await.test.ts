/** Waiting: what counts as ready, what is told when it never is, and what refresh and import make of what is there. */
import { expect } from "chai";
import { done } from "../support/events";
import { kubernetesProgram, onApiServer } from "../support/kubernetes-program";

const CONFIG_MAP = { group: "", version: "v1", kind: "ConfigMap" };

/** A Deployment; with `node` its pods ask for a node that may not be there. */
const deployment = (name: string, { node = "", options = "{}", annotations = "{}" } = {}) => `
const labels = { app: "${name}" };
new k8s.apps.v1.Deployment("it", { metadata: { name: "${name}", annotations: ${annotations} }, spec: {
  replicas: 1, selector: { matchLabels: labels },
  template: { metadata: { labels }, spec: { ${node ? `nodeSelector: { disk: "${node}" },` : ""} containers: [{ name: "c", image: "i" }] } },
} }, { ...o, ...${options} });`;

describe("waiting by the kubernetes plugin", function () {
  this.timeout(120_000);
  const suite = onApiServer();

  it("fails in time, says why, keeps the object, and goes on from there", async () => {
    const project = await suite.open(deployment("stuck", { node: "ssd", options: '{ customTimeouts: { create: "4s" } }' }));
    const failed = await project.up({ fails: true });
    for (const part of ["Deployment default/stuck was not ready within 4 s", "Pod stuck-", "[Unschedulable]"]) {
      expect(failed.output).to.contain(part);
    }
    expect((await project.resource("it")).id).to.equal("default/stuck");
    await project.write(kubernetesProgram(deployment("stuck")));
    expect(done(await project.up())).to.deep.equal(["update it"]);
    expect(done(await project.up())).to.deep.equal([]);
  });

  it("takes its time from the annotation too", async () => {
    const annotations = '{ "pulumi.com/timeoutSeconds": "3" }';
    const project = await suite.open(deployment("brief", { node: "ssd", annotations }));
    expect((await project.up({ fails: true })).output).to.contain("was not ready within 3 s");
  });

  it("is left out where the program says so", async () => {
    const project = await suite.open(deployment("unawaited", { node: "ssd", annotations: '{ "pulumi.com/skipAwait": "true" }' }));
    expect(done(await project.up())).to.deep.equal(["create it"]);
    expect(done(await project.refresh())).to.not.include("update it");
  });

  it("is for what the program names instead", async () => {
    const annotations = `{ "pulumi.com/waitFor": 'jsonpath={.status.observedGeneration}=1' }`;
    const project = await suite.open(deployment("custom", { node: "ssd", annotations }));
    expect(done(await project.up())).to.deep.equal(["create it"]);
    await project.write(kubernetesProgram(deployment("custom", { annotations: '{ "pulumi.com/waitFor": "no condition" }' })));
    expect((await project.up({ fails: true })).output).to.contain('"no condition" starts neither with');
  });

  it("of a load balancer is for its address", async () => {
    const project = await suite.open(`
const it = new k8s.core.v1.Service("it", { metadata: { name: "lb" }, spec: {
  type: "LoadBalancer", selector: { app: "nobody" }, ports: [{ port: 80 }],
} }, { ...o, customTimeouts: { create: "60s" } });
exports.ip = it.status.loadBalancer.ingress[0].ip;`);
    await Promise.all([project.up(), suite.server.assignLoadBalancerAddress("default", "lb", "172.18.255.101")]);
    expect(await project.outputs()).to.deep.equal({ ip: "172.18.255.101" });
  });

  it("of a load balancer without an address says what is missing", async () => {
    const project = await suite.open(`
new k8s.core.v1.Service("it", { metadata: { name: "no-lb" }, spec: { type: "LoadBalancer", ports: [{ port: 80 }] } },
  { ...o, customTimeouts: { create: "2s" } });`);
    expect((await project.up({ fails: true })).output).to.contain("the Service got no address");
  });

  it("is for a Job's end, and a StatefulSet's and a Pod's being ready", async () => {
    const pod = '{ containers: [{ name: "c", image: "i" }], restartPolicy: "Never" }';
    const project = await suite.open(`
new k8s.batch.v1.Job("job", { metadata: { name: "job" }, spec: { template: { spec: ${pod} } } }, o);
new k8s.core.v1.Pod("pod", { metadata: { name: "pod" }, spec: ${pod} }, o);
const labels = { app: "set" };
new k8s.apps.v1.StatefulSet("set", { metadata: { name: "set" }, spec: {
  serviceName: "set", selector: { matchLabels: labels }, replicas: 2,
  template: { metadata: { labels }, spec: { containers: [{ name: "c", image: "i" }] } },
} }, o);`);
    const outcome = await project.up();
    const status = (name: string) => outcome.steps.find((step) => step.name === name)?.outputs["status"];
    expect(status("job")).to.include({ succeeded: 1 });
    expect(status("pod")).to.have.property("phase");
    expect(status("set")).to.include({ readyReplicas: 2 });
  });

  it("ends when the run is cancelled, and what exists is in the state", async () => {
    const project = await suite.open(deployment("cancelled", { node: "ssd" }));
    const controller = new AbortController();
    const run = project.up({ fails: true, signal: controller.signal });
    const ref = { gvk: { group: "apps", version: "v1", kind: "Deployment" }, namespace: "default", name: "cancelled" };
    while ((await suite.server.api.get(ref).catch(() => undefined)) === undefined) await new Promise((r) => setTimeout(r, 200));
    controller.abort();
    await run.catch(() => undefined);
    expect((await project.resource("it")).id).to.equal("default/cancelled");
  });

  it("is not repeated by a refresh, which tells what is not ready any more", async () => {
    const project = await suite.open(deployment("broken"));
    await project.up();
    const ref = { gvk: { group: "apps", version: "v1", kind: "Deployment" }, namespace: "default", name: "broken" };
    const patch = { spec: { template: { spec: { nodeSelector: { disk: "ssd" } } } } };
    await suite.server.api.mergePatch(ref, patch, { fieldManager: "somebody" });
    const refreshed = await project.refresh();
    expect(refreshed.output).to.contain("Deployment default/broken is not ready");
  });

  it("has an end for objects that others changed or deleted: refresh finds both, and the next run mends both", async () => {
    const body = ["kept", "lost"].map((name) => `new k8s.core.v1.ConfigMap("${name}", { metadata: { name: "${name}", labels: { a: "1" } } }, o);`);
    const project = await suite.open(body.join("\n"));
    await project.up();
    await suite.server.api.delete({ gvk: CONFIG_MAP, namespace: "default", name: "lost" }, { propagation: "Background" });
    const kept = { gvk: CONFIG_MAP, namespace: "default", name: "kept" };
    await suite.server.api.mergePatch(kept, { metadata: { labels: { a: "2" } } }, { fieldManager: "pulumi-kubernetes" });
    const found = await project.refresh();
    expect(done(found).sort()).to.deep.equal(["delete lost", "update kept"]);
    expect(done(await project.up()).sort()).to.deep.equal(["create lost", "update kept"]);
    expect(await suite.server.api.get(kept)).to.have.nested.property("metadata.labels.a", "1");
  });

  it("is not needed to import and to look up what is there", async () => {
    const object = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "there", annotations: { x: "1" } }, data: { a: "1" } };
    await suite.server.api.create(object, { fieldManager: "somebody" });
    const project = await suite.open(`
const it = new k8s.core.v1.ConfigMap("it", { metadata: { name: "there", namespace: "default", annotations: { x: "1" } }, data: { a: "1" } },
  { ...o, import: "default/there" });
const found = k8s.core.v1.ConfigMap.get("found", "kube-system/extension-apiserver-authentication", o);
exports.x = it.metadata.annotations.x;
exports.found = found.metadata.name;`);
    expect(done(await project.up()).sort()).to.deep.equal(["import it", "read found"]);
    expect(await project.outputs()).to.deep.equal({ x: "1", found: "extension-apiserver-authentication" });
    const { inputs } = await project.resource("it");
    expect(inputs).to.deep.equal({ ...object, metadata: { ...object.metadata, namespace: "default" } });
    expect(done(await project.up()).filter((step) => !step.startsWith("read"))).to.deep.equal([]);
  });

  it("cannot import what is not there", async () => {
    const project = await suite.open('new k8s.core.v1.ConfigMap("it", { metadata: { name: "no" } }, { ...o, import: "default/no" });');
    expect((await project.up({ fails: true })).output).to.contain("does not exist");
  });
});
