import * as path from "node:path";
import * as ts from "typescript";
import { repositoryRoot } from "../../lib/paths";

/** A field of an interface, or what an instance of a class gives. */
export interface Member {
  readonly name: string;
  readonly isOptional: boolean;
  /** Its docstring, in one line. */
  readonly doc: string;
  /** Its type as it is written; undefined where it is only inferred. */
  readonly node: ts.TypeNode | undefined;
  readonly type: ts.Type;
}

/** A class or an interface. */
export interface Shape {
  readonly name: string;
  readonly doc: string;
  readonly members: readonly Member[];
}

/** Another name of a type. */
export interface Alias {
  readonly name: string;
  readonly doc: string;
  /** The type that it is. */
  readonly text: string;
}

/** A component: its arguments, and what an instance gives. */
export interface Component extends Shape {
  readonly args: Shape;
  /** What its docstring says of the options. */
  readonly options: string;
}

/** What the package's main entry exports, as the compiler understands it. */
export class Api {
  private readonly program: ts.Program;
  readonly checker: ts.TypeChecker;
  private readonly exported: readonly ts.Symbol[];

  constructor(entry: string = path.join(repositoryRoot, "components", "index.ts")) {
    const { config } = ts.readConfigFile(path.join(repositoryRoot, "tsconfig.json"), (file) => ts.sys.readFile(file)) as { config: { compilerOptions: object } };
    const { options } = ts.convertCompilerOptionsFromJson({ ...config.compilerOptions, incremental: false, tsBuildInfoFile: undefined, types: [] }, repositoryRoot);
    this.program = ts.createProgram([entry], options, quickHost(options));
    this.checker = this.program.getTypeChecker();
    const module = this.checker.getSymbolAtLocation(this.program.getSourceFile(entry)!);
    this.exported = this.checker.getExportsOfModule(module!).map((symbol) => (symbol.flags & ts.SymbolFlags.Alias ? this.checker.getAliasedSymbol(symbol) : symbol));
  }

  /** The components, in the order of the entry. */
  components(): Component[] {
    return this.exported.flatMap((symbol) => {
      const [declaration] = symbol.declarations ?? [];
      return declaration && ts.isClassDeclaration(declaration) ? [this.component(symbol, declaration)] : [];
    });
  }

  /** The interfaces that are exported beside the components, in the order of the entry. */
  interfaces(): Shape[] {
    return this.exported.flatMap((symbol) => (symbol.flags & ts.SymbolFlags.Interface ? [this.shape(symbol.name, this.checker.getDeclaredTypeOfSymbol(symbol), docOf(symbol, this.checker))] : []));
  }

  /** The names of other types that are exported, in the order of the entry. */
  aliases(): Alias[] {
    return this.exported.flatMap((symbol) => {
      const declaration = symbol.declarations?.find(ts.isTypeAliasDeclaration);
      return declaration ? [{ name: symbol.name, doc: docOf(symbol, this.checker), text: this.written(declaration.type) }] : [];
    });
  }

  /** A type as a reader wants it: a choice by its values, and anything else as the source has it. */
  private written(node: ts.TypeNode): string {
    const type = this.checker.getTypeFromTypeNode(node);
    const isChoice = type.isUnion() && type.types.every((one) => one.isStringLiteral());
    return isChoice ? type.types.map((one) => this.checker.typeToString(one)).join(" | ") : node.getText();
  }

  /** What a type has. */
  shape(name: string, type: ts.Type, doc = ""): Shape {
    return { name, doc, members: this.checker.getPropertiesOfType(type).map((property) => this.member(property)) };
  }

  private component(symbol: ts.Symbol, declaration: ts.ClassDeclaration): Component {
    const constructor = declaration.members.find(ts.isConstructorDeclaration);
    const [, args, opts] = constructor?.parameters ?? [];
    const type = this.checker.getTypeFromTypeNode(args!.type!);
    const members = declaration.members.filter(ts.isPropertyDeclaration).filter((member) => !isHidden(member));
    return {
      name: symbol.name,
      doc: docOf(symbol, this.checker),
      args: this.shape(args!.type!.getText(), type),
      options: opts === undefined ? "" : oneLine(ts.displayPartsToString(this.checker.getSymbolAtLocation(opts.name)?.getDocumentationComment(this.checker))),
      members: members.map((member) => this.member(this.checker.getSymbolAtLocation(member.name)!)),
    };
  }

  private member(symbol: ts.Symbol): Member {
    const declaration = symbol.valueDeclaration ?? symbol.declarations?.[0];
    const written = declaration && (ts.isPropertySignature(declaration) || ts.isPropertyDeclaration(declaration)) ? declaration.type : undefined;
    const node = withoutUndefined(written);
    return {
      name: symbol.name,
      isOptional: (symbol.flags & ts.SymbolFlags.Optional) !== 0 || node !== written,
      doc: docOf(symbol, this.checker),
      node,
      type: node === undefined ? this.checker.getTypeOfSymbol(symbol) : this.checker.getTypeFromTypeNode(node),
    };
  }
}

/** Packages whose types no argument, output or field needs: they stay unknown. They are several times as large as all that is read. */
const UNREAD = /\/node_modules\/(?:@kubernetes\/client-node|@pulumi\/kubernetes\/types|@pulumi\/docker|@grpc|typescript)\//;

/** Reads files as the compiler does, but for what no shape needs: {@link UNREAD}, Node.js's own types and the docstrings in packages. */
function quickHost(options: ts.CompilerOptions): ts.CompilerHost {
  const host = ts.createCompilerHost(options);
  const resolutions = ts.createModuleResolutionCache(repositoryRoot, (file) => host.getCanonicalFileName(file), options);
  return {
    ...host,
    getSourceFile: (file, how, ...rest) => {
      const target = typeof how === "object" ? how : { languageVersion: how };
      return host.getSourceFile(file, file.includes("/node_modules/") ? { ...target, jsDocParsingMode: ts.JSDocParsingMode.ParseNone } : target, ...rest);
    },
    resolveTypeReferenceDirectiveReferences: (references) => references.map(() => ({ resolvedTypeReferenceDirective: undefined })),
    resolveModuleNameLiterals: (literals, from, redirected, _, source) =>
      literals.map((literal) => {
        const resolution = ts.resolveModuleName(literal.text, from, options, host, resolutions, redirected, ts.getModeForUsageLocation(source, literal, options));
        return UNREAD.test(resolution.resolvedModule?.resolvedFileName ?? "") ? { resolvedModule: undefined } : resolution;
      }),
  };
}

/** What a field is when it is there: `T` of `T | undefined`, which is as good as an optional `T`. */
function withoutUndefined(node: ts.TypeNode | undefined): ts.TypeNode | undefined {
  if (!node || !ts.isUnionTypeNode(node)) return node;
  const [first, ...others] = node.types.filter(({ kind }) => kind !== ts.SyntaxKind.UndefinedKeyword);
  return others.length === 0 && first ? first : node;
}

function isHidden(member: ts.PropertyDeclaration): boolean {
  return (ts.getCombinedModifierFlags(member) & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected | ts.ModifierFlags.Static)) !== 0;
}

function docOf(symbol: ts.Symbol, checker: ts.TypeChecker): string {
  return oneLine(ts.displayPartsToString(symbol.getDocumentationComment(checker)));
}

function oneLine(text: string): string {
  return text.replace(/\{@link (\w+)[^}]*\}/g, "`$1`").replace(/\s+/g, " ").trim();
}
