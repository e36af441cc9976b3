import { expect } from "chai";
import { Nodes } from "../../../../cli/drill/nodes";
import type { Repair } from "../../../../cli/drill/record";
import type { Finished } from "../../../../lib/process";
import { FakeRunner } from "../up/support/fake-runner";

describe("the nodes of a drill", () => {
  let owed: Repair[];
  let programs: FakeRunner;
  beforeEach(() => (owed = []));

  const nodes = (answer: (line: string) => Partial<Finished> | undefined = () => undefined): Nodes => {
    programs = new FakeRunner((line) => {
      if (!line.includes(" inspect ")) done.push(`${owed.length} owed: ${line.replace(/ sh -c .*(STOP|CONT) .*/s, " $1")}`);
      return answer(line);
    });
    const record = { owe: (one: Repair) => void owed.push(one), paid: (one: Repair) => void (owed = owed.filter((other) => other.what !== one.what)) };
    return new Nodes({ DOCKER_HOST: "unix:///x" }, record, programs);
  };
  let done: string[];
  beforeEach(() => (done = []));

  it("are those that kind has labelled as the cluster's", async () => {
    const found = nodes((line) => (line.includes("io.x-k8s.kind.cluster=west ") ? { stdout: "west-worker\nwest-control-plane\n" } : undefined));
    expect(await found.of("west")).to.deep.equal(["west-control-plane", "west-worker"]);
    expect(await found.of("other")).to.deep.equal([]);
    expect(programs.options.every(({ env }) => env?.DOCKER_HOST === "unix:///x")).to.equal(true);
  });

  it("are recorded before they are paused, and no longer when they are not", async () => {
    const undo = await nodes((line) => (line.includes(" inspect ") ? { stdout: "true\n" } : undefined)).pause(["west-control-plane"]);
    await undo();
    expect(done).to.deep.equal(["1 owed: docker container pause west-control-plane", "1 owed: docker container unpause west-control-plane"]);
    expect(owed).to.deep.equal([]);
  });

  it("that are not paused any more are left alone", async () => {
    await nodes((line) => (line.includes(" inspect ") ? { stdout: "false\n" } : undefined)).repair({ what: "unpause", containers: ["west-control-plane"] });
    expect(done).to.deep.equal([]);
  });

  it("that are gone need no repair", async () => {
    await nodes(() => ({ code: 1, stderr: "Error: No such container: west-control-plane" })).repair({ what: "unpause", containers: ["west-control-plane"] });
    expect(done).to.deep.equal([]);
  });

  it("are unpaused at once when only some of them could be paused", async () => {
    const failing = nodes((line) => (line.includes(" inspect ") ? { stdout: "true\n" } : line.includes(" pause ") ? { code: 1 } : undefined));
    const error: unknown = await failing.pause(["a", "b"]).then(() => undefined, (e: unknown) => e);
    expect(error).to.be.instanceOf(Error);
    expect(done.slice(1)).to.deep.equal(["1 owed: docker container unpause a", "1 owed: docker container unpause b"]);
    expect(owed).to.deep.equal([]);
  });

  it("are unpaused in a second attempt when Ctrl-C ended the first", async () => {
    let attempts = 0;
    await nodes((line) => (line.includes(" inspect ") ? { stdout: "true\n" } : { code: ++attempts === 1 ? 130 : 0 })).repair({ what: "unpause", containers: ["a"] });
    expect(attempts).to.equal(2);
  });

  it("that cannot be unpaused stay recorded, and the user is told how", async () => {
    const stuck = nodes((line) => (line.includes(" inspect ") ? { stdout: "true\n" } : line.includes(" unpause ") ? { code: 1 } : undefined));
    const undo = await stuck.pause(["a"]);
    const error = await undo().then(() => undefined, (e: Error & { hint?: string }) => e);
    expect(error?.message).to.equal("a is still paused");
    expect(error?.hint).to.contain("docker container unpause a");
    expect(owed).to.have.length(1);
  });

  it("have their API server stopped and continued, where they have one", async () => {
    const answer = (line: string): Partial<Finished> | undefined => (line.includes("west-worker") && line.includes("sh -c") ? { code: 3 } : undefined);
    const undo = await nodes(answer).freezeApiServer(["west-control-plane", "west-worker"]);
    expect(owed).to.deep.equal([{ what: "continue", containers: ["west-control-plane", "west-worker"] }]);
    await undo();
    expect(done).to.deep.equal(["STOP", "STOP", "CONT", "CONT"].map((signal, i) => `1 owed: docker container exec west-${i % 2 ? "worker" : "control-plane"} ${signal}`));
    expect(owed).to.deep.equal([]);
  });

  it("without any API server cannot have it stopped", async () => {
    const error = await nodes((line) => (line.includes("sh -c") ? { code: 3 } : undefined)).freezeApiServer(["a"]).then(() => undefined, (e: Error) => e);
    expect(error?.message).to.equal("no API server was found in a");
    expect(owed).to.deep.equal([]);
  });
});
