import { inSteps } from "../../support/steps";
import { openSite, type Site } from "./support/site";
describe("tmp", function () {
  inSteps(this);
  let site: Site;
  before(async () => { site = await openSite(["west"]); site.configure("west", ["west"]); });
  after(() => site.close());
  it("up", async () => { await site.meshDoes("up", "west"); });
  it("down when gone", async () => {
    await site.server("west").halt();
    const e = await site.mesh("down", "west"); console.log("DOWN", e.code, e.stdout.slice(-1500), e.stderr.slice(-1500));
  });
});
