import * as fs from "node:fs/promises";
import * as path from "node:path";
import type { StepContext } from "../builder/step";
import { versions } from "../versions";
import { goModule, type GoBinary } from "./go-step";

/**
 * The Go module of this provider, and of the other programs whose largest part is Kubernetes' Go client: with one version of each
 * dependency, that part is compiled once. (CoreDNS needs an older one.)
 */
export const kubernetesClients = "kubernetes-clients";

/** The provider's module. */
const MODULE = "github.com/pulumi/pulumi-kubernetes/provider/v4";

/** Where the files are in that module which a release embeds: the SDK's schema and its mapping from Terraform. */
const EMBEDDED = { folder: "cmd/pulumi-resource-kubernetes", schema: "schema.json", mapping: "terraform-mapping.json" } as const;

/** Writes the embedded files as the provider's own build does: compact, and the schema with the version of the release. */
async function writeEmbedded(context: StepContext, folder: string): Promise<void> {
  const from = path.join(await goModule(context, kubernetesClients, MODULE), EMBEDDED.folder);
  const copy = async (name: string, additions: object): Promise<void> => {
    const content = JSON.parse(await fs.readFile(path.join(from, name), "utf8")) as object;
    await fs.writeFile(path.join(folder, "provider", name), JSON.stringify({ ...content, ...additions }));
  };
  await copy(EMBEDDED.schema, { version: versions.pulumiKubernetes });
  await copy(EMBEDDED.mapping, {});
}

/** Pulumi's official provider for Kubernetes, in the engine's plugin folder. */
export const kubernetesProvider = {
  name: "pulumi-resource-kubernetes",
  kind: "plugin",
  output: `pulumi/plugins/resource-kubernetes-v${versions.pulumiKubernetes}/pulumi-resource-kubernetes`,
  module: kubernetesClients,
  package: "./provider",
  sources: ["provider/main.go"],
  generated: { recipe: EMBEDDED, imports: `${MODULE}/pkg/provider`, write: writeEmbedded },
  version: versions.pulumiKubernetes,
  source: `go module ${MODULE} ${versions.pulumiKubernetesModule}`,
  variables: { [`${MODULE}/pkg/version.Version`]: versions.pulumiKubernetes },
  cost: { seconds: 300, diskMiB: 170, cacheMiB: 3000 },
} satisfies GoBinary;
