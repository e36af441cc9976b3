import { UserError } from "../lib/errors";
import { kubeconfigFrom, readKubeconfig } from "../lib/kubeconfig-source";
import { readOutputs } from "../outputs/stack-outputs";
import type { ExistingDriver, MeshModel } from "../settings/model";

/**
 * The kubeconfig of each existing cluster, by its key, cut down to one context: from a file, from another stack's output, or from a secret
 * setting.
 *
 * @param secrets the setting `kubeconfigs`
 * @throws UserError when one cannot be read, or is not a kubeconfig; the message has none of its content
 */
export async function readKubeconfigs({ clusters }: Pick<MeshModel, "clusters">, secrets: Readonly<Record<string, unknown>>): Promise<Record<string, string>> {
  const outputs = new Map<string, ReturnType<typeof readOutputs>>();
  const outputsOf = (stack: string): ReturnType<typeof readOutputs> => {
    const reading = outputs.get(stack) ?? readOutputs(stack);
    outputs.set(stack, reading);
    return reading;
  };
  const read = await Promise.all(
    clusters.map(async ({ key, driver }) => (driver.type === "existing" ? [[key, await kubeconfigOf(key, driver, secrets[key], outputsOf)] as const] : [])),
  );
  return Object.fromEntries(read.flat());
}

async function kubeconfigOf(key: string, { kubeconfig, context }: ExistingDriver, secret: unknown, outputsOf: typeof readOutputs): Promise<string> {
  const cluster = `usmesh:clusters.${key}`;
  if (kubeconfig.from === "file") return readKubeconfig(kubeconfig.file, context, cluster);
  if (kubeconfig.from === "secret") return kubeconfigFrom(secret, context, "the setting", { itself: `usmesh:kubeconfigs.${key}`, cluster });
  const { stack, output } = kubeconfig;
  const outputs = await outputsOf(stack);
  if (outputs === undefined) {
    throw new UserError("kubeconfig-output", `${cluster}.stack: the backend has no stack "${stack}"; name it in full, organization/project/stack, and bring it up first`);
  }
  const value = outputs[output];
  if (value === undefined || value === null) {
    const there = Object.keys(outputs).sort().join(", ");
    const remedy = there === "" ? `it has none: bring it up first, pulumi up -s ${stack}` : `it has: ${there}`;
    throw new UserError("kubeconfig-output", `${cluster}.output: stack ${stack} has no output "${output}"; ${remedy}`);
  }
  return kubeconfigFrom(value, context, `the output ${output} of stack ${stack}`, { itself: `${cluster}.output`, cluster });
}
