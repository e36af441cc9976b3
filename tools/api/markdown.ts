import type { Api, Member } from "./read";

/** The reference of the components, in Markdown: docs/api.md. */
export function apiMarkdown(api: Api): string {
  const components = api.components().sort(byName);
  const interfaces = api.interfaces();
  const args = components.map((component) => component.args.name);
  const others = interfaces.filter(({ name }) => !args.includes(name)).map((shape) => ({ name: shape.name, text: [...wrapped(shape.doc), ...table("field", shape.members)] }));
  const aliases = api.aliases().map(({ name, doc, text }) => ({ name, text: [...wrapped(doc), `\`${text.replace(/\s+/g, " ")}\``, ""] }));
  return [
    "# API",
    "",
    "The components of the [package](package.md) `usmesh`, from their docstrings.",
    "`UPDATE_README=1 npx mocha test/integration/tools/api/api.test.ts` writes this page.",
    "",
    ...components.flatMap((component) => [
      `## ${component.name}`,
      "",
      ...[component.doc, `\`new ${component.name}(name, args: ${component.args.name}, opts?)\`${component.options === "" ? "" : ` Options: ${component.options}.`}`].flatMap(wrapped),
      ...table("argument", component.args.members),
      ...table("output", component.members),
    ]),
    "## Types",
    "",
    ...[...others, ...aliases].sort(byName).flatMap(({ name, text }) => [`### ${name}`, "", ...text]),
  ]
    .join("\n")
    .trimEnd()
    .concat("\n");
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : 1;
}

function wrapped(text: string): string[] {
  return text === "" ? [] : [text, ""];
}

function table(heading: string, members: readonly Member[]): string[] {
  if (members.length === 0) return [];
  const rows = members.map(({ name, isOptional, node, doc }) => {
    const type = node?.getText().replace(/\s+/g, " ").replaceAll("pulumi.", "").replace(/\breadonly /g, "") ?? "string";
    return `| ${[`\`${name}${isOptional ? "?" : ""}\``, `\`${type}\``, doc].map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  });
  return [`| ${heading} | type | meaning |`, "|---|---|---|", ...rows, ""];
}
