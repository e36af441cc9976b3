import type * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { KialiAccess, type KialiAccessArgs } from "../../../components";
import { CANARY } from "./support/answers";
import { itHonoursOptions, itStaysInItsCluster, optionsIn } from "./support/pieces";
import { namesOf, resource } from "./support/queries";
import { plain, redacted } from "./support/secrets";
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

  it("lets it list and watch every kind of which it does not start without", async () => {
    const rules = resource(await register(), `${NAME}-role`).inputs["rules"] as Rule[];
    const lines = rules.flatMap(({ apiGroups, resources, verbs }) => apiGroups.map((group) => `${verbs.join("+")} ${group === "" ? "core" : group}: ${[...resources].sort().join(" ")}`));
    expect(lines).to.have.members([
      "get+list+watch core: configmaps namespaces pods replicationcontrollers services",
      "get+list+watch apps: daemonsets deployments replicasets statefulsets",
      "get+list+watch batch: cronjobs jobs",
      "get+list+watch networking.istio.io: destinationrules envoyfilters gateways serviceentries sidecars virtualservices workloadentries workloadgroups",
      "get+list+watch security.istio.io: authorizationpolicies peerauthentications requestauthentications",
      "get+list+watch telemetry.istio.io: telemetries",
      "get+list+watch extensions.istio.io: trafficextensions wasmplugins",
      "get+list+watch gateway.networking.k8s.io: gatewayclasses gateways grpcroutes httproutes referencegrants tcproutes tlsroutes",
      "get+list+watch inference.networking.k8s.io: inferencepools",
      // By these it finds which istiod injects where.
      "list admissionregistration.k8s.io: mutatingwebhookconfigurations",
    ]);
  });

  it("gives that to Kiali of the cluster and to an account for those of others, which istiod does not use", async () => {
    const world = await register();
    const { roleRef, subjects } = resource(world, `${NAME}-binding`).inputs;
    for (const { inputs } of [resource(world, `${NAME}-role`), resource(world, `${NAME}-binding`)]) expect(inputs["metadata"]).to.deep.equal({ name: "usmesh-kiali" });
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
    expect(plain(world.componentOutputs)).to.deep.include({ credentials: { caCertificate: "authority of the API server", token: `${CANARY} token ${NAME}-token-3` } });
    expect(redacted(world.componentOutputs)).to.deep.include({ credentials: "[secret]" });
    const failure = await register({ generations: [] }).then(() => undefined, (error: Error) => error.message);
    expect(failure).to.match(/generations must not be empty/);
  });

  itStaysInItsCluster(NAME, (opts) => create({}, opts));
  itHonoursOptions(NAME, (opts) => create({}, opts), () => optionsIn("west"));
});
