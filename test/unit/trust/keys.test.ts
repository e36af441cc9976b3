import { expect } from "chai";
import { allKeys, generationSuffix, keysFor, type KeyRequest } from "../../../trust/keys";

const request = (generation: number, keyAlgorithm: KeyRequest["keyAlgorithm"] = "ECDSA-P256"): KeyRequest => ({ generation, keyAlgorithm, publicKey: `public ${generation}\n`, request: `request ${generation}` });
const next = (generation: number) => ({ generation, keyAlgorithm: "ECDSA-P384" }) as const;

describe("the keys of a cluster", () => {
  it("begin with one that no certificate was issued for", () => {
    const keys = keysFor([], undefined, next(1));
    expect(keys).to.deep.equal({ wanted: next(1) });
    expect(allKeys(keys)).to.deep.equal([next(1)]);
  });

  it("are one when the newest is in use", () => {
    const keys = keysFor([request(1)], "public 1\n", next(1));
    expect(allKeys(keys)).to.deep.equal([{ generation: 1, keyAlgorithm: "ECDSA-P256" }]);
    expect(keys.inUse).to.deep.equal(keys.wanted);
  });

  it("are two while one of a new generation waits for its certificate: the one in use stays", () => {
    const first = keysFor([request(1)], "public 1", next(2));
    expect(allKeys(first)).to.deep.equal([{ generation: 1, keyAlgorithm: "ECDSA-P256" }, next(2)]);
    const again = keysFor([request(1), request(2)], "public 1", next(2));
    expect(allKeys(again).map(({ generation }) => generation)).to.deep.equal([1, 2]);
  });

  it("are the new one alone as soon as its certificate is there", () => {
    expect(allKeys(keysFor([request(1), request(2)], "public 2", next(2)))).to.deep.equal([{ generation: 2, keyAlgorithm: "ECDSA-P256" }]);
  });

  it("skip a generation that was never signed, and keep the one in use", () => {
    expect(allKeys(keysFor([request(1), request(2)], "public 1", next(3))).map(({ generation }) => generation)).to.deep.equal([1, 3]);
  });

  it("keep the algorithm that they were made with", () => {
    expect(keysFor([request(2, "RSA-4096")], undefined, next(2)).wanted).to.deep.equal({ generation: 2, keyAlgorithm: "RSA-4096" });
  });

  it("use no certificate that was issued for a key which they do not have", () => {
    expect(keysFor([request(1)], "public 7", next(1))).not.to.have.property("inUse");
    expect(keysFor([request(1)], undefined, next(1))).not.to.have.property("inUse");
  });

  it("have names of their own, except that those of the first generation stay as they were", () => {
    expect([1, 2, 12].map(generationSuffix)).to.deep.equal(["", "-2", "-12"]);
  });
});
