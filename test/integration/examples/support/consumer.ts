/** The example of a consumer as a project of its own, in another folder, as npm would set it up there. */
import { cpSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { stringify } from "yaml";
import { environment, Project } from "../../support/project";

const REPOSITORY = resolve(__dirname, "../../../..");

/** A copy of the example. */
export class Consumer extends Project {
  protected override readonly name = "consumer";

  /** Says which stacks it deploys into. */
  configure(stacks: readonly string[]): void {
    const config = { "consumer:stacks": stacks, "consumer:image": "demo:1" };
    writeFileSync(join(this.folder, "Pulumi.test.yaml"), stringify({ config }));
  }
}

/**
 * Makes a copy of the example with an empty stack.
 * @param backend URL of the state that the mesh's stacks are in
 */
export async function createConsumer(backend: string): Promise<Consumer> {
  const folder = mkdtempSync(join(tmpdir(), "usmesh-consumer-"));
  cpSync(join(REPOSITORY, "examples/consumer"), folder, { recursive: true, filter: (file) => !file.endsWith("node_modules") });
  const modules = join(folder, "node_modules");
  mkdirSync(modules);
  // A folder that is depended on becomes a link; the rest is what is installed here already.
  symlinkSync(REPOSITORY, join(modules, "usmesh"));
  for (const name of ["@pulumi", "typescript"]) symlinkSync(join(REPOSITORY, "node_modules", name), join(modules, name));
  const env = await environment(folder, ["kubernetes"], { PULUMI_BACKEND_URL: backend, PULUMI_NODEJS_TRANSPILE_ONLY: "true" });
  const consumer = new Consumer(folder, env);
  consumer.configure([]);
  await consumer.pulumi(["stack", "init"]);
  return consumer;
}
