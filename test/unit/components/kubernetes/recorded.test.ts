import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { isRecorded, prefetchState, recordedOutputs } from "../../../../components/kubernetes/recorded";

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
    await Promise.all([isRecorded(RELEASE, "west"), isRecorded(RELEASE, "east")]);
    expect(asked).to.equal(1);
  });

  it("that cannot be read is told to whoever needs it, and to nobody else", async () => {
    await start(new Error("no such stack"));
    prefetchState();
    // An error that nobody has seen would end the process now.
    await new Promise((resolve) => setTimeout(resolve, 20));
    const error = await isRecorded(RELEASE, "west").catch((reason: unknown) => reason);
    expect(error).to.be.an("error");
  });
});
