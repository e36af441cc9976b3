import { expect } from "chai";
import { inSteps } from "../../support/steps";
import { Environments, kindName, type Stack } from "./support/environments";
import { Traffic } from "./support/traffic";

const PAIR = ["west", "east"] as const;

/** A control plane, which takes no workloads, and two nodes that do. */
const NODES = 3;

/** What has two replicas: namespace, Deployment and the label of its pods. */
const REPLICATED = [
  ["istio-system", "istiod", "app=istiod"],
  ["istio-system", "istio-ingressgateway", "app=istio-ingressgateway"],
  ["istio-system", "istio-eastwestgateway", "app=istio-eastwestgateway"],
  ["usmesh-discovery", "discovery-proxy", "app=discovery-proxy"],
] as const;

interface Pods {
  readonly items: readonly { readonly metadata: { readonly name: string; readonly deletionTimestamp?: string }; readonly spec: { readonly nodeName?: string } }[];
}

describe("west and east in the profile production, on clusters of three nodes", function () {
  inSteps(this);
  // Without kubeconfigs in the outputs, this test could look into no cluster.
  const production = (stack: Stack) => ({ profile: "production", outputs: { kubeconfigs: true }, clusters: { [stack]: { nodes: NODES } } });
  const mesh = new Environments(undefined, production);
  const traffic = new Traffic(mesh);

  after(async () => {
    process.stdout.write(traffic.report().map((line) => `      ${line}\n`).join(""));
    await traffic.stop();
    await mesh.remove();
  });

  /** The nodes on which the pods are that stay, by name, one entry for each pod. */
  const nodesOf = async (stack: Stack, namespace: string, label: string): Promise<string[]> => {
    const { items } = JSON.parse(await mesh.kubectl(stack, `-n ${namespace} get pods -l ${label} -o json`)) as Pods;
    return items.filter(({ metadata }) => metadata.deletionTimestamp === undefined).map(({ spec }) => spec.nodeName ?? "none").sort();
  };
  const expectApart = async (namespace: string, label: string): Promise<void> => {
    for (const stack of PAIR) expect(await nodesOf(stack, namespace, label), `${label} in ${stack}`).to.deep.equal([`${kindName(stack)}-worker`, `${kindName(stack)}-worker2`]);
  };
  const rolledOut = async (stack: Stack, namespace: string, deployment: string): Promise<void> => {
    await mesh.kubectl(stack, `-n ${namespace} rollout restart deployment ${deployment}`);
    await mesh.kubectl(stack, `-n ${namespace} rollout status deployment ${deployment} --timeout=300s`);
  };

  it("come up with one command, wired both ways", async () => {
    expect(await mesh.meshDoes("up", "west", "east")).to.contain("Wired: east->west, west->east");
  });

  it("have three nodes each, all with their region and zone", async () => {
    for (const stack of PAIR) {
      const nodes = await mesh.kubectl(stack, "get nodes -l topology.kubernetes.io/region,topology.kubernetes.io/zone -o name");
      expect(nodes.split("\n")).to.have.length(NODES);
    }
  });

  it("are one mesh", async () => {
    expect(await mesh.faults(PAIR)).to.deep.equal([]);
  });

  for (const [namespace, deployment, label] of REPLICATED) {
    it(`have two replicas of ${deployment} on two nodes, of which a drain leaves one`, async () => {
      await expectApart(namespace, label);
      for (const stack of PAIR) {
        const allowed = await mesh.kubectl(stack, `-n ${namespace} get poddisruptionbudget ${deployment} -o jsonpath='{.status.disruptionsAllowed}'`);
        expect(allowed, `of ${deployment} in ${stack}`).to.equal("1");
      }
    });
  }

  describe("under a steady stream of requests", () => {
    before(() => traffic.start());
    after(() => traffic.stop());

    for (const [namespace, deployment, label] of REPLICATED) {
      it(`lose none when ${deployment} is rolled out in both, and have its replicas on two nodes again`, async () => {
        await traffic.during(`${deployment} rolled out`, async () => {
          for (const stack of PAIR) await rolledOut(stack, namespace, deployment);
        });
        await expectApart(namespace, label);
      });
    }

    it("lose none when all of these are rolled out at once", async () => {
      await traffic.during("everything rolled out at once", async () => {
        await Promise.all(PAIR.flatMap((stack) => REPLICATED.map(([namespace, deployment]) => rolledOut(stack, namespace, deployment))));
      });
      for (const [namespace, , label] of REPLICATED) await expectApart(namespace, label);
      expect(await mesh.faults(PAIR)).to.deep.equal([]);
    });
  });

  // Tests of a suite itself run before those of the suites in it.
  describe("when that is done", () => {
    it("stay as they are at the next up", async () => {
      for (const stack of PAIR) {
        const said = await mesh.sh(`pulumi up -s ${stack} --config-file "$MESH_HOME/config/Pulumi.${stack}.yaml" --yes --skip-preview --expect-no-changes --non-interactive`);
        expect(said).to.match(/\d+ unchanged/);
      }
    });

    it("are removed with one command, which leaves nothing", async () => {
      await mesh.meshDoes("down", "--yes", "west", "east");
      expect(await mesh.leftovers()).to.deep.equal([]);
    });
  });
});
