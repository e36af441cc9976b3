import { expect } from "chai";
import { proberConfig } from "../../../../../cli/verify/traffic/envoy";

describe("the Envoy of verify's test workloads", () => {
  it("listens for requests of others on the pod's address and for ours on loopback alone", () => {
    const config = proberConfig("west", "ns", ["east"]) as { static_resources: { listeners: { name: string; address: { socket_address: { address: string } } }[]; clusters: { name: string }[] } };
    const listeners = config.static_resources.listeners.map((l) => [l.name, l.address.socket_address.address]);
    expect(listeners).to.deep.equal([["server", "0.0.0.0"], ["client", "127.0.0.1"]]);
    expect(config.static_resources.clusters.map((c) => c.name)).to.deep.equal(["prober-east"]);
  });

  it("has a way of its own to a Service whose endpoints come and go, and a limit for each request", () => {
    const text = JSON.stringify(proberConfig("west", "ns", ["east"], { fresh: true, timeoutSeconds: 1 }));
    expect(text).to.contain('{"match":{"prefix":"/+east/"},"route":{"cluster":"fresh-east","host_rewrite_literal":"fresh-east.ns.svc.cluster.local:8080","timeout":"1s"}}');
    expect(JSON.stringify(proberConfig("west", "ns", ["east"]))).not.to.contain("fresh-east");
  });
});
