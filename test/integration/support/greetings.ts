/** A cluster and a project for tests of `helm.sh/v3:Release`, with the greeter chart. */
import { join } from "node:path";
import { run } from "../../../airgap/plugins/lib/run";
import { type ApiServer, startApiServer } from "./api-server";
import { airgapBinary } from "./home";
import { createProject, type Project } from "./project";

/** The chart with one object of each sort. */
export const GREETER = join(__dirname, "../fixtures/charts/greeter");
/** The namespace of all releases. */
export const NAMESPACE = "greetings";

/** A release in a program. */
export interface ReleaseDeclaration {
  /** Its name in the program and in Helm. */
  name: string;
  /** Its arguments, JavaScript; laid over the name, the namespace, the greeter chart and a timeout of a minute. */
  args?: string;
  /** Its options, JavaScript. */
  options?: string;
  /** Where it goes, if not to the tests' own cluster. */
  server?: ApiServer;
}

/** One cluster, one project at a time, and Helm as a person would use it. */
export class Greetings {
  private started: Project | undefined;

  private constructor(readonly server: ApiServer) {}

  static async open(): Promise<Greetings> {
    return new Greetings(await startApiServer({ name: "greetings" }));
  }

  /** The project of the running test. */
  get project(): Project {
    if (!this.started) throw new Error("no project was started");
    return this.started;
  }

  /** Makes the test's project, with a program of releases; each has a provider of its own, and its status as an output. */
  async start(...declared: ReleaseDeclaration[]): Promise<void> {
    this.started = await createProject({ plugins: ["kubernetes"], program: this.program(declared) });
  }

  /** Takes a project that was made otherwise. */
  take(project: Project): void {
    this.started = project;
  }

  /** Replaces the program. */
  async write(...declared: ReleaseDeclaration[]): Promise<void> {
    await this.project.write(this.program(declared));
  }

  /** Ends a test: the project goes, and with `purge` every release in the cluster. */
  async end({ purge }: { purge: boolean }): Promise<void> {
    const left = purge ? await this.list() : [];
    for (const name of left) await this.helm("uninstall", name);
    await this.started?.remove();
    this.started = undefined;
  }

  /** Runs helm in the namespace; gives what it prints. */
  async helm(...args: string[]): Promise<string> {
    const env = { KUBECONFIG: this.server.kubeconfigPath };
    return (await run(airgapBinary("helm"), [...args, "--namespace", NAMESPACE], { env })).stdout;
  }

  /** A release's revisions, such as `1 superseded`. */
  async history(name: string): Promise<string[]> {
    const revisions = JSON.parse(await this.helm("history", name, "--output", "json")) as {
      revision: number;
      status: string;
    }[];
    return revisions.map(({ revision, status }) => `${revision} ${status}`);
  }

  /** The names of all releases, whatever their status. */
  async list(): Promise<string[]> {
    return (await this.helm("list", "--all", "--short")).split("\n").filter(Boolean);
  }

  /** What a release's ConfigMap says in the cluster. */
  async greeting(name: string): Promise<string> {
    const ref = { gvk: { group: "", version: "v1", kind: "ConfigMap" }, namespace: NAMESPACE, name };
    return ((await this.server.api.get(ref))["data"] as { greeting: string }).greeting;
  }

  private program(declared: ReleaseDeclaration[]): string {
    const head = 'const k8s = require("@pulumi/kubernetes");\nconst pulumi = require("@pulumi/pulumi");';
    return [head, ...declared.map((release) => this.declaration(release))].join("\n");
  }

  private declaration({ name, args = "{}", options = "{}", server = this.server }: ReleaseDeclaration): string {
    const given = { name, namespace: NAMESPACE, createNamespace: true, chart: GREETER, timeout: 60 };
    return `{
  const provider = new k8s.Provider("${name}-cluster", { kubeconfig: ${JSON.stringify(server.kubeconfig)} });
  const args = { ...${JSON.stringify(given)}, ...${args} };
  const release = new k8s.helm.v3.Release("${name}", args, { provider, ...${options} });
  exports["${name}"] = release.status;
  exports["${name}-resources"] = release.resourceNames;
}`;
  }
}
