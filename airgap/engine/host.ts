import * as fs from "node:fs";
import * as path from "node:path";

/** What determines whether an engine can be set up on this machine. */
export interface Host {
  /** Whether this process may install packages and start an engine. */
  readonly root: boolean;
  /** Whether this is Debian or a distribution that is based on it. */
  readonly debian: boolean;
  /** The system's name, for messages. */
  readonly system: string;
  /** Whether systemd manages services here. */
  readonly systemd: boolean;
  /** Whether a command is on the `PATH` that the engine is started with. */
  has(command: string): boolean;
}

/**
 * Reads an os-release file.
 *
 * @param text its content; empty when there is no such file.
 */
export function parseOsRelease(text: string): Pick<Host, "debian" | "system"> {
  const value = (key: string): string => {
    const raw = new RegExp(`^${key}=(.*)$`, "m").exec(text)?.[1]?.trim() ?? "";
    return raw.replace(/^(["'])(.*)\1$/, "$2");
  };
  const families = [value("ID"), ...value("ID_LIKE").split(/\s+/)];
  return { debian: families.includes("debian"), system: value("PRETTY_NAME") || value("ID") || process.platform };
}

/**
 * The `PATH` with which the engine's programs are found: the caller's, and Debian's folders for root, which the caller's may lack.
 *
 * @param own the caller's `PATH`.
 */
export function systemPath(own = ""): string {
  const folders = own.split(":").filter((folder) => folder !== "");
  const more = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];
  return [...folders, ...more.filter((folder) => !folders.includes(folder))].join(":");
}

/**
 * Whether a command is on a search path.
 *
 * @param searchPath folders, separated by colons.
 */
export function onPath(command: string, searchPath: string): boolean {
  return searchPath.split(":").some((folder) => {
    try {
      fs.accessSync(path.join(folder, command), fs.constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Inspects this machine. */
export function thisHost(env: NodeJS.ProcessEnv = process.env): Host {
  const release = ["/etc/os-release", "/usr/lib/os-release"].find((file) => fs.existsSync(file));
  const searchPath = systemPath(env.PATH);
  return {
    ...parseOsRelease(release ? fs.readFileSync(release, "utf8") : ""),
    root: process.getuid?.() === 0,
    systemd: fs.existsSync("/run/systemd/system"),
    has: (command) => onPath(command, searchPath),
  };
}
