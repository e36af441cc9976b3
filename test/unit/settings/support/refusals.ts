/** Tests of settings that are refused, and of the limits at which they begin to be. */
import { expect } from "chai";
import { parseSettings } from "../../../../settings/config";
import { documentedSetting } from "../../../../settings/keys";
import { formatPath } from "../../../../settings/paths";
import { SettingsError, type Problem } from "../../../../settings/problems";
import { settingsReference } from "../../../../tools/reference";

/** What is wrong, the settings, the path of the only problem, and what its message must say. */
export type Refusal = readonly [what: string, settings: unknown, path: string, message: RegExp];

/** What has a limit, settings for a value of it, the last value that is accepted, the first that is refused, and the problem's path. */
export type Limit<T = number> = readonly [what: string, settings: (value: T) => unknown, accepted: T, refused: T, path: string];

/** Two kind clusters with every default. */
export const two = { west: {}, east: {} };

/** A cluster that already exists. */
export const existing = { driver: "existing", kubeconfig: "kube.yaml", context: "prod" };

/** Files exist unless their path says otherwise. */
const exists = (path: string): boolean => !path.includes("missing") && !path.includes("empty/");

/** The error for settings of the stack `local`; undefined when they are accepted. */
export function refusalOf(settings: unknown): SettingsError | undefined {
  try {
    parseSettings(settings, { stack: "local", exists });
    return undefined;
  } catch (error) {
    if (error instanceof SettingsError) return error;
    throw error;
  }
}

/** The problems with settings, a line each as users see them. */
export function problemsOf(settings: unknown): string[] {
  return linesOf(refusalOf(settings)?.problems ?? []);
}

function linesOf(problems: readonly Problem[]): string[] {
  return problems.map(({ path, message }) => `${formatPath(path)}: ${message}`);
}

const documented = new Set(settingsReference().map(({ path }) => path));

/** Tests that each row is refused for its one reason, and that the message leads to a setting which is documented. */
export function itRefuses(rows: readonly Refusal[]): void {
  for (const [what, settings, path, message] of rows) {
    it(`refuses ${what}`, () => {
      const problems = refusalOf(settings)?.problems ?? [];
      expect(problems, linesOf(problems).join("\n")).to.have.length(1);
      expect(formatPath(problems[0]!.path)).to.equal(path);
      expect(problems[0]!.message).to.match(message);
      const setting = documentedSetting(problems[0]!.path);
      if (setting !== "") expect(documented).to.include(setting);
    });
  }
}

/** Tests both sides of each limit. */
export function itLimits<T>(rows: readonly Limit<T>[]): void {
  for (const [what, settings, accepted, refused, path] of rows) {
    it(`limits ${what}`, () => {
      expect(problemsOf(settings(accepted))).to.deep.equal([]);
      expect(refusalOf(settings(refused))?.problems.map((problem) => formatPath(problem.path))).to.deep.equal([path]);
    });
  }
}
