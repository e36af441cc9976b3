import * as fs from "node:fs";
import * as path from "node:path";
import type { AirgapPaths } from "../../airgap";
import { missingTools, TOOLS, whereToGet, type Tool } from "./tools";

/** What the variables for manual work depend on. */
export interface ByHandInput {
  /** What {@link meshEnvironment} returns, which also names what is not built yet. */
  readonly variables: Readonly<Record<string, string>>;
  /** The user's environment. */
  readonly env: NodeJS.ProcessEnv;
  /** The air gap's folders; undefined with official downloads. */
  readonly airgap: AirgapPaths | undefined;
}

/** What `./mesh env` prints. */
export interface ByHand {
  /** Variables that refer to nothing that is missing. */
  readonly variables: Readonly<Record<string, string>>;
  /** What is missing and how to get it, a sentence each. */
  readonly missing: readonly string[];
}

/**
 * The variables for manual work, as far as what they refer to exists. Kubeconfigs of stacks that are not up stay in the list: they are
 * written when the stacks come up, and with an empty list `kubectl` would use the user's own.
 */
export function byHand({ variables, env, airgap }: ByHandInput): ByHand {
  const usable = airgap ? withoutMissing(variables, airgap, env) : variables;
  const wanted = Object.keys(TOOLS) as Tool[];
  const tools = missingTools(wanted, { PATH: usable.PATH ?? env.PATH });
  const kubeconfigs = (variables.KUBECONFIG ?? "").split(path.delimiter);
  return {
    variables: usable,
    missing: [
      ...(airgap ? missingPieces(tools, airgap) : missingPrograms(tools)),
      ...(kubeconfigs.some((file) => fs.existsSync(file)) ? [] : ["no stack is up, so kubectl finds no cluster yet: ./mesh up"]),
    ],
  };
}

function withoutMissing(variables: ByHandInput["variables"], airgap: AirgapPaths, env: NodeJS.ProcessEnv): Record<string, string> {
  const { PATH = "", PULUMI_HOME = "", USMESH_SETTINGS = "", ...others } = variables;
  const settings = fs.existsSync(airgap.settings) ? USMESH_SETTINGS : without(airgap.settings, USMESH_SETTINGS);
  return {
    ...others,
    ...(fs.existsSync(airgap.bin) ? { PATH } : {}),
    ...(fs.existsSync(airgap.pulumiHome) ? { PULUMI_HOME } : {}),
    // An empty value undoes what an earlier `eval` has set.
    ...(settings === "" && !env.USMESH_SETTINGS ? {} : { USMESH_SETTINGS: settings }),
  };
}

function missingPieces(tools: readonly Tool[], airgap: AirgapPaths): string[] {
  const built = tools.filter((tool) => tool !== "docker");
  const more = [...(fs.existsSync(airgap.pulumiHome) ? [] : ["Pulumi's plugins"]), ...(fs.existsSync(airgap.settings) ? [] : ["the air gap's settings"])];
  const all = [...built, ...more];
  return [
    ...(all.length > 0 ? [`not built yet: ${all.join(", ")}. ./mesh up builds what it needs, ./mesh airgap build all`] : []),
    ...(tools.includes("docker") ? [`docker is missing: ./mesh up installs it on Debian as root; elsewhere: ${TOOLS.docker}`] : []),
  ];
}

function missingPrograms(tools: readonly Tool[]): string[] {
  return tools.length > 0 ? [`missing on PATH: ${tools.join(", ")}`, ...whereToGet(tools)] : [];
}

/** A list like `PATH` without an entry. */
function without(entry: string, list: string): string {
  return list.split(path.delimiter).filter((other) => other !== entry).join(path.delimiter);
}
