import * as fs from "node:fs";
import * as path from "node:path";
import { expect } from "chai";
import type { UpReport } from "../../../cli/up/report";
import { type Key, KEYS, NAMES, type TestMesh } from "../support/mesh";

const CATALOG = "outbound|80||catalog.istioinaction.svc.cluster.local";
const SNI = "outbound_.80_._.catalog.istioinaction.svc.cluster.local";

/** One answer of the demo server. */
interface Answer {
  readonly name: string;
  readonly code: number;
  readonly body?: unknown;
  readonly upstream_calls?: Record<string, Answer>;
}

/** What the mesh does for its user once it is up. */
export function acceptance(mesh: TestMesh, report: () => UpReport): void {
  it("has addresses for every cluster and both pairs wired", () => {
    const [stack] = report().stacks;
    expect(stack?.pairs).to.have.members(["west->east", "east->west"]);
    for (const key of KEYS) {
      const cluster = stack?.clusters[key];
      expect(cluster).to.include({ clusterName: `${key}-cluster`, network: `${key}-network`, region: `${key}us` });
      expect(cluster?.ingressAddress).to.match(/^\d+\.\d+\.255\.\d+$/);
      expect(cluster?.eastWestAddress).to.match(/^\d+\.\d+\.255\.\d+$/);
    }
  });

  it("answers a request at west's ingress with what catalog in east says", async () => {
    const line = report().try ?? "";
    expect(line).to.contain(`docker exec ${NAMES.client} curl`).and.contain("webapp.istioinaction.io");
    const answer = JSON.parse(await mesh.sh(line)) as Answer;
    expect(answer).to.include({ name: "webapp", code: 200 });
    const [catalog] = Object.values(answer.upstream_calls ?? {});
    expect(catalog).to.include({ name: "catalog", code: 200 });
    const status = await mesh.sh(line.replace("curl -s", "curl -s -o /dev/null -w '%{http_code}'"));
    expect(status).to.equal("200");
  });

  it("runs catalog in east alone", async () => {
    expect(await mesh.kubectl("west", "-n istioinaction get pods -l app=catalog -o name")).to.equal("");
    expect(await mesh.kubectl("east", "-n istioinaction get pods -l app=catalog -o name")).to.match(/^pod\/catalog-/);
  });

  it("sends the request through east's gateway by SNI, as the access log of catalog shows", async () => {
    const catalog = await mesh.kubectl("east", "-n istioinaction logs deployment/catalog -c istio-proxy --tail=-1");
    expect(catalog).to.contain(SNI);
  });

  it("lists for catalog, in webapp's proxy in west, east's gateway on 15443 and nothing else", async () => {
    const pod = await mesh.kubectl("west", "-n istioinaction get pods -l app=webapp -o name");
    const text = await mesh.sh(
      `istioctl --context kind-${NAMES.kind.west} proxy-config endpoints ${pod.replace("pod/", "")}.istioinaction --cluster '${CATALOG}' -o json`,
    );
    const found = (JSON.parse(text) as { hostStatuses: { address: { socketAddress: { address: string; portValue: number } } }[] }[]).flatMap((cluster) =>
      cluster.hostStatuses.map(({ address: { socketAddress } }) => `${socketAddress.address}:${socketAddress.portValue}`),
    );
    expect(found).to.deep.equal([`${(await mesh.outputs()).clusters.east?.eastWestAddress}:15443`]);
  });

  for (const key of KEYS) {
    it(`issues certificates in ${key} that openssl verifies against the shared root, signed by ${key}'s own intermediate`, async () => {
      const app = key === "west" ? "webapp" : "catalog";
      const pod = (await mesh.kubectl(key, `-n istioinaction get pods -l app=${app} -o name`)).replace("pod/", "");
      const text = await mesh.sh(`istioctl --context kind-${NAMES.kind[key]} proxy-config secret ${pod}.istioinaction -o json`);
      const secrets = JSON.parse(text) as { dynamicActiveSecrets: { name: string; secret: { tlsCertificate?: { certificateChain: { inlineBytes: string } } } }[] };
      const own = secrets.dynamicActiveSecrets.find((secret) => secret.name === "default")?.secret.tlsCertificate?.certificateChain.inlineBytes ?? "";
      const folder = fs.mkdtempSync(path.join(mesh.home, "chain-"));
      fs.writeFileSync(path.join(folder, "chain.pem"), Buffer.from(own, "base64"));
      fs.writeFileSync(path.join(folder, "root.pem"), (await mesh.outputs()).trust?.rootCertificates ?? "");
      const intermediate = Buffer.from(await mesh.kubectl(key, "-n istio-system get secret cacerts -o jsonpath='{.data.ca-cert\\.pem}'"), "base64");
      fs.writeFileSync(path.join(folder, "intermediate.pem"), intermediate);
      expect(await mesh.sh(`cd ${folder} && openssl verify -CAfile root.pem -untrusted intermediate.pem chain.pem`)).to.equal("chain.pem: OK");
      expect(await mesh.sh(`openssl x509 -in ${folder}/intermediate.pem -noout -subject`)).to.match(new RegExp(`L ?= ?${key}`));
    });
  }

  it("changes nothing when it is brought up again", async () => {
    const { code, stdout, stderr } = await mesh.shell("pulumi up -s local --yes --skip-preview --expect-no-changes --non-interactive");
    expect(code, stdout + stderr).to.equal(0);
    expect(stdout).to.match(/\d+ unchanged/).and.not.match(/\d+ (created|updated|deleted|replaced)/);
  });

  it("says before a changed label what that changes, and nothing else", async () => {
    mesh.change({ clusters: { west: { kindName: NAMES.kind.west, zone: "1" }, east: { kindName: NAMES.kind.east } } });
    try {
      const steps = await mesh.sh("pulumi preview -s local --json --non-interactive");
      const changed = (JSON.parse(steps) as { steps: { op: string; urn: string }[] }).steps.filter((step) => !["same", "read"].includes(step.op));
      expect(changed.map(({ op, urn }) => `${op} ${urn.split("::").pop()}`)).to.have.members(["update west", "update west-labels"]);
    } finally {
      mesh.change({});
    }
  });

  it("passes verify, with nothing wrong and nothing unknown", async () => {
    const { code, stdout, stderr } = await mesh.mesh("verify", "local", "--json", "--timeout", "60");
    const { findings, exitCode } = JSON.parse(stdout) as { exitCode: number; findings: { status: string; check: string; seen: string }[] };
    expect(findings.filter((finding) => ["fail", "unknown"].includes(finding.status)), stderr).to.deep.equal([]);
    expect(findings.filter((finding) => finding.check === "traffic.request").map((finding) => finding.status)).to.deep.equal(["pass", "pass"]);
    expect([code, exitCode]).to.deep.equal([0, 0]);
    for (const key of KEYS) {
      const kept = "get namespaces -l app.kubernetes.io/managed-by=usmesh-verify -o jsonpath='{.items[?(@.status.phase==\"Active\")].metadata.name}'";
      expect(await mesh.kubectl(key, kept), `in ${key}`).to.equal("");
    }
  });
}

/**
 * Splits an engine's log into the values that Pulumi's own libraries write down when they send them, and everything else. The engine
 * repeats what a plugin writes. A kubeconfig, the one value of several lines, becomes an entry for each line, and entries of other
 * processes come in between: a single line of one, the last with a brace behind it, is a value; several in one entry are not.
 */
export function splitLog(log: string, kubeconfigs: readonly string[]): { readonly values: string; readonly others: string } {
  const lines = new Set(kubeconfigs.flatMap((text) => text.split("\n")).map((line) => line.trim()));
  const values: string[] = [];
  const others: string[] = [];
  for (const line of log.split("\n")) {
    const message = /"msg":"(?:eventSink::Debug\(<\{%reset%\}>)?(.*?)(?:\\n)?(?:<\{%reset%\}>\)|",")/.exec(line)?.[1] ?? "";
    const isValue = /^(?:[IWE]\d{4} [\d:.]+ +\d+ rpc\.go:\d+\] )?(?:Unm|M)arshaling property/.test(message);
    (isValue || lines.has(message.replace(/\}?(?:\\n)?$/, "").trim()) ? values : others).push(line);
  }
  return { values: values.join("\n"), others: others.join("\n") };
}

/** Nothing that is secret can be read where it should not be. */
export function secrecy(mesh: TestMesh, upLog: () => string, upProcesses: () => ReadonlySet<string>): void {
  /** Every secret of the mesh: keys, tokens, kubeconfigs' client keys. */
  const gather = async (): Promise<string[]> => {
    const outputs = await mesh.outputs();
    const keys = await Promise.all(KEYS.map((key) => mesh.kubectl(key, "-n istio-system get secret cacerts -o jsonpath='{.data.ca-key\\.pem}'")));
    const state = await mesh.sh("pulumi stack export --show-secrets -s local");
    const made = [...state.matchAll(/-----BEGIN [A-Z ]*PRIVATE KEY-----(?:\\\\n|\\n)([A-Za-z0-9+/]{40,})/g)].map((match) => match[1] ?? "");
    const account = (key: Key): Promise<string> => mesh.kubectl(key, "-n usmesh-discovery get secrets --field-selector type=kubernetes.io/service-account-token -o jsonpath='{.items[*].data.token}'");
    const tokens = (await Promise.all(KEYS.map(account))).map((base64) => Buffer.from(base64, "base64").toString());
    const clients = Object.values(outputs.kubeconfigs).map((text) => /client-key-data: (\S+)/.exec(text)?.[1] ?? "");
    const lines = keys.map((pem) => Buffer.from(pem, "base64").toString().split("\n")[1] ?? "");
    const all = [...lines, ...made, ...tokens, ...clients].filter((text) => text.length >= 40);
    expect(all.length, "secrets to look for").to.be.greaterThan(8);
    return [...new Set(all)];
  };
  let gathered: Promise<string[]> | undefined;
  const secrets = (): Promise<string[]> => (gathered ??= gather());
  const variants = (text: string): string[] => [text, Buffer.from(text).toString("base64").slice(0, 48)];
  const readable = (where: string, all: readonly string[]): string[] => all.filter((text) => variants(text).some((variant) => where.includes(variant)));

  it("exports no private key", async () => {
    const { kubeconfigs: _kubeconfigs, ...rest } = await mesh.outputs();
    expect(JSON.stringify(rest)).not.to.match(/PRIVATE KEY/);
  });

  it("keeps them out of the state's file and of what up printed", async () => {
    const all = await secrets();
    const state = await mesh.sh('state=${PULUMI_BACKEND_URL#file://}; cat "${state%%\\?*}"/.pulumi/stacks/usmesh/local.json');
    expect(state).to.contain("ciphertext");
    expect(readable(state, all).length, "in the state").to.equal(0);
    expect(readable(upLog(), all).length, "in the log").to.equal(0);
  });

  it("keeps them out of previews and of logs, up to the level from which Pulumi's engine writes down what it sends", async () => {
    const all = await secrets();
    const { stdout, stderr } = await mesh.shell("pulumi preview -s local --diff --non-interactive -v=8 --logtostderr --logflow");
    expect(stderr.length, "a log was written").to.be.greaterThan(10_000);
    expect(readable(stdout, all).length, "in the preview").to.equal(0);
    expect(readable(stderr, all).length, "in the log").to.equal(0);
  });

  it("adds none of them to what Pulumi itself writes, in the engine and in plugins, about each value that it sends", async () => {
    const all = await secrets();
    const { stderr } = await mesh.shell("pulumi preview -s local --non-interactive -v=11 --logtostderr --logflow");
    const { values, others } = splitLog(stderr, Object.values((await mesh.outputs()).kubeconfigs));
    expect(readable(values, all).length, "the search finds what it looks for").to.be.greaterThan(0);
    expect(others.length, "there is more in the log").to.be.greaterThan(100_000);
    expect(readable(others, all).length, "in the log of the program and the plugins").to.equal(0);
  });

  for (const key of KEYS) {
    it(`keeps them out of Helm's release Secrets in ${key}`, async () => {
      const all = await secrets();
      const releases = await mesh.kubectl(key, "get secrets -A -l owner=helm -o jsonpath='{range .items[*]}{.data.release}{\"\\n\"}{end}'");
      const texts = await Promise.all(releases.split("\n").map((line) => mesh.sh("base64 -d | base64 -d | gunzip", line)));
      expect(texts.length).to.be.greaterThan(4);
      expect(readable(texts.join("\n"), all).length).to.equal(0);
    });
  }

  it("kept them out of the process list while it created everything", async () => {
    const all = await secrets();
    const seen = [...upProcesses()];
    expect(seen.some((line) => line.includes("pulumi-resource-kubernetes")), "the process that writes most of them").to.equal(true);
    expect(seen.length).to.be.greaterThan(20);
    expect(readable(seen.join("\n"), all).length).to.equal(0);
  });
}

/** Which containers, networks and volumes of the mesh under test are there. */
export async function leftovers(mesh: TestMesh): Promise<string[]> {
  const names = [NAMES.network, NAMES.client, ...KEYS.map((key: Key) => NAMES.kind[key])];
  const lines = await mesh.sh("docker ps -a --format '{{.Names}}'; docker network ls --format '{{.Name}}'; docker volume ls --format '{{.Name}}'");
  return lines.split("\n").filter((line) => names.some((name) => line.includes(name)));
}
