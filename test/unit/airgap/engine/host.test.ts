import { expect } from "chai";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { lacksSysResource } from "../../../../airgap/engine/capabilities";
import { decide, type EngineFacts } from "../../../../airgap/engine/decide";
import { onPath, parseOsRelease, systemPath, type Host } from "../../../../airgap/engine/host";

describe("the capability bounding set", () => {
  const status = (set: string): string => `Name:\tnode\nCapInh:\t0000000000000000\nCapPrm:\t000001ffffffffff\nCapBnd:\t${set}\nCapAmb:\t0000000000000000\n`;

  it("lacks CAP_SYS_RESOURCE when bit 24 is not set", () => {
    expect(lacksSysResource(status("000001fffeffffff"))).to.equal(true);
    expect(lacksSysResource(status("00000000a80425fb"))).to.equal(true);
    expect(lacksSysResource(status("000001ffffffffff"))).to.equal(false);
    expect(lacksSysResource(status("0000000001000000"))).to.equal(false);
  });

  it("counts as complete where nothing can be read", () => {
    expect(lacksSysResource("")).to.equal(false);
    expect(lacksSysResource("CapBnd:\tnonsense\n")).to.equal(false);
  });
});

describe("the machine", () => {
  it("is recognized as Debian or a distribution based on it", () => {
    expect(parseOsRelease('PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\n')).to.deep.equal({
      debian: true,
      system: "Debian GNU/Linux 12 (bookworm)",
    });
    expect(parseOsRelease('ID=linuxmint\nID_LIKE="ubuntu debian"\nPRETTY_NAME=Mint').debian).to.equal(true);
    expect(parseOsRelease('ID="fedora"\nPRETTY_NAME="Fedora 43"')).to.deep.equal({ debian: false, system: "Fedora 43" });
    expect(parseOsRelease("VERSION_ID=1\nNOT_ID=debian").debian).to.equal(false);
    expect(parseOsRelease("")).to.deep.equal({ debian: false, system: process.platform });
  });

  it("has the programs that are only on root's PATH", () => {
    expect(systemPath("/opt/x:/usr/bin")).to.equal("/opt/x:/usr/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/sbin:/bin");
    expect(systemPath(undefined).startsWith("/usr/local/sbin:")).to.equal(true);
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "usmesh-path-"));
    try {
      fs.writeFileSync(path.join(folder, "tool"), "", { mode: 0o755 });
      fs.writeFileSync(path.join(folder, "text"), "", { mode: 0o644 });
      expect(onPath("tool", `/nowhere:${folder}`)).to.equal(true);
      expect(onPath("tool", "/nowhere")).to.equal(false);
    } finally {
      fs.rmSync(folder, { recursive: true });
    }
  });
});

describe("the decision how to get a Docker engine", () => {
  const host = (parts: Partial<Host> = {}, commands: readonly string[] = ["docker", "dockerd"]): Host => ({
    root: true,
    debian: true,
    system: "Debian",
    systemd: false,
    has: (command) => commands.includes(command),
    ...parts,
  });
  const silent: EngineFacts = { said: "Cannot connect to the Docker daemon at unix:///var/run/docker.sock" };

  it("uses the one that answers, whoever asks and wherever it is", () => {
    expect(decide({ version: "28.0", said: "" }, host({ root: false, debian: false }, [])).action).to.equal("use");
    expect(decide({ version: "28.0", said: "", named: "tcp://far:2376" }, host()).action).to.equal("use");
  });

  it("starts the one that is installed, or installs one on Debian, both only as root", () => {
    expect(decide(silent, host()).action).to.equal("start");
    expect(decide(silent, host({ debian: false })).action).to.equal("start");
    expect(decide(silent, host({}, ["docker"])).action).to.equal("install");
    expect(decide(silent, host({}, ["dockerd"])).action, "without the command it is of no use").to.equal("install");
    expect(decide(silent, host({}, [])).action).to.equal("install");
  });

  for (const [name, facts, machine, section, problem, hint] of [
    ["an engine that the user chose", { ...silent, named: "tcp://far:2376" }, host(), "docker-host-not-answering", "tcp://far:2376", "unset DOCKER_HOST"],
    ["a user who is not let in", { said: "permission denied while trying to connect" }, host({ root: false }), "docker-not-permitted", "may not use", "usermod -aG docker"],
    ["an engine that another has to start", silent, host({ root: false }), "docker-not-running", "not running", "systemctl start docker"],
    ["Debian without root", silent, host({ root: false }, []), "docker-not-installed", "no Docker engine", "as root"],
    ["another system", silent, host({ debian: false, system: "Fedora 43" }, []), "docker-not-installed", "no Docker engine", "on Fedora 43"],
  ] as const) {
    it(`refuses ${name} with what to do`, () => {
      const decision = decide(facts, machine);
      if (decision.action !== "refuse") return expect.fail(decision.action);
      expect(decision.section).to.equal(section);
      expect(decision.problem).to.include(problem);
      expect(decision.hint).to.include(hint);
    });
  }
});
