import { expect } from "chai";
import { isRunNamespace, proberObjects, runNamespace } from "../../../../../cli/verify/traffic/objects";

describe("the objects of verify's test workloads", () => {
  it("are in a namespace that is recognised as one of a run, so that nothing in it counts as part of the mesh", () => {
    expect(isRunNamespace(runNamespace("0a1b2c"))).to.equal(true);
    for (const other of ["istioinaction", "usmesh", undefined]) expect(isRunNamespace(other)).to.equal(false);
  });

  it("have a Service for every cluster, a pod that does not run as root, and the label by which they are found", () => {
    const objects = proberObjects("west", ["west", "east"], "usmesh-verify-0a1b2c", "example/proxy:1");
    expect(objects.map((o) => o.path.split("/").pop())).to.deep.equal(["serviceaccounts", "services", "services", "pods"]);
    const bodies = objects.map((o) => o.body as { metadata: { labels: Record<string, string> }; spec?: { containers?: { securityContext: { runAsNonRoot: boolean } }[] } });
    expect(bodies.every((b) => b.metadata.labels["app.kubernetes.io/managed-by"] === "usmesh-verify")).to.equal(true);
    expect(bodies[3]?.spec?.containers?.[0]?.securityContext.runAsNonRoot).to.equal(true);
  });

  it("have a Service besides whose endpoint a pod becomes by a label, where that is wanted", () => {
    const services = proberObjects("west", ["west", "east"], "ns", "example/proxy:1", { fresh: true }).filter(({ path }) => path.endsWith("/services"));
    const bodies = services.map(({ body }) => body as { metadata: { name: string }; spec: { selector: Record<string, string> } });
    expect(bodies.map(({ metadata }) => metadata.name)).to.deep.equal(["prober-west", "fresh-west", "prober-east", "fresh-east"]);
    expect(bodies[3]?.spec.selector).to.deep.equal({ app: "prober-east", "usmesh.io/fresh": "true" });
  });
});
