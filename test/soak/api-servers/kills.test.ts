import { expect } from "chai";
import { expectNothingLeft } from "../../integration/program/support/objects";
import { openSite, type Site } from "../../integration/program/support/site";
import { done } from "../../integration/support/events";
import { inSteps } from "../../support/steps";
import { inventory, releases, type Found } from "../support/inventory";
import { spread, upAndKill, type Kill } from "../support/kill";
import { contents, urns } from "../support/likeness";
import { missing, orphans } from "../support/orphans";
import { readState } from "../support/state";

const STACK = "local";
const KEYS = ["west", "east"] as const;

/** How many times an `up` is killed; fewer only while one works on this test. */
const KILLS = Number(process.env["USMESH_SOAK_KILLS"] ?? 20);

/** What a run left behind, in a form in which two can be compared. */
interface Left {
  readonly urns: readonly string[];
  readonly objects: Readonly<Record<string, unknown>>;
  readonly releases: Readonly<Record<string, readonly string[]>>;
}

describe("an up that is killed", function () {
  this.timeout(4 * 3600 * 1000);
  inSteps(this);
  let site: Site;
  let pristine: Record<string, Found[]>;
  let undisturbed: Left;

  /** What is there now, after everything in it was found to be in order. */
  async function leftBehind(): Promise<Left> {
    const state = await readState(site, STACK);
    expect(state.pending, "pending operations").to.deep.equal([]);
    expect(state.resources.filter((resource) => resource.delete), "still to be deleted").to.deep.equal([]);
    expect(new Set(urns(state)).size, "resources recorded twice").to.equal(state.resources.length);
    const left = { urns: urns(state), objects: {} as Record<string, unknown>, releases: {} as Record<string, readonly string[]> };
    for (const key of KEYS) {
      const objects = await inventory(site.server(key));
      expect(orphans(objects, pristine[key] ?? [], state, key), `in ${key} and not in the state`).to.deep.equal([]);
      expect(missing(objects, state, key), `in the state and not in ${key}`).to.deep.equal([]);
      left.objects[key] = contents(objects, pristine[key] ?? []);
      left.releases[key] = releases(objects);
    }
    return left;
  }

  async function takeDown(): Promise<void> {
    await site.meshDoes("down", "--yes", STACK);
    for (const server of site.servers.values()) await expectNothingLeft(server);
  }

  before(async () => {
    site = await openSite(KEYS);
    site.configure(STACK, KEYS);
    pristine = Object.fromEntries(await Promise.all(KEYS.map(async (key) => [key, await inventory(site.server(key))] as const)));
  });
  after(() => site.close());

  it("is compared with one that ran undisturbed", async () => {
    await site.meshDoes("up", STACK);
    undisturbed = await leftBehind();
    for (const key of KEYS) {
      expect(undisturbed.releases[key]).to.deep.equal(["istio-base: deployed", "istio-eastwestgateway: deployed", "istio-ingressgateway: deployed", "istiod: deployed"]);
    }
    await takeDown();
  });

  const title = ({ after, delay, what }: Kill): string => `${what} killed ${delay} ms after ${Math.round(after * 100)} % of the resources`;
  for (const kill of spread(KILLS)) {
    it(`converges with the same command: ${title(kill)}`, async () => {
      expect(await upAndKill(site, STACK, undisturbed.urns.length, kill), "resources recorded when it was killed").to.be.a("number");
      await site.meshDoes("up", STACK);
      expect(await leftBehind()).to.deep.equal(undisturbed);
      expect(done(await site.pulumi("up", STACK))).to.deep.equal([]);
      await takeDown();
    });
  }

  it("leaves no process running, however often", () => {
    expect(site.processes()).to.deep.equal([]);
  });
});
