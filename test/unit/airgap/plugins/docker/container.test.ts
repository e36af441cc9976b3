import { expect } from "chai";
import { CONTAINER_TYPE, containerResource } from "../../../../../airgap/plugins/docker/container";
import type { ContainerInspect } from "../../../../../airgap/plugins/docker/container-fields";
import { InitializationFailed, type ResourceType } from "../../../../../airgap/plugins/lib/plugin";
import { Secret, UNKNOWN, type Props } from "../../../../../airgap/plugins/lib/values";
import { startFakeEngine, type FakeEngine } from "./fake-engine";

const SUBJECT = { urn: `urn:pulumi:s::p::${CONTAINER_TYPE}::box`, name: "box", type: CONTAINER_TYPE };
const running = { timeoutSeconds: 0, signal: new AbortController().signal, log: { warn() {}, status() {} } };

/** The inputs of the program's own client container. */
const CLIENT: Props = {
  image: "sha256:ab",
  name: "box",
  entrypoints: ["sleep", "infinity"],
  init: true,
  restart: "unless-stopped",
  labels: [{ label: "l", value: "v" }],
  networksAdvanced: [{ name: "mesh" }],
};

/** A container that runs as it was asked to. */
function inspect(more: { running?: boolean; host?: object; config?: object; ports?: object } = {}): ContainerInspect {
  return {
    Id: "c1",
    Name: "/box",
    Image: "sha256:ab",
    State: { Running: more.running ?? true, ExitCode: 137 },
    Config: { Image: "a:1", Cmd: ["run"], Entrypoint: ["sleep", "infinity"], ...more.config },
    HostConfig: { RestartPolicy: { Name: "unless-stopped" }, NetworkMode: "bridge", Init: true, Mounts: null, ...more.host },
    NetworkSettings: {
      Ports: more.ports as never,
      Networks: { mesh: { IPAddress: "10.1.0.2", IPPrefixLen: 16, Gateway: "10.1.0.1", MacAddress: "02:42" } },
    },
  };
}

describe("containers on a fake engine", () => {
  let fake: FakeEngine;
  let resource: ResourceType;
  before(async () => {
    fake = await startFakeEngine();
    resource = containerResource(fake.engine);
  });
  beforeEach(() => {
    fake.reset();
    fake.on("GET /images/.*", { Id: "sha256:ab" });
    fake.on("GET /containers/c1/json", () => inspect());
    fake.on("POST /containers/create.*", { Id: "c1" });
    fake.on("POST .*/(start|update|connect|disconnect)", {});
  });
  after(() => fake.stop());

  const inputsOf = async (news: Props) => (await resource.check({ ...SUBJECT, news })).inputs;
  const create = async (news: Props, preview = false) => resource.create({ ...SUBJECT, ...running, inputs: await inputsOf(news), preview });
  const diff = async (state: Props, news: Props) => resource.diff({ ...SUBJECT, id: "c1", state, oldInputs: {}, news: await inputsOf(news) });
  const read = async (state: Props) => (await resource.read({ ...SUBJECT, ...running, id: "c1", state, inputs: {} }))?.state ?? {};
  const update = async (state: Props, news: Props) =>
    (await resource.update({ ...SUBJECT, ...running, id: "c1", state, oldInputs: {}, inputs: await inputsOf(news), preview: false })).state;

  it("have the official defaults, and accept no other value of properties that are not supported", async () => {
    const { inputs, failures } = await resource.check({ ...SUBJECT, news: { image: "a:1", name: "box", ports: [{ internal: 80 }] } });
    expect(failures).to.deep.equal([]);
    expect(inputs).to.deep.include({ mustRun: true, start: true, rm: false, waitTimeout: 60, networkMode: "bridge", restart: "no" });
    expect(inputs["ports"]).to.deep.equal([{ __defaults: ["ip", "protocol"], internal: 80, ip: "0.0.0.0", protocol: "tcp" }]);
    expect(inputs["__defaults"]).to.include.members(["networkMode", "mustRun"]).and.not.to.include("ports");
    const news = { image: "a:1", attach: true, logs: false, gpus: "all", ports: [{ external: 1 }], mounts: [{ target: "/a", type: "bind", bindOptions: {} }] };
    const wrong = (await resource.check({ ...SUBJECT, news })).failures ?? [];
    expect(wrong.map(({ property }) => property).sort()).to.deep.equal(["attach", "gpus", "mounts[0].bindOptions", "name", "ports[0].internal"]);
  });

  it("are created with a request in the engine's format", async () => {
    const ports: Props[] = [{ internal: 80 }, { internal: 80, external: 8080, ip: "127.0.0.1" }, { internal: 53, protocol: "udp" }];
    const mounts: Props[] = [{ type: "bind", target: "/x", source: "/y", readOnly: true }, { type: "tmpfs", target: "/t" }];
    await create({ ...CLIENT, command: ["run"], envs: ["A=1"], ports, mounts, networksAdvanced: [] });
    expect(fake.asked.find(({ call }) => call === "POST /containers/create?name=box")?.body).to.deep.equal({
      Image: "sha256:ab",
      Cmd: ["run"],
      Entrypoint: ["sleep", "infinity"],
      Env: ["A=1"],
      Labels: { l: "v" },
      ExposedPorts: { "80/tcp": {}, "53/udp": {} },
      HostConfig: {
        Init: true,
        RestartPolicy: { Name: "unless-stopped" },
        NetworkMode: "bridge",
        PortBindings: {
          "80/tcp": [{ HostPort: "0", HostIp: "0.0.0.0" }, { HostPort: "8080", HostIp: "127.0.0.1" }],
          "53/udp": [{ HostPort: "0", HostIp: "0.0.0.0" }],
        },
        Mounts: [{ Target: "/x", Type: "bind", Source: "/y", ReadOnly: true }, { Target: "/t", Type: "tmpfs" }],
      },
    });
    fake.calls();
    await create({ image: "a:1", name: "box" });
    expect(fake.asked[1]?.body?.["HostConfig"]).to.deep.include({ Init: false });
  });

  it("are moved from the default network to their own before they start", async () => {
    const networksAdvanced = [{ name: "mesh", aliases: ["x"], ipv4Address: "10.1.0.2" }];
    const { id, state } = await create({ ...CLIENT, networksAdvanced, envs: new Secret(["TOKEN=t"]) });
    expect(fake.asked.find(({ call }) => call.endsWith("/connect"))?.body).to.deep.equal({
      Container: "c1",
      EndpointConfig: { Aliases: ["x"], IPAMConfig: { IPv4Address: "10.1.0.2" } },
    });
    expect(fake.calls()).to.deep.equal([
      "GET /images/sha256:ab/json",
      "POST /containers/create?name=box",
      "POST /networks/bridge/disconnect",
      "POST /networks/mesh/connect",
      "POST /containers/c1/start",
      "GET /containers/c1/json",
    ]);
    expect(state["envs"]).to.be.instanceOf(Secret);
    expect(state).to.deep.include({ __meta: '{"schema_version":"2"}', id, image: "sha256:ab", mustRun: true });
    expect((state["networkDatas"] as Props[])[0]).to.include({ networkName: "mesh", ipAddress: "10.1.0.2" });
  });

  it("may be in another network mode than the default one", async () => {
    fake.on("POST /networks/bridge/disconnect", { status: 403, message: "container c1 is not connected to the network bridge" });
    await create({ ...CLIENT, networkMode: "other" });
    expect(fake.calls()).to.include("POST /networks/mesh/connect");
  });

  it("are not created in a preview", async () => {
    const { state } = await create({ ...CLIENT, image: UNKNOWN, command: ["x"] }, true);
    expect(state).to.deep.include({ image: UNKNOWN, command: ["x"], envs: UNKNOWN, networkDatas: UNKNOWN });
    expect(fake.asked).to.deep.equal([]);
  });

  it("are kept, also in the state, when they cannot be connected or started, and the next update finds nothing to change", async () => {
    for (const failing of ["POST /networks/mesh/connect", "POST /containers/c1/start"]) {
      fake.on(failing, { status: 500, message: "no such thing" });
      const error = (await create(CLIENT).catch((e: unknown) => e)) as InitializationFailed;
      expect(error).to.be.instanceOf(InitializationFailed).with.property("message", "no such thing");
      expect(error).to.include({ id: "c1" });
      expect(error.state).to.deep.include({ id: "c1", name: "box", mustRun: true });
      expect(fake.calls().filter((call) => call.startsWith("DELETE"))).to.deep.equal([]);
      expect((await diff(error.state, CLIENT)).detailed).to.deep.equal({});
      await update(error.state, CLIENT);
      expect(fake.calls(), "nothing is started").to.deep.equal([]);
      fake.on(failing, {});
    }
  });

  it("are read without a difference", async () => {
    const mounts = [{ type: "bind", target: "/x", source: "/y" }];
    const { state } = await create({ ...CLIENT, command: ["run"], ports: [{ internal: 80 }], mounts });
    const host = { Mounts: [{ Type: "bind", Target: "/x", Source: "/y" }] };
    fake.on("GET /containers/c1/json", () => inspect({ host, ports: { "80/tcp": [{ HostIp: "0.0.0.0", HostPort: "32768" }], "9/udp": null } }));
    const seen = await read(state);
    const news = { ...CLIENT, command: ["run"], ports: [{ internal: 80 }], mounts };
    expect((await diff(seen, news)).detailed).to.deep.equal({});
    expect(await diff(seen, news)).to.include({ deleteBeforeReplace: true });
    expect((await diff(seen, { ...news, ports: [{ internal: 80, external: 80 }] })).replaces).to.deep.equal(["ports"]);
    expect((await diff(seen, { ...news, image: "a:2", envs: ["A=1"], mounts: [] })).replaces).to.deep.equal(["image", "envs", "mounts"]);
  });

  it("take over the engine's external ports by position in the list", async () => {
    const had = [{ internal: 80, external: 32768, ip: "0.0.0.0", protocol: "tcp" }, { internal: 443, external: 32769, ip: "0.0.0.0", protocol: "tcp" }];
    const state = { ...(await create(CLIENT)).state, ports: had };
    expect((await diff(state, { ...CLIENT, ports: [{ internal: 80 }, { internal: 443 }] })).detailed).to.deep.equal({});
    expect((await diff(state, { ...CLIENT, ports: [{ internal: 443 }, { internal: 80 }] })).replaces).to.deep.equal(["ports"]);
  });

  it("have the state that the previous version wrote", async () => {
    const before = { ...(await create(CLIENT)).state, hostname: "box", ipcMode: "private", shmSize: 64, bridge: "", stopSignal: "", memory: 0 };
    expect((await diff(before, CLIENT)).detailed).to.deep.equal({});
  });

  it("get a new restart policy in place", async () => {
    const { state } = await create(CLIENT);
    fake.reset();
    fake.on("POST .*", {});
    expect((await diff(state, { ...CLIENT, restart: "always" })).replaces).to.deep.equal([]);
    expect(await update(state, { ...CLIENT, restart: "always" })).to.include({ restart: "always" });
    expect(fake.asked).to.deep.equal([{ call: "POST /containers/c1/update", body: { RestartPolicy: { Name: "always" } } }]);
  });

  it("have a changed init in the state without applying it, until a refresh", async () => {
    const { state } = await create(CLIENT);
    fake.calls();
    const changed = { ...CLIENT, init: false };
    expect((await diff(state, changed)).detailed).to.deep.equal({ init: "update" });
    const noted = await update(state, changed);
    expect(fake.calls()).to.deep.equal([]);
    expect((await diff(noted, changed)).detailed).to.deep.equal({});
    expect((await diff(await read(noted), changed)).detailed).to.deep.equal({ init: "update" });
  });

  it("are started again when they stopped, or replaced when they published ports", async () => {
    const { state } = await create({ ...CLIENT, ports: [{ internal: 80, external: 80 }] });
    fake.on("GET /containers/c1/json", () => inspect({ running: false }));
    const { ports: _, ...plain } = state;
    const stopped = await read(plain);
    expect(stopped).to.include({ mustRun: false, exitCode: 137 });
    expect((await diff(stopped, CLIENT)).detailed).to.deep.equal({ mustRun: "add" });
    fake.calls();
    expect(await update(stopped, CLIENT)).to.include({ mustRun: true });
    expect(fake.calls()).to.deep.equal(["POST /containers/c1/start"]);
    expect((await diff(await read(state), { ...CLIENT, ports: [{ internal: 80, external: 80 }] })).replaces).to.deep.equal(["ports"]);
  });

  it("are reported when they are gone, and cannot be imported", async () => {
    expect(await resource.read({ ...SUBJECT, ...running, id: "c2", state: { name: "box" }, inputs: {} })).to.equal(undefined);
    const thrown = await resource.read({ ...SUBJECT, ...running, id: "c1", state: {}, inputs: {} }).catch((e: Error) => e);
    expect((thrown as Error).message).to.contain("cannot be imported");
  });

  it("are deleted, even when somebody else removes them at the same time", async () => {
    fake.on("POST /containers/c1/stop.*", 304);
    fake.on("DELETE .*", { status: 409, message: "removal of container c1 is already in progress" });
    await resource.delete({ ...SUBJECT, ...running, id: "c1", state: {}, oldInputs: {} });
    expect(fake.calls()).to.deep.equal(["POST /containers/c1/stop?t=0", "DELETE /containers/c1?force=true&v=true", "POST /containers/c1/wait"]);
  });
});
