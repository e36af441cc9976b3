import * as ts from "typescript";
import type { Api, Member, Shape } from "./read";

/** A type in a schema of a Pulumi package. */
type Spec = Readonly<Record<string, unknown>>;

/** The components that other languages have, too. */
export const PROVIDED = ["Mesh", "PluginCA", "IstioPrimary", "EastWestGateway", "RemoteSecret"];

/** Types of what only a program in the same language can use: resources, and options of resources. */
const RESOURCES = /^(Provider|Release|InClusterOptions)$/;

/** How a docstring says that a value is secret: in a sentence that begins with it. Other sentences speak of Kubernetes' Secrets. */
const SECRET = /(?:^|\. )Secret[.,]/;

const PACKAGE = "usmesh";
const ANY = { $ref: "pulumi.json#/Any" };

/** The schema of the package that serves the components to other languages, without its version: what each argument is and means. */
export function packageSchema(api: Api): Record<string, unknown> {
  const types = new TypeSpecs(api);
  const provided = api.components().filter(({ name }) => PROVIDED.includes(name));
  const resources = provided.map(({ name, doc, args, members }) => {
    const inputs = types.objectOf(args);
    const outputs = types.objectOf({ name, doc, members: members.filter(isValue) }, true);
    return [
      `${PACKAGE}:index:${name}`,
      { isComponent: true, description: doc, inputProperties: inputs["properties"], requiredInputs: inputs["required"], properties: outputs["properties"], required: outputs["required"] },
    ] as const;
  });
  return {
    name: PACKAGE,
    displayName: "usmesh",
    description: "The components of a multi-cluster Istio mesh",
    license: "Apache-2.0",
    keywords: ["category/infrastructure", "kind/component"],
    resources: Object.fromEntries(resources),
    types: types.all(),
    language: Object.fromEntries(["nodejs", "python", "csharp", "java", "go"].map((language) => [language, { respectSchemaVersion: true }])),
  };
}

/** Whether a member is a value, and no resource. */
function isValue({ node }: Member): boolean {
  return node === undefined || !RESOURCES.test(node.getText());
}

/** The types that components name, as far as they have been met. */
class TypeSpecs {
  private readonly known = new Map<string, Spec>();

  constructor(private readonly api: Api) {}

  /** By token, sorted. */
  all(): Record<string, Spec> {
    return Object.fromEntries([...this.known].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** @param isOutput outputs are never plain: only arguments can be needed before anything is known. */
  objectOf({ doc, members }: Shape, isOutput = false): Spec {
    const fields = members.filter(isValue);
    const properties = fields.map((member): [string, Spec] => {
      const spec = this.spec(member.node, member.type, member.name, isOutput);
      const secret = SECRET.test(member.doc) ? { secret: true } : {};
      return [member.name, { ...spec, ...secret, ...(member.doc === "" ? {} : { description: member.doc }) }];
    });
    return {
      type: "object",
      ...(doc === "" ? {} : { description: doc }),
      properties: Object.fromEntries(properties),
      required: fields.filter(({ isOptional }) => !isOptional).map(({ name }) => name).sort(),
    };
  }

  /** The type of a field. @param name what a type is called that has no name itself */
  private spec(node: ts.TypeNode | undefined, type: ts.Type, name: string, isOutput: boolean): Spec {
    const wrapped = node && ts.isTypeReferenceNode(node) && /^(pulumi\.)?(Input|Output)$/.test(node.typeName.getText()) ? node.typeArguments?.[0] : undefined;
    if (wrapped) return this.value(wrapped, this.typeOf(wrapped), name, isOutput);
    const spec = this.value(node, type, name, isOutput);
    // Anything may hold what is not known yet, such as a value of a chart.
    return isOutput || spec === ANY ? spec : { ...spec, plain: true };
  }

  private value(node: ts.TypeNode | undefined, type: ts.Type, name: string, isOutput: boolean): Spec {
    if (node && ts.isTypeOperatorNode(node)) return this.value(node.type, type, name, isOutput);
    if (node && ts.isArrayTypeNode(node)) return { type: "array", items: this.spec(node.elementType, this.typeOf(node.elementType), name, isOutput) };
    if (node && ts.isUnionTypeNode(node)) return scalar(type) ?? this.union(node, name, isOutput);
    if (node && ts.isTypeReferenceNode(node)) {
      const [first, second] = node.typeArguments ?? [];
      const reference = node.typeName.getText();
      if (reference === "Readonly" && first) return this.value(first, this.typeOf(first), name, isOutput);
      if (reference === "Record" && second) return { type: "object", additionalProperties: this.spec(second, this.typeOf(second), name, isOutput) };
      if (reference === "Kubeconfig") return ANY;
      if (!/^(Omit|Pick)$/.test(reference)) return this.named(reference, type, isOutput);
      return this.named(`Mesh${name[0]!.toUpperCase()}${name.slice(1)}`, type, isOutput);
    }
    return scalar(type) ?? ANY;
  }

  /** Text of a few kinds is text; `T | false` is both. */
  private union({ types }: ts.UnionTypeNode, name: string, isOutput: boolean): Spec {
    const specs = types.map((type) => (ts.isLiteralTypeNode(type) && type.literal.kind === ts.SyntaxKind.FalseKeyword ? { type: "boolean" } : this.value(type, this.typeOf(type), name, isOutput)));
    return { oneOf: specs };
  }

  private named(name: string, type: ts.Type, isOutput: boolean): Spec {
    const simple = scalar(type);
    if (simple) return simple;
    const token = `${PACKAGE}:index:${name}`;
    if (!this.known.has(token)) {
      this.known.set(token, {});
      const symbol = type.aliasSymbol ?? type.symbol;
      const doc = symbol?.declarations?.some(ts.isInterfaceDeclaration) ? ts.displayPartsToString(symbol.getDocumentationComment(this.api.checker)) : "";
      this.known.set(token, this.objectOf(this.api.shape(name, type, doc.replace(/\s+/g, " ").trim()), isOutput));
    }
    return { $ref: `#/types/${token}` };
  }

  private typeOf(node: ts.TypeNode): ts.Type {
    return this.api.checker.getTypeFromTypeNode(node);
  }
}

function scalar(type: ts.Type): Spec | undefined {
  const isAll = (flag: ts.TypeFlags): boolean => (type.isUnion() ? type.types : [type]).every(({ flags }) => (flags & flag) !== 0);
  if (isAll(ts.TypeFlags.StringLike)) return { type: "string" };
  if (isAll(ts.TypeFlags.NumberLike)) return { type: "number" };
  if (isAll(ts.TypeFlags.BooleanLike)) return { type: "boolean" };
  return undefined;
}
