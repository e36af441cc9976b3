import { expect } from "chai";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { diagnose } from "../../../../airgap/engine/diagnosis";
import { processName, runningDaemon } from "../../../../lib/pid-files";
import { daemonArguments, systemPlace, type Place } from "../../../../airgap/engine/place";
import { ownEngine, removeRecord, writeRecord } from "../../../../airgap/engine/record";
import { stopEngine } from "../../../../airgap/engine/stop-engine";

describe("dockerd", () => {
  let folder: string;
  let place: Place;
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "usmesh-engine-"));
    place = {
      socket: path.join(folder, "docker.sock"),
      data: path.join(folder, "data"),
      run: path.join(folder, "run"),
      pidFile: path.join(folder, "docker.pid"),
      args: ["--bridge=none"],
      runtime: path.join(folder, "runtime"),
    };
  });
  afterEach(() => fs.rmSync(folder, { recursive: true }));

  it("is started with its own defaults, and with the wrapper only where it is needed", () => {
    expect(daemonArguments(systemPlace, undefined)).to.deep.equal([]);
    expect(daemonArguments(systemPlace, "/x/wrapper")).to.deep.equal(["--add-runtime", "usmesh=/x/wrapper", "--default-runtime", "usmesh"]);
    expect(daemonArguments(place, undefined).join(" ")).to.equal(
      `--host unix://${place.socket} --data-root ${place.data} --exec-root ${place.run} --pidfile ${place.pidFile} --bridge=none`,
    );
  });

  it("is found by its pid file", () => {
    fs.writeFileSync(place.pidFile, "42\n");
    expect(runningDaemon(place, (pid) => (pid === 42 ? "dockerd" : undefined))).to.equal(42);
    expect(fs.existsSync(place.pidFile)).to.equal(true);
  });

  it("does not count as running because of a stale pid file, even when another process has that id now", () => {
    const containerd = path.join(place.run, "containerd", "containerd.pid");
    fs.mkdirSync(path.dirname(containerd), { recursive: true });
    for (const [text, name] of [["42", undefined], ["42", "bash"], ["", undefined], ["-1", "dockerd"], ["x", "dockerd"]] as const) {
      fs.writeFileSync(place.pidFile, text);
      fs.writeFileSync(containerd, text);
      expect(runningDaemon(place, () => name)).to.equal(undefined);
      expect(fs.existsSync(place.pidFile), `${text} is taken away`).to.equal(false);
      expect(fs.existsSync(containerd), `${text} is taken away`).to.equal(false);
    }
    expect(runningDaemon(place), "without any file").to.equal(undefined);
  });

  it("knows the names of processes", () => {
    expect(processName(process.pid)).to.be.a("string").and.not.equal("");
    expect(processName(2 ** 30)).to.equal(undefined);
  });

  it("is stopped only when it is the process that was started", async () => {
    expect(ownEngine(folder)).to.equal(undefined);
    writeRecord(folder, process.pid);
    expect(ownEngine(folder)).to.equal(process.pid);
    const file = path.join(folder, "engine.json");
    const record = JSON.parse(fs.readFileSync(file, "utf8")) as Record<string, unknown>;
    for (const other of [{ ...record, start: "1" }, { ...record, boot: "another" }, { ...record, pid: 2 ** 22 }, { ...record, pid: 0 }, "", "{"]) {
      fs.writeFileSync(file, typeof other === "string" ? other : JSON.stringify(other));
      expect(ownEngine(folder), JSON.stringify(other)).to.equal(undefined);
      // This process would end if it were taken for the engine.
      expect(await stopEngine(folder)).to.equal(false);
      expect(fs.existsSync(file)).to.equal(false);
    }
    removeRecord(folder);
  });
});

describe("the log of a dockerd that did not start", () => {
  for (const [line, meaning] of [
    ["failed to start daemon: write /var/lib/docker/tmp/x: no space left on device", "disk is full"],
    ["failed to start daemon: pid file found, ensure docker is not running or delete /var/run/docker.pid", "another dockerd"],
    ["unable to configure the Docker daemon with file /etc/docker/daemon.json: the following directives are specified both as a flag and in the configuration file: default-runtime", "daemon.json"],
    ["failed to start daemon: Error initializing network controller: error obtaining controller instance: invalid database", "mv /data /data.damaged"],
    ["failed to start daemon: error initializing graphdriver: /data contains several valid graphdrivers", "storage driver"],
    ["failed to start daemon: Devices cgroup isn't mounted", "cgroups"],
    ["Error initializing network controller: iptables failed: iptables -t nat -N DOCKER: Could not fetch rule set generation id", "iptables-legacy"],
    ["failed to start daemon: timeout waiting for containerd to start", "containerd"],
    ["failed to start daemon: error mounting: operation not permitted", "privileges"],
  ] as const) {
    it(`means ${meaning}`, () => expect(diagnose(`time="x" level=info msg="starting up"\n${line}\n`, "/data")).to.include(meaning));
  }

  it("is shown as it is when nothing in it is known", () => expect(diagnose("Status: unknown flag: --nonsense", "/data")).to.equal(undefined));
});
