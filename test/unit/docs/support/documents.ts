import * as fs from "node:fs";
import * as path from "node:path";
import { repositoryRoot } from "../../../../lib/paths";

/** Folders that the repository does not hold. */
const IGNORED = ["node_modules", ".git", "dist"];

/** Paths of the repository's files, from the root. Not asked of git: a downloaded archive has the same files and no git. */
export const repositoryFiles: readonly string[] = filesIn("");

function filesIn(folder: string): string[] {
  return fs.readdirSync(path.join(repositoryRoot, folder), { withFileTypes: true }).flatMap((entry) => {
    const name = path.join(folder, entry.name);
    if (!entry.isDirectory()) return [name];
    return IGNORED.includes(entry.name) ? [] : filesIn(name);
  });
}

/** Paths of all documents, from the root. */
export const documents: readonly string[] = repositoryFiles.filter((file) => file.endsWith(".md"));

/** Files whose text can be in a message: paths from the root. */
export const sources: readonly string[] = repositoryFiles.filter((file) =>
  /^(?:cli|components|lib|outputs|program|settings|tools|topology|trust|airgap)\/.*\.(?:ts|sh)$|^bench\/.*\.ts$|^index\.ts$|^mesh$/.test(file),
);

/** The text of a file. @param file path from the root. */
export function readText(file: string): string {
  return fs.readFileSync(path.join(repositoryRoot, file), "utf8");
}

/** A document's lines, apart by whether they are code: in a fence, or indented by four spaces after a blank line. */
function splitLines(markdown: string): { readonly prose: readonly string[]; readonly code: readonly string[] } {
  const prose: string[] = [];
  const code: string[] = [];
  let isFenced = false;
  let isIndented = false;
  let isAfterBlank = true;
  for (const line of markdown.split("\n")) {
    const isFence = /^\s*```/.test(line);
    isIndented = line.startsWith("    ") && (isIndented || isAfterBlank);
    if (!isFence) (isFenced || isIndented ? code : prose).push(line);
    if (isFence) isFenced = !isFenced;
    isAfterBlank = line.trim() === "";
  }
  return { prose, code };
}

/** A document's prose, with the code spans left out. */
function plainProse(markdown: string): string {
  return splitLines(markdown).prose.join("\n").replace(/`[^`\n]+`/g, "");
}

/** The targets of a document's links, as written. */
export function linksOf(markdown: string): string[] {
  return [...plainProse(markdown).matchAll(/\]\(([^()\s]+)\)/g)].map(([, target = ""]) => target);
}

/** The anchors that a document has: those of its headings as GitHub forms them, and the ids of its HTML elements. */
export function anchorsOf(markdown: string): string[] {
  const { prose } = splitLines(markdown);
  const headings = prose.map((line) => /^#{1,6} (.*)$/.exec(line)?.[1]).filter((text) => text !== undefined);
  const slugs = headings.map(slug);
  const numbered = slugs.map((text, index) => {
    const earlier = slugs.slice(0, index).filter((other) => other === text).length;
    return earlier === 0 ? text : `${text}-${earlier}`;
  });
  const ids = [...prose.join("\n").matchAll(/<[a-z]+ (?:id|name)="([^"]+)"/g)].map(([, id = ""]) => id);
  return [...numbered, ...ids];
}

function slug(heading: string): string {
  const text = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1");
  return text.trim().toLowerCase().replace(/[^\p{L}\p{N}\p{M}_ -]/gu, "").replaceAll(" ", "-");
}

/** A document's code: each line of its code blocks, and each code span in its prose. */
export function codeOf(markdown: string): string[] {
  const { prose, code } = splitLines(markdown);
  const spans = [...prose.join("\n").matchAll(/`([^`]+)`/g)].map(([, text = ""]) => text.replaceAll("\n", " "));
  return [...code, ...spans];
}
