"use strict";
// The package's entry `usmesh/outputs`. Whoever uses it may run as JavaScript or through any loader of TypeScript, and most of those
// leave packages alone; so the TypeScript beside this is bundled here, when it is loaded, which takes some milliseconds. There is
// nothing to build and nothing that could be out of date.
const path = require("node:path");
const { buildSync } = require("esbuild");

const { outputFiles } = buildSync({
  entryPoints: [path.join(__dirname, "index.ts")],
  bundle: true,
  packages: "external",
  platform: "node",
  target: "node20",
  format: "cjs",
  sourcemap: "inline",
  outfile: __filename,
  write: false,
});
module._compile(outputFiles[0].text, __filename);

// By this, which never runs, Node knows the names that an ECMAScript module can import.
0 && (module.exports = { readMesh, Mesh });
