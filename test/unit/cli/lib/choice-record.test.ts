import { expect } from "chai";
import * as fs from "node:fs";
import * as path from "node:path";
import { ChoiceRecord } from "../../../../cli/lib/choice-record";
import { EXIT, MeshError } from "../../../../lib/errors";
import { folderForEach } from "../support/folder";

describe("the record of what stacks were brought up with", () => {
  const folder = folderForEach();
  const file = (): string => path.join(folder(), "choices.json");
  const record = (backend = "file:///state"): ChoiceRecord => new ChoiceRecord(file(), backend);

  it("is empty at first, and when its file is broken", () => {
    expect(record().of(["west"])).to.equal(undefined);
    for (const text of ["{ broken", "[]", '{"file:///state":{"west":"yes"}}']) {
      fs.writeFileSync(file(), text);
      expect(record().of(["west"]), text).to.equal(undefined);
    }
  });

  it("is kept for each stack of each backend, and can be changed", () => {
    record().keep(["west", "east"], true);
    record("s3://elsewhere").keep(["west"], false);
    expect(record().of(["west"])).to.deep.equal({ airgap: true, stacks: ["west"] });
    expect(record("s3://elsewhere").of(["west", "east"])).to.deep.equal({ airgap: false, stacks: ["west"] });
    record().keep(["west"], false);
    expect(record().of(["west"])).to.deep.include({ airgap: false });
    expect(record().of(["east"])).to.deep.include({ airgap: true });
  });

  it("refuses stacks that differ, and says nothing of all stacks when some differ", () => {
    record().keep(["west"], true);
    record().keep(["east"], false);
    expect(() => record().of(["west", "east"])).to.throw(MeshError, "stack west was brought up with the air gap, stack east with official downloads").with.property("exitCode", EXIT.unusable);
    expect(() => record().of(["east", "west"])).to.throw(MeshError, "stack west was brought up with the air gap");
    expect(record().of()).to.equal(undefined);
    record().keep(["east"], true);
    expect(record().of()).to.deep.equal({ airgap: true, stacks: ["west", "east"] });
  });

  it("forgets a stack that was removed", () => {
    record().keep(["west", "east"], true);
    record().forget("west");
    record().forget("never-there");
    expect(record().of()).to.deep.equal({ airgap: true, stacks: ["east"] });
  });
});
