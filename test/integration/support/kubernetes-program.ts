/** Programs for the kubernetes plugin, each on one API server. */
import { type ApiServer, startApiServer } from "./api-server";
import { createProject, type Project } from "./project";

/**
 * A program with `k8s`, `pulumi` and `o` (the options that name the provider) at hand; default providers are off.
 *
 * @param body JavaScript that makes resources
 * @param settings further settings of the provider, JavaScript of an object
 */
export function kubernetesProgram(body: string, settings = "{}"): string {
  return `
const k8s = require("@pulumi/kubernetes");
const pulumi = require("@pulumi/pulumi");
const kubeconfig = pulumi.secret(require("fs").readFileSync(process.env.TEST_KUBECONFIG, "utf8"));
const provider = new k8s.Provider("provider", { kubeconfig, ...${settings} });
const o = { provider };
${body}
`;
}

/** A project on an API server, with the program that {@link kubernetesProgram} makes of the same arguments. */
export async function kubernetesProject(server: ApiServer, body: string, settings?: string): Promise<Project> {
  return createProject({
    plugins: ["kubernetes"],
    program: kubernetesProgram(body, settings),
    env: { TEST_KUBECONFIG: server.kubeconfigPath },
  });
}

/** What the tests of a suite share. */
export interface OnApiServer {
  /** There while the tests run. */
  readonly server: ApiServer;
  /** {@link kubernetesProject}, removed when the suite ends. */
  readonly open: (body: string, settings?: string) => Promise<Project>;
  /** Has a project removed, too, that was made in another way. */
  readonly keep: (project: Project) => Project;
}

/** One API server for all tests of the suite that calls this, and an end for all that they open. */
export function onApiServer(): OnApiServer {
  let server: ApiServer | undefined;
  const projects: Project[] = [];
  const keep = (project: Project): Project => {
    projects.push(project);
    return project;
  };
  const running = (): ApiServer => {
    if (!server) throw new Error("the API server is there only while tests run");
    return server;
  };
  before(async () => {
    server = await startApiServer();
  });
  after(async () => {
    for (const project of projects) await project.remove();
    await server?.stop();
  });
  return {
    get server() {
      return running();
    },
    open: async (body, settings) => keep(await kubernetesProject(running(), body, settings)),
    keep,
  };
}
