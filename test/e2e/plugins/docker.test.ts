import { expect } from "chai";
import { randomBytes } from "node:crypto";
import { run } from "../../../airgap/plugins/lib/run";
import { done } from "../../integration/support/events";
import { createProject, type Project } from "../../integration/support/project";

/** The small client image of the air gap: it has a shell, and sleeps. */
const IMAGE = "usmesh.local/client:1";
const SECRET = "an-environment-that-nobody-may-see";

/** Names of this run alone, so that several can share one engine. */
const RUN = `usmesh-test-${randomBytes(3).toString("hex")}`;
const TAG = `${RUN}.local/image:1`;

interface Wish {
  label?: string;
  restart?: string;
  env?: string;
  extra?: string;
}

/** An image that is there, a network, and a container in it. */
function program({ label = "one", restart = "no", env = "A=1", extra = "" }: Wish = {}): string {
  return `
const pulumi = require("@pulumi/pulumi");
const docker = require("@pulumi/docker");
const image = new docker.RemoteImage("image", { name: "${TAG}" });
const network = new docker.Network("${RUN}-net", {
  ipamConfigs: [{ subnet: "10.213.77.0/24" }],
  labels: [{ label: "test", value: "${label}" }],
});
const container = new docker.Container("${RUN}-box", {
  image: image.imageId,
  command: ["sleep", "600"],
  envs: ["${env}", pulumi.secret("TOKEN=${SECRET}")],
  hostname: "box",
  hosts: [{ host: "friend", ip: "10.1.2.3" }],
  networksAdvanced: [{ name: network.name, aliases: ["alias"], ipv4Address: "10.213.77.9" }],
  capabilities: { adds: ["NET_ADMIN"], drops: ["CAP_MKNOD"] },
  mounts: [{ type: "tmpfs", target: "/scratch", tmpfsOptions: { sizeBytes: 1048576 } }],
  volumes: [{ hostPath: "/etc/hostname", containerPath: "/host-name", readOnly: true }],
  labels: [{ label: "b", value: "2" }, { label: "a", value: "1" }],
  ports: [{ internal: 8080 }],
  dns: ["10.9.9.9"],
  restart: "${restart}",
  destroyGraceSeconds: 1,
});
${extra}
exports.container = container.name;
exports.network = network.name;
exports.subnet = network.ipamConfigs.apply((c) => c[0].subnet);
exports.address = container.networkDatas.apply((n) => n[0].ipAddress);
`;
}

const [IMAGE_NAME, NET, BOX] = ["image", `${RUN}-net`, `${RUN}-box`];

describe("the docker plugin under the real engines", function () {
  this.timeout(120_000);
  let project: Project;
  const docker = async (...args: string[]): Promise<string> => (await run("docker", args)).stdout;
  const names = async () => (await project.outputs()) as { container: string; network: string; subnet: string; address: string };

  before(async () => {
    await docker("tag", IMAGE, TAG);
    project = await createProject({ plugins: ["docker"], program: program() });
  });
  after(async () => {
    // Whatever a failed test left behind.
    const leftovers = (await docker("ps", "-aq", "--filter", `name=${RUN}`)).split("\n").filter(Boolean);
    if (leftovers.length) await docker("rm", "-f", ...leftovers);
    const networks = (await docker("network", "ls", "-q", "--filter", `name=${RUN}`)).split("\n").filter(Boolean);
    if (networks.length) await docker("network", "rm", ...networks);
    await run("docker", ["rmi", TAG], { reject: false });
    await project.remove();
  });

  it("previews, and makes nothing", async () => {
    expect(done(await project.preview())).to.have.members([`create ${IMAGE_NAME}`, `create ${NET}`, `create ${BOX}`]);
    expect(await docker("network", "ls", "-q", "--filter", `name=${RUN}`)).to.equal("");
  });

  it("makes what was asked for, by automatic names", async () => {
    await project.up();
    const { container, network, subnet, address } = await names();
    expect([container, network]).to.satisfy(([c, n]: string[]) => /-box-[0-9a-f]{7}$/.test(c!) && /-net-[0-9a-f]{7}$/.test(n!));
    expect([subnet, address]).to.deep.equal(["10.213.77.0/24", "10.213.77.9"]);
    const exec = (...command: string[]) => docker("exec", container, ...command);
    expect(await exec("hostname")).to.equal("box");
    expect(await exec("sh", "-c", "echo $A $TOKEN")).to.equal(`1 ${SECRET}`);
    expect(await exec("cat", "/etc/hosts")).to.match(/^10\.1\.2\.3\s+friend$/m);
    expect(await exec("cat", "/proc/mounts")).to.match(/^tmpfs \/scratch tmpfs .*size=1024k/m);
    type Parts = Record<string, Record<string, unknown>>;
    const [box] = JSON.parse(await docker("inspect", container)) as [Parts];
    expect(Object.keys(box["NetworkSettings"]?.["Networks"] as object)).to.deep.equal([network]);
    expect(box["HostConfig"]?.["CapAdd"]).to.deep.equal(["NET_ADMIN"]);
    expect(box["HostConfig"]?.["Dns"]).to.deep.equal(["10.9.9.9"]);
    expect(box["Config"]?.["Labels"]).to.include({ a: "1", b: "2" });
  });

  it("keeps secrets out of the state", async () => {
    expect(await project.stateText()).not.to.contain(SECRET);
  });

  it("changes nothing when nothing changed", async () => {
    expect(done(await project.up())).to.deep.equal([]);
    expect((await project.refresh()).output).not.to.match(/updated|deleted/);
    expect(done(await project.up())).to.deep.equal([]);
  });

  it("changes in place what can be", async () => {
    const before = (await project.resource(BOX)).id;
    await project.write(program({ restart: "unless-stopped" }));
    const outcome = await project.up();
    expect(done(outcome)).to.deep.equal([`update ${BOX}`]);
    expect(outcome.steps.find(({ name }) => name === BOX)?.changed).to.deep.equal(["restart"]);
    expect((await project.resource(BOX)).id).to.equal(before);
    const { container } = await names();
    expect(await docker("inspect", "-f", "{{.HostConfig.RestartPolicy.Name}}", container)).to.equal("unless-stopped");
    expect(done(await project.up())).to.deep.equal([]);
  });

  it("replaces a container, the old one first, and nothing else", async () => {
    const { container } = await names();
    await project.write(program({ restart: "unless-stopped", env: "A=2" }));
    const outcome = await project.up();
    expect(done(outcome)).to.deep.equal([`delete-replaced ${BOX}`, `replace ${BOX}`, `create-replacement ${BOX}`]);
    const after = (await names()).container;
    expect(after, "a new container has a new automatic name").not.to.equal(container);
    expect(await docker("exec", after, "sh", "-c", "echo $A")).to.equal("2");
  });

  it("mends what changed outside: a stopped container runs again, a lost one is made anew", async () => {
    const { container } = await names();
    await docker("stop", "-t", "0", container);
    await project.refresh();
    expect(done(await project.up())).to.deep.equal([`update ${BOX}`]);
    expect(await docker("inspect", "-f", "{{.State.Running}}", container)).to.equal("true");
    await docker("rm", "-f", container);
    await project.refresh();
    expect(done(await project.up())).to.deep.equal([`create ${BOX}`]);
    expect(done(await project.up())).to.deep.equal([]);
  });

  it("imports a network that is there", async () => {
    const name = `${RUN}-found`;
    const id = await docker("network", "create", "--subnet", "10.213.78.0/24", "--label", "a=b", name);
    const extra = `new docker.Network("found", { name: "${name}", labels: [{ label: "a", value: "b" }] }, { import: "${id}" });`;
    await project.write(program({ restart: "unless-stopped", env: "A=2", extra }));
    expect(done(await project.up())).to.deep.equal(["import found"]);
    await project.write(program({ restart: "unless-stopped", env: "A=2", extra: extra.replace(/, \{ import.*\}/, "") }));
    expect(done(await project.up())).to.deep.equal([]);
    await project.write(program({ restart: "unless-stopped", env: "A=2" }));
    expect(done(await project.up())).to.deep.equal(["delete found"]);
    expect(await docker("network", "ls", "-q", "--filter", `name=${name}`)).to.equal("");
  });

  it("says what is in the way, and leaves nothing half made", async () => {
    const { container, network } = await names();
    const box = (options: string) => `new docker.Container("second", { image: "${TAG}", ${options} });`;
    const attempts = [
      [box(`name: "${container}"`), /is already in use by container/],
      [box(`name: "${RUN}-second", networkMode: "none", entrypoints: ["no-such-program"]`), /no-such-program/],
      [`new docker.Network("second", { name: "${network}" });`, /already exists/],
      [`new docker.RemoteImage("second", { name: "${RUN}.invalid/none:1" });`, /unable to pull image/],
    ] as const;
    for (const [extra, message] of attempts) {
      await project.write(program({ restart: "unless-stopped", env: "A=2", extra }));
      expect((await project.up({ fails: true })).output).to.match(message);
    }
    expect(await docker("ps", "-aq", "--filter", `name=${RUN}-second`)).to.equal("");
  });

  it("refuses by name what it does not do", async () => {
    const refusals = [
      [`new docker.Volume("v");`, "does not do docker:index/volume:Volume"],
      [`new docker.Container("c", { image: "x", gpus: "all" });`, "does not do gpus of docker:index/container:Container"],
      [`new docker.Container("c", { image: "x", attach: true });`, "does not do attach: true of"],
      [`new docker.RemoteImage("i", { name: "x", build: { context: "." } });`, "does not do build of"],
      [`new docker.Provider("p", { registryAuth: [] });`, "does not do registryAuth of the provider"],
      [`docker.getNetwork({ name: "x" });`, "does not do docker:index/getNetwork:getNetwork"],
    ] as const;
    for (const [extra, message] of refusals) {
      await project.write(program({ restart: "unless-stopped", env: "A=2", extra }));
      expect((await project.preview({ fails: true })).output).to.contain(message);
    }
  });

  it("says so when there is no engine", async () => {
    const extra = `new docker.Network("n", {}, { provider: new docker.Provider("p", { host: "unix:///no/such.sock" }) });`;
    await project.write(program({ restart: "unless-stopped", env: "A=2", extra }));
    expect((await project.preview({ fails: true })).output).to.match(/Docker does not answer: .*no\/such\.sock/);
  });

  it("destroys everything, the image's name included", async () => {
    const outcome = await project.destroy();
    expect(done(outcome)).to.have.members([`delete ${BOX}`, `delete ${NET}`, `delete ${IMAGE_NAME}`]);
    expect(await docker("ps", "-aq", "--filter", `name=${RUN}`)).to.equal("");
    expect(await docker("image", "ls", "-q", TAG)).to.equal("");
    expect(await docker("image", "ls", "-q", IMAGE)).not.to.equal("");
  });
});
