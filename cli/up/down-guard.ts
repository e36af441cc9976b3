import { isTree } from "../../lib/merge";
import { EXIT, MeshError } from "../../lib/errors";
import { askYes, canAsk } from "../lib/ask";
import type { PulumiCommands } from "../lib/pulumi";
import { say } from "../lib/say";
import { rootsIn, type Deployment } from "../lib/state";
import { unreachableServers, type Unreachable } from "./unreachable";

/** What the user has said beforehand. */
export interface DownConsent {
  /** Whether the roots of a mesh may be removed without asking. */
  readonly yes?: boolean | undefined;
  /** Whether what is in a cluster that does not answer is to be forgotten. */
  readonly forget?: boolean | undefined;
}

/** What is known of a stack before it is removed. */
export interface StackToRemove {
  readonly stack: string;
  /** The roots that it holds, by the names of their resources. */
  readonly roots: readonly string[];
  /** API servers that do not answer, and what is in them is to be forgotten. */
  readonly unreachable: readonly Unreachable[];
}

/** Asks the user; undefined where nobody can be asked. */
export type Ask = ((question: string) => Promise<boolean>) | undefined;

/**
 * Looks at stacks before any of them is removed, and refuses what would cost others: a cluster that only does not answer, clusters of
 * other stacks that lose the authority which signs for them, roots that nobody wanted to lose.
 *
 * @param names stacks that the backend knows, each once.
 * @returns the stacks in the order in which they are to be removed: the one named last first, those with roots after all others.
 * @throws MeshError before anything is changed.
 */
export async function guardDown(
  pulumi: Pick<PulumiCommands, "export" | "list" | "outputs">,
  names: readonly string[],
  { yes = false, forget = false }: DownConsent,
  ask: Ask = canAsk() ? askYes : undefined,
): Promise<StackToRemove[]> {
  const stacks: StackToRemove[] = [];
  for (const stack of [...names].reverse()) {
    const { deployment } = await pulumi.export(stack, { showSecrets: true });
    stacks.push(await lookAt(stack, deployment));
  }
  if (!forget) stacks.forEach(refuseUnreachable);
  const holders = stacks.filter(({ roots }) => roots.length > 0);
  if (holders.length > 0) {
    await refuseOrphans(pulumi, names, holders);
    if (!yes) await confirm(holders, ask);
  }
  return [...stacks.filter((stack) => !holders.includes(stack)), ...holders];
}

async function lookAt(stack: string, deployment: Deployment): Promise<StackToRemove> {
  return { stack, roots: rootsIn(deployment), unreachable: await unreachableServers(deployment) };
}

function refuseUnreachable({ stack, unreachable }: StackToRemove): void {
  if (unreachable.length === 0) return;
  const servers = unreachable.map(({ server, reason }) => `${server} (${reason})`).join(", ");
  throw new MeshError(
    "down-unreachable",
    `stack ${stack}: ${servers} cannot be used, so nothing was removed`,
    [
      "What the stack has in that cluster would stay there. Start the cluster or log in again, then run the same command again; after",
      `another login, first ./mesh up ${stack}. If the cluster is gone for good: ./mesh down ${stack} --forget`,
    ].join("\n"),
    EXIT.unusable,
  );
}

/** Other stacks whose clusters have certificates of a stack that is to be removed. */
async function refuseOrphans(pulumi: Pick<PulumiCommands, "list" | "outputs">, names: readonly string[], holders: readonly StackToRemove[]): Promise<void> {
  const others = (await pulumi.list()).filter((stack) => !names.includes(stack));
  for (const other of others) {
    const authority = authorityIn(await pulumi.outputs(other));
    const holder = other === authority ? undefined : holders.find(({ stack }) => stack === authority);
    if (!holder) continue;
    throw new MeshError(
      "down-authority",
      `stack ${holder.stack} is the authority that signs for stack ${other}, which is up, so nothing was removed`,
      `Its clusters would get no new certificates. Remove it first, or both: ./mesh down ${holder.stack} ${other}`,
      EXIT.unusable,
    );
  }
}

/** The authority in a stack's outputs, of whichever version; undefined when it is not up. */
function authorityIn(outputs: unknown): unknown {
  const { trust } = isTree(outputs) ? outputs : {};
  return isTree(trust) ? trust["authority"] : undefined;
}

async function confirm(holders: readonly StackToRemove[], ask: Ask): Promise<void> {
  for (const { stack, roots } of holders) {
    const what = `stack ${stack} holds the private ${roots.length > 1 ? "keys" : "key"} of ${roots.join(", ")}, which cannot be restored`;
    if (ask === undefined) throw new MeshError("down-roots", `${what}; nothing was removed`, "Nobody can be asked here. If you mean it, add --yes.", EXIT.unusable);
    say(what);
    if (!(await ask(`mesh: remove stack ${stack}? [y/N] `))) throw new MeshError("down-roots", "nothing was removed", undefined, EXIT.unusable);
  }
}
