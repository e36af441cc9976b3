import { expect } from "chai";
import { expectNothingLeft, secretIn } from "../../integration/program/support/objects";
import { openSite, type Site } from "../../integration/program/support/site";
import { done } from "../../integration/support/events";
import { inSteps } from "../../support/steps";
import { initStack, own, stackFile, versionsWithoutRemotes } from "../support/environment";
import { inventory, nameOf, releases, versions, type Found } from "../support/inventory";

const KEYS = ["west", "east", "north"] as const;

/** A third environment's file: it comes to the others as east came to west. */
const NORTH = `config:
  usmesh:clusters:
    north: {region: northus}
  usmesh:trust: {authority: west}
  usmesh:peers: [west, east]
`;

describe("environments that meet, join, leave and fail", function () {
  this.timeout(3600 * 1000);
  inSteps(this);
  let site: Site;
  let pristine: Record<string, Found[]>;
  let alone: readonly string[];

  /** One line in the stack's file says who else is there. They read at the API servers: through gateways, each new peer gets an account, too. */
  const meets = (stack: string, peers: readonly string[], extra: Record<string, unknown> = {}): void =>
    site.configure(stack, [stack], { peers, peering: { through: "apiServer" }, ...extra });
  const objects = (key: string): Promise<Found[]> => own(site, key, pristine[key] ?? []);
  const untouched = async (key: string): Promise<Record<string, string>> => versionsWithoutRemotes(await objects(key));
  const remotes = async (key: string): Promise<string[] | undefined> => {
    const secret = await secretIn(site.server(key), "istio-system", "istio-remote-secret-usmesh");
    return secret && Object.keys(secret).sort();
  };

  before(async () => {
    site = await openSite(KEYS);
    pristine = Object.fromEntries(await Promise.all(KEYS.map(async (key) => [key, await inventory(site.server(key))] as const)));
    meets("west", ["east"]);
    meets("east", ["west"]);
    await initStack(site, "west", stackFile("west"));
    await initStack(site, "east", stackFile("east"));
  });
  after(() => site.close());

  it("come up with plain pulumi as each up says: west, east for its key, west to sign it, east, and west again", async () => {
    const first = await site.pulumi("up", "west");
    expect(first.diagnostics.join("\n")).to.contain("stack east is not up yet").and.to.contain("pulumi up -s east");
    expect(await remotes("west")).to.equal(undefined);
    alone = (await objects("west")).map(nameOf).sort();

    const asks = await site.pulumi("up", "east");
    expect(done(asks)).to.have.members(["create trust-east-key", "create trust-east-request"]);
    expect(asks.diagnostics.join("\n")).to.contain("until then east is left out. Next: pulumi up -s west, then again pulumi up -s east");
    await expectNothingLeft(site.server("east"));

    const signs = await site.pulumi("up", "west");
    expect(done(signs)).to.deep.equal(["create trust-east-certificate"]);
    expect(signs.diagnostics.join("\n")).to.contain("Next: pulumi up -s east, then again pulumi up -s west");

    await site.pulumi("up", "east");
    expect(await remotes("east")).to.deep.equal(["west-cluster"]);
    expect(done(await site.pulumi("up", "west"))).to.deep.equal(["create peering-west"]);
    expect(await remotes("west")).to.deep.equal(["east-cluster"]);
  });

  it("are not changed by a further up", async () => {
    const before = { west: versions(await objects("west")), east: versions(await objects("east")) };
    expect(done(await site.pulumi("up", "west"))).to.deep.equal([]);
    expect(done(await site.pulumi("up", "east"))).to.deep.equal([]);
    expect({ west: versions(await objects("west")), east: versions(await objects("east")) }).to.deep.equal(before);
  });

  it("come up while a peer is unreachable, and keep what they know of it", async () => {
    await site.server("east").halt();
    meets("west", ["east"], { istio: { charts: site.charts, hub: "pretence", tag: "2" } });
    expect(done(await site.pulumi("up", "west"))).to.deep.equal(["update west-istio-istiod"]);
    expect(await remotes("west")).to.deep.equal(["east-cluster"]);
    await site.server("east").resume();
    expect(done(await site.pulumi("up", "east"))).to.deep.equal([]);
    meets("west", ["east"]);
    await site.pulumi("up", "west");
  });

  it("are joined by a third, which changes nothing of theirs but the remote Secrets", async () => {
    const before = { west: await untouched("west"), east: await untouched("east") };
    await initStack(site, "north", NORTH);
    meets("north", ["west", "east"]);
    meets("west", ["east", "north"]);
    meets("east", ["west", "north"]);
    // West says that it signs for it; it asks west to sign its key; then each learns of it.
    expect(done(await site.pulumi("up", "west"))).to.deep.equal([]);
    expect(done(await site.pulumi("up", "north"))).to.have.members(["create trust-north-key", "create trust-north-request"]);
    expect(done(await site.pulumi("up", "west"))).to.deep.equal(["create trust-north-certificate"]);
    await site.pulumi("up", "north");
    expect(done(await site.pulumi("up", "west"))).to.deep.equal(["update peering-west"]);
    expect(done(await site.pulumi("up", "east"))).to.deep.equal(["update peering-east"]);
    expect(await remotes("west")).to.deep.equal(["east-cluster", "north-cluster"]);
    expect(await remotes("east")).to.deep.equal(["north-cluster", "west-cluster"]);
    expect(await remotes("north")).to.deep.equal(["east-cluster", "west-cluster"]);
    expect({ west: await untouched("west"), east: await untouched("east") }).to.deep.equal(before);
  });

  it("are left by the third in the same way", async () => {
    const before = { west: await untouched("west"), east: await untouched("east") };
    meets("west", ["east"]);
    meets("east", ["west"]);
    expect(done(await site.pulumi("up", "east"))).to.deep.equal(["update peering-east"]);
    const forgotten = done(await site.pulumi("up", "west"));
    expect(forgotten).to.have.members(["update peering-west", "delete trust-north-certificate"]);
    await site.pulumi("destroy", "north");
    await expectNothingLeft(site.server("north"));
    expect(await remotes("west")).to.deep.equal(["east-cluster"]);
    expect(await remotes("east")).to.deep.equal(["west-cluster"]);
    expect({ west: await untouched("west"), east: await untouched("east") }).to.deep.equal(before);
  });

  it("hold no trace of one that went, after their next up", async () => {
    await site.pulumi("destroy", "east");
    await expectNothingLeft(site.server("east"));
    expect(done(await site.pulumi("up", "west"))).to.have.members(["delete peering-west", "delete trust-east-certificate"]);
    const names = (await objects("west")).map(nameOf);
    const records = (name: string): boolean => name.includes("/sh.helm.release.");
    expect(names.filter((name) => !records(name)).sort()).to.deep.equal(alone.filter((name) => !records(name)));
    expect(JSON.stringify(await objects("west"))).not.to.contain("east-cluster");
    expect(releases(await objects("west"))).to.have.length(4);
    expect(await site.state("west")).not.to.contain("east-cluster");
  });

  it("leave no process running", () => {
    expect(site.processes()).to.deep.equal([]);
  });
});
