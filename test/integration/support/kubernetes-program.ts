/** Programs for the kubernetes plugin, each on one API server. */
import { type ApiServer } from "./api-server";
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
