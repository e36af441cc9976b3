import type * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { KialiAccess, type KialiAccessArgs } from "../../../components";
import { itHonoursOptions, itStaysInItsCluster, optionsIn } from "./support/pieces";
import { namesOf, resource } from "./support/queries";
import { runPiece, type World } from "./support/world";

const NAME = "west-kiali-access";
const create = (args: Partial<KialiAccessArgs> = {}, opts?: pulumi.ComponentResourceOptions) => new KialiAccess(NAME, { namespace: "usmesh-observability", ...args }, opts);
const register = (args?: Partial<KialiAccessArgs>): Promise<World> => runPiece(() => create(args, optionsIn("west")));

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

describe("KialiAccess", () => {
  it("lets Kiali look at what it shows, and at nothing else: no other verb, no Secret, nothing within a resource, no group or resource as a whole", async () => {
    const rules = resource(await register(), `${NAME}-role`).inputs["rules"] as Rule[];
    expect(rules).not.to.be.empty;
    for (const { apiGroups, resources, verbs } of rules) {
      expect(["get", "list", "watch"]).to.include.members([...verbs]);
      expect(resources.filter((one) => one === "secrets" || one.includes("/"))).to.deep.equal([]);
      expect([...apiGroups, ...resources, ...verbs]).not.to.include("*");
    }
  });

  it("gives that to Kiali of the cluster and to an account for those of others, which istiod does not use", async () => {
    const world = await register();
    const { roleRef, subjects } = resource(world, `${NAME}-binding`).inputs;
    expect(roleRef).to.deep.include({ kind: "ClusterRole", name: "usmesh-kiali" });
    expect(subjects).to.deep.equal(["kiali-reader", "kiali"].map((name) => ({ kind: "ServiceAccount", name, namespace: "usmesh-observability" })));
    expect(resource(world, `${NAME}-account`).inputs).to.deep.include({ automountServiceAccountToken: false });
  });

  it("has a token of that account for each generation, and gives the newest", async () => {
    const world = await register({ generations: [2, 3] });
    const tokens = namesOf(world, "Secret");
    expect(tokens).to.have.members([`${NAME}-token-2`, `${NAME}-token-3`]);
    for (const name of tokens) {
      const { type, metadata } = resource(world, name).inputs as { type: string; metadata: { annotations: Record<string, string> } };
      expect([type, metadata.annotations["kubernetes.io/service-account.name"]]).to.deep.equal(["kubernetes.io/service-account-token", "kiali-reader"]);
    }
    const failure = await register({ generations: [] }).then(() => undefined, (error: Error) => error.message);
    expect(failure).to.match(/generations must not be empty/);
  });

  itStaysInItsCluster(NAME, (opts) => create({}, opts));
  itHonoursOptions(NAME, (opts) => create({}, opts), () => optionsIn("west"));
});
