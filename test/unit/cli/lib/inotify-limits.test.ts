import { expect } from "chai";
import * as fs from "node:fs";
import * as path from "node:path";
import { ensureInotifyLimits } from "../../../../cli/lib/inotify-limits";
import { folderForEach } from "../support/folder";

describe("the limits of inotify", () => {
  const folder = folderForEach();
  const file = (name: string): string => path.join(folder(), "fs", "inotify", name);
  const lines: string[] = [];
  const ensure = (): string[] => {
    lines.length = 0;
    ensureInotifyLimits((line) => lines.push(`said ${line}`), (line) => lines.push(`warned ${line}`), folder());
    return lines;
  };

  beforeEach(() => {
    fs.mkdirSync(path.dirname(file("x")), { recursive: true });
    fs.writeFileSync(file("max_user_instances"), "128\n");
    fs.writeFileSync(file("max_user_watches"), "1048576\n");
  });

  it("are raised where they are too low, and reported once", () => {
    expect(ensure()).to.have.length(1);
    expect(lines[0]).to.match(/^said raised fs\.inotify\.max_user_instances from 128 to 1024/);
    expect(fs.readFileSync(file("max_user_instances"), "utf8")).to.equal("1024");
    expect(ensure()).to.deep.equal([]);
  });

  it("are not touched where the kernel has none", () => {
    fs.rmSync(path.join(folder(), "fs"), { recursive: true });
    expect(ensure()).to.deep.equal([]);
  });

  it("that this user cannot raise are named with the command that can", () => {
    fs.rmSync(file("max_user_instances"));
    // A small number that not even root can write.
    fs.symlinkSync("/proc/sys/kernel/cap_last_cap", file("max_user_instances"));
    expect(ensure()).to.have.length(1);
    expect(lines[0]).to.match(/^warned .*sudo sysctl fs\.inotify\.max_user_instances=1024; see docs\/troubleshooting\.md#inotify-limits$/);
  });
});
