import { expect } from "chai";
import * as fs from "node:fs";
import * as path from "node:path";
import { processName } from "../../../../lib/pid-files";
import { runChild } from "../../../../tools/test/child";
import { until } from "../../../support/wait";
import { folderForEach } from "../../../unit/cli/support/folder";

describe("the process of a part", () => {
  const folder = folderForEach();
  const run = (script: string, limit = new AbortController().signal): ReturnType<typeof runChild> => runChild(["-e", script], { env: process.env, output: "kept", limit });

  it("tells its exit code and what it printed", async () => {
    const result = await run('process.stdout.write("out\\n", () => process.stderr.write("err\\n", () => process.exit(3)))');
    expect(result).to.include({ code: 3, overLimit: false });
    expect(result.output.split("\n")).to.have.members(["out", "err", ""]);
  });

  it("tells a signal that ended it as a shell does", async () => {
    expect(await run('process.kill(process.pid, "SIGKILL")')).to.include({ code: 137, overLimit: false });
  });

  it("is ended when its time is over, with children that left it and have an environment of their own", async () => {
    const file = path.join(folder(), "pid");
    const script = `
      const child = require("node:child_process").spawn("sleep", ["60"], { detached: true, stdio: "ignore", env: {} });
      require("node:fs").writeFileSync(${JSON.stringify(file)}, child.pid + ".");
      setInterval(() => undefined, 1000);`;
    const limit = new AbortController();
    const running = run(script, limit.signal);
    const pid = await until("the child's number", () => fs.existsSync(file) && /^\d+(?=\.)/.exec(fs.readFileSync(file, "utf8"))?.[0]);
    limit.abort();
    expect(await running).to.include({ overLimit: true, code: 143 });
    expect(processName(Number(pid))).to.equal(undefined);
  });
});
