import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { setTimeout as sleep } from "node:timers/promises";
import { after, isRecorded, prefetchState, recordedOutputs } from "../../../../components/kubernetes/recorded";
import { until } from "../../../support/wait";

const RELEASE = "kubernetes:helm.sh/v3:Release";

describe("the stack's state", () => {
  /** How often the engine was asked for it. */
  let asked: number;

  /** An engine that has this state. */
  const start = async (outputs: object | Error): Promise<void> => {
    asked = 0;
    const call = (): object => {
      asked += 1;
      if (outputs instanceof Error) throw outputs;
      return { outputs };
    };
    await pulumi.runtime.setMocks({ newResource: ({ inputs }) => ({ id: "id", state: inputs as object }), call }, "usmesh", "local", false, "organization");
  };
  const urn = (types: string, name: string): string => `urn:pulumi:local::usmesh::${types}::${name}`;

  it("has the resources of a type and a name, whatever they are part of, and no others", async () => {
    await start({ [urn(`usmesh:index:MetalLB$${RELEASE}`, "west")]: { outputs: { version: "1" } }, [urn(RELEASE, "bare")]: {} });
    expect(await recordedOutputs(RELEASE, "west")).to.deep.equal({ version: "1" });
    expect(await recordedOutputs(RELEASE, "bare")).to.deep.equal({});
    expect(await Promise.all([isRecorded(RELEASE, "east"), isRecorded("usmesh:index:MetalLB", "west")])).to.deep.equal([false, false]);
  });

  it("is read once, at the first that wants it", async () => {
    await start({});
    expect(asked).to.equal(0);
    prefetchState();
    await until("the engine to be asked", () => asked === 1, { intervalMs: 1 });
    await Promise.all([isRecorded(RELEASE, "west"), isRecorded(RELEASE, "east")]);
    expect(asked).to.equal(1);
  });

  it("that cannot be read is told to whoever needs it, and to nobody else", async () => {
    await start(new Error("no such stack"));
    prefetchState();
    // An error that nobody has seen would end the process now.
    await sleep(20);
    const error = await isRecorded(RELEASE, "west").catch((reason: unknown) => reason);
    expect(error).to.be.an("error");
  });
});

describe("a value that is held back", () => {
  const start = (preview: boolean): Promise<void> =>
    pulumi.runtime.setMocks({ newResource: () => ({ id: "id", state: {} }), call: () => ({}) }, "usmesh", "local", preview, "organization");

  it("is known once something is done, and is not a secret although that used one", async () => {
    await start(false);
    let isDone = false;
    const work = async (): Promise<pulumi.Output<string>> => {
      await sleep(5);
      isDone = true;
      return pulumi.secret("kubeconfig");
    };
    const held = pulumi.output(after(() => pulumi.output(work()), "istio-system"));
    const known = await new Promise((resolve) => held.apply((value) => resolve([value, isDone])));
    expect(known).to.deep.equal(["istio-system", true]);
    expect(await pulumi.isSecret(held)).to.equal(false);
  });

  it("is known at once in a preview, which does nothing", async () => {
    await start(true);
    expect(after(() => expect.fail("it was done"), "istio-system")).to.equal("istio-system");
  });
});
