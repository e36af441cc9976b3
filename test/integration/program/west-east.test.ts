import { expect } from "chai";
import type { UpReport } from "../../../cli/up/report";
import { inSteps } from "../../support/steps";
import { done } from "../support/events";
import { expectNothingLeft, secretIn, secretUid } from "./support/objects";
import { openSite, type Site } from "./support/site";

/** What a state records, by URN. */
const urns = (state: string): string[] => (JSON.parse(state) as { deployment: { resources: { urn: string }[] } }).deployment.resources.map(({ urn }) => urn);

const REMOTE = "istio-remote-secret-usmesh";

describe("west and east, a stack each", function () {
  inSteps(this);
  let site: Site;

  before(async () => {
    site = await openSite(["west", "east"]);
    site.configure("west", ["west"]);
    site.configure("east", ["east"]);
  });
  after(() => site.close());

  const remoteKeys = async (key: string): Promise<string[]> => Object.keys((await secretIn(site.server(key), "istio-system", REMOTE)) ?? {});
  const changes = async (stack: string): Promise<string[]> => done(await site.pulumi("up", stack));

  it("come up in passes, the signing stack first, until both directions are wired", async () => {
    const { stdout, stderr, code } = await site.mesh("up", "east", "west", "--json");
    expect(code, stderr).to.equal(0);
    const report = JSON.parse(stdout) as UpReport;
    expect(report.stacks.map(({ stack, pairs }) => [stack, pairs])).to.deep.equal([
      ["west", ["west->east"]],
      ["east", ["east->west"]],
    ]);
    expect(stderr).to.contain("stack east is not up yet").and.to.contain("once more west,");
    expect(await remoteKeys("west")).to.deep.equal(["east-cluster"]);
    expect(await remoteKeys("east")).to.deep.equal(["west-cluster"]);
  });

  it("trust the same root, and east's intermediate came from west", async () => {
    const [west, east] = await Promise.all(["west", "east"].map((key) => secretIn(site.server(key), "istio-system", "cacerts")));
    expect(west?.["root-cert.pem"]).to.be.a("string").and.to.equal(east?.["root-cert.pem"]);
  });

  it("stay as they are at the next up", async () => {
    expect(await changes("west")).to.deep.equal([]);
    expect(await changes("east")).to.deep.equal([]);
  });

  it("get a peer's new token in the same command, also when they come up before it", async () => {
    site.configure("east", ["east"], { peering: { generation: 2 } });
    const before = await secretUid(site.server("west"), "istio-system", REMOTE);
    const { stderr, code } = await site.mesh("up", "west", "east");
    expect(code, stderr).to.equal(0);
    expect(stderr).to.contain("once more west,").and.not.to.contain("once more east");
    const token = (await secretIn(site.server("east"), "istio-system", "istio-reader-service-account-2"))?.["token"];
    const held = (await secretIn(site.server("west"), "istio-system", REMOTE))?.["east-cluster"];
    expect(token).to.be.a("string").with.length.greaterThan(100);
    expect(held).to.contain(token);
    // If the Secret is recreated, west loses east's endpoints for a moment.
    expect(await secretUid(site.server("west"), "istio-system", REMOTE)).to.equal(before);
  });

  it("are named as next when the command leaves them out", async () => {
    site.configure("east", ["east"], { peering: { generation: 3 } });
    const { stderr, code } = await site.mesh("up", "east");
    expect(code, stderr).to.equal(0);
    expect(stderr).to.contain("what other stacks read of east has changed; next: ./mesh up west");
  });

  it("drop their wiring when one goes down", async () => {
    await site.meshDoes("down", "--yes", "east");
    await expectNothingLeft(site.server("east"));
    await site.meshDoes("up", "west");
    expect(await remoteKeys("west")).to.deep.equal([]);
    expect(await site.state("west")).not.to.contain("east-cluster");
  });

  it("end up with one message before anything is changed when their cluster no longer answers", async () => {
    await site.server("west").halt();
    const before = urns(await site.state("west"));
    const { code, stdout, stderr } = await site.mesh("up", "west");
    expect(code).to.equal(1);
    expect(stdout + stderr).to.match(/usmesh:clusters\.west: its API server https:\/\/\S+ does not answer/);
    expect(before).not.to.be.empty;
    expect(urns(await site.state("west"))).to.deep.equal(before);
  });

  it("are not removed when their cluster does not answer: down changes nothing, and says how to forget the cluster", async () => {
    const before = await site.state("west");
    const { code, stderr } = await site.mesh("down", "--yes", "west");
    expect(code).to.equal(2);
    expect(stderr).to.match(/stack west: https:\/\/\S+ \(.+\) cannot be used, so nothing was removed/).and.to.contain("./mesh down west --forget");
    expect(await site.state("west")).to.equal(before);
  });

  it("are forgotten by down when that is wanted", async () => {
    const { code, stdout, stderr } = await site.mesh("down", "--yes", "--forget", "west");
    expect(code, stdout + stderr).to.equal(0);
    expect(stderr).to.match(/stack west: https:\/\/\S+ cannot be used; what is recorded there is removed/);
    expect((await site.mesh("down", "--yes", "west")).stderr, "once the stack is gone").to.include("there is nothing to remove in west");
  });

  it("cannot come up without the stack that signs for them", async () => {
    const { code, stderr, stdout } = await site.mesh("up", "east");
    expect(code).to.equal(1);
    expect(stdout + stderr).to.contain("stack west is the authority");
    await expectNothingLeft(site.server("east"));
    await site.meshDoes("down", "--yes", "east");
  });
});
