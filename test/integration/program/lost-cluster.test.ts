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

  it("does not keep down from removing the stack: it says which server does not answer", async () => {
    const { code, stdout, stderr } = await site.mesh("down", "west");
    expect(code, stdout + stderr).to.equal(0);
    expect(stderr).to.match(/stack west: https:\/\/\S+ does not answer/);
  });

  it("is not reported again once the stack is gone", async () => {
    expect((await site.mesh("down", "west")).stderr).to.include("there is nothing to remove in west");
  });
});
