import { expect } from "chai";
import { judged, testCases } from "../support/cases";
import { discoveryProxyCases } from "./cases/discovery-proxy";

describe("verify's checks of the discovery proxy", () => {
  testCases(discoveryProxyCases);

  it("say how fast a peer is read through its gateway, and that its API server is needlessly reachable", async () => {
    const seen = async (accepted: boolean): Promise<string | undefined> => {
      const findings = await judged((m) => m.through({ latencyMs: 3.2, apiServer: { ok: true, value: { accepted } } }));
      return findings.find(({ check, cluster }) => check === "discovery.server" && cluster === "west")?.seen;
    };
    expect(await seen(false)).to.match(/a list in 4 ms$/);
    expect(await seen(true)).to.contain("the API server itself is reachable as well, which no peer needs");
  });

  it("name the replicas that are missing and how to start them", async () => {
    const findings = await judged((m) => (m.east.discovery = { ok: true, value: { wanted: 0, ready: 0, hosts: [] } }));
    expect(findings.find(({ check }) => check === "discovery.proxy")?.remedy).to.equal(undefined);
    expect(findings.find(({ check, cluster }) => check === "discovery.proxy" && cluster === "east")?.remedy).to.contain("-n usmesh-discovery scale deployment discovery-proxy --replicas=1");
  });
});
