/** Automatic names. */
import type { CheckRequest } from "./kind";

/** How automatic names are made. */
export interface NameRules {
  /** What stands between the resource's name and the random part. */
  separator?: string;
  /** How many random hexadecimal digits. */
  digits?: number;
}

/**
 * The name for a resource that the program gave none: the resource's name and some random digits, unless the project's
 * autonaming settings say otherwise. The same in the preview and the update of one run.
 *
 * @throws when the project disabled automatic names
 */
export function autoname(
  r: Pick<CheckRequest, "name" | "randomSeed" | "autonaming">,
  { separator = "-", digits = 7 }: NameRules = {},
): string {
  if (r.autonaming?.mode === "disable") {
    throw new Error(`resource ${r.name}: automatic naming is disabled for this project; give it an explicit name`);
  }
  if (r.autonaming) return r.autonaming.proposedName;
  const seed = Buffer.from(r.randomSeed).toString("hex");
  return `${r.name}${separator}${seed.slice(0, digits)}`;
}
