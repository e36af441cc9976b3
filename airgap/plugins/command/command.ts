/** `command:local:Command`: scripts that run when a resource is created, updated and deleted. */
import { randomBytes } from "node:crypto";
import { changes, equal } from "../lib/compare";
import type { ChangeKind, CreateRequest, DeleteRequest, ResourceType, UpdateRequest } from "../lib/plugin";
import { violations } from "../lib/schema";
import { given, reveal, Secret, Unknown, UNKNOWN, type Props, type Value } from "../lib/values";
import { COMMAND_RULES, type CommandInputs } from "./inputs";
import { runScript, type Outputs, type ScriptRun } from "./script";

export const COMMAND_TYPE = "command:local:Command";

/** The resource type. */
export const COMMAND: ResourceType = {
  async check({ news }) {
    return { inputs: news, failures: violations(news, COMMAND_RULES, { plugin: "command", type: COMMAND_TYPE }) };
  },

  async diff({ oldInputs, news }) {
    const detailed: Record<string, ChangeKind> = changes(oldInputs, news);
    const whole = detailed["triggers"];
    // All triggers together were added or removed. When one of several changes, the SDK asks for the replacement.
    if (whole) detailed["triggers"] = `${whole}-replace` as ChangeKind;
    return { changes: Object.keys(detailed).length > 0, replaces: whole ? ["triggers"] : [], detailed };
  },

  async create(r) {
    // Programs see a different id in each preview, and another one when the resource is created.
    const id = `${r.name}${randomBytes(4).toString("hex")}`;
    if (r.preview) return { id, state: { ...given(r.inputs), stdout: UNKNOWN, stderr: UNKNOWN } };
    const { create } = reveal<CommandInputs>(r.inputs);
    const outputs = create ? await runScript(scriptRun(create, r.inputs, r)) : { stdout: "", stderr: "" };
    return { id, state: { ...given(r.inputs), ...outputs } };
  },

  async read({ id, state, inputs }) {
    return { id, state, inputs };
  },

  async update(r) {
    const { stdout = "", stderr = "" } = r.state;
    if (r.preview) {
      const outputs = mayRun(r.state, r.inputs) ? { stdout: UNKNOWN, stderr: UNKNOWN } : { stdout, stderr };
      return { state: { ...given(r.inputs), ...outputs } };
    }
    const { create, update } = reveal<CommandInputs>(r.inputs);
    const script = update ?? create;
    const outputs = script ? await runScript(scriptRun(script, r.inputs, r, r.state)) : { stdout, stderr };
    return { state: { ...given(r.inputs), ...outputs } };
  },

  async delete(r) {
    const { delete: script } = reveal<CommandInputs>(r.state);
    if (script) await runScript(scriptRun(script, r.state, r, r.state));
  },
};

/** Whether the outputs are unknown in a preview: when an input is unknown, changed or removed. Added inputs do not count. */
function mayRun(state: Props, inputs: Props): boolean {
  return Object.keys(COMMAND_RULES).some((name) => {
    const [before, after] = [state[name] ?? null, inputs[name] ?? null];
    return isUnknown(after) || (before !== null && !equal(before, after));
  });
}

function isUnknown(v: Value): boolean {
  return v instanceof Secret ? isUnknown(v.value) : v instanceof Unknown;
}

function scriptRun(
  script: string,
  inputs: Props,
  { log, signal, timeoutSeconds }: CreateRequest | UpdateRequest | DeleteRequest,
  state?: Props,
): ScriptRun {
  const previous = reveal<Partial<Outputs>>(state ?? {});
  return { script, inputs: reveal<CommandInputs>(inputs), previous, log, signal, timeoutSeconds };
}
