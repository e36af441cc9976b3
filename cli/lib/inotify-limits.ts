import * as fs from "node:fs";
import { see } from "../../lib/troubleshooting";

/** A limit of the kernel that all clusters on one machine share. */
interface Limit {
  readonly file: string;
  /** Enough for a handful of clusters. With Debian's default, kube-proxy fails from about the fifth node on. */
  readonly minimum: number;
}

const LIMITS: readonly Limit[] = [
  { file: "fs/inotify/max_user_instances", minimum: 1024 },
  { file: "fs/inotify/max_user_watches", minimum: 524288 },
];

/**
 * Makes sure that the kernel lets the clusters' nodes watch as many files as they need: raises limits that are too low, and warns when this
 * user may not. Outside Linux there is nothing to do.
 *
 * @param say takes what was raised.
 * @param warn takes what is too low and how to raise it.
 * @param root folder of the kernel's settings.
 */
export function ensureInotifyLimits(say: (line: string) => void, warn: (line: string) => void, root = "/proc/sys"): void {
  for (const { file, minimum } of LIMITS) {
    const value = read(`${root}/${file}`);
    if (value === undefined || value >= minimum) continue;
    const name = file.replaceAll("/", ".");
    try {
      fs.writeFileSync(`${root}/${file}`, String(minimum));
      say(`raised ${name} from ${value} to ${minimum}, which several clusters on one machine need`);
    } catch {
      warn(`${name} is ${value}: clusters may fail with "too many open files". Raise it with: sudo sysctl ${name}=${minimum}${see("inotify-limits")}`);
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
