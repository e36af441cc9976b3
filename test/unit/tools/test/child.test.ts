import { expect } from "chai";
import { processName } from "../../../../lib/pid-files";
import { runChild } from "../../../../tools/test/child";

describe("the process of a part", () => {
  const run = (script: string, limitMs = 60_000): ReturnType<typeof runChild> => runChild(["-e", script], { env: process.env, output: "kept", limitMs });

  it("tells its exit code and what it printed", async () => {
    const result = await run('process.stdout.write("out\\n", () => process.stderr.write("err\\n", () => process.exit(3)))');
    expect(result).to.include({ code: 3, overLimit: false });
    expect(result.output.split("\n")).to.have.members(["out", "err", ""]);
  });

  it("tells a signal that ended it as a shell does", async () => {
    expect(await run('process.kill(process.pid, "SIGKILL")')).to.include({ code: 137, overLimit: false });
  });

  it("is ended when its time is over, with children that left it and have an environment of their own", async () => {
    const script = `
      const child = require("node:child_process").spawn("sleep", ["60"], { detached: true, stdio: "ignore", env: {} });
      console.log(child.pid);
      setInterval(() => undefined, 1000);`;
    const { overLimit, output } = await run(script, 1500);
    expect(overLimit).to.equal(true);
    expect(Number(output)).to.be.greaterThan(0);
    expect(processName(Number(output))).to.equal(undefined);
  });
});
