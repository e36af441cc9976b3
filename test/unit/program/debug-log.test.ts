import { expect } from "chai";
import { withoutAnswers } from "../../../program/debug-log";

describe("the SDK's debug messages", () => {
  const messages: unknown[][] = [];
  const debug = withoutAnswers(async (...message) => void messages.push(message));
  beforeEach(() => messages.splice(0));

  it("lose what the engine answered, over any number of lines", async () => {
    await debug("RegisterResource RPC finished: resource:trust-west-key; err: null, resp: urn,,,-----BEGIN\nPRIVATE KEY-----\n");
    expect(messages).to.deep.equal([["RegisterResource RPC finished: resource:trust-west-key; err: null"]]);
  });

  it("stay as they are otherwise, with everything that comes with them", async () => {
    await debug("Registering resource: t=a, name=b", undefined, 3, true);
    expect(messages).to.deep.equal([["Registering resource: t=a, name=b", undefined, 3, true]]);
  });
});
