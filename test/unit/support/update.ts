/**
 * Whether a test may write the file that it compares with, because a variable asks for it.
 *
 * @param variable name of the variable; `1` asks.
 * @param env environment to read.
 * @throws Error in continuous integration, where the comparison would then always succeed.
 */
export function mayUpdate(variable: string, env: NodeJS.ProcessEnv = process.env): boolean {
  if (env[variable] !== "1") return false;
  if (env["CI"]) throw new Error(`${variable} is set in continuous integration: every comparison would succeed`);
  return true;
}
