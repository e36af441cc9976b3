/** A project of its own that has the package from its tarball, as any project on npm would. */
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { JAVASCRIPT, LIGHT_PULUMI, requiring } from "../../support/node-options";
import { installPackage } from "../../support/package";
import { environment, Project } from "../../support/project";

/** A project that has the package. */
export class PackageProject extends Project {
  /** @param variables the environment in which everything in the project is run */
  constructor(
    folder: string,
    readonly variables: Record<string, string>,
  ) {
    super(folder, variables);
  }
}

/** Installs the package into an empty project, with an empty stack. */
export async function packageProject(program: string): Promise<PackageProject> {
  const folder = mkdtempSync(join(tmpdir(), "usmesh-user-"));
  mkdirSync(join(folder, ".state"));
  await installPackage(folder);
  writeFileSync(join(folder, "Pulumi.yaml"), "name: project\nmain: index.js\nruntime:\n  name: nodejs\n  options:\n    typescript: false\n");
  const env = await environment(folder, ["kubernetes", "tls", "command", "docker"], { NODE_OPTIONS: requiring(LIGHT_PULUMI, JAVASCRIPT) });
  const project = new PackageProject(folder, env);
  await project.write(program);
  await project.pulumi(["stack", "init"]);
  return project;
}
