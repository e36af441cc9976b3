import { expect } from "chai";
import { randomBytes } from "node:crypto";
import { run } from "../../support/run";
import { imageTags } from "../../../airgap/versions";
import { done } from "../../integration/support/events";
import { createProject, type Project } from "../../integration/support/project";
import { Beside } from "../support/beside";

/** Small images that have a shell and sleep: the air gap's, and the one that official downloads give. */
const IMAGES = { airgap: imageTags.client, official: "curlimages/curl:8.12.1" } as const;
const SECRET = "an-environment-that-nobody-may-see";

/** Names of this run alone, so that several can share one engine. */
const RUN = `usmesh-test-${randomBytes(3).toString("hex")}`;
const [TAG, NET, BOX, SECOND] = [`${RUN}.local/image:1`, `${RUN}-net`, `${RUN}-box`, `${RUN}-second`];

/** An image that is there, and a container on a network. */
function program({ restart = "no", env = "A=1", extra = "" } = {}): string {
  return `
const pulumi = require("@pulumi/pulumi");
const docker = require("@pulumi/docker");
const image = new docker.RemoteImage("image", { name: "${TAG}" });
const container = new docker.Container("box", {
  name: "${BOX}",
  image: image.imageId,
  entrypoints: ["sleep"],
  command: ["600"],
  init: true,
  envs: ["${env}", pulumi.secret("TOKEN=${SECRET}")],
  networksAdvanced: [{ name: "${NET}", aliases: ["alias"], ipv4Address: "10.213.77.9" }],
  mounts: [{ type: "tmpfs", target: "/scratch" }, { type: "bind", source: "/etc/hostname", target: "/host-name", readOnly: true }],
  labels: [{ label: "b", value: "2" }, { label: "a", value: "1" }],
  restart: "${restart}",
});
${extra}
exports.address = container.networkDatas.apply((n) => n[0].ipAddress);
`;
}

/** The air gap's plugin for Docker under the real engines of Pulumi and of Docker. */
export function dockerPlugin(): Beside {
  let project: Project;
  const docker = async (...args: string[]): Promise<string> => (await run("docker", args)).stdout;
  const inspect = (format: string, name = BOX) => docker("inspect", "-f", format, name);
  let isBuilt = false;
  const current = { restart: "unless-stopped", env: "A=2" };

  const before = async (): Promise<void> => {
    isBuilt = (await run("docker", ["image", "inspect", IMAGES.airgap], { reject: false })).exitCode === 0;
    if (!isBuilt) await docker("pull", IMAGES.official);
    await docker("tag", isBuilt ? IMAGES.airgap : IMAGES.official, TAG);
    await docker("network", "create", "--subnet", "10.213.77.0/24", NET);
    project = await createProject({ plugins: ["docker"], program: program() });
  };
  const after = async (): Promise<void> => {
    // Whatever a failed test left behind.
    await run("docker", ["rm", "-f", BOX, SECOND], { reject: false });
    await run("docker", ["network", "rm", NET], { reject: false });
    await run("docker", ["rmi", TAG], { reject: false });
    await project?.remove();
  };
  const beside = new Beside({ before, after });

  beside.test("makes what was asked for, and nothing in a preview", async () => {
    expect(done(await project.preview())).to.have.members(["create image", "create box"]);
    expect(await docker("ps", "-aq", "--filter", `name=${BOX}`)).to.equal("");
    await project.up();
    expect(await project.outputs()).to.deep.equal({ address: "10.213.77.9" });
    expect(await docker("exec", BOX, "sh", "-c", "echo $A $TOKEN")).to.equal(`1 ${SECRET}`);
    expect(await docker("exec", BOX, "cat", "/proc/mounts")).to.match(/^tmpfs \/scratch tmpfs /m).and.to.match(/ \/host-name .*\bro\b/);
    expect(await inspect("{{range $name, $_ := .NetworkSettings.Networks}}{{$name}} {{end}}{{.HostConfig.Init}}")).to.equal(`${NET} true`);
    expect(await inspect("{{.Config.Labels.a}}{{.Config.Labels.b}}")).to.equal("12");
    expect(await project.stateText()).not.to.contain(SECRET);
  });

  beside.test("changes nothing when nothing changed", async () => {
    expect(done(await project.up())).to.deep.equal([]);
    expect((await project.refresh()).output).not.to.match(/updated|deleted/);
    expect(done(await project.up())).to.deep.equal([]);
  });

  beside.test("changes in place what can be, and replaces for the rest, the old container first", async () => {
    const before = await inspect("{{.Id}}");
    await project.write(program({ restart: current.restart }));
    expect(done(await project.up())).to.deep.equal(["update box"]);
    expect(await inspect("{{.Id}} {{.HostConfig.RestartPolicy.Name}}")).to.equal(`${before} unless-stopped`);
    await project.write(program(current));
    expect(done(await project.up())).to.deep.equal(["delete-replaced box", "replace box", "create-replacement box"]);
    expect(await docker("exec", BOX, "sh", "-c", "echo $A")).to.equal("2");
  });

  beside.test("sees at a refresh what changed outside: a stopped container runs again, a lost one is recreated", async () => {
    await docker("stop", "-t", "0", BOX);
    await project.refresh();
    expect(done(await project.up())).to.deep.equal(["update box"]);
    expect(await inspect("{{.State.Running}}")).to.equal("true");
    await docker("rm", "-f", BOX);
    await project.refresh();
    expect(done(await project.up())).to.deep.equal(["create box"]);
  });

  beside.test("leaves a container that cannot be started where it is, in the state too", async () => {
    const extra = `new docker.Container("second", { name: "${SECOND}", image: "${TAG}", entrypoints: ["no-such-program"] });`;
    await project.write(program({ ...current, extra }));
    expect((await project.up({ fails: true })).output).to.contain("no-such-program");
    expect(await inspect("{{.State.Status}}", SECOND)).to.equal("created");
    expect(done(await project.up()), "there is nothing to change").to.deep.equal(["update second"]);
    expect(await inspect("{{.State.Status}}", SECOND)).to.equal("created");
    await project.write(program(current));
    expect(done(await project.up())).to.deep.equal(["delete second"]);
  });

  beside.test("says what is in the way, and refuses by name what it does not support", async () => {
    const attempts = [
      [`new docker.Container("second", { name: "${BOX}", image: "${TAG}" });`, /is already in use by container/],
      [`new docker.RemoteImage("second", { name: "${RUN}.invalid/none:1" });`, /unable to pull image/],
      [`new docker.Network("n");`, /does not support docker:index\/network:Network/],
      [`new docker.Container("c", { name: "c", image: "x", gpus: "all" });`, /does not support gpus of docker:index\/container:Container/],
      [`docker.getNetwork({ name: "x" });`, /does not support docker:index\/getNetwork:getNetwork/],
    ] as const;
    for (const [extra, message] of attempts) {
      await project.write(program({ ...current, extra }));
      expect((await project.up({ fails: true })).output).to.match(message);
    }
  });

  beside.test("needs no engine for a preview", async () => {
    const provider = `new docker.Provider("p", { host: "unix:///no/such.sock" })`;
    await project.write(program({ ...current, extra: `new docker.RemoteImage("i", { name: "x" }, { provider: ${provider} });` }));
    expect(done(await project.preview())).to.include("create i");
    expect((await project.up({ fails: true })).output).to.contain("Docker does not answer at unix:///no/such.sock");
  });

  beside.test("destroys everything, the image's name included", async () => {
    expect(done(await project.destroy())).to.include.members(["delete box", "delete image"]);
    expect(await docker("ps", "-aq", "--filter", `name=${RUN}`)).to.equal("");
    expect(await docker("image", "ls", "-q", TAG)).to.equal("");
    expect(await docker("image", "ls", "-q", isBuilt ? IMAGES.airgap : IMAGES.official)).not.to.equal("");
  });
  return beside;
}
