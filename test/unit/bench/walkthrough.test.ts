import * as fs from "node:fs";
import { execFileSync, spawnSync } from "node:child_process";
import * as os from "node:os";
import * as path from "node:path";
import { X509Certificate } from "node:crypto";
import { expect } from "chai";
import { parse } from "yaml";
import { MESH, SCRIPT } from "../../../bench/lib/names";
import { stepsIn, WALKTHROUGH, walkthroughFiles, walkthroughVariables } from "../../../bench/walkthrough";
import { airgapPaths, airgapSettings } from "../../../airgap";
import { stackFiles } from "../../../cli/lib/stacks";
import { readModel } from "../../../cli/lib/model";

const text = fs.readFileSync(WALKTHROUGH, "utf8");
/** Its commands: without comments and without what is written into files. */
const code = text.replace(/^\s*#.*$/gm, "").replace(/<<(\w+)\n[\s\S]*?\n\1$/gm, "");

describe("bench/walkthrough.sh", () => {
  it("is a script that bash can read and anybody may run", () => {
    execFileSync("bash", ["-n", WALKTHROUGH]);
    expect(fs.statSync(WALKTHROUGH).mode & 0o111).to.equal(0o111);
  });

  it("gives no secret to a process as an argument: keys and tokens go through files", () => {
    // The variables that hold one are only written into a file, by the shell itself.
    for (const secret of ["token", "authority"]) expect(code).not.to.match(new RegExp(`\\$\\{?${secret}\\b`));
    expect(code).not.to.match(/--from-literal|--token|--docker-password|--set(?:-string)?[ =]/);
    // Keys are named by their files.
    expect(code.match(/-pass(?:in|out)?\b/g)).to.equal(null);
    const keys = [...code.matchAll(/(?:-key|-CAkey) (\S+)|ca-key\.pem=(\S+)/g)].map(([, option, file]) => option ?? file);
    expect(keys).to.deep.equal(["root", "$1", "root", "$1"].map((name) => `"$WORK/${name}.key"`));
  });

  it("keeps what it writes from other users, and ends at the first command that fails", () => {
    expect(text).to.match(/^set -euo pipefail$/m).and.match(/^umask 077$/m);
  });

  it("waits for each chart to be ready, and has a proof in the end", () => {
    expect(code.match(/\bhelm .*\binstall\b.*/g)).to.have.length(1);
    expect(code).to.match(/helm .*install .* --wait --timeout 10m/);
    expect(code.trimEnd().split("\n").slice(-3).join("\n")).to.equal('again ask "$ingress"\nstep "done"\ncat "$WORK/answer"');
  });

  it("says which program is missing before it does anything", () => {
    const { status, stderr } = spawnSync("/bin/bash", [WALKTHROUGH], { env: { PATH: "/nowhere" }, encoding: "utf8" });
    expect({ status, stderr }).to.deep.equal({ status: 1, stderr: "docker is not on PATH\n" });
  });

  it("issues intermediates that the root has signed, of the kind that istiod takes", function () {
    if (spawnSync("openssl", ["version"]).status !== 0) this.skip();
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "usmesh-walkthrough-"));
    try {
      const functions = ["create_root", "create_intermediate"].map((name) => new RegExp(`^${name}\\(\\) \\{\\n[\\s\\S]*?^\\}$`, "m").exec(text)![0]);
      execFileSync("bash", ["-euc", ["step() { :; }", ...functions, "create_root", "create_intermediate west"].join("\n")], { env: { ...process.env, WORK: folder } });
      const [root, west] = ["root", "west"].map((name) => new X509Certificate(fs.readFileSync(path.join(folder, `${name}.pem`))));
      expect(west!.checkIssued(root!) && west!.verify(root!.publicKey)).to.equal(true);
      expect([root!.ca, west!.ca]).to.deep.equal([true, true]);
      expect(west!.subjectAltName).to.equal("DNS:istiod.istio-system.svc");
      expect(west!.publicKey.asymmetricKeyDetails).to.deep.equal({ namedCurve: "prime256v1" });
      expect(fs.readFileSync(path.join(folder, "west.chain.pem"), "utf8").match(/BEGIN CERTIFICATE/g)).to.have.length(2);
    } finally {
      fs.rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe("what the script is given", () => {
  const airgap = airgapPaths("/airgap");
  const model = readModel({ stacks: stackFiles({}), env: { USMESH_SETTINGS: airgap.settings }, choice: { airgap: true, why: "" }, airgap }, "local");
  const files = walkthroughFiles(model);
  const variables = walkthroughVariables(model, "/run/work", "/run/files");
  const settings = airgapSettings(airgap) as { kind: { image: string; config: object }; istio: { charts: string; hub: string; tag: string; values: { istiod: { env: object } } }; client: { image: string }; images: { demo: string } };

  it("is every file and every variable that it reads, and no other", () => {
    const named = [...text.matchAll(/\$FILES\/(\$1\.)?([\w.]+)/g)].flatMap(([, each, name]) => (each === undefined ? [name] : [`west.${name}`, `east.${name}`]));
    expect(Object.keys(files).sort()).to.deep.equal([...new Set(named)].sort());
    const read = ["WORK", "FILES", "NETWORK", "NODE_IMAGE", "WEST", "EAST", "CLIENT", "CLIENT_IMAGE", "DEMO_IMAGE"].concat(["ISTIO", "METALLB"].flatMap((name) => [`${name}_CHARTS`, `${name}_REPOSITORY`, `${name}_VERSION`]));
    expect(Object.keys(variables).sort()).to.deep.equal(read.sort());
    for (const name of read.filter((variable) => !/^(?:ISTIO|METALLB)_/.test(variable))) expect(text, name).to.match(new RegExp(`\\$\\{?${name}\\b`));
  });

  it("has the program's images, charts and values", () => {
    expect(variables).to.include({ NODE_IMAGE: settings.kind.image, CLIENT_IMAGE: settings.client.image, DEMO_IMAGE: settings.images.demo, ISTIO_CHARTS: settings.istio.charts, METALLB_CHARTS: settings.istio.charts });
    const istiod = parse(files["west.istiod.yaml"]!) as { global: Record<string, unknown>; env: Record<string, string> };
    expect(istiod.global).to.deep.include({ hub: settings.istio.hub, tag: settings.istio.tag, meshID: "usmesh", network: "west-network", multiCluster: { clusterName: "west-cluster" } });
    expect(istiod.env).to.include({ ...settings.istio.values.istiod.env, ISTIO_MULTIROOT_MESH: "true" });
    expect(parse(files["east.eastwest.yaml"]!)).to.include({ networkGateway: "east-network", name: "istio-eastwestgateway" });
    expect(parse(files["metallb.yaml"]!)).to.have.nested.property("speaker.frr.enabled", false);
  });

  it("has its own names in Docker, which the program's mesh does not have", () => {
    expect(parse(files["west.kind.yaml"]!)).to.include({ name: SCRIPT.kind.west });
    const names = [SCRIPT, MESH].flatMap(({ network, client, kind }) => [network, client, ...Object.values(kind)]);
    expect(new Set(names).size).to.equal(8);
    expect(variables).to.include({ NETWORK: SCRIPT.network, CLIENT: SCRIPT.client, WEST: SCRIPT.kind.west, EAST: SCRIPT.kind.east });
  });

  it("has the names of clusters and networks that the script writes itself", () => {
    expect(model.clusters.map(({ clusterName, network, region }) => [clusterName, network, region])).to.deep.equal(["west", "east"].map((key) => [`${key}-cluster`, `${key}-network`, `${key}us`]));
  });

  it("is refused for a stack without both clusters", () => {
    expect(() => walkthroughFiles({ ...model, clusters: model.clusters.slice(0, 1) })).to.throw(/the stack has no cluster/);
  });
});

describe("the steps that the script printed", () => {
  it("each last until the next one, those of both clusters together", () => {
    const printed = ["step 100.5 cluster west", "noise", "step 110.5 cluster east", "step 125.0 remote secret in west", "step 126.5 done", '{"name":"webapp"}'].join("\n");
    expect(stepsIn(printed)).to.deep.equal([
      { name: "cluster", seconds: 24.5 },
      { name: "remote secret", seconds: 1.5 },
    ]);
  });
});
