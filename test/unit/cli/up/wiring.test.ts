import { expect } from "chai";
import { keepsFormerWay, missingPairs, readByPeers, waitingClusters } from "../../../../cli/up/wiring";
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
    ["a peer's token", ({ credentials }) => (credentials["east"]!.gateway!.tokens["west"] = "a-token")],
    ["the authority of a discovery proxy", ({ credentials }) => (credentials["east"]!.gateway!.caCertificate = "another ca")],
    ["the address of a gateway", ({ credentials }) => (credentials["east"]!.gateway!.server = "https://elsewhere:15443")],
    ["the way in which it is read", ({ clusters }) => (clusters["east"]!.through = "apiServer")],
    ["a cluster's name", ({ clusters }) => (clusters["east"]!.clusterName = "another-cluster")],
    ["a cluster's network", ({ clusters }) => (clusters["east"]!.network = "another-network")],
    ["Prometheus and Jaeger of a cluster", ({ clusters }) => (clusters["east"]!.observed = true)],
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
    ["what is kept for peers that have not followed", ({ credentials }) => Object.assign(credentials["east"]!, { caCertificate: "ca", token: "a-token" })],
    ["an administrator's kubeconfig", ({ kubeconfigs }) => (kubeconfigs["east"] = "another")],
  ];
  for (const [what, change] of others) {
    it(`does not change with ${what}`, () => expect(isChangedBy(change)).to.equal(false));
  }

  it("changes with its API server and the token for it, where peers read that", () => {
    const direct = (change: Partial<MeshOutputs["credentials"][string]> = {}, apiServer = "https://east:6443"): string =>
      readByPeers({
        ...before,
        clusters: { east: { ...before.clusters["east"]!, through: "apiServer", apiServer } },
        credentials: { east: { caCertificate: "ca", token: "a-token", ...change } },
      });
    for (const other of [direct({ token: "another-token" }), direct({ caCertificate: "another ca" }), direct({}, "https://elsewhere:6443")]) expect(other).not.to.equal(direct());
    expect(direct({ gateway: before.credentials["east"]!.gateway! })).to.equal(direct());
  });

  it("does not depend on the order of clusters", () => {
    const [one, other] = [outputsOf(["a", "b"], []), outputsOf(["b", "a"], [])];
    expect(readByPeers(one)).to.equal(readByPeers(other));
  });

  it("is nothing while the stack is not up", () => {
    expect(readByPeers(undefined)).to.equal("");
  });
});

describe("the way in which peers read a stack before a change", () => {
  const moved = (through: "gateway" | "apiServer", credential: MeshOutputs["credentials"][string]): MeshOutputs => {
    const outputs = outputsOf(["east"], []);
    return { ...outputs, clusters: { east: { ...outputs.clusters["east"]!, through } }, credentials: { east: credential } };
  };
  const { gateway } = outputsOf(["east"], []).credentials["east"]!;
  const direct = { caCertificate: "ca", token: "a-token" };

  it("is kept while the stack exports both", () => {
    expect([moved("gateway", { ...direct, gateway }), moved("apiServer", { ...direct, gateway })].map(keepsFormerWay)).to.deep.equal([true, true]);
  });

  it("ends once it exports only the new one", () => {
    expect([moved("gateway", { gateway }), moved("apiServer", direct)].map(keepsFormerWay)).to.deep.equal([false, false]);
  });
});
