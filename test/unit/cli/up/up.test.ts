import { expect } from "chai";
import * as fs from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import { parseSettings } from "../../../../settings/config";
import { kubeconfigFile } from "../../../../cli/lib/environment";
import { meshPaths } from "../../../../lib/paths";
import { joinKubeconfigs, removeKubeconfig, writeKubeconfig } from "../../../../cli/up/kubeconfig";
import { peerStack, upOrder, type StackModel } from "../../../../cli/up/order";
import { upLines, upReport } from "../../../../cli/up/report";
import { missingPairs, readByPeers } from "../../../../cli/up/wiring";
import { folderForEach } from "../support/folder";
import { kubeconfig, outputsOf } from "../support/outputs";

function stackModel(stack: string, settings: Record<string, unknown>): StackModel {
  const model = parseSettings(settings, { stack });
  return { stack, model, peers: model.peers };
}

const west = stackModel("west", { clusters: { west: {} }, peers: ["east"], trust: { members: ["west", "east"] } });
const east = stackModel("east", { clusters: { east: { addressIndex: 2 } }, peers: ["west"], trust: { authority: "west" } });

describe("bringing stacks up", () => {
  it("begins with the stack that signs, however they are named", () => {
    expect(upOrder([east, west]).map(({ stack }) => stack)).to.deep.equal(["west", "east"]);
    expect(upOrder([west, east]).map(({ stack }) => stack)).to.deep.equal(["west", "east"]);
  });

  it("knows which pairs a stack still has to wire", () => {
    const states = [
      { stack: "west", peers: ["east"], outputs: outputsOf(["west"], []) },
      { stack: "east", peers: ["west"], outputs: outputsOf(["east", "e2"], ["east->west", "east->e2"]) },
    ] as const;
    expect(missingPairs(states[0], states)).to.deep.equal(["west->east", "west->e2"]);
    expect(missingPairs(states[1], states)).to.deep.equal(["e2->east", "e2->west"]);
    expect(missingPairs({ ...states[0], outputs: undefined }, states)).to.deep.equal(["west"]);
    expect(missingPairs({ ...states[0], peers: [] }, states)).to.deep.equal([]);
  });

  it("knows what other stacks have to learn of a stack, and what is none of their business", () => {
    const east = outputsOf(["east"], []);
    const changed = (change: (outputs: typeof east) => void): boolean => {
      const copy = structuredClone(east);
      change(copy);
      return readByPeers(copy) !== readByPeers(east);
    };
    expect(readByPeers(undefined)).to.equal("");
    expect(changed(({ credentials }) => (credentials["east"]!.token = "another-token"))).to.equal(true);
    expect(changed(({ credentials }) => (credentials["east"]!.caCertificate = "another ca"))).to.equal(true);
    expect(changed(({ clusters }) => (clusters["east"]!.apiServer = "https://elsewhere:6443"))).to.equal(true);
    expect(changed(({ clusters }) => (clusters["more"] = clusters["east"]!))).to.equal(true);
    expect(changed(({ intermediates }) => (intermediates["west"] = { caCert: "c", caKey: "k", certChain: "c", rootCert: "r" }))).to.equal(true);
    expect(changed((outputs) => (outputs.pairs = ["east->west"]))).to.equal(false);
    expect(changed(({ clusters }) => (clusters["east"]!.ingressAddress = "10.0.0.1"))).to.equal(false);
    expect(changed(({ kubeconfigs }) => (kubeconfigs["east"] = "another"))).to.equal(false);
  });

  it("takes a peer's name alone or with organization and project", () => {
    expect(["east", "organization/usmesh/east", "organization/other/east"].map((peer) => peerStack(peer, "usmesh"))).to.deep.equal(["east", "east", undefined]);
  });
});

describe("the report of up", () => {
  const demo = stackModel("local", { clusters: { west: {}, east: {} }, demo: true });
  const outputs = outputsOf(["west", "east"], ["west->east", "east->west"]);

  it("shows every cluster's addresses, the pairs and a request to try", () => {
    const text = upLines([{ ...demo, outputs }]).join("\n");
    for (const part of ["ingress.west", "eastwest.east", "https://east:6443", "east->west, west->east"]) expect(text).to.contain(part);
    expect(text).to.match(/docker exec mypc curl .*webapp\.istioinaction\.io.* http:\/\/ingress\.west\//);
  });

  it("offers no request where there is no demo", () => {
    expect(upLines([{ ...west, outputs }]).join("\n")).not.to.contain("docker exec");
    expect(upReport([{ ...west, outputs }]).try).to.equal(undefined);
  });

  it("holds nothing secret", () => {
    const text = JSON.stringify(upReport([{ ...demo, outputs }])) + upLines([{ ...demo, outputs }]).join("\n");
    for (const secret of ["a-token", "kind-west"]) expect(text).not.to.contain(secret);
  });
});

describe("the kubeconfigs for work by hand", () => {
  const folder = folderForEach();

  it("hold the contexts of all of a stack's clusters", () => {
    const joined = parse(joinKubeconfigs([kubeconfig("west"), kubeconfig("east")])) as Record<string, unknown>;
    expect(joined).to.deep.include({ "current-context": "kind-west", contexts: [{ name: "kind-west" }, { name: "kind-east" }] });
  });

  it("are readable by their owner alone, and go when the stack goes", () => {
    const mesh = meshPaths(path.join(folder(), "home"));
    writeKubeconfig(mesh, "local", outputsOf(["west"], []));
    const file = kubeconfigFile(mesh, "local");
    expect(fs.statSync(file).mode & 0o777).to.equal(0o600);
    expect(fs.statSync(path.dirname(file)).mode & 0o777).to.equal(0o700);
    removeKubeconfig(mesh, "local");
    expect(fs.readdirSync(path.dirname(file))).to.deep.equal([]);
  });
});
