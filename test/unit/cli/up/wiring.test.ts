import { expect } from "chai";
import { missingPairs, readByPeers } from "../../../../cli/up/wiring";
import type { MeshOutputs } from "../../../../outputs/contract";
import { outputsOf } from "../support/outputs";

describe("the pairs that a stack has not wired yet", () => {
  const west = { stack: "west", peers: ["east"], outputs: outputsOf(["west"], []) };
  const east = { stack: "east", peers: ["west"], outputs: outputsOf(["east", "e2"], ["east->west", "east->e2"]) };
  const all = [west, east];

  it("begin in its own clusters and lead to its own and its peers' clusters", () => {
    expect(missingPairs(west, all)).to.deep.equal(["west->east", "west->e2"]);
    expect(missingPairs(east, all)).to.deep.equal(["e2->east", "e2->west"]);
  });

  it("do not lead to stacks that are not its peers", () => {
    expect(missingPairs({ ...west, peers: [] }, all)).to.deep.equal([]);
  });

  it("are the stack itself while it is not up", () => {
    expect(missingPairs({ ...west, outputs: undefined }, all)).to.deep.equal(["west"]);
  });

  it("do not lead to a peer that is not up", () => {
    expect(missingPairs(west, [west, { ...east, outputs: undefined }])).to.deep.equal([]);
  });
});

describe("what peers read of a stack", () => {
  const before = outputsOf(["east"], []);
  const isChangedBy = (change: (outputs: MeshOutputs) => void): boolean => {
    const copy = structuredClone(before);
    change(copy);
    return readByPeers(copy) !== readByPeers(before);
  };
  const authority = { caCert: "c", caKey: "k", certChain: "c", rootCert: "r" };

  const changes: [string, (outputs: MeshOutputs) => void][] = [
    ["a credential", ({ credentials }) => (credentials["east"]!.token = "another-token")],
    ["the authority of an API server", ({ credentials }) => (credentials["east"]!.caCertificate = "another ca")],
    ["the address of an API server", ({ clusters }) => (clusters["east"]!.apiServer = "https://elsewhere:6443")],
    ["a cluster's name", ({ clusters }) => (clusters["east"]!.clusterName = "another-cluster")],
    ["a cluster's network", ({ clusters }) => (clusters["east"]!.network = "another-network")],
    ["another cluster", ({ clusters }) => (clusters["more"] = clusters["east"]!)],
    ["a certificate that it issues", ({ intermediates }) => (intermediates["west"] = authority)],
  ];
  for (const [what, change] of changes) {
    it(`changes with ${what}`, () => expect(isChangedBy(change)).to.equal(true));
  }

  it("changes with each part of what it issues that members install", () => {
    const issued = (part: Partial<typeof authority>): string => readByPeers({ ...before, intermediates: { west: { ...authority, ...part } } });
    for (const part of ["certChain", "rootCert"]) expect(issued({ [part]: "another" }), part).not.to.equal(issued({}));
  });

  const others: [string, (outputs: MeshOutputs) => void][] = [
    ["the pairs that it has wired", (outputs) => (outputs.pairs = ["east->west"])],
    ["an address of its ingress", ({ clusters }) => (clusters["east"]!.ingressAddress = "10.0.0.1")],
    ["an administrator's kubeconfig", ({ kubeconfigs }) => (kubeconfigs["east"] = "another")],
  ];
  for (const [what, change] of others) {
    it(`does not change with ${what}`, () => expect(isChangedBy(change)).to.equal(false));
  }

  it("does not depend on the order of clusters", () => {
    const [one, other] = [outputsOf(["a", "b"], []), outputsOf(["b", "a"], [])];
    expect(readByPeers(one)).to.equal(readByPeers(other));
  });

  it("is nothing while the stack is not up", () => {
    expect(readByPeers(undefined)).to.equal("");
  });
});
