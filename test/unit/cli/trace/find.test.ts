import { expect } from "chai";
import { placeOf, podOf, serviceIn, workloadName } from "../../../../cli/trace/find";
import type { Pod } from "../../../../cli/verify/gather/resources";
import { place } from "../live/support/places";
import { pod } from "../verify/support/fake-cluster";

const owned = (name: string, kind: string, owner: string, hash?: string, change: Parameters<typeof pod>[1] = {}): Pod => {
  const made = pod(name, change);
  return { ...made, metadata: { ...made.metadata, ownerReferences: [{ kind, name: owner }], labels: hash === undefined ? {} : { "pod-template-hash": hash } } };
};

describe("the workload that sends", () => {
  const pods = [
    owned("web-6d4c-a", "ReplicaSet", "web-6d4c", "6d4c", { ready: false }),
    owned("web-6d4c-b", "ReplicaSet", "web-6d4c", "6d4c"),
    owned("db-0", "StatefulSet", "db", undefined, { containers: ["app"] }),
    pod("alone"),
    pod("web", { namespace: "other" }),
  ];
  const west = place("west", { pods });
  const find = (workload: string, namespace = "shop") => podOf({ cluster: "west", namespace, workload }, west).metadata.name;

  it("is the pod of a Deployment that is ready, or the pod of that name", () => {
    expect([find("web"), find("alone"), find("web-6d4c-b"), find("web", "other")]).to.deep.equal(["web-6d4c-b", "alone", "web-6d4c-b", "web"]);
    expect(workloadName(owned("x", "ReplicaSet", "by-hand", "1"))).to.equal("by-hand");
  });

  it("is refused where none is ready with a sidecar, with its pods", () => {
    expect(() => find("db")).to.throw("no pod of west/shop/db is ready and has a sidecar").with.property("hint", "Its pods: db-0.");
  });

  it("is refused where there is none of that name, with those that there are", () => {
    expect(() => find("wep")).to.throw("there is no workload west/shop/wep").with.property("hint", "The namespace has: web, db, alone.");
    expect(() => find("web", "nowhere")).to.throw("there is no workload").with.property("hint").that.contains("no pods");
  });

  it("is in a cluster that was read", () => {
    const name = { cluster: "north", namespace: "shop", workload: "web" };
    expect(() => placeOf(name, [west], new Map())).to.throw("there is no cluster north").with.property("hint").that.contains("There is: west.");
    expect(() => placeOf(name, [west], new Map([["north", "no answer within 5 s"]]))).to.throw("cluster north cannot be read: no answer within 5 s").with.property("exitCode", 1);
    expect(placeOf({ ...name, cluster: "west" }, [west], new Map())).to.equal(west);
  });
});

describe("the service that is asked", () => {
  const service = (...ports: number[]) => ({ metadata: { name: "catalog", namespace: "shop" }, spec: { ports: ports.map((port) => ({ port })) } });
  const slice = (namespace: string, address: string) => ({ metadata: { name: "catalog-1", namespace, labels: { "kubernetes.io/service-name": "catalog" } }, endpoints: [{ addresses: [address] }] });
  const west = place("west", { services: [service(80, 8443)] });
  const east = place("east", { services: [service(80)], slices: [slice("shop", "10.20.0.7"), slice("other", "10.20.0.9")] });

  it("has its first port, or the one that is named, and the clusters that have endpoints", () => {
    expect(serviceIn([west, east], { name: "catalog", namespace: "shop" })).to.deep.equal({ name: "catalog.shop", port: 80, addresses: new Map([["east", ["10.20.0.7"]]]) });
    expect(serviceIn([west, east], { name: "catalog", namespace: "shop", port: 8443 }).port).to.equal(8443);
  });

  it("is refused where no cluster has it, or where it has no such port", () => {
    expect(() => serviceIn([west, east], { name: "catalogue", namespace: "shop" })).to.throw("no cluster has a Service catalogue.shop").with.property("exitCode", 2);
    expect(() => serviceIn([west], { name: "catalog", namespace: "shop", port: 81 })).to.throw("Service catalog.shop has no port 81").with.property("hint", "It has: 80, 8443.");
  });
});
