import { expect } from "chai";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { answerOf, GAVE_UP, joinSeries, NORTH, NORTH_SETTINGS, STOP_FILE, untilAnswered, untilSilent } from "../../../../bench/traffic/join";
import { capture } from "../../../../lib/process";
import { complete } from "../../../../settings/defaults";
import { settingsSchema } from "../../../../settings/schema";

describe("a third cluster", () => {
  it("has its own addresses and its own name for kind", () => {
    const settings = settingsSchema.parse({ clusters: { west: {}, east: {}, ...(NORTH_SETTINGS["clusters"] as object) } });
    const { clusters } = complete(settings, "local", "usmesh");
    expect(clusters.map(({ key, addressIndex }) => [key, addressIndex])).to.deep.equal([["west", 1], ["east", 2], ["north", 3]]);
    expect(clusters[2]?.driver).to.include({ type: "kind", kindName: NORTH.kind });
    expect(new Set(clusters.map(({ region }) => region)).size).to.equal(3);
  });

  it("gives a series for each cluster that it answers, and one for the whole of up", () => {
    expect(joinSeries([{ west: 40, east: 41, up: 50 }, { west: 42, east: 43, up: 51 }])).to.deep.equal([
      { name: "up of a third cluster, its first answer to west", side: "usmesh", unit: "s", values: [40, 42] },
      { name: "up of a third cluster, its first answer to east", side: "usmesh", unit: "s", values: [41, 43] },
      { name: "up of a third cluster, to its end", side: "usmesh", unit: "s", values: [50, 51] },
    ]);
  });
});

describe("the client that waits for it", () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "usmesh-join-"));
  const asked = path.join(folder, "asked");
  after(() => fs.rmSync(folder, { recursive: true, force: true }));

  /** A `curl` that gives these answers one after another, and the last one again; without a body it fails, as `curl -f` does for errors. `sleep` takes no time. */
  async function run(program: string, answers: readonly string[]): Promise<{ code: number; asked: string[] }> {
    fs.rmSync(asked, { force: true });
    const cases = answers.map((answer, index) => `${index === answers.length - 1 ? "*" : index + 1}) ${answer === "" ? "exit 22" : `echo '${answer}'`};;`).join("\n");
    fs.writeFileSync(path.join(folder, "curl"), `#!/bin/sh\necho "$*" >> ${asked}\ncase $(wc -l < ${asked}) in\n${cases}\nesac\n`, { mode: 0o755 });
    fs.writeFileSync(path.join(folder, "sleep"), "#!/bin/sh\n", { mode: 0o755 });
    const { code } = await capture("sh", ["-c", program], { env: { ...process.env, PATH: `${folder}:${process.env["PATH"]}` } });
    return { code, asked: fs.readFileSync(asked, "utf8").trim().split("\n") };
  }

  const body = (key: string): string => `{ "name": "simple-backend", "body": ${answerOf(key)} }`;

  it("asks until that cluster has answered, whatever others answer", async () => {
    const seen = await run(untilAnswered("172.18.255.101", "north"), ["", body("west"), "no healthy upstream", body("north"), body("west")]);
    expect(seen.code).to.equal(0);
    expect(seen.asked).to.have.length(4);
    expect(seen.asked[0]).to.equal("-sf -m 2 -H Host: simple-backend.istioinaction.io http://172.18.255.101/");
  });

  it("gives up when it is told to", async () => {
    const program = untilAnswered("172.18.255.101", "north").replaceAll(STOP_FILE, path.join(folder, "curl"));
    expect((await run(program, [""])).code).to.equal(GAVE_UP);
  });

  it("can wait until nobody answers", async () => {
    const seen = await run(untilSilent("172.18.255.101"), [body("west"), body("east"), "", body("west")]);
    expect(seen.code).to.equal(0);
    expect(seen.asked).to.have.length(3);
  });
});
