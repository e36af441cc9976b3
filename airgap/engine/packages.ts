import * as fs from "node:fs";

/** Runs a command to its end, as `run` of the builder's steps does. */
export type Run = (command: string, args: readonly string[], options?: { readonly env?: NodeJS.ProcessEnv }) => Promise<string>;

/** Where apt keeps its package lists. */
const LISTS = "/var/lib/apt/lists";

/** No questions; waits for another apt that is running; whether services are started is left to the machine's policy. */
const ENVIRONMENT = { DEBIAN_FRONTEND: "noninteractive", NEEDRESTART_MODE: "l", LC_ALL: "C.UTF-8" };
const OPTIONS = ["-q", "-y", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=600", "-o", "Dpkg::Use-Pty=0"];

/** Which of some packages are not completely installed. */
async function missing(packages: readonly string[], run: Run): Promise<string[]> {
  // An unknown name makes the command fail for all names, so each is asked for separately.
  const states = await Promise.all(
    packages.map((name) => run("dpkg-query", ["--show", "--showformat=${db:Status-Status}", name]).catch(() => "unknown")),
  );
  return packages.filter((_, index) => states[index] !== "installed");
}

/** Whether apt has any package lists. */
function hasLists(): boolean {
  return fs.existsSync(LISTS) && fs.readdirSync(LISTS).some((name) => name.includes("_Packages"));
}

/**
 * Installs Debian packages that are not installed yet. The package lists are fetched only when there are none or when they turn out to be
 * too old. An installation that was killed is completed.
 *
 * @param packages their names.
 * @param run how to run the package tools; as root.
 * @param say called with a line for each thing that is done.
 * @returns whether something had to be installed.
 * @throws Error when a package cannot be installed.
 */
export async function installPackages(packages: readonly string[], run: Run, say: (line: string) => void): Promise<boolean> {
  const wanted = await missing(packages, run);
  if (wanted.length === 0) return false;
  const apt = (...args: string[]): Promise<string> => run("apt-get", [...OPTIONS, ...args], { env: ENVIRONMENT });
  const update = async (): Promise<void> => {
    say("fetching Debian's package lists");
    // It fails when one of many sources cannot be reached, which need not matter: the installation shows.
    await apt("update").catch(() => undefined);
  };
  const fresh = !hasLists();
  if (fresh) await update();
  say(`installing ${wanted.join(", ")}`);
  try {
    await apt("install", ...wanted);
  } catch {
    await run("dpkg", ["--configure", "-a"], { env: ENVIRONMENT }).catch(() => undefined);
    if (!fresh) await update();
    say(`installing ${wanted.join(", ")} again`);
    await apt("install", "--fix-broken", ...wanted);
  }
  return true;
}

/**
 * Whether apt can install a package.
 *
 * @param name the package.
 * @param run how to run the package tools.
 */
export async function packageExists(name: string, run: Run): Promise<boolean> {
  return (await run("apt-cache", ["--no-all-versions", "show", name]).catch(() => "")).includes("Package:");
}
