import type { TrustOutputs } from "../outputs/contract";
import { authorityNotUp, type Peer } from "../outputs/peers";
import { requestProblems, requestsFor, requestWarnings, type AuthorityStack } from "../outputs/requests";
import { signingOf, signingProblems, unsignedWarning, type Authority, type MemberStack, type Signing } from "../outputs/signing";
import { UserError } from "../lib/errors";
import type { Section } from "../lib/troubleshooting";
import type { MeshModel } from "../settings/model";
import type { KeyAlgorithm } from "../trust/certificates";
import { intermediateWarnings, rootWarnings } from "../trust/expiry";
import type { KeyRequest } from "../trust/keys";
import { checkRecipes, recipesOf, type RootRecipe } from "../trust/root-recipe";
import { checkRotation } from "../trust/rotation";
import type { Previous } from "./previous";

/** What the stack's own authority is made from, beside the settings. */
export interface OwnAuthority {
  /** By key of another stack's cluster: what that stack asks to be signed. */
  readonly requests: Readonly<Record<string, KeyRequest>>;
  /** By name of the root. */
  readonly recipes: Readonly<Record<string, RootRecipe>>;
  /** Of the intermediates' keys. */
  readonly keyAlgorithm: KeyAlgorithm;
  /** See `PluginCAArgs`. */
  readonly renamedGeneration?: number;
}

/** Another stack that is the authority, and what it issued for this one. */
export interface OtherAuthority {
  readonly trust: TrustOutputs;
  readonly signing: Signing;
}

/** How a stack's clusters are signed for: by itself, or by another stack. */
export type Trust = { readonly self: OwnAuthority } | { readonly other: OtherAuthority };

/** The same, with what is wrong and what is worth a warning. */
export interface PreparedTrust {
  readonly trust: Trust;
  readonly problems: readonly UserError[];
  readonly warnings: readonly string[];
}

/** Everything about the stack's trust that is known before the first resource. Throws a UserError when another stack is the authority and is not up. */
export function prepareTrust(stack: string, model: MeshModel, peers: readonly Peer[], previous: Previous, now: number = Date.now()): PreparedTrust {
  const { authority } = model.trust;
  return authority === "self" ? ownAuthority(stack, model, peers, previous, now) : otherAuthority(stack, model, authority.stack, peers, previous, now);
}

function ownAuthority(stack: string, model: MeshModel, peers: readonly Peer[], { trust: before, issued }: Previous, now: number): PreparedTrust {
  const { roots, signer, members, generation, keyAlgorithm, rootValidityHours: validityHours, earlyRenewalHours } = model.trust;
  const authority: AuthorityStack = { stack, members, clusters: model.clusters.map(({ key }) => key), generation };
  const recorded = before?.recipes ?? {};
  const recipe = { mesh: model.mesh, keyAlgorithm, validityHours };
  const up = peers.flatMap((peer) => (peer.state === "up" && peer.outputs.trust ? [{ stack: peer.stack, ...peer.outputs.trust }] : []));
  const problems = [
    ...problem("rotation-out-of-order", checkRotation(before, { roots, signer }, up)),
    ...problem("root-changes-under-its-name", checkRecipes(roots, recorded, recipe)),
    ...requestProblems(authority, peers),
  ];
  const isSameGeneration = before?.generation === generation;
  const ending = Object.entries(before?.rootEnds ?? {}).filter(([root]) => roots.includes(root));
  const used = up.filter((peer) => peer.authority === stack).flatMap((peer) => Object.entries(peer.ends.intermediates).map(([cluster, ends]) => ({ cluster, ends, earlyRenewalHours, next: [`pulumi up -s ${peer.stack}`] })));
  return {
    trust: {
      self: {
        requests: requestsFor(authority, peers),
        recipes: recipesOf(roots, recorded, recipe),
        // A key keeps its algorithm; the next generation has the one in the settings.
        keyAlgorithm: (isSameGeneration ? before.keyAlgorithm : undefined) ?? keyAlgorithm,
        ...(before?.isFormer && isSameGeneration ? { renamedGeneration: generation } : {}),
      },
    },
    problems,
    warnings: [
      ...requestWarnings(authority, peers, issued),
      ...rootWarnings(ending.map(([root, ends]) => ({ root, ends, validityHours: recorded[root]?.validityHours })), now),
      ...intermediateWarnings(used, now),
    ],
  };
}

function problem(section: Section, message: string | undefined): UserError[] {
  return message === undefined ? [] : [new UserError(section, message)];
}

/** Hours before its end at which an authority reissues an intermediate that does not export them. */
const DEFAULT_EARLY_RENEWAL = 720;

function otherAuthority(stack: string, model: MeshModel, name: string, peers: readonly Peer[], previous: Previous, now: number): PreparedTrust {
  const authority = peers.find((peer) => peer.stack === name);
  if (!isAuthority(authority)) throw new UserError("authority-not-up", authorityNotUp(stack, name));
  const { trust } = authority.outputs;
  const member: MemberStack = { stack, clusters: model.clusters.map(({ key }) => key), up: previous.clusters, requests: previous.requests };
  const signing = signingOf(member, authority);
  const waiting = unsignedWarning(stack, name, signing);
  const ending = Object.entries(trust.ends.roots).map(([root, ends]) => ({ root, ends, validityHours: trust.recipes[root]?.validityHours }));
  const next = [`pulumi up -s ${name}`, `pulumi up -s ${stack}`];
  const earlyRenewalHours = trust.earlyRenewalHours ?? DEFAULT_EARLY_RENEWAL;
  const used = Object.entries(intermediateEnds(signing)).map(([cluster, ends]) => ({ cluster, ends, earlyRenewalHours, next }));
  return {
    trust: { other: { trust, signing } },
    problems: signingProblems(member, authority, signing),
    warnings: [...(waiting === undefined ? [] : [waiting]), ...rootWarnings(ending, now), ...intermediateWarnings(used, now)],
  };
}

function isAuthority(peer: Peer | undefined): peer is Authority {
  return peer?.state === "up" && peer.outputs.trust !== undefined;
}

/** By key of the stack's own clusters: when the intermediates that another stack issued end, as far as that is known. */
export function intermediateEnds({ signed }: Signing): Record<string, string> {
  return Object.fromEntries(Object.entries(signed).flatMap(([cluster, found]) => ("certificate" in found ? [[cluster, found.certificate.ends]] : [])));
}
