import { expect } from "chai";
import { containerKind } from "../../../../airgap/plugins/docker/container";
import type { ContainerInspect } from "../../../../airgap/plugins/docker/container-field";
import { creationOf, stateOf } from "../../../../airgap/plugins/docker/container-state";
import type { Kind } from "../../../../airgap/plugins/lib/kind";
import { Secret, UNKNOWN, type Props } from "../../../../airgap/plugins/lib/values";
import { startFakeEngine, type FakeEngine } from "./fake-engine";

const SUBJECT = { urn: "urn:pulumi:s::p::docker:index/container:Container::box", name: "box", type: "docker:index/container:Container" };
const log = { info() {}, warn() {}, error() {}, status() {} };
const running = { timeoutSeconds: 0, signal: new AbortController().signal, log };

/** A container that runs as it was asked to. */
function inspect(more: { state?: object; host?: object } = {}): ContainerInspect {
  return {
    Id: "c1",
    Name: "/box",
    Image: "sha256:ab",
    State: { Running: true, ExitCode: 0, ...more.state },
    Config: { Image: "a:1", Hostname: "box", Cmd: ["run"], Entrypoint: null, Tty: false, OpenStdin: false, User: "" },
    HostConfig: { RestartPolicy: { Name: "no", MaximumRetryCount: 0 }, AutoRemove: false, NetworkMode: "bridge", Memory: 0, ...more.host },
    NetworkSettings: {
      Ports: { "80/tcp": [{ HostIp: "0.0.0.0", HostPort: "32768" }], "9/udp": null },
      Networks: {
        mesh: {
          IPAddress: "10.1.0.2",
          IPPrefixLen: 16,
          Gateway: "10.1.0.1",
          GlobalIPv6Address: "",
          GlobalIPv6PrefixLen: 0,
          IPv6Gateway: "",
          MacAddress: "02:42:0a:01:00:02",
        },
      },
    },
  };
}

describe("containers on a fake engine", () => {
  let fake: FakeEngine;
  let kind: Kind;
  before(async () => {
    fake = await startFakeEngine();
  });
  beforeEach(() => {
    fake.reset();
    kind = containerKind(fake.engine);
    fake.on("GET /images/.*", { Id: "sha256:ab" });
    fake.on("GET /containers/c1/json", () => inspect());
    fake.on("POST /containers/create.*", { Id: "c1" });
    fake.on("POST .*/(start|update|connect|disconnect)", {});
  });
  after(() => fake.stop());

  const check = async (news: Props) => kind.check({ ...SUBJECT, news, olds: {}, randomSeed: new Uint8Array(8) });
  const inputsOf = async (news: Props) => (await check(news)).inputs;
  const create = async (news: Props, preview = false) =>
    kind.create({ ...SUBJECT, ...running, inputs: await inputsOf(news), preview });
  const diff = async (state: Props, news: Props) =>
    kind.diff({ ...SUBJECT, id: "c1", state, oldInputs: {}, news: await inputsOf(news), ignoreChanges: [] });
  const update = async (state: Props, news: Props) =>
    kind.update({ ...SUBJECT, ...running, id: "c1", state, oldInputs: {}, inputs: await inputsOf(news), preview: false, ignoreChanges: [] });

  it("have the official defaults", async () => {
    const inputs = await inputsOf({ image: "a:1", ports: [{ internal: 80 }] });
    expect(inputs).to.deep.include({
      attach: false,
      logs: false,
      memoryReservation: 0,
      mustRun: true,
      name: "box-0000000",
      networkMode: "bridge",
      ports: [{ __defaults: ["ip", "protocol"], internal: 80, ip: "0.0.0.0", protocol: "tcp" }],
      readOnly: false,
      removeVolumes: true,
      restart: "no",
      rm: false,
      start: true,
      stdinOpen: false,
      tty: false,
      wait: false,
      waitTimeout: 60,
    });
    expect(inputs["__defaults"]).to.include.members(["name", "networkMode", "mustRun"]).and.not.to.include("ports");
  });

  it("are asked for in the engine's words", () => {
    const body = creationOf({
      image: "a:1",
      command: ["run"],
      entrypoints: ["/e"],
      envs: ["A=1"],
      labels: [{ label: "l", value: "v" }],
      restart: "on-failure",
      maxRetryCount: 3,
      capabilities: { adds: ["NET_ADMIN"] },
      ports: [{ internal: 80, ip: "127.0.0.1", protocol: "tcp" }, { internal: 80, external: 8080, ip: "0.0.0.0", protocol: "tcp" }],
      hosts: [{ host: "h", ip: "::1" }],
      memory: 64,
      shmSize: 32,
      logDriver: "journald",
      logOpts: { tag: "t" },
      ulimits: [{ name: "nofile", soft: 1, hard: 2 }],
      healthcheck: { tests: ["CMD", "x"], interval: "1m30s", timeout: "0s", startPeriod: "0s", startInterval: "0s", retries: 2 },
      volumes: [
        { hostPath: "/a", containerPath: "/b", readOnly: true, selinuxRelabel: "z" },
        { volumeName: "v", containerPath: "/c" },
        { containerPath: "/d" },
        { fromContainer: "other" },
      ],
      mounts: [
        { type: "bind", target: "/x", source: "/y", bindOptions: { propagation: "rslave" } },
        { type: "volume", target: "/z", source: "v", volumeOptions: { noCopy: true, labels: [{ label: "a", value: "b" }] } },
        { type: "tmpfs", target: "/t", tmpfsOptions: { sizeBytes: 10, mode: 448 } },
      ],
      tmpfs: { "/u": "size=1m" },
      init: true,
    });
    const { HostConfig: host, ...own } = body;
    expect(own).to.deep.equal({
      Image: "a:1",
      Cmd: ["run"],
      Entrypoint: ["/e"],
      Env: ["A=1"],
      Labels: { l: "v" },
      ExposedPorts: { "80/tcp": {} },
      Healthcheck: { Test: ["CMD", "x"], Interval: 90e9, Timeout: 0, StartPeriod: 0, StartInterval: 0, Retries: 2 },
      Volumes: { "/b": {}, "/c": {}, "/d": {} },
    });
    expect(host).to.deep.include({
      RestartPolicy: { Name: "on-failure", MaximumRetryCount: 3 },
      CapAdd: ["NET_ADMIN"],
      PortBindings: { "80/tcp": [{ HostIp: "127.0.0.1", HostPort: "" }, { HostIp: "0.0.0.0", HostPort: "8080" }] },
      ExtraHosts: ["h:::1"],
      Memory: 64 * 1024 * 1024,
      ShmSize: 32 * 1024 * 1024,
      LogConfig: { Type: "journald", Config: { tag: "t" } },
      Ulimits: [{ Name: "nofile", Soft: 1, Hard: 2 }],
      Binds: ["/a:/b:ro,z", "v:/c:rw"],
      VolumesFrom: ["other"],
      Tmpfs: { "/u": "size=1m" },
      Init: true,
    });
    expect(JSON.parse(JSON.stringify(host["Mounts"]))).to.deep.equal([
      { Target: "/x", Type: "bind", Source: "/y", BindOptions: { Propagation: "rslave" } },
      { Target: "/z", Type: "volume", Source: "v", VolumeOptions: { NoCopy: true, Labels: { a: "b" } } },
      { Target: "/t", Type: "tmpfs", TmpfsOptions: { Mode: 448, SizeBytes: 10 } },
    ]);
  });

  it("are read back so that nothing seems changed", async () => {
    const news: Props = {
      image: "a:1",
      name: "box",
      command: ["run"],
      hosts: [{ host: "h", ip: "::1" }],
      mounts: [{ type: "bind", target: "/x", source: "/y", bindOptions: { propagation: "rslave" } }],
      capabilities: { adds: ["net_admin"], drops: ["CAP_MKNOD"] },
      ports: [{ internal: 80 }],
      dns: ["1.1.1.1"],
      sysctls: { a: "1" },
      healthcheck: { tests: ["CMD", "x"], interval: "30s" },
      logDriver: "journald",
      logOpts: { tag: "t" },
      ulimits: [{ name: "nofile", soft: 1, hard: 2 }],
    };
    const inputs = await inputsOf(news);
    const { HostConfig, ...own } = creationOf(inputs);
    const seen = inspect({ host: HostConfig });
    Object.assign(seen.Config, own, { Hostname: "c1" });
    const state = stateOf(seen, inputs);
    expect((await diff(state, news)).detailed).to.deep.equal({});
    expect((await diff(state, { ...news, hosts: [], dns: ["1.1.1.2"] })).replaces).to.deep.equal(["dns", "hosts"]);
    expect((await diff(state, { ...news, ports: [{ internal: 80, external: 80 }] })).replaces).to.deep.equal(["ports"]);
    expect((await diff(state, { ...news, restart: "always", start: false })).replaces).to.deep.equal([]);
    expect(await diff(state, news)).to.include({ deleteBeforeReplace: true });
  });

  it("are joined to their networks before they start, out of the default one", async () => {
    const networksAdvanced = [{ name: "mesh", aliases: ["x"], ipv4Address: "10.1.0.2", driverOpts: ["a=b=c"] }];
    const { id, state } = await create({ image: "a:1", name: "box", networksAdvanced, envs: new Secret(["TOKEN=t"]) });
    expect(id).to.equal("c1");
    expect(fake.asked.find(({ call }) => call.endsWith("/connect"))?.body).to.deep.equal({
      Container: "c1",
      EndpointConfig: { Aliases: ["x"], IPAMConfig: { IPv4Address: "10.1.0.2" }, DriverOpts: { a: "b=c" } },
    });
    expect(fake.calls()).to.deep.equal([
      "GET /images/a:1/json",
      "POST /containers/create?name=box",
      "POST /networks/bridge/disconnect",
      "POST /networks/mesh/connect",
      "POST /containers/c1/start",
      "GET /containers/c1/json",
    ]);
    expect(state["envs"]).to.be.instanceOf(Secret);
    expect(state).to.deep.include({ __meta: '{"schema_version":"2"}', id: "c1", image: "a:1", hostname: "box" });
    expect((state["networkDatas"] as Props[])[0]).to.include({ networkName: "mesh", ipAddress: "10.1.0.2" });
  });

  it("are known by their image's id where they were asked for by it", async () => {
    expect((await create({ image: "sha256:ab" })).state["image"]).to.equal("sha256:ab");
  });

  it("are not made in a preview", async () => {
    const { state } = await create({ image: UNKNOWN, command: ["x"] }, true);
    expect(state).to.deep.include({ image: UNKNOWN, command: ["x"], hostname: UNKNOWN, networkDatas: UNKNOWN });
    expect(fake.asked).to.deep.equal([]);
  });

  it("are removed again when they cannot be started", async () => {
    fake.on("POST /containers/c1/start", { status: 500, message: "no such program" });
    fake.on("DELETE .*", 204);
    expect(await create({ image: "a:1" }).catch((e: Error) => e.message)).to.equal("no such program");
    expect(fake.calls().at(-1)).to.equal("DELETE /containers/c1?force=true&v=true");
  });

  it("are waited for until they are healthy", async () => {
    const states = ["starting", "healthy"];
    fake.on("GET /containers/c1/json", () => inspect({ state: { Health: { Status: states.shift() ?? "healthy" } } }));
    await create({ image: "a:1", wait: true, healthcheck: { tests: ["CMD", "x"] } });
    expect(states).to.deep.equal([]);

    fake.on("DELETE .*", 204);
    fake.on("GET /containers/c1/json", () => inspect({ state: { Health: { Status: "starting" } } }));
    const slow = await create({ image: "a:1", wait: true, waitTimeout: 0 }).catch((e: Error) => e.message);
    expect(slow).to.equal("the container was starting and not healthy after 0 s");
    fake.on("GET /containers/c1/json", () => inspect());
    const none = await create({ image: "a:1", wait: true }).catch((e: Error) => e.message);
    expect(none).to.contain("wait needs a healthcheck");
  });

  it("are told of a new restart policy while they run", async () => {
    const state = stateOf(inspect(), await inputsOf({ image: "a:1", name: "box" }));
    fake.on("GET /containers/c1/json", () => inspect({ host: { RestartPolicy: { Name: "always", MaximumRetryCount: 0 } } }));
    const { state: after } = await update(state, { image: "a:1", name: "box", restart: "always", destroyGraceSeconds: 3 });
    expect(fake.asked.map(({ call }) => call)).to.deep.equal(["POST /containers/c1/update", "GET /containers/c1/json"]);
    expect(fake.asked[0]?.body).to.deep.equal({ RestartPolicy: { Name: "always" }, MemoryReservation: 0 });
    expect(after).to.include({ restart: "always", destroyGraceSeconds: 3, hostname: "box" });
  });

  it("are started again when they stopped and must run", async () => {
    const asked = await inputsOf({ image: "a:1", name: "box" });
    const stopped = stateOf(inspect({ state: { Running: false, ExitCode: 137 } }), asked);
    expect(stopped).to.include({ mustRun: false, exitCode: 137 });
    expect((await diff(stopped, { image: "a:1", name: "box" })).detailed).to.deep.equal({ mustRun: "add" });
    const { state } = await update(stopped, { image: "a:1", name: "box" });
    expect(fake.calls()).to.deep.equal(["POST /containers/c1/start", "GET /containers/c1/json"]);
    expect(state).to.include({ mustRun: true }).and.not.to.have.property("exitCode");
  });

  it("are imported as they are, and told when they are gone", async () => {
    const read = (id: string) => kind.read({ ...SUBJECT, ...running, id, state: {}, inputs: {} });
    const found = await read("c1");
    expect(found?.inputs).to.deep.include({ name: "box", image: "a:1", mustRun: true, restart: "no" });
    const news = { name: "box", image: "a:1", ports: [{ internal: 80 }] };
    expect((await diff(found?.state ?? {}, news)).detailed).to.deep.equal({});
    expect(await read("c2")).to.equal(undefined);
  });

  it("go with the time they are given, whoever removes them", async () => {
    let left = 2;
    fake.on("POST /containers/c1/stop.*", 304);
    fake.on("DELETE .*", { status: 409, message: "removal of container c1 is already in progress" });
    fake.on("GET /containers/c1/json", () => (left-- > 0 ? inspect() : 404));
    await kind.delete({ ...SUBJECT, ...running, id: "c1", state: { destroyGraceSeconds: 7, removeVolumes: false }, oldInputs: {} });
    expect(fake.calls().slice(0, 2)).to.deep.equal(["POST /containers/c1/stop?t=7", "DELETE /containers/c1?force=true&v=false"]);
  });

  it("are refused by name where the plugin does not do them", async () => {
    const news = { image: "a:1", attach: true, logs: false, gpus: "all", uploads: [], volumes: [{}], ports: [{ external: 1 }] };
    const { failures = [] } = await check(news);
    expect(failures.map(({ property }) => property).sort()).to.deep.equal(["attach", "gpus", "ports[0].internal", "uploads", "volumes"]);
  });
});
