import { expect } from "chai";
import { missingPairs, readByPeers, waitingClusters } from "../../../../cli/up/wiring";
import type { MeshOutputs } from "../../../../outputs/contract";
import { issuedFor, outputsOf, requestOf, trustOutputsOf } from "../support/outputs";

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

describe("the clusters that wait for a certificate", () => {
  it("are those in the settings that are not up", () => {
    expect(waitingClusters(["west", "east"], outputsOf(["west"], []))).to.deep.equal(["east"]);
    expect(waitingClusters(["west"], outputsOf(["west"], []))).to.deep.equal([]);
    expect(waitingClusters(["west"], undefined)).to.deep.equal([]);
  });
});

describe("what peers read of a stack", () => {
  const before = outputsOf(["east"], []);
  const isChangedBy = (change: (outputs: MeshOutputs) => void): boolean => {
    const copy = structuredClone(before);
    change(copy);
    return readByPeers(copy) !== readByPeers(before);
  };
  const issued = issuedFor("west");

  const changes: [string, (outputs: MeshOutputs) => void][] = [
    ["a credential", ({ credentials }) => (credentials["east"]!.token = "another-token")],
    ["the authority of an API server", ({ credentials }) => (credentials["east"]!.caCertificate = "another ca")],
    ["the address of an API server", ({ clusters }) => (clusters["east"]!.apiServer = "https://elsewhere:6443")],
    ["a cluster's name", ({ clusters }) => (clusters["east"]!.clusterName = "another-cluster")],
    ["a cluster's network", ({ clusters }) => (clusters["east"]!.network = "another-network")],
    ["another cluster", ({ clusters }) => (clusters["more"] = clusters["east"]!)],
    ["a certificate that it issues", ({ certificates }) => (certificates["west"] = issued)],
    ["the generation of keys that it asks for", (outputs) => (outputs.trust = trustOutputsOf("east", [], { generation: 2 }))],
    ["a request that it makes", ({ requests }) => (requests["east"] = [requestOf("east")])],
  ];
  for (const [what, change] of changes) {
    it(`changes with ${what}`, () => expect(isChangedBy(change)).to.equal(true));
  }

  it("changes with each part of what it issues that members install", () => {
    const read = (part: Partial<typeof issued>): string => readByPeers({ ...before, certificates: { west: { ...issued, ...part } } });
    for (const part of ["publicKey", "certChain", "rootCert"]) expect(read({ [part]: "another" }), part).not.to.equal(read({}));
  });

  it("changes with the newest request, and not with one that is no longer needed", () => {
    const read = (...generations: number[]): string => readByPeers({ ...before, requests: { east: generations.map((one) => requestOf("east", one)) } });
    expect(read(1, 2)).not.to.equal(read(1));
    expect(read(1, 2)).to.equal(read(2));
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
