import { expect } from "chai";
import { judged, testCases } from "../support/cases";
import { revisionsCases } from "./cases/revisions";

describe("the checks of revisions", () => {
  testCases(revisionsCases);

  it("say which revision runs in which version, and which one the tag leads to", async () => {
    const findings = await judged((mesh) =>
      mesh.revisions({
        istiods: [{ revision: "blue", version: "1.31.5", ready: 2, total: 2 }, { revision: "default", ready: 1, total: 2 }],
        injectors: [{ name: "istio-revision-tag-default", revision: "blue", tag: "default" }],
      }),
    );
    const seen = findings.find(({ check, cluster }) => check === "proxies.revisions" && cluster === "west")?.seen;
    expect(seen).to.equal("blue 1.31.5, 2 of 2 ready, tag default, default of unknown version, 1 of 2 ready");
  });

  it("name ten pods that were not restarted, and count the rest", async () => {
    const proxies = Array.from({ length: 12 }, (_, index) => ({ id: `web.${index}.shop`, revision: "default", next: "blue" }));
    const [finding] = (await judged((mesh) => mesh.revisions({ proxies }))).filter(({ check, status }) => check === "proxies.restarted" && status === "warn");
    expect(finding?.seen).to.match(/^web\.0\.shop \(default, would be blue\), .*web\.9\.shop \(default, would be blue\), and 2 more$/);
    expect(finding?.remedy).to.match(/-n shop rollout restart deployment$/);
  });
});
