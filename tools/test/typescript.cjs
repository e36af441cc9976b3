/**
 * Runs TypeScript with tsx, but for packages, which are JavaScript already: tsx reads each of their files once more for what it could have
 * to change, and looks for a TypeScript file beside it. That made loading Pulumi's packages and the Kubernetes client take three times as long.
 */
"use strict";
const Module = require("node:module");
const { sep } = require("node:path");

const PACKAGES = `${sep}node_modules${sep}`;

const plain = { resolve: Module._resolveFilename, load: Module._extensions[".js"] };
require("tsx/cjs");
const tsx = { resolve: Module._resolveFilename };

Module._resolveFilename = function (request, parent, ...rest) {
  return (parent?.filename?.includes(PACKAGES) ? plain : tsx).resolve.call(this, request, parent, ...rest);
};

for (const extension of [".js", ".mjs"]) {
  const load = Module._extensions[extension];
  Module._extensions[extension] = function (module, file) {
    return (file.includes(PACKAGES) ? plain.load : load).call(this, module, file);
  };
}
