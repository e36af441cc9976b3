import type * as pulumi from "@pulumi/pulumi";
import type { ConstructResult, Provider } from "@pulumi/pulumi/provider";
import { EastWestGateway, IstioPrimary, Mesh, PluginCA, RemoteSecret } from "../components";
import schema from "./schema.json";
import { Settler, type ObjectSpec } from "./settle";

/** The part of a component's schema that is used here. */
interface ResourceSpec {
  readonly inputProperties: ObjectSpec["properties"];
  readonly requiredInputs: readonly string[];
  readonly properties: Readonly<Record<string, unknown>>;
}

/** How a component is made from the arguments that another language gave. */
type Construct = new (name: string, args: never, opts: pulumi.ComponentResourceOptions) => pulumi.ComponentResource;

const COMPONENTS: Readonly<Record<string, Construct>> = {
  "usmesh:index:Mesh": Mesh,
  "usmesh:index:PluginCA": PluginCA,
  "usmesh:index:IstioPrimary": IstioPrimary,
  "usmesh:index:EastWestGateway": EastWestGateway,
  "usmesh:index:RemoteSecret": RemoteSecret,
};

/**
 * Serves components to programs in other languages. Not `componentProviderHost` of Pulumi's SDK: it reads TypeScript's sources with the compiler
 * each time it starts, and understands no union types. The schema here is generated once, from the same docstrings as docs/api.md.
 */
export class MeshProvider implements Provider {
  readonly schema: string;
  private readonly resources = schema.resources as unknown as Readonly<Record<string, ResourceSpec>>;
  private readonly settler = new Settler(schema.types as unknown as Readonly<Record<string, ObjectSpec>>);

  /** @param version of the package */
  constructor(readonly version: string) {
    this.schema = JSON.stringify({ ...schema, version });
  }

  /** Makes a component with what is in it. @throws Error for another type */
  async construct(name: string, type: string, inputs: pulumi.Inputs, options: pulumi.ComponentResourceOptions): Promise<ConstructResult> {
    const [Component, spec] = [COMPONENTS[type], this.resources[type]];
    if (!Component || !spec) throw new Error(`there is no component ${type}; there are: ${Object.keys(COMPONENTS).join(", ")}`);
    const args = await this.settler.args(inputs, { properties: spec.inputProperties, required: spec.requiredInputs });
    const made = new Component(name, args as never, options);
    return { urn: made.urn, state: this.outputsOf(made as unknown as Readonly<Record<string, unknown>>, spec) };
  }

  /** What the schema knows of an instance: a resource, such as a provider, has no value for another language. */
  private outputsOf(made: Readonly<Record<string, unknown>>, { properties }: ResourceSpec): pulumi.Inputs {
    const outputs = Object.fromEntries(Object.keys(properties).map((property) => [property, made[property]]));
    if (!(made instanceof Mesh)) return outputs;
    const clusters = Object.entries(made.clusters).map(([key, { ingressAddress, eastWestAddress }]) => [key, { ingressAddress, eastWestAddress }] as const);
    return { ...outputs, clusters: Object.fromEntries(clusters) };
  }
}
