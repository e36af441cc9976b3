import { expect } from "chai";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import * as path from "node:path";
import { airgapPaths } from "../../../airgap";
import { goEnvironment } from "../../../airgap/steps/go-step";

const sources = path.resolve(__dirname, "../../../airgap/go");

describe("the programs of our own images", () => {
  const paths = airgapPaths();

  for (const module of ["demo", "pause"]) {
    for (const check of ["vet", "test"]) {
      it(`${module} passes go ${check}`, () => {
        const env = { ...process.env, ...goEnvironment(paths) };
        const { status, stdout, stderr } = spawnSync("go", [check, "./..."], { cwd: path.join(sources, module), env, encoding: "utf8" });
        expect(status, stdout + stderr).to.equal(0);
      });
    }
  }

  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    it(`pause ends on ${signal}`, async () => {
      const pause = spawn(path.join(paths.bin, "pause"), { stdio: "ignore" });
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(pause.exitCode, "until then it waits").to.equal(null);
      pause.kill(signal);
      expect(await once(pause, "exit")).to.deep.equal([0, null]);
    });
  }

  it("the demo server refuses to start with an invalid environment", () => {
    const env = { PATH: "", ERROR_RATE: "10%" };
    const { status, stderr } = spawnSync(path.join(paths.bin, "demo-server"), { env, encoding: "utf8", timeout: 10_000 });
    expect(status).to.equal(1);
    expect(stderr).to.include("ERROR_RATE").and.to.include("10%");
  });
});
