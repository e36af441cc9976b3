import { expect } from "chai";
import { inSteps } from "../../support/steps";
import { until } from "../../support/wait";
import { Environments, kindName } from "./support/environments";
import { Traffic } from "./support/traffic";

/** The name that east's load balancer has: a Service of west, so that west's DNS server knows it, and nobody else does. */
const NAME = "east-gateway.load-balancers.svc.cluster.local";
const NODE = `${kindName("east")}-control-plane`;

/** Milliseconds in which west has noticed another address behind the name: istiod asks again when the record's time to live is over. */
const NOTICED_MS = 5 * 60_000;

/** What makes the name lead to an address. */
const named = (address: string): string => {
  const metadata = { name: "east-gateway", namespace: "load-balancers" };
  const ports = [{ name: "tls", port: 15443 }];
  const items = [
    { apiVersion: "v1", kind: "Namespace", metadata: { name: metadata.namespace } },
    { apiVersion: "v1", kind: "Service", metadata, spec: { clusterIP: "None", ports } },
    { apiVersion: "discovery.k8s.io/v1", kind: "EndpointSlice", metadata: { ...metadata, labels: { "kubernetes.io/service-name": metadata.name } }, addressType: "IPv4", ports, endpoints: [{ addresses: [address], conditions: { ready: true } }] },
  ];
  return JSON.stringify({ apiVersion: "v1", kind: "List", items });
};

describe("west and east on real clusters, where east's load balancer has a host name", function () {
  inSteps(this);
  const mesh = new Environments();
  // Requests come in at west, and catalog is in east alone: nobody asks east's ingress gateway.
  const traffic = new Traffic(mesh, ["west"]);
  let addresses: { readonly first: string; readonly second: string };

  after(async () => {
    process.stdout.write(traffic.report().map((line) => `      ${line}\n`).join(""));
    await traffic.stop();
    await mesh.remove();
  });

  /** Runs kubectl in east's node, which works while `up` is still at it. */
  const inEast = async (args: string, input?: string): Promise<boolean> =>
    (await mesh.shell(`docker exec ${input === undefined ? "" : "-i "}${NODE} kubectl --kubeconfig /etc/kubernetes/admin.conf ${args}`, input)).code === 0;
  const lead = (address: string): Promise<string> => mesh.kubectl("west", "apply -f -", named(address));
  const have = (address: string): Promise<string> => mesh.sh(`docker exec ${NODE} ip address add ${address}/32 dev eth0`);
  /** Others know for a while where the address was, and what they send there is dropped from now on. */
  const lose = (address: string): Promise<string> => mesh.sh(`docker exec ${NODE} sh -c 'ip address delete ${address}/32 dev eth0 && iptables -t raw -I PREROUTING -d ${address} -j DROP'`);
  const haveAgain = async (address: string): Promise<string> => {
    await mesh.sh(`docker exec ${NODE} iptables -t raw -D PREROUTING -d ${address} -j DROP`);
    return have(address);
  };

  /** A load balancer as AWS has them: the Service gets a name and no address, and addresses in front of it lead to the gateway's pods. */
  const balance = async (): Promise<void> => {
    const ports = [{ name: "tls", port: 15443 }];
    // A Service of its own: istiod would take the addresses of the gateway's Service for those of the gateway.
    const front = { apiVersion: "v1", kind: "Service", metadata: { name: "front", namespace: "istio-system" }, spec: { selector: { istio: "eastwestgateway" }, ports, externalIPs: Object.values(addresses) } };
    await until("east's namespace", () => inEast("apply -f -", JSON.stringify(front)), { timeoutMs: 30 * 60_000, intervalMs: 1_000 });
    for (const address of Object.values(addresses)) await have(address);
    await Promise.all(
      Object.entries({ "istio-eastwestgateway": NAME, "istio-ingressgateway": "nobody-asks.example" }).map(async ([service, hostname]) => {
        const status = JSON.stringify({ status: { loadBalancer: { ingress: [{ hostname }] } } });
        await until(service, () => inEast(`-n istio-system patch service ${service} --subresource=status --type=merge -p '${status}'`), { timeoutMs: 30 * 60_000, intervalMs: 1_000 });
      }),
    );
  };

  /** Whether webapp's proxy in west sends what is for east to an address. */
  const sends = async (address: string): Promise<boolean> =>
    (await mesh.kubectl("west", "-n istioinaction exec deployment/webapp -c istio-proxy -- pilot-agent request GET clusters")).includes(`catalog.istioinaction.svc.cluster.local::${address}:15443::`);

  it("come up, with the name in east's outputs and in what west reads east with", async () => {
    mesh.set("east", "clusters", { east: { region: "eastus", metallb: false } });
    await mesh.meshDoes("up", "west");
    const block = ((await mesh.outputs("west")).clusters["west"]?.eastWestAddress ?? "").replace(/\.\d+$/, "");
    // No cluster's load balancers have these.
    addresses = { first: `${block}.241`, second: `${block}.242` };
    await lead(addresses.first);
    await Promise.all([mesh.meshDoes("up", "west", "east"), balance()]);
    expect((await mesh.outputs("east")).clusters["east"]?.eastWestAddress).to.equal(NAME);
    const data = await mesh.kubectl("west", "-n istio-system get secret istio-remote-secret-usmesh -o jsonpath='{.data.east-cluster}'");
    expect(Buffer.from(data, "base64").toString()).to.contain(`server: https://${NAME}:15443`);
  });

  it("send requests to the address behind the name", async () => {
    await until("west to send to the first address", () => sends(addresses.first), { timeoutMs: NOTICED_MS, intervalMs: 2_000 });
    await traffic.start();
  });

  it("lose no request when the name leads to another address while both serve, and the first is removed when nothing uses it any more", async () => {
    await traffic.during("to another address, both serving", async () => {
      await lead(addresses.second);
      await until("west to send to the second address alone", async () => (await sends(addresses.second)) && !(await sends(addresses.first)), { timeoutMs: NOTICED_MS, intervalMs: 2_000 });
      await lose(addresses.first);
    });
  });

  it("recover when the address is removed before the name leads to another", async () => {
    // What fails until istiod has asked again is in the report: it depends on how long DNS servers remember.
    await traffic.counted("to another address, the former gone at once", async () => {
      await haveAgain(addresses.first);
      await lose(addresses.second);
      await lead(addresses.first);
      await until("west to send to the first address alone", async () => (await sends(addresses.first)) && !(await sends(addresses.second)), { timeoutMs: NOTICED_MS, intervalMs: 2_000 });
    });
    await traffic.during("after that", () => new Promise((resolve) => setTimeout(resolve, 5_000)));
  });

  it("still read each other: a service that is new in east is reached from west", async () => {
    const service = { apiVersion: "v1", kind: "Service", metadata: { name: "catalog-again", namespace: "istioinaction" }, spec: { selector: { app: "catalog" }, ports: [{ name: "http", port: 80, targetPort: 8080 }] } };
    await mesh.kubectl("east", "apply -f -", JSON.stringify(service));
    const known = async (): Promise<boolean> => (await mesh.kubectl("west", "-n istioinaction exec deployment/webapp -c istio-proxy -- pilot-agent request GET clusters")).includes(`catalog-again.istioinaction.svc.cluster.local::${addresses.first}:15443::`);
    await until("west to know the new service", known, { timeoutMs: NOTICED_MS, intervalMs: 2_000 });
    await traffic.stop();
  });

  it("are removed with one command", async () => {
    await mesh.meshDoes("down", "--yes", "west", "east");
    expect(await mesh.known()).to.deep.equal([]);
  });
});
