import { expect } from "chai";
import fc from "fast-check";
import { rendered } from "../../../../cli/topology/run";
import { FORMATS } from "../../../../cli/topology/format";
import { topologySchema } from "../../../../cli/topology/schema";
import { escaped } from "../../../../cli/topology/svg";
import { anyTopology, refused, topology } from "./support/topologies";
import { isWellFormed } from "../../support/xml";

const once = { width: 800, watch: false } as const;
const text = (mesh = topology(["west", "east"])): string => rendered(mesh, { ...once, format: "text" }, false);

describe("the mesh as text", () => {
  it("has clusters, pairs, and the verdict", () => {
    expect(text()).to.match(/^mesh usmesh, 2 clusters, trust domain cluster.local, 2026-01-02 03:04:05 UTC$/m);
    expect(text()).to.match(/^✓ west\n {4}name {5}west-cluster\n {4}network {2}west-network\n {4}API {6}127\.0\.0\.1:34567, v1\.34\.4$/m);
    const gateways = ["gateway  172.18.255.102:15443", "         istio-eastwestgateway", "entry    172.18.255.101", "         istio-ingressgateway"];
    expect(text()).to.contain(["trust    root 1a2b3c4d", "         CA until 2027-02-23", ...gateways].map((line) => `    ${line}\n`).join(""));
    expect(text()).to.contain("✓ west → east  reads, 2.3 requests/s\n✓ east → west  reads, 2.3 requests/s");
    expect(text()).to.match(/✓ every check passes; no requests were sent for it\n$/);
  });

  it("has what is wrong, why, and what to do", () => {
    const mesh = topology(["west", "east"], { findings: [refused], condition: "fail" });
    mesh.links[0] = { from: "west", to: "east", reads: "absent", condition: "fail" };
    expect(text(mesh)).to.contain("✗ west → east  does not read\n").and.contain("  ✗ west → east  discovery.token: Unauthorized\n      why    the peer's API server refuses").and.match(/✗ checks: 1 failed\n$/);
  });

  it("says what is not known", () => {
    const mesh = topology(["west"]);
    mesh.clusters = [{ ...mesh.clusters[0]!, unread: "no answer within 5 s", condition: "fail" }];
    expect(text(mesh)).to.contain("✗ west\n    API      127.0.0.1:34567, v1.34.4\n    unread   no answer within 5 s\n");
    const silent = topology(["west"]);
    delete silent.clusters[0]!.requestsPerSecond;
    expect(text(silent)).to.contain("inside   no statistics");
    silent.clusters[0] = { ...silent.clusters[0]!, requestsPerSecond: 12.3, proxies: { answered: 1, total: 3 } };
    expect(text(silent)).to.contain("inside   12 requests/s, 1 of 3 proxies");
  });
});

describe("the mesh as an SVG and as a page", () => {
  it("are well formed, whatever names and messages hold", () => {
    fc.assert(
      fc.property(anyTopology(4), (mesh) => {
        expect(isWellFormed(rendered(mesh, { ...once, format: "svg" }, false))).to.equal(true);
        const page = rendered(mesh, { ...once, format: "html" }, false);
        for (const svg of page.match(/<svg[^]*?<\/svg>/g) ?? []) expect(isWellFormed(svg)).to.equal(true);
      }),
      { numRuns: 30 },
    );
    expect(isWellFormed("<a><b></a></b>")).to.equal(false);
    expect(escaped('<script>"&\u0007')).to.equal("&lt;script&gt;&quot;&amp;");
  });

  it("need nothing else: no script, no style sheet, no image, no address", () => {
    for (const format of ["svg", "html"] as const) {
      const made = rendered(topology(["west", "east"], { findings: [refused], condition: "fail" }), { ...once, format }, false);
      expect(made.replace('xmlns="http://www.w3.org/2000/svg"', "").replaceAll('xmlns="http://www.w3.org/2000/svg"', "")).not.to.match(/<script|<link|<img|<image|@import|url\(|https?:\/\//);
    }
  });

  it("are as wide as they were told; a page has a picture for each width of a window, of which one is shown", () => {
    expect(rendered(topology(["west"]), { ...once, width: 1234, format: "svg" }, false)).to.contain('width="1234"');
    const page = rendered(topology(["west"]), { ...once, format: "html" }, false);
    expect([...page.matchAll(/<div class="w w(\d+)">/g)].map(([, width]) => width)).to.deep.equal(["360", "760", "1160", "1560"]);
    const rules = [...page.matchAll(/@media ([^{]+) \{ \.w(\d+) \{ display: block \} \}/g)].map(([, when = "", width]) => ({ from: Number(/min-width: ([\d.]+)/.exec(when)?.[1] ?? 0), to: Number(/max-width: ([\d.]+)/.exec(when)?.[1] ?? Infinity), width }));
    for (const window of [320, 800, 1183, 1184, 1600, 3000]) expect(rules.filter(({ from, to }) => from <= window && window <= to), String(window)).to.have.length(1);
    expect(rules.find(({ from, to }) => from <= 800 && 800 <= to)?.width).to.equal("760");
    expect(rules.find(({ from, to }) => from <= 1600 && 1600 <= to)?.width).to.equal("1560");
  });

  it("load themselves again only while they are renewed", () => {
    expect(rendered(topology(["west"]), { ...once, format: "html" }, false)).not.to.contain("refresh");
    expect(rendered(topology(["west"]), { ...once, watch: true, format: "html" }, false)).to.contain('<meta http-equiv="refresh" content="5">');
  });
});

describe("the mesh as a Mermaid flowchart", () => {
  it("has a node for each cluster and a line for each pair, in the look of its condition", () => {
    const mesh = topology(["west", "east"]);
    mesh.links[1] = { from: "east", to: "west", reads: "timeout", condition: "fail" };
    const chart = rendered(mesh, { ...once, format: "mermaid" }, false).split("\n");
    expect(chart[1]).to.equal("flowchart LR");
    expect(chart[2]).to.match(/^ {2}c0\["✓ west<br\/>network west-network<br\/>istiod 1 of 1 ready, 1\.31\.4<br\/>trust root 1a2b3c4d<br\/>gateway 172\.18\.255\.102:15443<br\/>.*"\]:::ok$/);
    expect(chart).to.include('  c0 -->|"✓ reads, 2.3 requests/s"| c1').and.include('  c1 -->|"✗ reads: timeout"| c0').and.include("  linkStyle 1 stroke:#cf222e,stroke-width:3px");
  });

  it("has no name or message in which Mermaid finds something of its own", () => {
    const mesh = topology(['a"]:::fail;b', "c"]);
    const [, node] = /\["(.*)"\]:::ok$/m.exec(rendered(mesh, { ...once, format: "mermaid" }, false)) ?? [];
    expect(node?.replaceAll("<br/>", "").replace(/#\d+;/g, "")).to.match(/^[^"[\]#;<>]*$/);
  });
});

describe("the mesh as JSON", () => {
  it("follows its schema, in one line each where it is renewed", () => {
    const mesh = topology(["west", "east"], { findings: [refused], condition: "fail" });
    expect(topologySchema.parse(JSON.parse(rendered(mesh, { ...once, format: "json" }, false)))).to.deep.equal(mesh);
    expect(rendered(mesh, { ...once, watch: true, format: "json" }, false).split("\n")).to.have.length(2);
  });
});

describe("every format", () => {
  it("ends with a newline", () => {
    for (const format of FORMATS) expect(rendered(topology(["west"]), { ...once, format }, false), format).to.match(/\n$/);
  });
});
