import { ups } from "./rotation";

/** With which token a peer reads a stack's clusters, since its last `up`. */
export interface PeerReads {
  readonly stack: string;
  /** See {@link oldestGeneration}. */
  readonly generation?: number | undefined;
}

/** Which reader tokens a stack issues. */
export interface TokenSettings {
  /** The generation that peers get. */
  readonly generation: number;
  /** Tokens of this generation and older ones are revoked at once, whoever still uses them; 0: none. */
  readonly revoke: number;
}

/** The settings with a generation that is not revoked: to revoke tokens is also to issue new ones. */
export function withNewTokens({ generation, revoke }: TokenSettings): TokenSettings {
  return { generation: Math.max(generation, revoke + 1), revoke };
}

/**
 * The generations of reader tokens that exist once `up` has ended, oldest first: the newest, which peers get, and, unless it is revoked,
 * the one before for peers that have not run `up` since.
 */
export function existingGenerations({ generation, revoke }: TokenSettings): number[] {
  return [generation - 1, generation].filter((one) => one > revoke);
}

/**
 * The oldest generation among the tokens with which a peer reads this stack's clusters: that one must not be removed. Undefined when
 * the peer reads none of them, or did not export with which token.
 *
 * @param own keys of this stack's clusters
 * @param reads by cluster key: the generation of the token with which the peer reads it
 */
export function oldestGeneration(own: readonly string[], reads: Readonly<Record<string, number>> = {}): number | undefined {
  const generations = own.flatMap((key) => reads[key] ?? []);
  return generations.length > 0 ? Math.min(...generations) : undefined;
}

/**
 * Why there is nothing to revoke, or undefined when there is.
 *
 * @param previous as for {@link checkTokenRotation}
 */
export function checkTokenRevocation(previous: number | undefined, { revoke }: TokenSettings): string | undefined {
  if (previous === undefined || revoke <= previous) return undefined;
  return `usmesh:peering.revoke: there are no tokens of generation ${revoke} yet, the newest are of generation ${previous}; set it to ${previous} to revoke all that exist`;
}

/**
 * Why another generation of reader tokens would cut peers off, or undefined when it would not. An `up` keeps the tokens of
 * {@link existingGenerations} and removes all others: so every peer must have run `up` after one raise before the next. Tokens that are
 * revoked are removed on purpose.
 *
 * @param previous the generation after this stack's last `up`; undefined when there was none or it did not export it
 * @param next the settings, with new tokens
 * @param peers the other stacks that are up
 */
export function checkTokenRotation(previous: number | undefined, { generation: next, revoke }: TokenSettings, peers: readonly PeerReads[] = []): string | undefined {
  if (previous === undefined || next === previous) return undefined;
  const setting = "usmesh:peering.generation";
  if (next < previous) {
    return `${setting}: ${next} is less than the ${previous} of the last \`up\`, and the tokens that peers use by now would be removed; leave it at ${previous}, or set it to ${previous + 1} for new ones`;
  }
  if (revoke === previous) return undefined;
  if (next > previous + 1) {
    return (
      `${setting}: from ${previous} to ${next} is more than one step, and the tokens of generation ${previous} would be removed while ` +
      `peers still use them; first set it to ${previous + 1}, and run \`up\` on every stack`
    );
  }
  const behind = peers.filter(({ generation }) => generation !== undefined && generation < previous && generation > revoke).map(({ stack }) => stack);
  if (behind.length === 0) return undefined;
  return (
    `${setting}: ${next} is too early, the tokens of generation ${previous - 1} would be removed while ${behind.join(", ")} still ` +
    `${behind.length > 1 ? "use" : "uses"} them; first set it back to ${previous} and run \`up\` there: ${ups(behind)}`
  );
}
