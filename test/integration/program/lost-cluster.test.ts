import { expect } from "chai";
import { inSteps } from "../../support/steps";
import { openSite, type Site } from "./support/site";

describe("an existing cluster that no longer answers", function () {
  inSteps(this);
  let site: Site;

  before(async () => {
    site = await openSite(["west"]);
    site.configure("west", ["west"]);
    await site.meshDoes("up", "west");
    await site.server("west").halt();
  });
  after(() => site.close());

  it("ends up with one message before anything is changed", async () => {
    const before = await site.state("west");
    const { code, stdout, stderr } = await site.mesh("up", "west");
    expect(code).to.equal(1);
    expect(stdout + stderr).to.match(/usmesh:clusters\.west: its API server https:\/\/\S+ does not answer/);
    const resources = (text: string): unknown => (JSON.parse(text) as { deployment: { resources: { urn: string }[] } }).deployment.resources.map(({ urn }) => urn);
    expect(resources(await site.state("west"))).to.deep.equal(resources(before));
  });

  it("is not taken for gone by down: it changes nothing, and says how to forget the cluster", async () => {
    const before = await site.state("west");
    const { code, stderr } = await site.mesh("down", "--yes", "west");
    expect(code).to.equal(2);
    expect(stderr).to.match(/stack west: https:\/\/\S+ \(.+\) cannot be used, so nothing was removed/).and.to.contain("./mesh down west --forget");
    expect(await site.state("west")).to.equal(before);
  });

  it("is forgotten by down when that is wanted", async () => {
    const { code, stdout, stderr } = await site.mesh("down", "--yes", "--forget", "west");
    expect(code, stdout + stderr).to.equal(0);
    expect(stderr).to.match(/stack west: https:\/\/\S+ cannot be used; what is recorded there is removed/);
  });

  it("is not reported again once the stack is gone", async () => {
    expect((await site.mesh("down", "--yes", "west")).stderr).to.include("there is nothing to remove in west");
  });
});
