import { expect } from "chai";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { bundleAndInstall, PLUGIN_NAMES, sdkVersion } from "../../../airgap/plugins/install";

/** Starts an installed plugin as the engine does, and waits for its port. */
async function start(folder: string, name: string) {
  const child = spawn(join(folder, `pulumi-resource-${name}`), ["--logtostderr", "127.0.0.1:1"]);
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  return { child, port: line.toString(), ended: once(child, "exit") as Promise<[number | null, string | null]> };
}

describe("installing the plugins", function () {
  this.timeout(30_000);
  let home: string;
  let installed: Awaited<ReturnType<typeof bundleAndInstall>>;
  before(async () => {
    home = mkdtempSync(join(tmpdir(), "usmesh-install-"));
    installed = await bundleAndInstall(home);
  });
  after(() => rmSync(home, { recursive: true, force: true }));

  it("puts each where the engine looks for the installed SDK's version", async () => {
    const folders = await Promise.all(PLUGIN_NAMES.map(async (name) => `resource-${name}-v${await sdkVersion(name)}`));
    expect(readdirSync(join(home, "plugins")).sort()).to.deep.equal(folders.sort());
  });

  it("gives the same bytes again, in place of what was there", async () => {
    const before = installed[PLUGIN_NAMES.indexOf("tls")];
    const files = readdirSync(before?.folder as string);
    const bytes = files.map((file) => readFileSync(join(before?.folder as string, file)));
    const [after] = await bundleAndInstall(home, ["tls"]);
    expect(readdirSync(after?.folder as string)).to.deep.equal(files);
    files.forEach((file, i) => expect(readFileSync(join(after?.folder as string, file)).equals(bytes[i] as Buffer)).to.equal(true));
    expect(bytes.some((content) => content.includes(process.cwd())), "a folder of this machine").to.equal(false);
  });

  for (const name of PLUGIN_NAMES) {
    it(`makes ${name} a program that prints its port and ends with the engine`, async () => {
      const folder = join(home, "plugins", `resource-${name}-v${await sdkVersion(name)}`);
      const first = await start(folder, name);
      expect(first.port).to.match(/^\d+\n$/);
      const complaints = text(first.child.stderr);
      first.child.stdin.end();
      expect(await first.ended).to.deep.equal([0, null]);
      expect(await complaints).to.equal("");

      const second = await start(folder, name);
      second.child.kill("SIGINT");
      expect(await second.ended).to.deep.equal([null, "SIGINT"]);
    });
  }
});
