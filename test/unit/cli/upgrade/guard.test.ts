import { expect } from "chai";
import { refuseSameCharts } from "../../../../cli/upgrade/guard";
import type { Wanted } from "../../../../cli/upgrade/next";
import { MeshError } from "../../../../lib/errors";
import { parseSettings } from "../../../../settings/config";

describe("charts in a folder, of which there is one version", () => {
  const upgrade = (charts: string | undefined, to: Wanted, from = "1.31.3"): void => {
    const [west] = parseSettings({ clusters: { west: {} }, istio: { version: "1.31.3", ...(charts === undefined ? {} : { charts }) } }, { stack: "west" }).clusters;
    refuseSameCharts("west", { set: "upgrade", to, from: { version: from }, revision: "blue" }, west!);
  };

  it("are refused for two versions, also where the folder is named again", () => {
    for (const to of [{ version: "1.31.4" }, { version: "1.31.4", charts: "charts" }]) {
      expect(() => upgrade("charts", to)).to.throw(MeshError, "cluster west: Istio 1.31.3 and 1.31.4 would both have the charts in charts; nothing was changed").with.property("section", "upgrade-charts-folder");
    }
  });

  it("are accepted for the same version, from another folder, and from a repository", () => {
    upgrade("charts", { version: "1.31.3" });
    upgrade("charts", { version: "1.31.4", charts: "newer" });
    upgrade(undefined, { version: "1.31.4" });
  });
});
