import { expect } from "chai";
import { X509Certificate } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import type { UpReport } from "../../../cli/up/report";
import { inSteps } from "../../support/steps";
import { clientOf } from "../support/api-server";
import { done } from "../support/events";
import { expectNothingLeft, namespaceLabels, objectsPath, secretIn } from "./support/objects";
import { PlanSteps } from "./support/plan";
import { openSite, type Site } from "./support/site";
import { UpgradeSteps } from "./support/upgrade";

const REPOSITORY = resolve(__dirname, "../../..");

/** The tracked files that Pulumi would like to write to. */
const stackFiles = (): string[] =>
  readdirSync(REPOSITORY)
    .filter((name) => /^Pulumi\..*yaml$/.test(name))
    .map((name) => readFileSync(join(REPOSITORY, name), "utf8"));

describe("both clusters in one stack", function () {
  inSteps(this);
  let site: Site;
  const before_ = stackFiles();

  before(async () => {
    site = await openSite(["west", "east"]);
    site.configure("local", ["west", "east"], { peering: { through: "apiServer" } });
  });
  after(() => site.close());

  const plan = new PlanSteps(() => site);
  plan.before();

  it("are planned completely before anything exists", async () => {
    const plan = await site.meshDoes("up", "--preview");
    expect(plan).to.match(/\+ [5-9]\d to create/);
    for (const server of site.servers.values()) await expectNothingLeft(server);
  });

  it("come up with one command, which says where they are", async () => {
    const report = JSON.parse(await site.meshDoes("up", "--json")) as UpReport;
    expect(report.stacks.map(({ stack }) => stack)).to.deep.equal(["local"]);
    expect(report.stacks[0]?.pairs).to.have.members(["west->east", "east->west"]);
    expect(report.stacks[0]?.clusters["west"]).to.include({ ingressAddress: "172.18.1.1", eastWestAddress: "172.18.1.2", network: "west-network" });
    expect(report.stacks[0]?.clusters["east"]).to.include({ ingressAddress: "172.18.2.1", eastWestAddress: "172.18.2.2" });
  });

  it("are told apart by their networks", async () => {
    for (const key of ["west", "east"]) {
      expect(await namespaceLabels(site.server(key), "istio-system")).to.include({ "topology.istio.io/network": `${key}-network` });
    }
  });

  it("share a root and have an intermediate each", async () => {
    const [west, east] = await Promise.all(["west", "east"].map((key) => secretIn(site.server(key), "istio-system", "cacerts")));
    expect(west?.["root-cert.pem"]).to.equal(east?.["root-cert.pem"]);
    expect(west?.["ca-cert.pem"]).not.to.equal(east?.["ca-cert.pem"]);
    const root = new X509Certificate(west?.["root-cert.pem"] ?? "");
    for (const cacerts of [west, east]) {
      expect(Object.keys(cacerts ?? {})).to.have.members(["ca-cert.pem", "ca-key.pem", "cert-chain.pem", "root-cert.pem"]);
      const certificate = new X509Certificate(cacerts?.["ca-cert.pem"] ?? "");
      expect(certificate.verify(root.publicKey)).to.equal(true);
      expect(certificate.ca).to.equal(true);
    }
  });

  it("can read each other, and write nothing there", async () => {
    for (const [from, to] of [
      ["west", "east"],
      ["east", "west"],
    ] as const) {
      const remote = await secretIn(site.server(from), "istio-system", "istio-remote-secret-usmesh");
      expect(Object.keys(remote ?? {})).to.deep.equal([`${to}-cluster`]);
      const kubeconfig = remote?.[`${to}-cluster`] ?? "";
      expect((parse(kubeconfig) as { clusters: [{ cluster: { server: string } }] }).clusters[0].cluster.server).to.equal(site.address(to));
      const reader = await clientOf(kubeconfig.replace(site.address(to), site.server(to).url));
      expect(await reader.list(objectsPath("istio-system", "services"))).to.have.length(3);
      const refused = await reader.list(objectsPath("istio-system", "secrets")).catch((error: Error) => error);
      expect(refused).to.be.an("error").with.property("message").that.matches(/forbidden/i);
    }
  });

  it("stay as they are when nothing has changed", async () => {
    expect(done(await site.pulumi("up", "local"))).to.deep.equal([]);
  });

  plan.whileUp();

  it("get back a label that was removed, and the plan shows just that", async () => {
    const patch = { metadata: { labels: { "topology.istio.io/network": null } } };
    await site.server("west").client.request("PATCH", "/api/v1/namespaces/istio-system", patch, "application/merge-patch+json");
    const plan = await site.pulumi("preview", "local", "--refresh");
    expect(done(plan).filter((line) => /^(create|update|delete|replace)/.test(line))).to.deep.equal(["update west-istio-namespace"]);
    await site.pulumi("up", "local", "--refresh");
    expect(await namespaceLabels(site.server("west"), "istio-system")).to.include({ "topology.istio.io/network": "west-network" });
  });

  new UpgradeSteps(() => site).whileUp();

  it("go down with one command, and leave nothing", async () => {
    await site.meshDoes("down", "--yes");
    for (const server of site.servers.values()) await expectNothingLeft(server);
    expect((await site.mesh("down", "--yes")).stderr).to.contain("nothing to remove");
    expect(readdirSync(join(site.home, "kubeconfig"))).to.deep.equal([]);
    expect(site.processes()).to.deep.equal([]);
  });

  it("left the tracked files as they were, and the user's own cluster alone", () => {
    expect(stackFiles()).to.deep.equal(before_);
    expect(site.strayRequests).to.equal(0);
  });
});
