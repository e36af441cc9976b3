import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { createKindCluster, type KindCluster, type KindClusterArgs } from "../../../../components/kind/kind-cluster";
import { kindConfigYaml } from "../../../../components/kind/kind-config";
import { script } from "../../../../components/kind/script";
import { kubeconfigOf } from "../support/answers";
import { KIND } from "../support/pieces";
import { resource } from "../support/queries";
import { runPiece, type World } from "../support/world";

const IDENTITY = { KIND_NAME: "west", KIND_NODE: "west-control-plane", OWNER: "organization/usmesh/test" };

describe("a kind cluster", () => {
  const register = (args: Partial<KindClusterArgs> = {}, look: (cluster: KindCluster) => void = () => undefined): Promise<World> =>
    runPiece(() => look(createKindCluster("west", { ...KIND, ...args }, new pulumi.ComponentResource("usmesh:test:Outer", "outer"))));

  it("is asked for its incarnation, without a log of the answer", async () => {
    const { calls } = await register();
    const asked = calls.filter(({ token }) => token === "command:local:run").map(({ args }) => args);
    expect(asked).to.deep.equal([{ command: script("kind-incarnation.sh"), environment: IDENTITY, logging: "none" }]);
  });

  it("is made by a command that runs again for what cannot be changed, whose output nobody else gets to see", async () => {
    const { inputs, parent, secretOutputs } = resource(await register(), "west-kind");
    const stdin = kindConfigYaml(KIND);
    expect({ parent, secretOutputs }).to.deep.equal({ parent: "outer", secretOutputs: ["stdout"] });
    expect(inputs).to.deep.equal({
      create: script("kind-create.sh"),
      delete: script("kind-delete.sh"),
      stdin,
      environment: { ...IDENTITY, KIND_IMAGE: "kindest/node:1", INCARNATION: "1", DOCKER_NETWORK: "usmesh", DOCKER_SUBNET: "172.18.0.0/16", KIND_EXPERIMENTAL_DOCKER_NETWORK: "usmesh" },
      triggers: ["1", "kindest/node:1", stdin, "usmesh", "172.18.0.0/16"],
      logging: "none",
      addPreviousOutputInEnv: false,
    });
  });

  it("has the workers and the extra configuration that are asked for", async () => {
    const args = { nodes: 3, config: { featureGates: { a: true } } };
    const { inputs } = resource(await register(args), "west-kind");
    expect(inputs["stdin"]).to.equal(kindConfigYaml({ ...KIND, nodes: 3 }, args.config));
    expect(inputs["environment"]).to.include({ KIND_WORKERS: "west-worker west-worker2" });
  });

  it("gets its labels by another command, which runs again where it was recreated", async () => {
    const { inputs, parent, deletedWith } = resource(await register(), "west-labels");
    expect({ parent, deletedWith }).to.deep.equal({ parent: "outer", deletedWith: "west-kind" });
    expect(inputs).to.deep.equal({
      create: script("kind-labels.sh"),
      environment: { KIND_NODE: "west-control-plane", REGION: "westus", ZONE: "0" },
      triggers: ["west-kind-id"],
      logging: "none",
      addPreviousOutputInEnv: false,
    });
  });

  it("gives its kubeconfig as a secret, and the address of its API server on the Docker network", async () => {
    let values: Promise<unknown> = Promise.resolve();
    let secrets: Promise<boolean[]> = Promise.resolve([]);
    await register({}, ({ kubeconfig, apiServer }) => {
      values = new Promise((resolve) => pulumi.all([kubeconfig, apiServer]).apply(resolve));
      secrets = Promise.all([kubeconfig, apiServer].map((output) => pulumi.isSecret(output)));
    });
    expect(await values).to.deep.equal([kubeconfigOf("kind-west"), "https://west-control-plane:6443"]);
    expect(await secrets).to.deep.equal([true, false]);
  });
});
