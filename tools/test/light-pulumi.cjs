/**
 * Required before a program, for its effect: takes away what `@pulumi/pulumi` does in each process that runs a program, and that no test
 * needs. It was most of the time of the tests that run one.
 *
 * - It loads npm's own library and the TypeScript compiler, which only functions need that are sent to a cloud. They are loaded when
 *   something of them is used.
 * - It notes where each of its promises was made, to tell which one leaked, and where each resource. Each of these stack traces is
 *   mapped back to the sources. Errors keep theirs, and a leaked promise still is an error.
 */
"use strict";
const Module = require("node:module");

/** What is put off, by the file of Pulumi's that loads it. */
const PUT_OFF = { "runtime/closure/codePaths.js": "@npmcli/arborist", "runtime/closure/parseFunction.js": "../../typescript-shim" };

/** What is changed in a file of Pulumi's once it is loaded. */
const CHANGED = {
  "runtime/debuggable.js": (debuggable, fromPulumi) => {
    const { getStore } = fromPulumi("./state");
    const { debuggablePromise } = debuggable;
    debuggable.debuggablePromise = (promise, context) => {
      // The first one makes Pulumi look for leaked promises when the process ends.
      debuggable.debuggablePromise = follow;
      return debuggablePromise(promise, context);
    };
    /** As Pulumi's own, without the notes. */
    function follow(promise) {
      const store = getStore();
      const settled = () => store.leakCandidates.delete(promise);
      store.leakCandidates.add(promise);
      return promise.then(
        (value) => {
          settled();
          return value;
        },
        (error) => {
          settled();
          error.promise = promise;
          throw error;
        },
      );
    }
  },
  "resource.js": ({ Resource }) => (Resource.callsites = () => []),
};

const FOLDER = "/node_modules/@pulumi/pulumi/";

/** The path of a file below Pulumi's folder; undefined for any other file. */
function nameOf(file) {
  const start = file?.lastIndexOf(FOLDER) ?? -1;
  return start === -1 ? undefined : file.slice(start + FOLDER.length);
}

const { _load: loadOne } = Module;
Module._load = function (request, parent, ...rest) {
  const load = () => loadOne.call(this, request, parent, ...rest);
  return PUT_OFF[nameOf(parent?.filename)] === request ? putOff(load) : load();
};

const { load: loadFile } = Module.prototype;
Module.prototype.load = function (file) {
  loadFile.call(this, file);
  CHANGED[nameOf(file)]?.(this.exports, (name) => this.require(name));
};

/** Stands for a module until something of it is used. Pulumi takes what says that it is an ES module as it is. */
function putOff(load) {
  return new Proxy({}, { get: (_, name) => (name === "__esModule" ? true : load()[name]) });
}
