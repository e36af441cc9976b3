import { expect } from "chai";
import { installPackages, packageExists, type Run } from "../../../../airgap/engine/packages";

/** A machine with some packages, whose apt-get fails a given number of times. */
class FakeDebian {
  readonly ran: string[] = [];
  readonly said: string[] = [];
  failures = 0;

  constructor(readonly installed: Set<string>) {}

  readonly run: Run = async (command, args, options) => {
    if (command === "dpkg-query") {
      const name = args.at(-1) ?? "";
      if (!this.installed.has(name)) throw new Error("no packages found");
      return "installed";
    }
    this.ran.push([command, ...args.filter((arg) => !arg.startsWith("-") && !arg.includes("::")), ...args.filter((arg) => arg === "--fix-broken")].join(" "));
    expect(options?.env?.DEBIAN_FRONTEND).to.equal("noninteractive");
    if (command === "apt-get" && args.includes("install")) {
      if (this.failures-- > 0) throw new Error("Unable to locate package");
      args.slice(args.indexOf("install") + 1).forEach((name) => this.installed.add(name));
    }
    return "";
  };
}

describe("Debian packages", () => {
  const install = (debian: FakeDebian, ...names: string[]) => installPackages(names, debian.run, (line) => debian.said.push(line));

  it("are left alone when all are installed", async () => {
    const debian = new FakeDebian(new Set(["runc", "iptables"]));
    expect(await install(debian, "runc", "iptables")).to.equal(false);
    expect(debian.ran).to.deep.equal([]);
    expect(debian.said).to.deep.equal([]);
  });

  it("are installed only when they are missing", async () => {
    const debian = new FakeDebian(new Set(["runc"]));
    expect(await install(debian, "runc", "docker.io")).to.equal(true);
    expect(debian.ran.at(-1)).to.equal("apt-get install docker.io");
    expect(debian.said.at(-1)).to.equal("installing docker.io");
  });

  it("are tried again with new package lists, after an incomplete installation is completed", async () => {
    const debian = new FakeDebian(new Set());
    debian.failures = 1;
    expect(await install(debian, "docker.io")).to.equal(true);
    expect(debian.ran.filter((line) => line === "apt-get update")).to.have.length(1);
    expect(debian.ran.slice(-1)).to.deep.equal(["apt-get install docker.io --fix-broken"]);
    expect(debian.ran).to.include("dpkg");
  });

  it("that cannot be installed are an error", async () => {
    const debian = new FakeDebian(new Set());
    debian.failures = 2;
    const error = await install(debian, "docker.io").then(
      () => undefined,
      (reason: unknown) => reason as Error,
    );
    expect(error?.message).to.include("Unable to locate package");
  });

  it("are looked up by name", async () => {
    expect(await packageExists("docker-cli", async () => "Package: docker-cli\n")).to.equal(true);
    expect(await packageExists("docker-cli", async () => Promise.reject(new Error("no packages found")))).to.equal(false);
  });
});
