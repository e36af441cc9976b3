/**
 * Runs TypeScript with tsx, but for packages, which are JavaScript already: tsx reads each of their files once more for what it could have
 * to change, and looks for a TypeScript file beside it; and for each file that names a source map, Node.js reads the map. That made loading
 * Pulumi's packages and the Kubernetes client take three times as long. Stack traces show a package's lines as they run.
 */
"use strict";
const Module = require("node:module");
const { resolve, sep } = require("node:path");

const ROOT = resolve(__dirname, "..");
const PACKAGES = `${sep}node_modules${sep}`;

/** Whether a file belongs to a package. The repository itself may be anywhere. */
function isPackage(file) {
  return file !== undefined && file.slice(file.startsWith(ROOT + sep) ? ROOT.length : 0).includes(PACKAGES);
}

const plain = { resolve: Module._resolveFilename, load: Module._extensions[".js"] };
require("tsx/cjs");
const tsx = { resolve: Module._resolveFilename };

Module._resolveFilename = function (request, parent, ...rest) {
  return (isPackage(parent?.filename ?? undefined) ? plain : tsx).resolve.call(this, request, parent, ...rest);
};

for (const extension of [".js", ".mjs"]) {
  const load = Module._extensions[extension];
  Module._extensions[extension] = function (module, file) {
    return (isPackage(file) ? plain.load : load).call(this, module, file);
  };
}

/** Whether Node.js takes note of the source maps of what it loads. tsx has said so. */
let withMaps = true;

function setMaps(on) {
  if (on !== withMaps) process.setSourceMapsEnabled((withMaps = on));
}

const { load } = Module.prototype;
Module.prototype.load = function (file) {
  const before = withMaps;
  setMaps(!isPackage(file));
  try {
    load.call(this, file);
  } finally {
    setMaps(before);
  }
};
