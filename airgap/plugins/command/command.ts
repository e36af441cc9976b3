/** `command:local:Command`: scripts that run when a resource is created, updated and deleted. */
import { randomBytes } from "node:crypto";
import { changes } from "../lib/compare";
import type { CreateRequest, DeleteRequest, Kind, UpdateRequest } from "../lib/kind";
import { violations } from "../lib/schema";
import { given, reveal, UNKNOWN, type Props } from "../lib/values";
import { COMMAND_RULES, type CommandInputs } from "./inputs";
import { runScript, type Outputs, type ScriptRun } from "./script";

export const COMMAND_TYPE = "command:local:Command";

/** The resource type. */
export const COMMAND: Kind = {
  async check({ news }) {
    return { inputs: news, failures: violations(news, COMMAND_RULES, { plugin: "command", type: COMMAND_TYPE }) };
  },

  async diff({ oldInputs, news }) {
    const detailed = changes(oldInputs, news, (property) => property === "triggers");
    const paths = Object.keys(detailed);
    const replaces = paths.some((path) => detailed[path]?.endsWith("-replace")) ? ["triggers"] : [];
    return { changes: paths.length > 0, replaces, detailed };
  },

  async create(r) {
    // The id is random, so nobody can know it before.
    if (r.preview) return { id: "", state: { ...given(r.inputs), stdout: UNKNOWN, stderr: UNKNOWN } };
    const { create } = reveal<CommandInputs>(r.inputs);
    const outputs = create ? await runScript(scriptRun(create, r.inputs, r)) : { stdout: "", stderr: "" };
    return { id: `${r.name}${randomBytes(4).toString("hex")}`, state: { ...given(r.inputs), ...outputs } };
  },

  async read({ id, state, inputs }) {
    return { id, state, inputs };
  },

  async update(r) {
    // Whatever changed may change what the script says.
    if (r.preview) return { state: { ...given(r.inputs), stdout: UNKNOWN, stderr: UNKNOWN } };
    const { create, update } = reveal<CommandInputs>(r.inputs);
    const script = update ?? create;
    const { stdout = "", stderr = "" } = r.state;
    const outputs = script ? await runScript(scriptRun(script, r.inputs, r, r.state)) : { stdout, stderr };
    return { state: { ...given(r.inputs), ...outputs } };
  },

  async delete(r) {
    const { delete: script } = reveal<CommandInputs>(r.state);
    if (script) await runScript(scriptRun(script, r.state, r, r.state));
  },
};

function scriptRun(
  script: string,
  inputs: Props,
  { log, signal, timeoutSeconds }: CreateRequest | UpdateRequest | DeleteRequest,
  state?: Props,
): ScriptRun {
  const previous = reveal<Partial<Outputs>>(state ?? {});
  return { script, inputs: reveal<CommandInputs>(inputs), previous, log, signal, timeoutSeconds };
}
