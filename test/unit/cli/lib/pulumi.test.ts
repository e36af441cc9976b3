import { expect } from "chai";
import * as fs from "node:fs";
import * as path from "node:path";
import { Pulumi } from "../../../../cli/lib/pulumi";
import { StackFiles } from "../../../../cli/lib/stacks";
import { EXIT } from "../../../../lib/errors";
import type { Finished } from "../../../../lib/process";
import { folderForEach } from "../support/folder";
import { FakeRunner } from "../up/support/fake-runner";

describe("running Pulumi", () => {
  const folder = folderForEach();
  let programs: FakeRunner;
  let streams: { line: string; stdout: string | undefined; env: NodeJS.ProcessEnv | undefined }[];
  const answering = (answer: Partial<Finished>, code = 0, quietStdout = false, backend = `file://${folder()}/state`): Pulumi => {
    programs = new FakeRunner(() => answer);
    streams = [];
    const stream = async (command: string, args: readonly string[], options: { stdout?: string; env?: NodeJS.ProcessEnv } = {}): Promise<number> => {
      expect(fs.existsSync(options.env?.["TMPDIR"] ?? ""), "the folder for temporary files").to.equal(true);
      streams.push({ line: [command, ...args].join(" "), stdout: options.stdout, env: options.env });
      return code;
    };
    const options = { env: { PULUMI_BACKEND_URL: backend }, stacks: new StackFiles(folder()), configFolder: path.join(folder(), "config"), quietStdout };
    return new Pulumi(options, { capture: programs.capture, stream });
  };
  const failureOf = (promise: Promise<unknown>): Promise<unknown> => promise.then(() => undefined, (error: unknown) => error);

  beforeEach(() => {
    fs.writeFileSync(path.join(folder(), "Pulumi.yaml"), "name: usmesh\n");
    fs.writeFileSync(path.join(folder(), "Pulumi.west.yaml"), "config: {}\n");
  });

  it("tells which stacks there are, and asks Pulumi only where the state is not in files", async () => {
    const pulumi = answering({ stdout: '[{ "name": "west" }]' });
    fs.mkdirSync(path.join(folder(), "state", ".pulumi", "stacks", "usmesh"), { recursive: true });
    fs.writeFileSync(path.join(folder(), "state", ".pulumi", "stacks", "usmesh", "east.json"), "{}");
    expect(await pulumi.list()).to.deep.equal(["east"]);
    expect(programs.calls).to.deep.equal([]);
    const elsewhere = answering({ stdout: '[{ "name": "west" }]' }, 0, false, "s3://bucket");
    expect(await elsewhere.list()).to.deep.equal(["west"]);
    expect(programs.calls.join()).to.contain("stack ls");
  });

  it("hands a state over by standard input, never as an argument", async () => {
    await answering({}).import("west", { text: "secret state" });
    expect(programs.calls.join()).not.to.contain("secret");
    expect(programs.options[0]).to.have.property("input", "secret state");
  });

  it("asks for secrets only when they are wanted", async () => {
    const pulumi = answering({ stdout: '{"deployment": null}' });
    expect((await pulumi.export("west")).deployment).to.deep.equal({});
    await pulumi.export("west", { showSecrets: true });
    expect(programs.calls.map((line) => line.includes("--show-secrets"))).to.deep.equal([false, true]);
  });

  it("does not mind that a stack exists which it was to create", async () => {
    await answering({ code: 255, stderr: "error: stack 'organization/usmesh/west' already exists" }).init("west");
    expect(await failureOf(answering({ code: 255, stderr: "error: EOF" }).init("west"))).to.have.property("hint").that.contains("error: EOF");
  });

  it("says which stack does not exist", async () => {
    expect(await failureOf(answering({ code: 6, stderr: "error: no stack named 'west' found" }).outputs("west"))).to.include({ problem: "no-such-stack" });
  });

  it("keeps the stack's tracked file when the stack is removed", async () => {
    await answering({}).remove("west");
    expect(programs.calls[0]).to.contain("stack rm").and.to.contain("--preserve-config");
  });

  it("shows operations on the terminal, with a copy of the stack's file", async () => {
    await answering({}).up("west");
    expect(streams[0]?.line).to.match(/^pulumi up --yes .*--stack west --config-file \S+\/config\/Pulumi\.west\.yaml/);
    expect(streams[0]?.stdout).to.equal("inherit");
    expect(fs.existsSync(path.join(folder(), "config", "Pulumi.west.yaml"))).to.equal(true);
  });

  it("gives what starts the providers a folder for temporary files that is gone afterwards", async () => {
    const pulumi = answering({});
    await pulumi.up("west");
    await pulumi.previewJson("west");
    const folders = [streams[0]?.env?.["TMPDIR"], programs.options[0]?.env?.["TMPDIR"]];
    for (const temporary of folders) {
      expect(path.basename(temporary ?? "")).to.match(/^usmesh-west-/);
      expect(fs.existsSync(temporary ?? "")).to.equal(false);
    }
  });

  it("keeps operations off standard output when that is for data", async () => {
    await answering({}, 0, true).destroy("west", { forget: false });
    expect(streams[0]?.stdout).to.equal("stderr");
  });

  it("forgets what is in a cluster that does not answer only when it is told to", async () => {
    await answering({}).destroy("west", { forget: false });
    expect(streams[0]).to.have.property("line").that.does.not.contain("--refresh");
    expect(streams[0]?.env).not.to.have.property("PULUMI_K8S_DELETE_UNREACHABLE");
    await answering({}).destroy("west", { forget: true });
    expect(streams[0]).to.have.property("line").that.contains("--refresh");
    expect(streams[0]?.env).to.have.property("PULUMI_K8S_DELETE_UNREACHABLE", "true");
  });

  it("lets single resources be deleted that are protected", async () => {
    await answering({}).unprotect("west", ["urn:a", "urn:b"]);
    expect(programs.calls.map((line) => line.replace(/ --non-interactive.*/, ""))).to.deep.equal(["a", "b"].map((name) => `pulumi state unprotect urn:${name} --yes --stack west`));
  });

  it("creates a stack with the secrets provider that its file names", async () => {
    await answering({}).init("west");
    expect(programs.calls[0]).not.to.contain("--secrets-provider");
    fs.writeFileSync(path.join(folder(), "Pulumi.west.yaml"), "secretsprovider: gcpkms://projects/a\nconfig: {}\n");
    await answering({}).init("west");
    expect(programs.calls[0]).to.contain("--secrets-provider gcpkms://projects/a");
  });

  it("says that a stack is partially updated when the user interrupted the operation", async () => {
    const failure = await failureOf(answering({}, EXIT.interrupted).up("west"));
    expect(failure).to.include({ message: "interrupted; stack west is partially updated", exitCode: EXIT.interrupted });
    expect(await failureOf(answering({}, 255).up("west"))).to.include({ message: "pulumi up --stack west failed with exit code 255" });
  });

  it("refuses a stack that somebody is working on, and removes locks that were left", async () => {
    const locks = path.join(folder(), "state", ".pulumi", "locks", "organization", "usmesh", "west");
    expect(await answering({}).unlock("west")).to.equal(false);
    fs.mkdirSync(locks, { recursive: true });
    fs.writeFileSync(path.join(locks, "a.json"), "{ cut off");
    expect(await answering({}).unlock("west")).to.equal(true);
    expect(programs.calls[0]).to.match(/^pulumi cancel --yes --stack west/);
    fs.writeFileSync(path.join(locks, "a.json"), JSON.stringify({ pid: 7, username: "ann", hostname: "there", timestamp: "2026-01-02T03:04:05Z" }));
    const failure = await failureOf(answering({}).unlock("west"));
    expect(failure).to.have.property("message").that.matches(/^stack west is being worked on by ann@there \(process 7\)/);
    expect(failure).to.have.property("exitCode", EXIT.unusable);
    expect(programs.calls).to.deep.equal([]);
  });
});
