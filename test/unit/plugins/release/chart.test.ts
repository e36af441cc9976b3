import { expect } from "chai";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { locateChart } from "../../../../airgap/plugins/kubernetes/release/chart";
import { complete, settingsOf } from "../../../../airgap/plugins/kubernetes/release/fields";
import { chartDigest } from "../../../../airgap/plugins/kubernetes/release/local-chart";
import type { Props } from "../../../../airgap/plugins/lib/values";

const locate = (given: Props) => locateChart(settingsOf(complete(given)));
const failure = (given: Props) =>
  locate(given).then(
    () => expect.fail("was found"),
    (error: Error) => error.message,
  );

describe("a local chart", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "usmesh-test-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const write = (file: string, content: string) => writeFile(join(folder, file), content);

  it("is a folder with a Chart.yaml", async () => {
    await write("Chart.yaml", "name: c\nversion: 1.2.3\n");
    expect(await locate({ chart: folder })).to.eql({ path: folder, name: "c", version: "1.2.3", local: true });
  });

  it("is not found in a folder without one", async () => {
    expect(await failure({ chart: folder })).to.contain("neither a folder with a Chart.yaml nor a file");
  });

  it("must say its name and version", async () => {
    await write("Chart.yaml", "name: c\n");
    expect(await failure({ chart: folder })).to.contain("must say name and version");
  });

  it("must have its dependencies in charts/, unless Helm is to fetch them", async () => {
    const dependencies = "dependencies: [{name: a}, {name: b}, {name: c}]\n";
    await write("Chart.yaml", `name: c\nversion: 1.2.3\n${dependencies}`);
    await mkdir(join(folder, "charts/a"), { recursive: true });
    await write("charts/b-1.0.0.tgz", "");
    expect(await failure({ chart: folder })).to.contain("missing in charts/ directory: c");
    expect((await locate({ chart: folder, dependencyUpdate: true })).version).to.equal("1.2.3");
  });

  it("has a fingerprint of its files' names and contents, wherever it lies", async () => {
    await write("Chart.yaml", "name: c\n");
    await mkdir(join(folder, "templates"));
    await write("templates/a.yaml", "a");
    const before = await chartDigest(folder);
    const copy = await mkdtemp(join(tmpdir(), "usmesh-test-"));
    await cp(folder, copy, { recursive: true });
    expect(await chartDigest(copy)).to.equal(before);
    await write(".editor-leftover", "x");
    expect(await chartDigest(folder), "hidden files do not count").to.equal(before);
    for (const [file, content] of [
      ["templates/a.yaml", "b"],
      ["templates/b.yaml", ""],
      [".helmignore", "x"],
    ] as const) {
      await write(file, content);
      expect(await chartDigest(folder), file).not.to.equal(await chartDigest(copy));
      await cp(folder, copy, { recursive: true });
    }
    await rm(copy, { recursive: true });
  });
});

describe("a chart by name", () => {
  it("needs a repository that is a URL", async () => {
    expect(await failure({ chart: "istiod", repositoryOpts: { repo: "stable" } })).to.contain("is no http(s) URL");
    expect(await failure({ chart: "stable/istiod" })).to.contain("repositoryOpts.repo names no repository");
  });
});
