import { expect } from "chai";
import { together, withoutAnswers } from "../../../program/debug-log";

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

  describe("sent together", () => {
    const due: (() => void)[] = [];
    const bundled = withoutAnswers(together(async (...message) => void messages.push(message), (send) => due.push(send)));
    beforeEach(() => due.splice(0));
    const pass = (): void => due.splice(0).forEach((send) => send());

    it("are one message, without the answer in any of them, and each call ends when it is sent", async () => {
      const sent = [bundled("a finished: err: null, resp: secret\nsecret"), bundled("b prepared"), bundled("c finished: err: null, resp: secret")];
      expect(messages).to.deep.equal([]);
      pass();
      await Promise.all(sent);
      expect(messages).to.deep.equal([["a finished: err: null\nb prepared\nc finished: err: null"]]);
    });

    it("start again once they are sent, and nothing is sent twice", async () => {
      for (const message of ["a", "b"]) {
        const sent = bundled(message);
        pass();
        await sent;
      }
      expect(messages).to.deep.equal([["a"], ["b"]]);
      expect(due).to.deep.equal([]);
    });

    it("go alone, and at once, with more than their text", async () => {
      await bundled("a", undefined, 3, true);
      expect(messages).to.deep.equal([["a", undefined, 3, true]]);
      expect(due).to.deep.equal([]);
    });
  });
});
