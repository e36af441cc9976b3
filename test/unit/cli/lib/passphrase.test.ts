import { expect } from "chai";
import * as fs from "node:fs";
import * as path from "node:path";
import { ensurePassphrase } from "../../../../cli/lib/passphrase";
import { folderForEach } from "../support/folder";

describe("the passphrase", () => {
  const folder = folderForEach();
  const file = (): string => path.join(folder(), "home", "passphrase");
  const mode = (name: string): number => fs.statSync(name).mode & 0o777;

  it("is generated into a file that only its owner can read, in a folder that only its owner can enter", async () => {
    expect(await ensurePassphrase(file(), {})).to.deep.equal({ from: "file", file: file(), created: true });
    expect(mode(file())).to.equal(0o600);
    expect(mode(path.dirname(file()))).to.equal(0o700);
    expect(fs.readFileSync(file(), "utf8").trim()).to.have.length.greaterThan(40);
    expect(fs.readdirSync(path.dirname(file()))).to.deep.equal(["passphrase"]);
  });

  it("stays the same from run to run, and differs from any other one", async () => {
    await ensurePassphrase(file(), {});
    const text = fs.readFileSync(file(), "utf8");
    expect(await ensurePassphrase(file(), {})).to.deep.include({ created: false });
    expect(fs.readFileSync(file(), "utf8")).to.equal(text);
    fs.rmSync(file());
    await ensurePassphrase(file(), {});
    expect(fs.readFileSync(file(), "utf8")).not.to.equal(text);
  });

  it("is the one that the user types, or a generated one when nothing is typed", async () => {
    await ensurePassphrase(file(), {}, async () => " correct horse ");
    expect(fs.readFileSync(file(), "utf8")).to.equal("correct horse\n");
    fs.rmSync(file());
    await ensurePassphrase(file(), {}, async () => "");
    expect(fs.readFileSync(file(), "utf8").trim()).to.have.length.greaterThan(40);
  });

  it("is the environment's when it has one", async () => {
    const given = path.join(folder(), "given");
    fs.writeFileSync(given, "mine\n");
    for (const env of [{ PULUMI_CONFIG_PASSPHRASE: "mine" }, { PULUMI_CONFIG_PASSPHRASE_FILE: given }, { PULUMI_CONFIG_PASSPHRASE_FILE: "/elsewhere" }]) {
      expect(await ensurePassphrase(file(), env)).to.deep.equal({ from: "environment" });
    }
    expect(fs.existsSync(file())).to.equal(false);
  });

  it("is refused when the environment has an empty one, which protects nothing", async () => {
    const given = path.join(folder(), "given");
    fs.writeFileSync(given, " \n");
    for (const PULUMI_CONFIG_PASSPHRASE of ["", "  "]) await rejects(ensurePassphrase(file(), { PULUMI_CONFIG_PASSPHRASE }), /^PULUMI_CONFIG_PASSPHRASE is empty$/);
    await rejects(ensurePassphrase(file(), { PULUMI_CONFIG_PASSPHRASE_FILE: given }), /the passphrase file .*given is empty/);
    expect(fs.existsSync(file())).to.equal(false);
  });

  it("can be read only by its owner even if its file could be read by others before", async () => {
    fs.mkdirSync(path.dirname(file()));
    fs.writeFileSync(file(), "old\n", { mode: 0o644 });
    await ensurePassphrase(file(), {});
    expect(mode(file())).to.equal(0o600);
  });

  it("is the same for two processes that start at the same time", async () => {
    const slow = (): Promise<string> => new Promise((resolve) => setTimeout(() => resolve("typed later"), 5));
    const [late, early] = await Promise.all([ensurePassphrase(file(), {}, slow), ensurePassphrase(file(), {})]);
    expect([late, early].map((source) => source.from === "file" && source.created)).to.deep.equal([false, true]);
    expect(fs.readFileSync(file(), "utf8")).not.to.contain("typed later");
  });

  it("is refused when it is empty or not a file, and when its folder cannot be created", async () => {
    fs.mkdirSync(file(), { recursive: true });
    await rejects(ensurePassphrase(file(), {}), /cannot be used: it is not a file/);
    expect(fs.statSync(file()).mode & 0o777, "what is there stays as it is").to.equal(0o777 & ~process.umask());
    fs.rmdirSync(file());
    for (const text of ["", "\n"]) {
      fs.writeFileSync(file(), text);
      await rejects(ensurePassphrase(file(), {}), /is empty/);
    }
    await rejects(ensurePassphrase(path.join(file(), "below", "a-file"), {}), /cannot be used/);
  });
});

async function rejects(promise: Promise<unknown>, pattern: RegExp): Promise<void> {
  const failure = await promise.then(
    () => undefined,
    (error: Error) => error,
  );
  expect(failure?.message ?? "it did not fail").to.match(pattern);
}
