/**
 * Runs TypeScript with tsx, but for packages, which are JavaScript already: tsx reads each of their files once more for what it could have
 * to change, and looks for a TypeScript file beside it. That made loading Pulumi's packages and the Kubernetes client take three times as long.
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
