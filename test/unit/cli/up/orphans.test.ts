import { expect } from "chai";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { endOrphans, orphans, type ProcessFacts } from "../../../../cli/up/orphans";

describe("the processes that a killed engine leaves", () => {
  const host: ProcessFacts = { pid: 7, parent: 1, name: "pulumi-language", parentName: "systemd", args: ["pulumi-language-nodejs"], env: ["A=1", "PULUMI_BACKEND_URL=file:///s"] };
  const program: ProcessFacts = { ...host, name: "node", args: ["node", "/x/node_modules/@pulumi/pulumi/cmd/run/index.js"] };

  it("are language hosts, the programs that they run, and plugins", () => {
    const all: ProcessFacts[] = [
      host,
      { ...program, pid: 11, parent: 7, parentName: "pulumi-language" },
      { ...program, pid: 13, parent: 1, parentName: "systemd" },
      // Only the first 15 characters of a name are known.
      { ...host, pid: 15, name: "pulumi-resource", args: ["pulumi-resource-kubernetes"] },
    ];
    expect(orphans(all, "file:///s")).to.deep.equal([7, 15, 11, 13]);
  });

  it("are not those of an engine that runs", () => {
    const all: ProcessFacts[] = [
      { ...host, pid: 8, parentName: "pulumi" },
      { ...program, pid: 12, parent: 8, parentName: "pulumi-language" },
      { ...host, pid: 16, name: "pulumi-resource", args: ["pulumi-resource-kubernetes"], parentName: "pulumi" },
    ];
    expect(orphans(all, "file:///s")).to.deep.equal([]);
  });

  it("are not those of another backend, nor anything else", () => {
    const all: ProcessFacts[] = [
      { ...host, pid: 9, env: ["PULUMI_BACKEND_URL=file:///other"] },
      { ...host, pid: 10, name: "bash", args: ["bash"] },
      { ...program, pid: 14, parent: 1, parentName: "systemd", env: [] },
    ];
    expect(orphans(all, "file:///s")).to.deep.equal([]);
  });

  it("are ended, and have ended afterwards", async function () {
    if (process.platform !== "linux") this.skip();
    const backend = `file:///usmesh-orphans-${process.pid}`;
    const script = "setInterval(() => undefined, 1000); process.stdout.write('ready')";
    // Looks like a program whose language host was killed.
    const orphan = spawn(process.execPath, ["-e", script, "@pulumi/pulumi/cmd/run"], { env: { PULUMI_BACKEND_URL: backend }, stdio: ["ignore", "pipe", "inherit"] });
    const ended = once(orphan, "exit");
    await once(orphan.stdout, "data");
    await endOrphans(backend);
    expect((await ended)[1]).to.equal("SIGTERM");
  });
});
