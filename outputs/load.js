"use strict";
// The package's entry `usmesh/outputs`. A program that uses it may be JavaScript or run with any TypeScript loader, and most loaders
// do not compile packages. So this file bundles the TypeScript next to it when it is loaded, which takes some milliseconds: there is
// nothing to build, and nothing can be out of date.
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

// Never runs: it tells Node the names that an ECMAScript module can import.
0 && (module.exports = { readMesh, Mesh });
