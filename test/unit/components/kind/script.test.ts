import { expect } from "chai";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { script } from "../../../../components/kind/script";

describe("the command of a script", () => {
  it("has been the same since the first version, in the repository's folder", () => {
    expect(script("kind-create.sh")).to.equal("sh components/scripts/kind-create.sh");
  });

  it("finds the script from any other folder, whatever its name is", () => {
    const before = process.cwd();
    const elsewhere = resolve(before, "examples/it's mine");
    const original = Object.getOwnPropertyDescriptor(process, "cwd")!;
    Object.defineProperty(process, "cwd", { ...original, value: () => elsewhere });
    try {
      const command = script("kind-create.sh");
      expect(command).to.match(/^sh \.\.\/\.\.\/components\/scripts\/kind-create\.sh$/);
      expect(existsSync(resolve(process.cwd(), command.slice("sh ".length)))).to.equal(true);
      expect(script("it's.sh")).to.equal("sh '../../components/scripts/it'\\''s.sh'");
    } finally {
      Object.defineProperty(process, "cwd", original);
    }
  });
});
