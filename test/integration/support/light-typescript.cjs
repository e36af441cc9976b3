/**
 * Required by the process of a program in TypeScript, where it has to start soon: Pulumi compiles with `ts-node`, for which it loads the whole
 * compiler, also where everything is compiled already. That takes half a second.
 */
"use strict";
const { mkdirSync } = require("node:fs");
const { resolve } = require("node:path");

// Plugins and the command inherit the variable that names this file.
if (process.argv[1]?.includes("/@pulumi/pulumi/cmd/run")) {
  process.env.PULUMI_NODEJS_TYPESCRIPT = "false";
  // tsx keeps what it has compiled in the temporary folder, of which each command of `./mesh` has one of its own.
  const { TMPDIR } = process.env;
  process.env.TMPDIR = resolve(__dirname, "../../../node_modules/.cache/usmesh/tsx");
  mkdirSync(process.env.TMPDIR, { recursive: true });
  require("../../../lib/typescript.cjs");
  if (TMPDIR === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = TMPDIR;
}
