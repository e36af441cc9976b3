import * as fs from "node:fs";
import * as path from "node:path";
import { expect } from "chai";
import { until } from "../../support/wait";
import { type Key, KEYS, type TestMesh } from "../support/mesh";
import { type Client, clientOf, otherAuthority } from "../support/trust";

/** A pod without a sidecar, which asks a service of the mesh whatever it is asked itself. */
const OUTSIDER = "outsider";

/** The service that each cluster alone has. */
const SERVICES: Readonly<Record<Key, string>> = { west: "webapp", east: "catalog" };

/** What does not belong to the mesh gets no answer from it, in any cluster. */
export function outsiders(mesh: TestMesh): void {
  before(async () => {
    await Promise.all(KEYS.map(async (key) => {
      const image = await mesh.kubectl(key, "-n istioinaction get deployment simple-backend -o jsonpath='{.spec.template.spec.containers[0].image}'");
      const env = [
        { name: "LISTEN_ADDR", value: "0.0.0.0:8080" },
        { name: "UPSTREAM_URIS", value: `http://${SERVICES[key]}.istioinaction:80` },
      ];
      const pod = {
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name: OUTSIDER, namespace: "istioinaction", labels: { app: OUTSIDER, "sidecar.istio.io/inject": "false" } },
        spec: { terminationGracePeriodSeconds: 1, containers: [{ name: OUTSIDER, image, imagePullPolicy: "IfNotPresent", env, ports: [{ containerPort: 8080 }] }] },
      };
      await mesh.kubectl(key, "apply -f -", JSON.stringify(pod));
      await mesh.kubectl(key, `-n istioinaction wait --for=condition=Ready pod/${OUTSIDER} --timeout=120s`);
    }));
  });
  after(async () => {
    // Without a sidecar it would be a finding of `verify`.
    await Promise.all(KEYS.map((key) => mesh.kubectl(key, `-n istioinaction delete pod ${OUTSIDER}`)));
  });

  for (const key of KEYS) {
    const service = SERVICES[key];

    it(`in ${key}: a request in plain text from a pod outside the mesh reaches ${service} and is refused`, async () => {
      const target = (await mesh.targets()).find((candidate) => candidate.key === key);
      const said = await until("an answer of the pod", async () => target?.kube.forward("istioinaction", OUTSIDER, 8080, async (port) => (await fetch(`http://127.0.0.1:${port}/`)).text()).catch(() => undefined));
      const { code, upstream_calls: calls } = JSON.parse(said) as { code: number; upstream_calls: Record<string, { code: number; error?: string }> };
      const [call] = Object.values(calls);
      expect(code, said).to.equal(500);
      // The connection is made, and ended by the proxy: a name that does not resolve, or a port that is closed, would show nothing.
      expect(call?.error, said).to.match(/EOF|reset by peer/);
      expect(call?.code, said).not.to.equal(200);
    });

    it(`in ${key}: a client with a certificate of another root is refused on 15443 with an alert, and one of the mesh's root is answered`, async () => {
      const authority = await otherAuthority(mesh.home);
      const client = await clientOf(mesh.home, authority);
      // What ends the connection can overtake the alert.
      await until("the alert", async () => {
        const said = await ask(mesh, key, client);
        expect(said).not.to.contain("HTTP/1.");
        expect(said, "the handshake got to the workload's certificate").to.contain("BEGIN CERTIFICATE");
        return /SSL alert number 4[2-8]\b/.test(said);
      }, { intervalMs: 1000 });
      const own = JSON.parse(await mesh.kubectl("west", "-n istio-system get secret cacerts -o json")) as { data: Record<string, string> };
      const known = await ask(mesh, key, await clientOf(mesh.home, own.data));
      expect(known).to.contain("HTTP/1.1 200").and.not.to.match(/SSL alert/);
    });
  }
}

/** Asks the service of a cluster through its gateway, as a proxy of another cluster does. @returns all that openssl printed */
async function ask(mesh: TestMesh, key: Key, client: Client): Promise<string> {
  const host = `${SERVICES[key]}.istioinaction.svc.cluster.local`;
  const address = (await mesh.outputs()).clusters[key]?.eastWestAddress ?? "";
  const request = path.join(mesh.home, "request");
  fs.writeFileSync(request, `GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
  const how = `-connect ${address}:15443 -servername outbound_.80_._.${host} -alpn istio -cert ${client.certificate} -cert_chain ${client.chain} -key ${client.key} -ign_eof`;
  return (await mesh.shell(`timeout 20 openssl s_client ${how} < ${request} 2>&1`)).stdout;
}
