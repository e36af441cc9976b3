/**
 * Run by Node.js in the repository's root: loads what a run of the program loads, as Pulumi's language host does, and prints how long each
 * part took, in milliseconds, as JSON.
 */
"use strict";
const Module = require("node:module");
const { resolve } = require("node:path");
const node = performance.now();

function timed(work) {
  const start = performance.now();
  work();
  return performance.now() - start;
}

const sdk = timed(() => require("@pulumi/pulumi"));
const loader = timed(() => {
  const { typeScriptRequireStrings } = require("@pulumi/pulumi/tsutils");
  const { tsnodeRequire, typescriptRequire } = typeScriptRequireStrings();
  require(tsnodeRequire).register({ compiler: typescriptRequire, transpileOnly: true, project: "tsconfig.pulumi.json", compilerOptions: {} });
});

// The program loads of these packages what it uses: that is what counts, and not the whole of each.
const taken = { kubernetes: 0, others: 0 };
let within = false;
const { _load: load } = Module;
Module._load = function (request, ...rest) {
  const [, provider] = /^@pulumi\/(kubernetes|command|docker|tls)(?:\/|$)/.exec(request) ?? [];
  const go = () => load.call(this, request, ...rest);
  if (provider === undefined || within) return go();
  within = true;
  let loaded;
  try {
    taken[provider === "kubernetes" ? "kubernetes" : "others"] += timed(() => (loaded = go()));
  } finally {
    within = false;
  }
  return loaded;
};

const all = timed(() => require(resolve("index.ts")));
const program = all - taken.kubernetes - taken.others;
process.stdout.write(JSON.stringify({ node, sdk, loader, ...taken, program }), () => process.exit(0));
