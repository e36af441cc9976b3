import { expect } from "chai";
import { until } from "../../support/wait";
import { askTimes, counted, failures } from "../support/load";
import { type Key, KEYS, type TestMesh } from "../support/mesh";

/** A client inside the mesh that asks simple-backend, whatever it is asked itself. */
const CLIENT = "direct";

/** Who may ask simple-backend: the ingress gateways, and nobody else. */
export function access(mesh: TestMesh): void {
  before(async () => {
    const image = await mesh.kubectl("west", "-n istioinaction get deployment simple-backend -o jsonpath='{.spec.template.spec.containers[0].image}'");
    const env = [
      { name: "LISTEN_ADDR", value: "0.0.0.0:8080" },
      { name: "UPSTREAM_URIS", value: "http://simple-backend.istioinaction:80" },
    ];
    const pod = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: CLIENT, namespace: "istioinaction", labels: { app: CLIENT } },
      spec: { terminationGracePeriodSeconds: 1, containers: [{ name: CLIENT, image, imagePullPolicy: "IfNotPresent", env, ports: [{ containerPort: 8080 }] }] },
    };
    await Promise.all(KEYS.map(async (key) => {
      await mesh.kubectl(key, "apply -f -", JSON.stringify(pod));
      await mesh.kubectl(key, `-n istioinaction wait --for=condition=Ready pod/${CLIENT} --timeout=120s`);
    }));
  });
  after(async () => {
    for (const key of KEYS) await mesh.kubectl(key, `-n istioinaction delete pod ${CLIENT} --wait=false`);
  });

  /** What the client says of its own request: the upstream's status, and what it said. */
  const direct = async (key: Key): Promise<string> => {
    const target = (await mesh.targets()).find((candidate) => candidate.key === key);
    return (await target?.kube.forward("istioinaction", CLIENT, 8080, async (port) => (await fetch(`http://127.0.0.1:${port}/`)).text())) ?? "";
  };

  /** Asks directly from one cluster, and finds the denial in the log of the proxy of the cluster to which the request goes. */
  const expectDenied = async (from: Key, to: Key): Promise<void> => {
    const denials = async (): Promise<number> => {
      const log = await mesh.kubectl(to, "-n istioinaction logs deployment/simple-backend -c istio-proxy --tail=-1");
      return log.split("\n").filter((line) => line.includes("rbac_access_denied")).length;
    };
    const before = await denials();
    expect(await direct(from)).to.match(/\b403\b/);
    await until("the denial in the log", async () => (await denials()) > before);
  };

  for (const key of KEYS) {
    it(`answers 200 through the ingress gateway of ${key}, and denies a workload of ${key} that asks directly`, async () => {
      const address = (await mesh.outputs()).clusters[key]?.ingressAddress ?? "";
      const answers = await askTimes({ address, host: "simple-backend.istioinaction.io" }, 10);
      expect(failures(answers), JSON.stringify(counted(answers))).to.equal(0);
      await expectDenied(key, key);
    });
  }

  it("denies a workload of west also in east, where the request goes when west has no replica, and the ingress gateway of west gets through", async () => {
    await mesh.kubectl("west", "-n istioinaction scale deployment/simple-backend --replicas=0");
    try {
      const address = (await mesh.outputs()).clusters.west?.ingressAddress ?? "";
      await until("answers from east alone", async () => counted(await askTimes({ address, host: "simple-backend.istioinaction.io" }, 10))["EAST"] === 10);
      await expectDenied("west", "east");
    } finally {
      await mesh.kubectl("west", "-n istioinaction scale deployment/simple-backend --replicas=1");
      await mesh.kubectl("west", "-n istioinaction rollout status deployment/simple-backend --timeout=120s");
    }
  });
}
