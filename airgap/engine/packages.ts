import * as fs from "node:fs";

/** Runs a command to its end; as the builder's steps do it. */
export type Run = (command: string, args: readonly string[], options?: { readonly env?: NodeJS.ProcessEnv }) => Promise<string>;

/** Where apt keeps the lists of packages that it knows. */
const LISTS = "/var/lib/apt/lists";

/** Nothing asks; another apt at work is waited for; services of a package start or not as the machine's policy says. */
const ENVIRONMENT = { DEBIAN_FRONTEND: "noninteractive", NEEDRESTART_MODE: "l", LC_ALL: "C.UTF-8" };
const OPTIONS = ["-q", "-y", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=600", "-o", "Dpkg::Use-Pty=0"];

/** Which of some packages are not installed whole. */
async function missing(packages: readonly string[], run: Run): Promise<string[]> {
  // Unknown names make it fail; what it says of the others does not reach us then, so each is asked for alone.
  const states = await Promise.all(
    packages.map((name) => run("dpkg-query", ["--show", "--showformat=${db:Status-Status}", name]).catch(() => "unknown")),
  );
  return packages.filter((_, index) => states[index] !== "installed");
}

/** Whether apt has ever been told what there is. */
function hasLists(): boolean {
  return fs.existsSync(LISTS) && fs.readdirSync(LISTS).some((name) => name.includes("_Packages"));
}

/**
 * Installs Debian packages that are not there yet. The lists are fetched first only where there are none or they turn out to be too
 * old; an installation that was killed half-way is completed.
 *
 * @param packages their names.
 * @param run how to run the package tools; as root.
 * @param say takes what is being done, a line each.
 * @returns whether something had to be installed.
 * @throws Error when a package cannot be installed.
 */
export async function installPackages(packages: readonly string[], run: Run, say: (line: string) => void): Promise<boolean> {
  const wanted = await missing(packages, run);
  if (wanted.length === 0) return false;
  const apt = (...args: string[]): Promise<string> => run("apt-get", [...OPTIONS, ...args], { env: ENVIRONMENT });
  const update = async (): Promise<void> => {
    say("fetching Debian's package lists");
    // One source out of many that cannot be reached fails it, and need not matter: the installation shows.
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
    say(`installing ${wanted.join(", ")} once more`);
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
