import { expect } from "chai";
import { parseSettings } from "../../../settings/config";
import { existing, problemsOf, refusalOf, two } from "./support/refusals";

describe("settings that are parsed", () => {
  it("are refused with all problems at once, in one message", () => {
    const message = refusalOf({
      clusters: { west: { podSubnet: "10.10.0.0", network: "n" }, East: { network: "n", addressIndex: 2 } },
      trust: { signer: "2" },
      prfile: "demo",
    })!.message;
    expect(message).to.match(/^5 settings are wrong in stack local; nothing was changed\.\n/);
    expect(message.split("\n").slice(1)).to.have.length(5);
    for (const path of ["clusters.west.podSubnet", "clusters.East:", "clusters.west.network", "trust.signer", "prfile"]) {
      expect(message).to.contain(`usmesh:${path}`);
    }
  });

  it("are refused without what only follows from another problem", () => {
    // Read as if it were not set, the driver would be kind, and the kubeconfig wrong.
    expect(problemsOf({ clusters: { west: { ...existing, driver: "exsting" } } })).to.have.length(1);
    // Without its second cluster the demo would lack one.
    expect(problemsOf({ clusters: { west: {}, east: 5 }, demo: true })).to.have.length(1);
  });

  it("take a cluster with nothing after its key as one with every default", () => {
    const parse = (clusters: unknown) => parseSettings({ clusters }, { stack: "local" });
    expect(parse({ west: null, east: null })).to.deep.equal(parse(two));
  });

  it("belong to the project usmesh, and every file exists, unless the context says otherwise", () => {
    const settings = { clusters: { west: {} }, peers: ["organization/usmesh/west"] };
    expect(() => parseSettings(settings, { stack: "west" })).to.throw(/this stack itself/);
    expect(() => parseSettings(settings, { stack: "west", project: "other" })).not.to.throw();
    const charts = { clusters: { west: {} }, istio: { charts: "charts" } };
    expect(() => parseSettings(charts, { stack: "west" })).not.to.throw();
    expect(() => parseSettings(charts, { stack: "west", exists: () => false })).to.throw(/no folder "charts"/);
  });
});
