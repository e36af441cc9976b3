import { expect } from "chai";
import { ApiServer } from "../../../lib/api-server";
import { accessOf, type Access } from "../../../lib/kubeconfig";
import { attempts, bodyOf, type Attempt } from "../../integration/discovery/support/rights";
import { until } from "../../support/wait";
import { NAMES, type TestMesh } from "../support/mesh";
import type { Firewall } from "../support/firewall";

/** What crosses between the clusters, and what whoever has west's remote Secret can do in east. */
export function discovery(mesh: TestMesh, firewall: Firewall): void {
  const remote = async (): Promise<Access> => {
    const data = await mesh.kubectl("west", "-n istio-system get secret istio-remote-secret-usmesh -o jsonpath='{.data.east-cluster}'");
    return accessOf(Buffer.from(data, "base64").toString());
  };

  it("works while the nodes let each other reach port 15443 and nothing else", async () => {
    const east = await mesh.sh(`docker inspect --format '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}' ${NAMES.kind.east}-control-plane`);
    const before = await firewall.dropped("east");
    const { code } = await mesh.shell(`docker exec ${NAMES.kind.west}-control-plane curl -sk --max-time 3 https://${east}:6443/version`);
    expect(code, "the API server of east, from west").to.equal(28);
    expect(await firewall.dropped("east")).to.be.greaterThan(before);
  });

  it("has every peer synced, through the gateway alone", async () => {
    const { server, servername } = await remote();
    expect(server).to.equal(`https://${(await mesh.outputs()).clusters.east?.eastWestAddress}:15443`);
    expect(servername).to.equal("east.discovery.usmesh.internal");
    for (const [key, peer] of [["west", "east"], ["east", "west"]] as const) {
      const seen = await mesh.sh(`istioctl --context kind-${NAMES.kind[key]} remote-clusters`);
      expect(seen, key).to.match(new RegExp(`${peer}-cluster +\\S+ +synced`));
    }
  });

  it("has no token for an API server, and no Secret where peers ask for Secrets", async () => {
    for (const key of ["west", "east"] as const) {
      expect(await mesh.kubectl(key, "-n istio-system get secrets --field-selector type=kubernetes.io/service-account-token -o name")).to.equal("");
      expect(await mesh.kubectl(key, "-n usmesh-no-secrets get secrets -o name")).to.equal("");
    }
  });

  it("lets whoever has west's remote Secret read in east what istiod needs, and do nothing else, directly or through the gateway", async () => {
    const access = await remote();
    const pod = (await mesh.kubectl("east", "-n istioinaction get pods -l app=catalog -o name")).replace("pod/", "");
    const victims = { namespace: "istioinaction", pod, service: "catalog", node: `${NAMES.kind.east}-control-plane`, account: "cluster-west" };
    const admin = accessOf((await mesh.outputs()).kubeconfigs["east"] ?? "");
    const headers = { authorization: `Bearer ${access.token}` };
    const open = ({ server, ca, servername }: Access): ApiServer => new ApiServer({ server, apply: (options) => void Object.assign(options, { ca, servername, headers }) }, 10_000);
    const [direct, through] = [open(admin), open(access)];
    const all = attempts(victims);
    const seen = await Promise.all(all.map(async (attempt) => ({ ...attempt, direct: await statusOf(direct, attempt), through: await statusOf(through, attempt) })));
    expect(seen).to.deep.equal(all);
  });

  it("logs in the proxy what was asked, and never a token", async () => {
    // Envoy writes its log some seconds later.
    const log = await until("the log of what was asked and refused", async () => {
      const text = await mesh.kubectl("east", "-n usmesh-discovery logs deployment/discovery-proxy --tail=-1");
      return text.includes("GET /api/v1/namespaces/usmesh-no-secrets/secrets") && text.includes(" 403 ") && text;
    });
    expect(log).not.to.contain("Bearer").and.not.to.contain((await remote()).token?.slice(0, 40));
  });
}

async function statusOf(server: ApiServer, attempt: Attempt): Promise<number> {
  try {
    await server.text(attempt.method ?? "GET", attempt.path, bodyOf(attempt), attempt.method === "PATCH" ? "application/merge-patch+json" : "application/json");
    return attempt.method === "POST" ? 201 : 200;
  } catch (error) {
    return (error as { status?: number }).status ?? 0;
  }
}
