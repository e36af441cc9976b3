import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { peerAccounts } from "../../../../components/discovery/accounts";
import { meshConfigRules, noSecretsRules, peerRules } from "../../../../components/discovery/rules";
import type { DiscoveryPeer } from "../../../../topology/discovery";
import { CANARY } from "../support/answers";
import { optionsIn } from "../support/pieces";
import { namesOf, resource } from "../support/queries";
import { runPiece, type World } from "../support/world";

const PEERS: readonly DiscoveryPeer[] = [{ kind: "cluster", name: "west" }, { kind: "stack", name: "north" }];
const NAMESPACES = { discovery: "usmesh-discovery", noSecrets: "usmesh-no-secrets", system: "istio-system" };
const create = (generations: readonly number[]) => peerAccounts("peers", PEERS, generations, NAMESPACES, (extra) => ({ ...optionsIn("east"), ...extra }));
const register = (generations: readonly number[] = [1]): Promise<World> => runPiece(() => void create(generations));

describe("the accounts of a cluster's peers", () => {
  it("are one for each peer, whose token no pod gets by itself", async () => {
    const world = await register();
    expect(namesOf(world, "ServiceAccount")).to.deep.equal(["peers-cluster-west", "peers-stack-north"]);
    for (const account of ["cluster-west", "stack-north"]) {
      expect(resource(world, `peers-${account}`).inputs).to.deep.include({ metadata: { name: account, namespace: "usmesh-discovery" }, automountServiceAccountToken: false });
    }
  });

  it("may read what istiod reads in all namespaces, the mesh's configuration, and the Secrets of the namespace without any", async () => {
    const world = await register();
    const name = "usmesh-discovery-peer";
    for (const [role, kind, metadata, rules] of [
      ["", "ClusterRole", { name }, peerRules()],
      ["mesh-config-", "Role", { name, namespace: "istio-system" }, meshConfigRules()],
      ["no-secrets-", "Role", { name, namespace: "usmesh-no-secrets" }, noSecretsRules()],
    ] as const) {
      expect(resource(world, `peers-${role}role`).inputs, role).to.deep.include({ kind, metadata, rules });
      expect(resource(world, `peers-${role}binding`).inputs, role).to.deep.include({
        metadata,
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind, name },
        subjects: ["cluster-west", "stack-north"].map((account) => ({ kind: "ServiceAccount", name: account, namespace: "usmesh-discovery" })),
      });
    }
  });

  it("give each peer the token of the newest generation, as a secret", async () => {
    let known: unknown;
    let secret: unknown;
    const world = await runPiece(async () => {
      const { tokens } = create([2, 3, 4]);
      secret = await Promise.all(Object.values(tokens).map((token) => pulumi.isSecret(token)));
      known = await new Promise((resolve) => pulumi.output(tokens).apply(resolve));
    });
    expect(secret).to.deep.equal([true, true]);
    expect(known).to.deep.equal({ "cluster-west": `${CANARY} token peers-cluster-west-4`, "stack-north": `${CANARY} token peers-stack-north-4` });
    expect(namesOf(world, "Secret")).to.deep.equal(["cluster-west", "stack-north"].flatMap((account) => [2, 3, 4].map((generation) => `peers-${account}-${generation}`)));
    const { metadata } = resource(world, "peers-stack-north-3").inputs;
    expect(metadata).to.deep.include({ name: "stack-north-3", namespace: "usmesh-discovery" }).and.have.property("annotations").that.includes({ "kubernetes.io/service-account.name": "stack-north" });
  });

  it("cannot do without a generation", async () => {
    const error = await register([]).catch((thrown: Error) => thrown);
    expect(error).to.be.an("error").with.property("message", "peers: generations must not be empty");
  });
});
