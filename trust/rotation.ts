/** Which roots a stack trusts and which of them signs, since its last `up`. */
export interface TrustState {
  /** Names of the trusted roots, oldest first. */
  readonly roots: readonly string[];
  /** The root that signs the intermediates. */
  readonly signer: string;
}

/** What a peer trusts since its last `up`: its istiod trusts `roots`, and `signer` signed its intermediate. */
export interface PeerTrust extends TrustState {
  readonly stack: string;
}

const same = (a: readonly string[], b: readonly string[]) => a.length === b.length && a.every((item, i) => item === b[i]);
const without = (a: readonly string[], b: readonly string[]) => a.filter((item) => !b.includes(item));
const quote = (names: readonly string[]) => `[${names.join(", ")}]`;

/**
 * Why a change of the roots would make requests fail, or undefined when it would not. A root is replaced with three runs of `up`:
 * the new one is trusted beside the old one, then it signs, then the old one is removed; each only after every peer has taken the
 * step before.
 * @param previous the state after this stack's last `up`; undefined when there was none
 * @param next the state in the settings
 * @param peers the other stacks that are up
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
          `keep it, oldest first: for istiod another order means other roots`;
  }
  if (Number(signerChanged) + Number(added.length > 0) + Number(removed.length > 0) > 1) return outOfOrder(previous, next);
  if (signerChanged) return checkSigner(next, peers);
  if (added.length > 0) return checkAdded(previous, next);
  return checkRemoved(next, removed, peers);
}

/** The message for several steps in one: it names the first one. */
function outOfOrder(previous: TrustState, next: TrustState): string {
  const added = without(next.roots, previous.roots);
  const first =
    added.length > 0
      ? `set usmesh:trust.roots to ${quote([...previous.roots, ...added])} and leave usmesh:trust.signer at "${previous.signer}"`
      : `set usmesh:trust.signer to "${next.signer}" and leave usmesh:trust.roots at ${quote(previous.roots)}`;
  return (
    `usmesh:trust: from roots ${quote(previous.roots)} signed by "${previous.signer}" to roots ${quote(next.roots)} signed by ` +
    `"${next.signer}" is more than one step, and requests would fail between clusters that have taken it and clusters that have ` +
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
    `usmesh:trust.roots: root ${removed.join(", ")} cannot be removed yet, ${behind.join(", ")} still ${behind.length > 1 ? "use" : "uses"} ` +
    `an intermediate that it signed; first run \`up\` there, so that "${next.signer}" signs for all: ${ups(behind)}`
  );
}

/** The commands that run `up` on stacks, for messages. */
export function ups(stacks: readonly string[]): string {
  return stacks.map((stack) => `pulumi up -s ${stack}`).join(", ");
}
