/** The air gap's command plugin; README.md says what it does. */
import { version } from "@pulumi/command/package.json";
import type { InvokeContext, Plugin } from "../lib/plugin";
import { violations } from "../lib/schema";
import { serve } from "../lib/serve";
import { given, reveal, type Props } from "../lib/values";
import { COMMAND, COMMAND_TYPE } from "./command";
import { RUN_RULES, type BaseInputs } from "./inputs";
import { runScript } from "./script";

const RUN_TOKEN = "command:local:run";

/** `command:local:run`: a script that runs whenever the program does, previews included. */
async function run(args: Props, { signal, log }: InvokeContext): Promise<Props> {
  const [wrong] = violations(args, RUN_RULES, { plugin: "command", type: RUN_TOKEN });
  if (wrong) throw new Error(`${wrong.property}: ${wrong.reason}`);
  const { command, ...inputs } = reveal<BaseInputs & { command: string }>(args);
  const outputs = await runScript({ script: command, inputs, log, signal, timeoutSeconds: 0 });
  return { ...given(args), ...outputs };
}

const COMMAND_PLUGIN: Plugin = {
  name: "command",
  version,
  async configure() {
    // It has no settings.
  },
  resourceType: (type) => (type === COMMAND_TYPE ? COMMAND : undefined),
  invoke: (token, args, context) => (token === RUN_TOKEN ? run(args, context) : undefined),
};

serve(COMMAND_PLUGIN);
