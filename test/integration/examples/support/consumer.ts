/** The example of a consumer as a project of its own, in another folder, as npm would set it up there. */
import { cpSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { stringify } from "yaml";
import { unpackPackage } from "../../support/package";
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
  await unpackPackage(folder);
  const env = await environment(folder, ["kubernetes"], { PULUMI_BACKEND_URL: backend, PULUMI_NODEJS_TRANSPILE_ONLY: "true" });
  const consumer = new Consumer(folder, env);
  consumer.configure([]);
  await consumer.pulumi(["stack", "init"]);
  return consumer;
}
