import { UserError } from "../lib/errors";
import { documentedSetting, settingAnchor } from "./keys";
import { formatPath, type Path } from "./paths";

/** Where the settings are documented, as a path in the repository. */
export const SETTINGS_DOCUMENT = "docs/settings.md";

/** One thing that is wrong with the settings. */
export interface Problem {
  /** The setting to change. */
  readonly path: Path;
  /** What is wrong and what would be right. */
  readonly message: string;
  /** Other settings that this conclusion depends on. */
  readonly because?: readonly Path[];
}

/**
 * Thrown for wrong settings: every problem on a line of its own. Nothing has been registered when it is thrown.
 */
export class SettingsError extends UserError {
  override name = "SettingsError";

  constructor(
    readonly problems: readonly Problem[],
    stack: string,
  ) {
    const count = problems.length === 1 ? "1 setting is" : `${problems.length} settings are`;
    const lines = problems.map((problem) => `  ${formatPath(problem.path)}: ${problem.message}`);
    super("wrong-settings", `${count} wrong in stack ${stack}; nothing was changed.\n${lines.join("\n")}`);
  }

  /** Where the settings are documented comes first. */
  override get documents(): readonly string[] {
    return [...documentation(this.problems), ...super.documents];
  }
}

/** Links to the settings that the problems are about. */
function documentation(problems: readonly Problem[]): string[] {
  return problems.map(({ path }) => {
    const setting = documentedSetting(path);
    return setting === "" ? SETTINGS_DOCUMENT : `${SETTINGS_DOCUMENT}#${settingAnchor(setting)}`;
  });
}
