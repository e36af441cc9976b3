import * as fs from "node:fs";

/** A limit of the kernel that several clusters on one machine share. */
interface Limit {
  readonly file: string;
  /** The least with which a handful of clusters stand. Debian's default lets about four nodes start; then kube-proxy fails. */
  readonly least: number;
}

const LIMITS: readonly Limit[] = [
  { file: "fs/inotify/max_user_instances", least: 1024 },
  { file: "fs/inotify/max_user_watches", least: 524288 },
];

/**
 * Makes sure that the kernel lets the clusters' nodes watch as many files as they do: raises what is too low, where this user may,
 * and warns where not. Outside Linux there is nothing to do.
 *
 * @param say takes what was raised.
 * @param warn takes what is too low and how to raise it.
 * @param root folder of the kernel's settings.
 */
export function ensureWatches(say: (line: string) => void, warn: (line: string) => void, root = "/proc/sys"): void {
  for (const { file, least } of LIMITS) {
    const value = read(`${root}/${file}`);
    if (value === undefined || value >= least) continue;
    const name = file.replaceAll("/", ".");
    try {
      fs.writeFileSync(`${root}/${file}`, String(least));
      say(`raised ${name} from ${value} to ${least}, which several clusters on one machine need`);
    } catch {
      warn(`${name} is ${value}: clusters may fail with "too many open files". Raise it with: sudo sysctl ${name}=${least}`);
    }
  }
}

function read(file: string): number | undefined {
  try {
    return Number(fs.readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}
