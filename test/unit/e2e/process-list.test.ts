import { expect } from "chai";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { watchProcesses } from "../../e2e/support/process-list";

describe("the list of processes while something works", () => {
  it("has the command lines of those that run, and gives what the work gave", async () => {
    const child = spawn("cat", ["-", "--", "/dev/null"], { stdio: ["pipe", "ignore", "ignore"] });
    try {
      const { result, commandLines } = await watchProcesses(once(child, "spawn").then(() => "done"));
      expect(result).to.equal("done");
      expect([...commandLines]).to.include("cat\0-\0--\0/dev/null\0");
    } finally {
      child.kill();
    }
  });

  it("fails as the work does", async () => {
    const error = await watchProcesses(Promise.reject(new Error("no"))).catch((thrown: Error) => thrown);
    expect(error).to.have.property("message", "no");
  });
});
