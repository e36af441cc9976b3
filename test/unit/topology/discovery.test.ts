import { expect } from "chai";
import { accountName, discoveryHost, gatewayUrl, isDiscoveryHost, tokenName } from "../../../topology/discovery";
import { dnsLabel } from "../../../settings/formats";

describe("the names of discovery", () => {
  it("tell a cluster's proxy by its key", () => {
    expect(discoveryHost("east")).to.equal("east.discovery.usmesh.internal");
    expect([discoveryHost("east"), "kubernetes.default.svc", undefined].map(isDiscoveryHost)).to.deep.equal([true, false, false]);
  });

  for (const [address, url] of [
    ["172.18.255.202", "https://172.18.255.202:15443"],
    ["lb.example.com", "https://lb.example.com:15443"],
    ["fd00::2", "https://[fd00::2]:15443"],
  ] as const) {
    it(`lead to a gateway at ${address} by ${url}`, () => expect(gatewayUrl(address)).to.equal(url));
  }

  it("give a cluster and a stack of the same name different accounts", () => {
    expect([accountName({ kind: "cluster", name: "east" }), accountName({ kind: "stack", name: "east" })]).to.deep.equal(["cluster-east", "stack-east"]);
  });

  it("give every stack an account of its own that Kubernetes accepts, whatever its name", () => {
    const names = ["east", "East", "ea_st", "ea.st", "ea-st", "acme/usmesh/east", "acme/other/east", "e".repeat(100), "e".repeat(101), "east-"];
    const accounts = names.map((name) => accountName({ kind: "stack", name }));
    expect(new Set(accounts).size).to.equal(names.length);
    for (const [index, account] of accounts.entries()) {
      expect(dnsLabel()(account), account).to.equal(undefined);
      expect(dnsLabel()(tokenName({ kind: "stack", name: names[index]! }, 1000)), account).to.equal(undefined);
    }
  });

  it("stay as they are from one version to the next: a peer reads with the account that it was given", () => {
    const account = (name: string): string => accountName({ kind: "stack", name });
    expect(account("acme/usmesh/East")).to.equal("stack-acme-usmesh-east-caf4e7cb");
    expect([account("ea__st"), account("east--")]).to.deep.equal(["stack-ea-st-7baf0086", "stack-east-8c80a5bc"]);
    expect([account("e".repeat(44)), account("e".repeat(45))]).to.deep.equal([`stack-${"e".repeat(44)}`, `stack-${"e".repeat(35)}-7bed90c2`]);
    expect(tokenName({ kind: "cluster", name: "east" }, 3)).to.equal("cluster-east-3");
  });
});
