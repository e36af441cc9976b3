import { expect } from "chai";
import { podAt, readPlace, sendingPods, whereIs } from "../../../../cli/live/places";
import { sharedTrust } from "../verify/support/cases";
import { fakeCluster, pod } from "../verify/support/fake-cluster";
import { place } from "./support/places";

describe("what an endpoint of a proxy is", () => {
  const west = place("west", { pods: [pod("web", { ip: "10.10.0.5" })], gateway: "192.0.2.1" });
  // Networks of their own may use the same addresses.
  const east = place("east", { pods: [pod("twin", { ip: "10.10.0.5" }), pod("other", { ip: "10.20.0.7" })], gateway: "192.0.2.2" });
  const flat = place("flat", { network: "west-network", pods: [pod("near", { ip: "10.30.0.1" })], gateway: "192.0.2.3" });
  const all = [west, east, flat];
  const at = (address: string, port: number): string | undefined => {
    const where = whereIs(address, port, west, all);
    return where && `${where.kind} ${where.cluster} ${where.kind === "pod" ? where.pod.metadata.name : where.name}`;
  };

  it("is the gateway of another network, at the port between networks alone", () => {
    expect(at("192.0.2.2", 15443)).to.equal("gateway east istio-system/istio-eastwestgateway");
    expect(at("192.0.2.2", 80)).to.equal(undefined);
  });

  it("is a pod of its own cluster, although another cluster has a pod with the same address", () => {
    expect(at("10.10.0.5", 8080)).to.equal("pod west web");
  });

  it("is a pod of another cluster only in the same network", () => {
    expect(at("10.30.0.1", 8080)).to.equal("pod flat near");
    expect(at("10.20.0.7", 8080)).to.equal(undefined);
  });

  it("is nothing that is known elsewhere", () => expect(at("198.51.100.1", 443)).to.equal(undefined));

  it("is not a pod that shares its node's address, or that is terminating", () => {
    const going = { ...pod("going", { ip: "10.10.0.8" }) };
    going.metadata = { ...going.metadata, deletionTimestamp: "2026-01-01T00:00:00Z" };
    const some = place("some", { pods: [pod("host", { ip: "10.10.0.9", hostNetwork: true }), going] });
    expect([podAt(some, "10.10.0.9"), podAt(some, "10.10.0.8")]).to.deep.equal([undefined, undefined]);
  });
});

describe("what runs in a cluster", () => {
  it("is read with its network and gateways, without the test workloads of these commands", async () => {
    const cluster = await fakeCluster("west", await sharedTrust());
    try {
      cluster.api.objects.set("/api/v1/namespaces/istio-system", { metadata: { name: "istio-system", labels: { "topology.istio.io/network": "west-network" } } });
      cluster.pods.push(pod("prober", { namespace: "usmesh-verify-0a1b2c" }));
      const read = await readPlace(cluster.target);
      expect(read.network).to.equal("west-network");
      expect(read.pods.map(({ metadata }) => metadata.name)).to.deep.equal(["istiod-1", "gateway-1", "web-1"]);
      expect(read.gateways.map(({ addresses }) => addresses)).to.deep.equal([["192.0.2.1"]]);
      // istiod has no proxy, and the gateway between networks passes on what it cannot read.
      expect(sendingPods(read).map(({ metadata }) => metadata.name)).to.deep.equal(["web-1"]);
    } finally {
      cluster.stop();
    }
  });
});
