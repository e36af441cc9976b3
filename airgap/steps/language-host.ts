import * as fs from "node:fs/promises";
import * as path from "node:path";
import type { StepContext } from "../builder/step";
import { versions } from "../versions";
import { goModule, type GoBinary } from "./go-step";

/** The module that the host is in, and where. */
const MODULE = "github.com/pulumi/pulumi/sdk/v3";
const HOST = "nodejs/cmd/pulumi-language-nodejs";

/**
 * The host puts a server of its own between the program and the engine, and that passes on only what its version knew. The engine
 * and the SDK are newer: a program that registers resource hooks would end with "unknown method". So the program is told the
 * engine's own address.
 */
const PATCH = {
  file: "main.go",
  from: 'maybeAppendArg("monitor", address)',
  to: 'maybeAppendArg("monitor", req.GetMonitorAddress())',
} as const;

/** Writes the host's sources, with the patch. */
async function writeSources(context: StepContext, folder: string): Promise<void> {
  const from = path.join(await goModule(context, "pulumi-language-nodejs", MODULE), HOST);
  for (const file of (await fs.readdir(from)).filter((name) => name.endsWith(".go") && !name.endsWith("_test.go"))) {
    const text = await fs.readFile(path.join(from, file), "utf8");
    await fs.writeFile(path.join(folder, file), file === PATCH.file ? patched(text) : text);
  }
}

function patched(text: string): string {
  const parts = text.split(PATCH.from);
  if (parts.length !== 2) throw new Error(`${PATCH.file} of ${MODULE} does not have ${PATCH.from} once: adapt airgap/steps/language-host.ts`);
  return parts.join(PATCH.to);
}

/** Pulumi's host for programs in Node.js. */
export const languageHost: GoBinary = {
  name: "pulumi-language-nodejs",
  module: "pulumi-language-nodejs",
  package: ".",
  generated: { recipe: PATCH, imports: `${MODULE}/${HOST}`, write: writeSources },
  version: versions.pulumiLanguageNodejs,
  source: `go module ${MODULE} v${versions.pulumiLanguageNodejs}, with the engine's own address for the program`,
  variables: { [`${MODULE}/go/common/version.Version`]: `v${versions.pulumiLanguageNodejs}` },
  cost: { seconds: 15, cacheMiB: 200 },
};
