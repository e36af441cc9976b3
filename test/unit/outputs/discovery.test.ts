import { expect } from "chai";
import type { MeshOutputs } from "../../../outputs/contract";
import { accessFrom, openWays, wayOf } from "../../../outputs/discovery";
import { outputsOf } from "../cli/support/outputs";

const READER = { name: "west", fullName: "acme/usmesh/west" };
const GATEWAY = { server: "https://192.0.2.1:15443", serverName: "east.discovery.usmesh.internal", caCertificate: "authority", tokens: { west: "token of west", north: "token of north" } };

/** What stack east exports. */
function east(through: "gateway" | "apiServer" | undefined, credentials: MeshOutputs["credentials"][string]): MeshOutputs {
  const outputs = outputsOf(["east"], []);
  return { ...outputs, clusters: { east: { ...outputs.clusters["east"]!, through } }, credentials: { east: credentials } };
}

describe("how a stack reads a peer's cluster", () => {
  it("is through the gateway with the stack's own token, where the peer wants that", () => {
    expect(accessFrom(east("gateway", { gateway: GATEWAY }), "east", READER)).to.deep.equal({
      access: { clusterName: "east-cluster", apiServer: "https://192.0.2.1:15443", serverName: "east.discovery.usmesh.internal", caCertificate: "authority", token: "token of west" },
    });
  });

  it("is at the API server where the peer wants that, also while both ways work", () => {
    const access = { clusterName: "east-cluster", apiServer: "https://east:6443", caCertificate: "ca", token: "a-token" };
    for (const through of ["apiServer", undefined] as const) {
      expect(accessFrom(east(through, { caCertificate: "ca", token: "a-token", gateway: GATEWAY }), "east", READER)).to.deep.equal({ access });
    }
  });

  it("takes the token for its full name before that for a stack of the same name in another project", () => {
    const tokens = { west: "another's", "acme/usmesh/west": "own" };
    expect(accessFrom(east("gateway", { gateway: { ...GATEWAY, tokens } }), "east", READER)).to.have.nested.property("access.token", "own");
  });

  it("is a problem that says what to do, where the peer does not know the stack", () => {
    expect(accessFrom(east("gateway", { gateway: GATEWAY }), "east", { name: "south", fullName: "acme/usmesh/south" })).to.deep.equal({
      section: "account-missing",
      problem: "it has no account for stack south: add south to its usmesh:peers and bring it up again",
    });
  });

  for (const [what, outputs] of [
    ["no token for its API server", east("apiServer", { gateway: GATEWAY })],
    ["nothing for its gateway", east("gateway", { caCertificate: "ca", token: "a-token" })],
    ["half of what its API server asks for", east("apiServer", { caCertificate: "ca" })],
    ["the other half of that", east("apiServer", { token: "a-token" })],
    ["no credentials at all", { ...east("gateway", {}), credentials: {} }],
    ["credentials of a cluster that is not up", { ...east("gateway", { gateway: GATEWAY }), clusters: {} }],
  ] as const) {
    it(`is a problem where the peer exports ${what}`, () => {
      expect(accessFrom(outputs, "east", READER)).to.deep.equal({ section: "credentials-missing", problem: "it has no credentials for its cluster east; bring it up again" });
    });
  }

  it("is the only way that the version knew which exported none", () => {
    expect(wayOf(east(undefined, {}), "east")).to.equal("apiServer");
    expect(wayOf({ clusters: {} }, "east"), "a cluster that is not up").to.equal("apiServer");
  });
});

describe("the ways in which a cluster can be read", () => {
  const read = (pairs: string[], through?: Record<string, "gateway" | "apiServer">): Pick<MeshOutputs, "pairs" | "peering"> => ({
    pairs,
    peering: { generation: 1, reads: {}, ...(through ? { through } : {}) },
  });
  const of = (through: "gateway" | "apiServer", ...peers: Pick<MeshOutputs, "pairs" | "peering">[]) => openWays([{ key: "west", through }], peers)["west"];

  it("are the one that is wanted, where no peer reads it", () => {
    expect(of("gateway")).to.deep.equal({ gateway: true, apiServer: false });
    expect(of("apiServer", read(["east->north"], { north: "gateway" }))).to.deep.equal({ gateway: false, apiServer: true });
  });

  it("are both until every peer has switched, in either direction", () => {
    const [behind, followed] = [read(["east->west"], { west: "apiServer" }), read(["north->west"], { west: "gateway" })];
    expect(of("gateway", behind, followed)).to.deep.equal({ gateway: true, apiServer: true });
    expect(of("apiServer", behind, followed)).to.deep.equal({ gateway: true, apiServer: true });
    expect(of("gateway", followed)).to.deep.equal({ gateway: true, apiServer: false });
    expect(of("apiServer", behind)).to.deep.equal({ gateway: false, apiServer: true });
    expect(of("gateway", read(["east->north", "east->west"], { west: "apiServer" })), "among other pairs").to.deep.equal({ gateway: true, apiServer: true });
  });

  it("are both while a peer of a version reads it that knew only the API server", () => {
    expect(of("gateway", read(["east->west"]))).to.deep.equal({ gateway: true, apiServer: true });
    expect(of("gateway", { pairs: ["east->west"] })).to.deep.equal({ gateway: true, apiServer: true });
  });

  it("are told for each cluster by itself", () => {
    const ways = openWays([{ key: "west", through: "gateway" }, { key: "east", through: "apiServer" }], [read(["north->east"], { east: "apiServer" })]);
    expect(ways).to.deep.equal({ west: { gateway: true, apiServer: false }, east: { gateway: false, apiServer: true } });
  });
});
