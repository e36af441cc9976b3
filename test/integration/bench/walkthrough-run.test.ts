import * as fs from "node:fs";
import { spawnSync } from "node:child_process";
import * as os from "node:os";
import * as path from "node:path";
import { expect } from "chai";
import { parse, parseAllDocuments } from "yaml";
import { airgapPaths } from "../../../airgap";
import { stepsIn, WALKTHROUGH, writeWalkthrough } from "../../../bench/walkthrough";
import { readModel } from "../../../cli/lib/model";
import { stackFiles } from "../../../cli/lib/stacks";

const TOKEN = "a-token-that-nobody-may-see";
const AUTHORITY = Buffer.from("an authority").toString("base64");

/** Stands for docker, kind, kubectl and helm: writes its arguments into a file, and says what the script waits for. */
const STUB = `#!/bin/sh
printf '%s %s\\n' "\${0##*/}" "$*" >> "$LOG"
case "\${0##*/} $*" in
  "docker network inspect"*) echo 172.30.0.0/16 ;;
  *"get secret"*"{.data.token}"*) printf %s ${Buffer.from(TOKEN).toString("base64")} ;;
  *"get secret"*ca*crt*) printf %s ${AUTHORITY} ;;
  *"get service"*) printf 172.30.0.101 ;;
  *"apply --filename"*pool.yaml*) [ -e "$LOG.pool" ] || { touch "$LOG.pool"; echo "webhook does not answer" >&2; exit 1; } ;;
  "docker exec"*) echo '{"name":"webapp"}' ;;
esac
`;

// The script runs as a whole, on programs that only write down what they are asked.
describe("bench/walkthrough.sh, with programs that do nothing", () => {
  let folder: string;
  let asked: string[];
  let stdout: string;
  const written = (file: string): string => fs.readFileSync(path.join(folder, "work", file), "utf8");

  before(function () {
    if (spawnSync("openssl", ["version"]).status !== 0) this.skip();
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "usmesh-walkthrough-run-"));
    const bin = path.join(folder, "bin");
    fs.mkdirSync(bin);
    for (const name of ["docker", "kind", "kubectl", "helm"]) fs.writeFileSync(path.join(bin, name), STUB, { mode: 0o755 });
    const airgap = airgapPaths("/airgap");
    const model = readModel({ stacks: stackFiles({}), env: { USMESH_SETTINGS: airgap.settings }, choice: { airgap: true, why: "" }, airgap }, "local");
    const log = path.join(folder, "log");
    const env = { PATH: `${bin}:${process.env["PATH"]}`, LOG: log, ...writeWalkthrough(model, folder) };
    const ended = spawnSync(WALKTHROUGH, [], { env, encoding: "utf8" });
    expect(ended.status, ended.stderr).to.equal(0);
    ({ stdout } = ended);
    asked = fs.readFileSync(log, "utf8").trimEnd().split("\n").map((line) => line.replaceAll(folder, ""));
  });
  after(() => folder && fs.rmSync(folder, { recursive: true, force: true }));

  it("creates both clusters on the network, one after the other, and waits for each", () => {
    const created = asked.filter((line) => line.startsWith("kind create"));
    const expected = (key: string): string =>
      `kind create cluster --quiet --name usmesh-bench-script-${key} --image usmesh.local/node:v1.34.4 --config /files/${key}.kind.yaml --kubeconfig /work/${key}.kubeconfig --wait 3m`;
    expect(created.map((line) => line.replace(/node:v[\d.]+/, "node:v1.34.4"))).to.deep.equal([expected("west"), expected("east")]);
  });

  it("installs every chart of the program in each cluster, each waited for", () => {
    const installed = asked.flatMap((line) => /^helm --kubeconfig \/work\/(\w+)\.kubeconfig install (\S+) (\S+) --namespace (\S+) --values \/files\/(\S+) --wait --timeout 10m$/.exec(line)?.slice(1).join(" ") ?? []);
    const of = (key: string): string[] => [
      `${key} metallb /airgap/charts/metallb metallb-system metallb.yaml`,
      `${key} istio-base /airgap/charts/base istio-system base.yaml`,
      `${key} istiod /airgap/charts/istiod istio-system ${key}.istiod.yaml`,
      `${key} istio-ingressgateway /airgap/charts/gateway istio-system ingress.yaml`,
      `${key} istio-eastwestgateway /airgap/charts/gateway istio-system ${key}.eastwest.yaml`,
    ];
    for (const key of ["west", "east"]) expect(installed.filter((line) => line.startsWith(`${key} `))).to.deep.equal(of(key));
    expect(installed).to.have.length(10);
    expect(asked.filter((line) => line.startsWith("helm"))).to.have.length(10);
  });

  it("gives each cluster addresses of the network's, and asks again while the webhook does not answer", () => {
    const [pool] = parseAllDocuments(written("east.pool.yaml")).map((document) => document.toJS() as { spec: { addresses: string[] } });
    expect(pool!.spec.addresses).to.deep.equal(["172.30.0.201-172.30.0.220"]);
    expect(asked.filter((line) => line.endsWith("apply --filename /work/west.pool.yaml"))).to.have.length(2);
  });

  it("lets each istiod read the other cluster, with its token in a file of this user alone", () => {
    const config = parse(written("east.remote")) as { clusters: { cluster: object }[]; users: { user: object }[]; "current-context": string };
    expect(config["current-context"]).to.equal("east-cluster");
    expect(config.clusters[0]!.cluster).to.deep.equal({ server: "https://usmesh-bench-script-east-control-plane:6443", "certificate-authority-data": AUTHORITY });
    expect(config.users[0]!.user).to.deep.equal({ token: TOKEN });
    expect(fs.statSync(path.join(folder, "work", "east.remote")).mode & 0o077).to.equal(0);
    expect(asked).to.include("kubectl --kubeconfig /work/west.kubeconfig create secret generic istio-remote-secret-east --namespace istio-system --from-file=east-cluster=/work/east.remote");
    expect(asked).to.include("kubectl --kubeconfig /work/east.kubeconfig label secret istio-remote-secret-west --namespace istio-system istio/multiCluster=true");
  });

  it("passes no token and no key to any program as an argument", () => {
    const keys = ["root", "west", "east"].map((name) => written(`${name}.key`).split("\n")[1]!);
    for (const secret of [TOKEN, Buffer.from(TOKEN).toString("base64"), ...keys]) {
      expect(secret).to.have.length.greaterThan(20);
      expect(asked.join("\n")).not.to.contain(secret);
      expect(stdout).not.to.contain(secret);
    }
  });

  it("writes only YAML that can be read", () => {
    const files = fs.readdirSync(path.join(folder, "work")).filter((name) => name.endsWith(".yaml"));
    expect(files.length).to.be.greaterThan(8);
    for (const file of files) for (const document of parseAllDocuments(written(file))) expect(document.errors, file).to.deep.equal([]);
    expect((parse(written("catalog.yaml").split("---\n")[1]!) as { spec: { template: { spec: { containers: { env: object[] }[] } } } }).spec.template.spec.containers[0]!.env).to.deep.include({ name: "MESSAGE", value: "catalog in east-cluster" });
  });

  it("ends with the answer to a request through west's ingress gateway", () => {
    expect(asked.at(-1)).to.match(/^docker exec usmesh-bench-script-mypc curl .*--fail .*Host: webapp\.istioinaction\.io http:\/\/172\.30\.0\.101\/api\/catalog$/);
    expect(stdout.trimEnd().split("\n").at(-1)).to.equal('{"name":"webapp"}');
    expect(stepsIn(stdout).map(({ name }) => name)).to.deep.equal([
      ...["network and client", "cluster", "MetalLB", "root certificate", "intermediate", "cacerts and network", "istiod", "ingress gateway"],
      ...["workloads", "remote secret", "east-west gateway", "request across"],
    ]);
  });
});
