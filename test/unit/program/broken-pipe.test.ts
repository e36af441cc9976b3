import { expect } from "chai";
import { EventEmitter } from "node:events";
import { exitOnBrokenPipe } from "../../../program/broken-pipe";

describe("the program's output", () => {
  const errorWith = (code: string): Error => Object.assign(new Error(code), { code });

  it("ends the program when nobody reads it any more", () => {
    const [out, err] = [new EventEmitter(), new EventEmitter()];
    const codes: number[] = [];
    exitOnBrokenPipe([out, err], (code) => codes.push(code));
    out.emit("error", errorWith("EPIPE"));
    err.emit("error", errorWith("EPIPE"));
    expect(codes).to.deep.equal([1, 1]);
  });

  it("hides no other error", () => {
    const out = new EventEmitter();
    exitOnBrokenPipe([out], () => expect.fail("it must not end"));
    expect(() => out.emit("error", errorWith("ENOSPC"))).to.throw("ENOSPC");
  });
});
