/** Which roots are trusted and which of them signs, as one stack had it after its last `up`. */
export interface TrustState {
  /** Names of the trusted roots, oldest first. */
  readonly roots: readonly string[];
  /** The root that signs the intermediates. */
  readonly signer: string;
}

/** What a peer's last `up` left: its istiod trusts `roots` and its intermediate was signed by `signer`. */
export interface PeerTrust extends TrustState {
  readonly stack: string;
}

const same = (a: readonly string[], b: readonly string[]) => a.length === b.length && a.every((item, i) => item === b[i]);
const without = (a: readonly string[], b: readonly string[]) => a.filter((item) => !b.includes(item));
const quote = (names: readonly string[]) => `[${names.join(", ")}]`;

/**
 * Why a change of the roots would cut requests off, or undefined when it would not. A root is replaced in three `up`s: the new
 * one is trusted beside the old one, then it signs, then the old one goes; each only after every peer has taken the step before.
 * @param previous the state after this stack's last `up`; undefined when there was none
 * @param next the state that the settings ask for
 * @param peers what other stacks' last `up` left; stacks that are not up yet are left out
 */
export function checkRotation(
  previous: TrustState | undefined,
  next: TrustState,
  peers: readonly PeerTrust[] = [],
): string | undefined {
  if (previous === undefined) return undefined;
  const added = without(next.roots, previous.roots);
  const removed = without(previous.roots, next.roots);
  const signerChanged = previous.signer !== next.signer;

  if (!signerChanged && added.length === 0 && removed.length === 0) {
    return same(previous.roots, next.roots)
      ? undefined
      : `usmesh:trust.roots: the order changed from ${quote(previous.roots)} to ${quote(next.roots)}; ` +
          `keep it, oldest first: istiod would take another order for other roots`;
  }
  if (Number(signerChanged) + Number(added.length > 0) + Number(removed.length > 0) > 1) return outOfOrder(previous, next);
  if (signerChanged) return checkSigner(next, peers);
  if (added.length > 0) return checkAdded(previous, next);
  return checkRemoved(next, removed, peers);
}

/** Several steps in one: names the one that comes first. */
function outOfOrder(previous: TrustState, next: TrustState): string {
  const added = without(next.roots, previous.roots);
  const first =
    added.length > 0
      ? `set usmesh:trust.roots to ${quote([...previous.roots, ...added])} and leave usmesh:trust.signer at "${previous.signer}"`
      : `set usmesh:trust.signer to "${next.signer}" and leave usmesh:trust.roots at ${quote(previous.roots)}`;
  return (
    `usmesh:trust: from roots ${quote(previous.roots)} signed by "${previous.signer}" to roots ${quote(next.roots)} signed by ` +
    `"${next.signer}" is more than one step, and requests would fail between clusters that have taken it and those that have ` +
    `not; first ${first}, and run \`up\` on every stack`
  );
}

function checkSigner(next: TrustState, peers: readonly PeerTrust[]): string | undefined {
  const behind = peers.filter((peer) => !peer.roots.includes(next.signer)).map((peer) => peer.stack);
  if (behind.length === 0) return undefined;
  return (
    `usmesh:trust.signer: root "${next.signer}" cannot sign yet, ${behind.join(", ")} ${behind.length > 1 ? "do" : "does"} ` +
    `not trust it; first run \`up\` there: ${ups(behind)}`
  );
}

function checkAdded(previous: TrustState, next: TrustState): string | undefined {
  if (same(next.roots.slice(0, previous.roots.length), previous.roots)) return undefined;
  const right = [...previous.roots, ...without(next.roots, previous.roots)];
  return `usmesh:trust.roots: new roots come last: ${quote(right)} instead of ${quote(next.roots)}`;
}

function checkRemoved(next: TrustState, removed: readonly string[], peers: readonly PeerTrust[]): string | undefined {
  const behind = peers.filter((peer) => removed.includes(peer.signer)).map((peer) => peer.stack);
  if (behind.length === 0) return undefined;
  return (
    `usmesh:trust.roots: root ${removed.join(", ")} cannot go yet, ${behind.join(", ")} still ${behind.length > 1 ? "use" : "uses"} ` +
    `an intermediate that it signed; first run \`up\` there, so that "${next.signer}" signs for all: ${ups(behind)}`
  );
}

/** The commands that bring stacks up, for messages. */
export function ups(stacks: readonly string[]): string {
  return stacks.map((stack) => `pulumi up -s ${stack}`).join(", ");
}
