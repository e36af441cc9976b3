import { ups } from "./rotation";

/** Which token a peer reads a stack's clusters with, as its last `up` left it. */
export interface PeerReads {
  readonly stack: string;
  /** The oldest generation among the tokens with which it reads the stack's clusters; undefined when it reads none, or did not export which. */
  readonly generation?: number;
}

/**
 * Why another generation of reader tokens would cut peers off, or undefined when it would not. An `up` keeps the tokens of the
 * generation asked for and of the one before it, and takes all others away: so a peer has to have taken one raise before the next.
 *
 * @param previous the generation after this stack's last `up`; undefined when there was none or it did not export it
 * @param next the generation that the settings ask for
 * @param peers what other stacks' last `up` left; stacks that are not up are left out
 */
export function checkTokenRotation(previous: number | undefined, next: number, peers: readonly PeerReads[] = []): string | undefined {
  if (previous === undefined || next === previous) return undefined;
  const setting = "usmesh:peering.generation";
  if (next < previous) {
    return `${setting}: ${next} is less than the ${previous} of the last \`up\`, and the tokens that peers use by now would go; leave it at ${previous}, or set it to ${previous + 1} for new ones`;
  }
  if (next > previous + 1) {
    return (
      `${setting}: from ${previous} to ${next} is more than one step, and the tokens of generation ${previous} would go while peers still ` +
      `use them; first set it to ${previous + 1}, and run \`up\` on every stack`
    );
  }
  const behind = peers.filter(({ generation }) => generation !== undefined && generation < previous).map(({ stack }) => stack);
  if (behind.length === 0) return undefined;
  return (
    `${setting}: ${next} is too early, the tokens of generation ${previous - 1} would go while ${behind.join(", ")} still ` +
    `${behind.length > 1 ? "use" : "uses"} them; first set it back to ${previous} and run \`up\` there: ${ups(behind)}`
  );
}
