import { expect } from "chai";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import packageJson from "../../../../package.json";
import { airgapPaths } from "../../../../airgap/builder/paths";
import type { RunOptions, StepContext } from "../../../../airgap/builder/step";
import { goStep, type GoBinary } from "../../../../airgap/steps/go-step";
import { kubernetesProvider } from "../../../../airgap/steps/kubernetes-provider";
import { versions } from "../../../../airgap/versions";

const repository = path.resolve(__dirname, "../../../..");

/** What a step hands to `go build`, and what it publishes. */
interface Built {
  /** By name. */
  readonly sources: Readonly<Record<string, string>>;
  readonly flags: string;
  readonly published: string;
}

/** Builds a Go step with everything but Go: its module holds the given files. */
async function build(go: GoBinary, module: Readonly<Record<string, string>>): Promise<Built> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "usmesh-generated-"));
  try {
    const scratch = path.join(folder, "scratch");
    fs.mkdirSync(scratch);
    for (const [name, content] of Object.entries(module)) {
      const file = path.join(folder, "module", name);
      fs.mkdirSync(path.dirname(file), { recursive: true });
      fs.writeFileSync(file, content, { mode: 0o444 });
    }
    const sources: Record<string, string> = {};
    let [flags, published] = ["", ""];
    const run = async (command: string, args: readonly string[], { cwd = "" }: RunOptions = {}): Promise<string> => {
      if (args[0] === "mod") return JSON.stringify({ Dir: path.join(folder, "module") });
      expect([command, args[0], args.at(-1)]).to.deep.equal(["go", "build", "./provider"]);
      const files = fs.readdirSync(cwd, { recursive: true, encoding: "utf8" }).filter((file) => fs.statSync(path.join(cwd, file)).isFile());
      for (const file of files) sources[file] = fs.readFileSync(path.join(cwd, file), "utf8");
      flags = args[args.indexOf("-ldflags") + 1] ?? "";
      return "";
    };
    const publish = async (from: string, to: string): Promise<void> => {
      expect(path.dirname(from)).to.equal(scratch);
      published = to;
    };
    const context: StepContext = { run, publish, scratch, repository, paths: airgapPaths(folder), signal: new AbortController().signal, log: () => undefined };
    await goStep(go).build(context);
    return { sources, flags, published };
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

/** The files of a module's folder below `airgap/go`. */
function committed(module: string, ...files: readonly string[]): Record<string, string> {
  return Object.fromEntries(files.map((file) => [file, fs.readFileSync(path.join(repository, "airgap/go", module, file), "utf8")]));
}

describe("the air gap's Kubernetes provider", () => {
  const schema = { name: "kubernetes", resources: { a: { description: "of <b>" } } };
  const mapping = { resources: ["c"] };
  const indented = (value: object): string => JSON.stringify(value, undefined, 4);
  const folder = "cmd/pulumi-resource-kubernetes";
  const module = { [`${folder}/schema.json`]: indented(schema), [`${folder}/terraform-mapping.json`]: indented(mapping) };

  it("embeds its module's schema, compact and with the release's version", async () => {
    const { sources } = await build(kubernetesProvider, module);
    expect(sources).to.deep.equal({
      ...committed("kubernetes-clients", "go.mod", "go.sum", "provider/main.go"),
      "provider/schema.json": JSON.stringify({ ...schema, version: versions.pulumiKubernetes }),
      "provider/terraform-mapping.json": JSON.stringify(mapping),
    });
  });

  it("reports the SDK's version, and is where the engine looks for that version", async () => {
    const { flags, published } = await build(kubernetesProvider, module);
    const version = packageJson.dependencies["@pulumi/kubernetes"];
    expect(flags.split(" ")).to.include(`github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/version.Version=${version}`);
    expect(published).to.equal(`pulumi/plugins/resource-kubernetes-v${version}/pulumi-resource-kubernetes`);
  });
});
