import { airgapPaths } from "../../airgap";
import { testEnvironment } from "../../tools/test/environment";
import { PARTS } from "../../tools/test/parts";

/**
 * The environment that the benchmark's commands get: the caller's, without what leads to the caller's own meshes, state and clusters. It
 * is the one of the end-to-end tests, which need the same.
 */
export function benchEnvironment(caller: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const part = PARTS.find(({ name }) => name === "e2e");
  if (part === undefined) throw new Error("the tests have no part e2e");
  return testEnvironment(caller, airgapPaths(), part);
}

/** Makes an environment the process's own: cases use code of the tests, which takes the process's. */
export function adoptEnvironment(env: NodeJS.ProcessEnv): void {
  for (const name of Object.keys(process.env)) if (env[name] === undefined) delete process.env[name];
  Object.assign(process.env, env);
}
