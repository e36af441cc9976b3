import { expect } from "chai";
import * as fs from "node:fs";
import * as path from "node:path";
import { CHECK_IDS } from "../../../../../cli/verify/checks/index";
import { CATEGORIES, CHECKS_DOCUMENT, exitCode, type Finding } from "../../../../../cli/verify/finding";
import { judged, type Mesh, problems, textOf } from "../support/cases";
import { clustersCases } from "./cases/clusters";
import { discoveryCases } from "./cases/discovery";
import { discoveryProxyCases } from "./cases/discovery-proxy";
import { failoverCases } from "./cases/failover";
import { gatewaysCases } from "./cases/gateways";
import { identityCases } from "./cases/identity";
import { endpointsCases, logsCases, observabilityCases, proxiesCases, trafficCases } from "./cases/others";
import { policiesCases } from "./cases/policies";
import { revisionsCases } from "./cases/revisions";
import { trustCases } from "./cases/trust";

const ALL = [
  clustersCases,
  trustCases,
  identityCases,
  policiesCases,
  discoveryCases,
  discoveryProxyCases,
  gatewaysCases,
  endpointsCases,
  failoverCases,
  trafficCases,
  revisionsCases,
  proxiesCases,
  observabilityCases,
  logsCases,
].flat();

const unread = (mesh: Mesh): void => mesh.cluster({ api: { ok: false, error: "connect ECONNREFUSED" }, unread: "connect ECONNREFUSED", state: undefined });
const forbidden = (mesh: Mesh): void => mesh.cluster({ unread: "nodes is forbidden", state: undefined });
const withStatus = (findings: readonly Finding[], status: Finding["status"]): string[] => findings.filter((f) => f.status === status).map((f) => f.check);

describe("verify's judgment", () => {
  it("finds nothing wrong or unknown in a healthy mesh, and says what it saw", async () => {
    const findings = await judged(() => undefined);
    expect(problems(findings)).to.deep.equal([]);
    expect(withStatus(findings, "skip")).to.deep.equal(["endpoints.via-gateways"]);
    expect(new Set(withStatus(findings, "pass"))).to.deep.equal(new Set(CHECK_IDS));
    expect(findings.every((f) => f.seen.length > 0)).to.equal(true);
    const subject = ({ cluster = "mesh", peer }: Finding): string => (peer === undefined ? cluster : `${cluster}→${peer}`);
    const subjects = CHECK_IDS.map((id) => [...new Set(findings.filter(({ check }) => check === id).map(subject))].join(" "));
    // An endpoint is found wrong for the pair, and the absence of any for the cluster.
    expect(new Set(subjects)).to.deep.equal(new Set(["mesh", "west east", "west→east east→west", "west→east east"]));
    for (const line of [
      /^pass clusters\.versions mesh: west v1\.34\.4, east v1\.34\.4$/m,
      /^pass clusters\.labels west: westus\/0$/m,
      /^pass trust\.chain west: west ← root [0-9a-f]{8}$/m,
      /^pass trust\.expiry east: east ends in 365 days$/m,
      /^pass trust\.signing west: istio-eastwestgateway-1\.istio-system was issued by west$/m,
      /^pass identity\.cluster-names mesh: west is west-cluster, east is east-cluster$/m,
      /^pass discovery\.server west→east: https:\/\/172\.18\.255\.202:15443 answers for east\.discovery\.usmesh\.internal, a list in 2 ms$/m,
      /^pass discovery\.synced west→east: synced$/m,
      /^pass endpoints\.via-gateways west→east: catalog\.istioinaction at 172\.18\.255\.202:15443$/m,
      /^pass traffic\.request west→east: 200 in 3 ms$/m,
      /^pass gateways\.present west: istio-system\/istio-eastwestgateway for west-network$/m,
      /^pass gateways\.passthrough west: istio-system\/cross-network-gateway: AUTO_PASSTHROUGH for \*\.local$/m,
    ]) expect(textOf(findings)).to.match(line);
  });

  it("holds the categories asked for and no other", async () => {
    const findings = await judged(() => undefined, ["trust", "logs"]);
    expect(new Set(findings.map((f) => f.category))).to.deep.equal(new Set(["trust", "logs"]));
  });

  it("has every check in a known category", () => {
    for (const id of CHECK_IDS) expect(CATEGORIES).to.include(id.split(".")[0]);
  });

  it("is tested for each check with something wrong", () => {
    const wrong = new Set(ALL.flatMap(({ found }) => found).filter((name) => !name.startsWith("unknown")).map((name) => name.split(" ")[1]));
    // With an API server that is down, below.
    expect(CHECK_IDS.filter((id) => !wrong.has(id))).to.deep.equal(["clusters.api"]);
  });

  describe("of a mesh with a cluster whose API server does not answer", () => {
    it("finds that wrong once, and calls every other check of the cluster and its pairs unknown", async () => {
      const findings = await judged(unread);
      expect(withStatus(findings, "fail")).to.deep.equal(["clusters.api"]);
      expect(new Set(withStatus(findings, "unknown"))).to.deep.equal(new Set(CHECK_IDS.filter((id) => id !== "clusters.api")));
      expect(findings.filter((f) => f.cluster === "west" && f.status !== "unknown").map((f) => f.check)).to.deep.equal(["clusters.api"]);
      expect(findings.filter((f) => f.check === "discovery.synced").map((f) => [f.cluster, f.peer, f.status])).to.deep.equal([["west", "east", "unknown"], ["east", "west", "unknown"]]);
      expect(findings.find((f) => f.check === "trust.key" && f.cluster === "west")?.seen).to.contain("connect ECONNREFUSED");
    });

    it("judges the other cluster by itself", async () => {
      const findings = await judged(unread);
      expect(findings.find((f) => f.check === "trust.chain" && f.cluster === "east")?.status).to.equal("pass");
    });

    for (const category of CATEGORIES) {
      it(`does not pass when ${category} alone is asked for`, async () => {
        expect(exitCode(await judged(unread, [category]))).to.equal(1);
      });
    }

    it("says nothing about traffic that nobody asked for", async () => {
      const findings = await judged((mesh) => (unread(mesh), mesh.noTraffic()));
      expect(findings.filter((f) => f.category === "traffic")).to.deep.equal([]);
    });

    it("finds what is wrong among the others all the same", async () => {
      const findings = await judged((mesh) => {
        unread(mesh);
        const [, east] = mesh.facts.clusters;
        mesh.facts.clusters = [...mesh.facts.clusters, { ...east!, key: "north" }];
      });
      const names = findings.filter((f) => f.check === "identity.cluster-names");
      expect(names.map((f) => [f.status, f.seen])).to.deep.equal([["fail", "cluster name east-cluster in east and north"]]);
    });

    it("does not take the other's Secret for this cluster for one of a cluster that left", async () => {
      const orphans = (await judged(unread)).filter((f) => f.check === "discovery.orphans" && f.cluster === "east");
      expect(orphans.map((f) => f.status)).to.deep.equal(["unknown"]);
      expect(orphans[0]?.seen).to.match(/istio-remote-secrets has the key west-cluster, which may be the name of west,/);
    });
  });

  it("of a cluster that may not be read: passes its API server, and calls all else unknown", async () => {
    const findings = await judged(forbidden);
    expect(withStatus(findings, "fail")).to.deep.equal([]);
    expect(findings.filter((f) => f.check === "clusters.api").map((f) => f.status)).to.deep.equal(["pass", "pass"]);
    expect(new Set(withStatus(findings, "unknown"))).to.deep.equal(new Set(CHECK_IDS.filter((id) => id !== "clusters.api")));
    expect(exitCode(findings)).to.equal(1);
  });
});

describe("the document of the checks", () => {
  const text = fs.readFileSync(path.join(__dirname, "../../../../..", CHECKS_DOCUMENT), "utf8");
  const sections = text.split(/^<a id="/m).slice(1).map((section) => ({ anchor: section.slice(0, section.indexOf('"')), section }));
  const checks = sections.filter(({ anchor }) => anchor.includes("."));

  it("has one section for each check, in the order of the report, and no other", () => {
    expect(checks.map(({ anchor }) => anchor)).to.deep.equal(CHECK_IDS);
    expect([...text.matchAll(/^#{2,3} `?([a-z]+\.[a-z-]+)`?$/gm)].map(([, name]) => name)).to.deep.equal(CHECK_IDS);
  });

  it("says in each section what is looked at, what a failure means, its usual causes and how to fix it", () => {
    for (const { anchor, section } of checks) {
      for (const part of ["**Looks at**", "**A failure means**", "**Usual causes**", "**Fix**"]) expect(section, anchor).to.contain(part);
    }
  });

  it("has the anchors that findings name", async () => {
    for (const { check, docs } of await judged(() => undefined)) expect(docs).to.equal(`${CHECKS_DOCUMENT}#${check}`);
    expect(sections.map(({ anchor }) => anchor)).to.include("unknown");
  });
});
