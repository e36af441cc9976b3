import { expect } from "chai";
import { existing, itRefuses, problemsOf, two } from "../support/refusals";

const withDemo = (settings: object) => ({ clusters: two, demo: true, ...settings });

describe("the check of the demo", () => {
  itRefuses([
    ["one cluster", { clusters: { west: {} }, demo: true }, "usmesh:demoClusters.catalog", /needs two clusters, and this stack has 1/],
    ["a cluster that does not exist", withDemo({ demoClusters: { webapp: "wets" } }), "usmesh:demoClusters.webapp", /no cluster "wets"\. Did you mean "west"\?/],
    ["a cluster that does not exist and resembles none", withDemo({ demoClusters: { catalog: "tokyo" } }), "usmesh:demoClusters.catalog", /no cluster "tokyo"\. The clusters are: west, east\.$/],
    ["webapp and catalog in one cluster", withDemo({ demoClusters: { webapp: "east", catalog: "east" } }), "usmesh:demoClusters.catalog", /no request would go from one cluster to another; .*such as "west"/],
    ["no ingress gateway", withDemo({ ingress: false }), "usmesh:ingress", /the demo is behind the ingress gateway; set it to true, or set `demo: false`/],
    ["a client without a Docker network", { clusters: { west: existing }, client: { enabled: true } }, "usmesh:client.enabled", /no kind cluster; set it to false/],
    ["a client with a node's name", withDemo({ client: { name: "west-control-plane" } }), "usmesh:client.name", /container of the node of cluster west/],
    ["a client with the name of a node that is named by hand", withDemo({ clusters: { west: { kindName: "w" }, east: {} }, client: { name: "w-control-plane" } }), "usmesh:client.name", /node of cluster west/],
  ]);

  it("accepts clusters for which the stack signs, and any cluster when another stack is the authority", () => {
    const demoClusters = { webapp: "west", catalog: "north" };
    expect(problemsOf(withDemo({ peers: ["north"], demoClusters }))).to.deep.equal([]);
    expect(problemsOf(withDemo({ peers: ["hub"], trust: { authority: "hub" }, demoClusters }))).to.deep.equal([]);
  });

  it("checks nothing while the demo is off", () => {
    expect(problemsOf({ clusters: two, demoClusters: { webapp: "tokyo" }, client: { name: "west-control-plane" } })).to.deep.equal([]);
  });
});
