import * as pulumi from "@pulumi/pulumi";
import { isTree } from "../lib/merge";

/** The part of a type in the schema that is used here. */
export interface TypeSpec {
  /** The value has to be known before anything is created, such as the keys of the clusters. */
  readonly plain?: boolean;
  /** `#/types/TOKEN` for a type of the schema. */
  readonly $ref?: string;
  readonly items?: TypeSpec;
  readonly additionalProperties?: TypeSpec;
  readonly oneOf?: readonly TypeSpec[];
}

/** A type of the schema. */
export interface ObjectSpec {
  readonly properties: Readonly<Record<string, TypeSpec>>;
  /** Names of those that have to be given. */
  readonly required?: readonly string[];
}

/** Fields of the SDK's outputs that its types do not declare. */
interface Settled {
  readonly isKnown: Promise<boolean>;
  promise(): Promise<unknown>;
}

/**
 * Arguments as a component takes them: another language passes each of them as an output, and a component needs some of them as plain
 * values. What was in a secret stays one.
 *
 * @param types the schema's types, by token
 * @throws InputPropertyError for a value that is missing, or that is not known yet and has to be
 */
export class Settler {
  constructor(private readonly types: Readonly<Record<string, ObjectSpec>>) {}

  /** @param spec of the component's arguments; others are left out */
  async args(inputs: Readonly<Record<string, unknown>>, spec: ObjectSpec): Promise<Record<string, unknown>> {
    return this.object(inputs, spec, "", false);
  }

  private async object(value: Readonly<Record<string, unknown>>, { properties, required = [] }: ObjectSpec, path: string, secret: boolean): Promise<Record<string, unknown>> {
    const missing = required.find((name) => value[name] === undefined || value[name] === null);
    if (missing !== undefined) throw new pulumi.InputPropertyError({ propertyPath: path === "" ? missing : `${path}.${missing}`, reason: "it is missing" });
    const given = Object.entries(properties).filter(([name]) => value[name] !== undefined && value[name] !== null);
    return Object.fromEntries(
      await Promise.all(given.map(async ([name, spec]): Promise<[string, unknown]> => [name, await this.value(value[name], spec, path === "" ? name : `${path}.${name}`, secret)])),
    );
  }

  private async value(value: unknown, spec: TypeSpec, path: string, secret: boolean): Promise<unknown> {
    if (!spec.plain) return secret ? pulumi.secret(value) : value;
    if (pulumi.Output.isInstance(value)) {
      const { isKnown } = value as unknown as Settled;
      if (!(await isKnown)) {
        const reason = "it must be known before anything is created: write it as a plain value, and use references only for what is inside it";
        throw new pulumi.InputPropertyError({ propertyPath: path, reason });
      }
      return this.value(await (value as unknown as Settled).promise(), spec, path, secret || (await pulumi.isSecret(value)));
    }
    const named = spec.$ref?.startsWith("#/types/") ? this.types[spec.$ref.slice("#/types/".length)] : undefined;
    if (named && isTree(value)) return this.object(value, named, path, secret);
    const { additionalProperties: each, items, oneOf } = spec;
    if (each && isTree(value)) return Object.fromEntries(await Promise.all(Object.entries(value).map(async ([key, item]) => [key, await this.value(item, each, `${path}.${key}`, secret)] as const)));
    if (items && Array.isArray(value)) return Promise.all(value.map((item, index) => this.value(item, items, `${path}[${index}]`, secret)));
    // One of several types is a record: a value that is not a record is passed on as it is.
    const object = oneOf?.find(({ $ref }) => $ref !== undefined);
    return object && isTree(value) ? this.value(value, { ...object, plain: true }, path, secret) : value;
  }
}
