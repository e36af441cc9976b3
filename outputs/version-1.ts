import { z } from "zod";
import type { Intermediate } from "../trust/certificates";
import { recipeIn } from "../trust/root-recipe";
import { meshOutputs, OUTPUTS_VERSION, type MeshOutputs, type TrustOutputs } from "./contract";

/** Version of the outputs before {@link OUTPUTS_VERSION}: there the authority made the keys of all members, and exported them. */
export const FORMER_VERSION = 1;

/** `trust` of version 1. */
export const formerTrust = z.object({
  authority: z.string(),
  roots: z.array(z.string()),
  signer: z.string(),
  rootCertificates: z.string(),
  rootExpiry: z.string(),
  generation: z.number(),
});

const intermediate = z.object({ caCert: z.string(), caKey: z.string(), certChain: z.string(), rootCert: z.string() });

/** The outputs of version 1. */
export const formerOutputs = meshOutputs.omit({ requests: true, certificates: true }).extend({
  version: z.literal(FORMER_VERSION),
  trust: formerTrust.optional(),
  /** By cluster key, only in the authority's stack. Secret. Not read through a reference to a stack, where only today's outputs are asked for. */
  intermediates: z.record(z.string(), intermediate).default({}),
});

type FormerOutputs = z.infer<typeof formerOutputs>;

/** Outputs of version 1, read. */
export interface FormerRead {
  /** In today's shape. A stack that was brought up by that version has no requests and no certificates yet. */
  readonly outputs: MeshOutputs;
  /** By cluster key: what the authority's stack issued, with the keys. Secret. */
  readonly intermediates: Readonly<Record<string, Intermediate>>;
}

/** What outputs of version 1 say in today's shape. */
export function readFormer({ intermediates, trust: former, ...rest }: FormerOutputs): FormerRead {
  const converted = former ? { trust: trustOf(former, Object.keys(intermediates)) } : {};
  return { outputs: { ...rest, ...converted, version: OUTPUTS_VERSION, requests: {}, certificates: {} }, intermediates };
}

/** `trust` in today's shape, with what roots were made from as far as their certificates say it. */
export function trustOf({ authority, roots, signer, rootCertificates, rootExpiry, generation }: z.infer<typeof formerTrust>, members: string[]): TrustOutputs {
  const pems = rootCertificates.split(/(?<=-----END CERTIFICATE-----)/).filter((pem) => pem.trim() !== "");
  const recipes = Object.fromEntries(
    roots.flatMap((root, index) => {
      const recipe = recipeIn(pems[index] ?? "");
      return recipe ? [[root, recipe] as const] : [];
    }),
  );
  // All keys had the algorithm in the settings, and so had the newest root.
  const keyAlgorithm = recipes[roots.at(-1) ?? ""]?.keyAlgorithm;
  return {
    authority,
    members,
    roots,
    signer,
    rootCertificates,
    recipes,
    generation,
    ...(keyAlgorithm ? { keyAlgorithm } : {}),
    ends: { roots: { [signer]: rootExpiry }, intermediates: {} },
  };
}
