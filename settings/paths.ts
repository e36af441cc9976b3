/** Where a setting is: keys and list positions from the top. Empty: all settings. */
export type Path = readonly PropertyKey[];

/** A setting's path as users write it: `usmesh:clusters.west.addresses[0]`. */
export function formatPath(path: Path): string {
  const steps = path.map((step, index) => (typeof step === "number" ? `[${step}]` : `${index > 0 ? "." : ""}${String(step)}`));
  return path.length === 0 ? "usmesh" : `usmesh:${steps.join("")}`;
}

/** Whether a path is `start` or leads on from there. */
export function within(path: Path, start: Path): boolean {
  return start.length <= path.length && start.every((step, index) => step === path[index]);
}

/** Whether one path is the other or leads to it. */
export function related(a: Path, b: Path): boolean {
  return within(a, b) || within(b, a);
}
