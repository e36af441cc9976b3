import { X509Certificate } from "node:crypto";
import type { KeyAlgorithm } from "./certificates";
import { algorithmOf } from "./keys";

/** What a root is made from. Under one name it never changes: another root of that name would cut off every cluster that trusts the first. */
export interface RootRecipe {
  /** Mesh id, part of its subject. */
  readonly mesh: string;
  /** Algorithm of its key. */
  readonly keyAlgorithm: KeyAlgorithm;
  /** Hours for which it is valid, from when it was made. */
  readonly validityHours: number;
}

/** The setting that decides each part of a recipe. */
const SETTINGS: Readonly<Record<keyof RootRecipe, string>> = {
  mesh: "usmesh:mesh",
  keyAlgorithm: "usmesh:trust.keyAlgorithm",
  validityHours: "usmesh:trust.rootValidityHours",
};

/**
 * What each root is to be made from: one that exists from what it was made from, a new one from the settings.
 * @param recorded by name of the root, as of the last `up`
 */
export function recipesOf(roots: readonly string[], recorded: Readonly<Record<string, RootRecipe>>, settings: RootRecipe): Record<string, RootRecipe> {
  return Object.fromEntries(roots.map((root) => [root, recorded[root] ?? settings]));
}

/**
 * Why a root would change under its name, with the steps that lead to the change; undefined when none would. The settings describe the
 * newest root. Older ones stay as they were made.
 * @param roots names of the trusted roots, oldest first
 * @param recorded see {@link recipesOf}
 */
export function checkRecipes(roots: readonly string[], recorded: Readonly<Record<string, RootRecipe>>, settings: RootRecipe): string | undefined {
  const newest = roots.at(-1);
  const made = newest === undefined ? undefined : recorded[newest];
  if (newest === undefined || made === undefined) return undefined;
  const changed = (Object.keys(SETTINGS) as (keyof RootRecipe)[]).filter((part) => made[part] !== settings[part]);
  if (changed.length === 0) return undefined;
  const what = changed.map((part) => `${SETTINGS[part]} is ${settings[part]} and was ${made[part]}`).join(", ");
  const steps =
    roots.length > 1
      ? `first end the replacement that is under way, so that one root is left`
      : `replace the root, with ${changed.map((part) => `${SETTINGS[part]} ${settings[part]}`).join(", ")} from the first step on: ` +
        `set usmesh:trust.roots to [${newest}, ${nameAfter(newest)}] and usmesh:trust.signer to "${newest}", and run \`up\` on every stack; ` +
        `docs/rotation.md#roots has the other steps`;
  return (
    `usmesh:trust.roots: root "${newest}" would change under its name, and every cluster that trusts it would be cut off: ${what}. ` +
    `Set it back, or ${steps}`
  );
}

/** A name for the root after this one. */
function nameAfter(root: string): string {
  return /^\d+$/.test(root) ? String(Number(root) + 1) : `${root}-2`;
}

const HOUR_MS = 3_600_000;

/** What a root was made from, according to its certificate; undefined for what is not the certificate of such a root. */
export function recipeIn(pem: string): RootRecipe | undefined {
  try {
    const certificate = new X509Certificate(pem);
    const { subject, validFrom, validTo } = certificate;
    const mesh = /^O=(.*)$/m.exec(subject)?.[1];
    const keyAlgorithm = algorithmOf(certificate);
    if (mesh === undefined || keyAlgorithm === undefined) return undefined;
    return { mesh, keyAlgorithm, validityHours: Math.round((Date.parse(validTo) - Date.parse(validFrom)) / HOUR_MS) };
  } catch {
    return undefined;
  }
}
