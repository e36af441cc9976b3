import { expect } from "chai";
import { parseSettings } from "../../../settings/config";
import { addressProblems, lostClusters, unfinishedPeers, unknownPeers } from "../../../program/members";
import type { Peer } from "../../../outputs/peers";
import type { MeshError } from "../../../lib/errors";
import { outputsOf } from "../cli/support/outputs";

const at = (server: string): string =>
  JSON.stringify({
    "current-context": "a",
    contexts: [{ name: "a", context: { cluster: "a", user: "a" } }],
    clusters: [{ name: "a", cluster: { server } }],
    users: [{ name: "a", user: {} }],
  });
const settings = (servers: Record<string, string | undefined>, peers: string[] = []) => {
  const cluster = (key: string, apiServer?: string) => ({ driver: "existing", kubeconfig: `${key}.yaml`, context: key, ...(apiServer === undefined ? {} : { apiServer }) });
  const clusters = Object.fromEntries(Object.entries(servers).map(([key, apiServer]) => [key, cluster(key, apiServer)]));
  return { clusters, peers, peering: { through: "apiServer" } };
};
const model = (...described: Parameters<typeof settings>) => parseSettings(settings(...described), { stack: "local" });
const said = (problems: readonly MeshError[]): string[] => problems.map(({ section, message }) => `${section}: ${message}`);
const up = (stack: string, ...keys: string[]): Peer => ({ state: "up", stack, outputs: outputsOf(keys, []) });

describe("the API servers of existing clusters", () => {
  it("must not be loopback addresses where another cluster has to reach them", () => {
    const problems = addressProblems(model({ west: undefined, east: undefined }), { west: at("https://127.0.0.1:6443"), east: at("https://east:6443") }, {}, []);
    expect(problems).to.have.length(1);
    expect(problems[0]?.message).to.match(/^usmesh:clusters\.west\.apiServer: the context's server is https:\/\/127\.0\.0\.1:6443, .*such as https:\/\/203\.0\.113\.7:6443/);
    expect(addressProblems(model({ west: undefined }, ["east"]), { west: at("https://localhost:6443") }, {}, [])).to.have.length(1);
  });

  it("may be loopback addresses of the only cluster, or where the settings name another", () => {
    expect(addressProblems(model({ west: undefined }), { west: at("https://127.0.0.1:6443") }, {}, [])).to.deep.equal([]);
    expect(addressProblems(model({ west: "https://west:6443" }, ["east"]), { west: at("https://127.0.0.1:6443") }, {}, [])).to.deep.equal([]);
  });

  it("may be loopback addresses, and alike, where clusters are read through their gateways and their UIDs tell them apart", () => {
    const servers = { west: at("https://127.0.0.1:6443"), east: at("https://127.0.0.1:6443") };
    const through = parseSettings({ ...settings({ west: undefined, east: undefined }), peering: { through: "gateway" } }, { stack: "local" });
    expect(addressProblems(through, servers, { west: "u", east: "v" }, [])).to.deep.equal([]);
    const shown = parseSettings({ ...settings({ west: undefined, east: undefined }), peering: { through: "gateway" }, observability: { enabled: true, kiali: { enabled: true } } }, { stack: "local" });
    expect(said(addressProblems(shown, servers, { west: "u", east: "v" }, [])).map((line) => line.slice(0, 19)), "Kiali reads them at their API servers").to.deep.equal(["api-server-loopback", "api-server-loopback"]);
    expect(said(addressProblems(through, servers, { west: "u", east: "u" }, []))[0]).to.match(/^cluster-twice: /);
    expect(said(addressProblems(through, servers, { west: "u" }, []))[0], "one did not say").to.match(/^cluster-twice: /);
  });

  it("must not be the same for two clusters, of this stack or of a peer", () => {
    const same = addressProblems(model({ west: undefined, east: undefined }), { west: at("https://API:6443"), east: at("https://api:6443/") }, {}, []);
    expect(said(same)).to.deep.equal([
      "cluster-twice: usmesh:clusters.west: it has the API server https://API:6443, as has east of this stack; a cluster cannot be in the mesh twice: remove one of the two, or correct its context",
    ]);
    expect(addressProblems(model({ north: undefined }, ["west"]), { north: at("https://west:6443") }, {}, [up("west", "west")]).join()).to.match(/usmesh:clusters\.north: .*as has west of stack west/);
  });

  it("must not lead to one cluster, whatever their addresses", () => {
    const servers = { west: at("https://a:6443"), east: at("https://b:6443") };
    expect(addressProblems(model({ west: undefined, east: undefined }), servers, { west: "u", east: "u" }, []).join()).to.match(/it is the same cluster as east of this stack/);
    expect(addressProblems(model({ west: undefined, east: undefined }), servers, { west: "u", east: "v" }, [])).to.deep.equal([]);
    const peer = up("south", "south");
    if (peer.state === "up") peer.outputs.clusters["south"]!.uid = "u";
    expect(addressProblems(model({ west: undefined }, ["south"]), { west: at("https://a:6443") }, { west: "u" }, [peer]).join()).to.match(/it is the same cluster as south of stack south/);
    expect(addressProblems(model({ west: undefined }, ["south"]), { west: at("https://a:6443") }, {}, [up("south", "south")]), "clusters that did not say").to.deep.equal([]);
  });
});

describe("a peer that is not up", () => {
  const peers = ["east", "nroth", "acme/mesh/far"];

  it("is a mistake when nobody knows it, unless it is named in full", () => {
    expect(said(unknownPeers({ peers }, ["nroth", "acme/mesh/far"], ["east", "north", "west"]))).to.deep.equal([
      'peer-unknown: usmesh:peers[1]: the backend has no stack "nroth", and there is no file Pulumi.nroth.yaml. Did you mean "north"? A stack whose file is elsewhere is named in full until it is up: organization/project/stack',
    ]);
    expect(unknownPeers({ peers }, ["east"], ["east"])).to.deep.equal([]);
    expect(unknownPeers({ peers: ["far"] }, ["far"], []).join()).to.contain("Remove it, or create its file.");
  });

  it("ends the run when it has not ended its own, and clusters would be unwired", () => {
    expect(said(unfinishedPeers({ peers }, ["east"], ["e1", "e2"]))).to.deep.equal([
      "peer-unfinished: usmesh:peers[0]: stack east has resources and exports nothing, so its up or its destroy has not ended, and e1, e2 would be unwired; nothing was changed. " +
        "Bring it up: pulumi up -s east. If it is to go, let its destroy end first, or remove it from usmesh:peers",
    ]);
    expect(unfinishedPeers({ peers }, ["east"], [])).to.deep.equal([]);
    expect(unfinishedPeers({ peers }, [], ["e1"])).to.deep.equal([]);
  });
});

describe("the clusters that would be unwired", () => {
  it("are those of other stacks that no peer has now", () => {
    const pairs = ["west->east", "west->north", "east->west", "west->gone", "east->gone"];
    const peers: Peer[] = [up("north", "north"), { state: "not-up", stack: "gone" }];
    expect(lostClusters(model({ west: undefined, east: undefined }), pairs, peers)).to.deep.equal(["gone"]);
    expect(lostClusters(model({ west: undefined }), [], [])).to.deep.equal([]);
  });
});
