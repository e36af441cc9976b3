import { didYouMean } from "../../lib/did-you-mean";
import { sameStack, shortStackName } from "../defaults";
import type { Problem } from "../problems";
import { settingsSchema, type Settings } from "../schema";
import type { CheckContext } from "./check";

/** Settings of the trust that only its authority decides. */
const AUTHORITY_ONLY = [
  "members",
  "roots",
  "signer",
  "keyAlgorithm",
  "rootValidityHours",
  "intermediateValidityHours",
  "earlyRenewalHours",
  "generation",
] as const;

/** Checks that peers and trust fit together: every cluster has an authority, and what it issues is valid long enough. */
export function checkTrust(context: CheckContext): Problem[] {
  const { settings, model } = context;
  return [
    ...checkPeers(context),
    ...(model.trust.authority === "self"
      ? [...checkMembers(context), ...checkRoots(settings), ...checkLifetimes(settings)]
      : [...checkAuthority(context), ...checkAuthorityOnly(settings)]),
  ];
}

function checkPeers({ settings, stack, project }: CheckContext): Problem[] {
  return settings.peers.flatMap((peer, position): Problem[] => {
    const path = ["peers", position];
    if (sameStack(peer, stack, project)) {
      return [{ path, message: `"${peer}" is this stack itself; name the others` }];
    }
    const earlier = settings.peers.slice(0, position).findIndex((other) => sameStack(other, peer, project));
    return earlier < 0 ? [] : [{ path, message: `"${peer}" is already a peer; remove one of the two`, because: [["peers", earlier]] }];
  });
}

function checkMembers(context: CheckContext): Problem[] {
  const { settings, stack } = context;
  const { members } = settings.trust;
  if (members === undefined) return [];
  const duplicates = members.flatMap((member, position): Problem[] =>
    members.indexOf(member) < position
      ? [{ path: ["trust", "members", position], message: `"${member}" is already a member; remove one of the two` }]
      : [],
  );
  const own = Object.keys(settings.clusters);
  const unsigned = own
    .filter((key) => !members.includes(key))
    .map((key) => ({
      path: ["trust", "members"],
      message: `cluster ${key} has no authority: stack ${stack} signs only for ${members.join(", ")}; add "${key}", or name another stack in usmesh:trust.authority`,
      because: [["clusters", key]],
    }));
  const known = knownClusters(context);
  const unknown = members.flatMap((member, position): Problem[] => {
    if (known === undefined || known.includes(member)) return [];
    const guess = didYouMean(member, known) || ` The clusters are: ${known.join(", ")}.`;
    const where = settings.peers.length > 0 ? "neither in this stack nor in a peer" : "not in this stack, and the stack has no peers";
    return [{ path: ["trust", "members", position], message: `cluster "${member}" is ${where}; remove it, or correct it.${guess}`, because: [["clusters"], ["peers"]] }];
  });
  return [...duplicates, ...unsigned, ...unknown];
}

/** All clusters of the mesh; undefined when those of a peer are known only from its outputs. */
function knownClusters({ settings, project, clustersOf }: CheckContext): readonly string[] | undefined {
  const peers = settings.peers.map((peer) => clustersOf(shortStackName(peer, project)));
  if (peers.includes(undefined)) return undefined;
  return [...Object.keys(settings.clusters), ...peers.flatMap((keys) => keys ?? [])];
}

function checkRoots({ trust }: Settings): Problem[] {
  const duplicates = trust.roots.flatMap((root, position): Problem[] =>
    trust.roots.indexOf(root) < position
      ? [{ path: ["trust", "roots", position], message: `"${root}" is already a root; a new root needs a name of its own` }]
      : [],
  );
  if (trust.signer === undefined || trust.roots.includes(trust.signer)) return duplicates;
  return [
    ...duplicates,
    {
      path: ["trust", "signer"],
      message: `"${trust.signer}" is not one of the roots, so no cluster would trust what it signs; choose one of ${trust.roots.join(", ")}`,
      because: [["trust", "roots"]],
    },
  ];
}

/** Limits of a lifetime in hours, and why. */
const LIMITS = [
  ["rootValidityHours", 720, "it takes three `up`s of every stack to replace a root", 262_800, "a key that signs for longer cannot be trusted for its whole life"],
  ["intermediateValidityHours", 168, "what ends sooner needs an `up` more often than once a week", 43_800, "a key that leaked is trusted until the intermediate ends"],
  ["earlyRenewalHours", 24, "what is renewed later has ended before anybody notices", Infinity, ""],
] as const;

function checkLifetimes({ trust }: Settings): Problem[] {
  const problems = LIMITS.flatMap(([setting, min, whyMin, max, whyMax]): Problem[] => {
    const hours = trust[setting];
    const path = ["trust", setting];
    if (hours < min) return [{ path, message: `${hours} hours are too few: ${whyMin}; the minimum is ${min}` }];
    return hours > max ? [{ path, message: `${hours} hours are too many: ${whyMax}; the maximum is ${max}` }] : [];
  });
  const { rootValidityHours: root, intermediateValidityHours: intermediate, earlyRenewalHours: early } = trust;
  if (intermediate > root) {
    problems.push({
      path: ["trust", "intermediateValidityHours"],
      message: `${intermediate} hours are more than the ${root} of the root; the maximum is ${root}, or raise usmesh:trust.rootValidityHours`,
      because: [["trust", "rootValidityHours"]],
    });
  }
  if (early >= intermediate) {
    problems.push({
      path: ["trust", "earlyRenewalHours"],
      message: `an intermediate is valid for ${intermediate} hours, so with ${early} every \`up\` would reissue it; the maximum is ${intermediate - 1}`,
      because: [["trust", "intermediateValidityHours"]],
    });
  }
  return problems;
}

/** Another stack is the authority, so it must be a peer. */
function checkAuthority({ settings, stack, project }: CheckContext): Problem[] {
  const { authority } = settings.trust;
  if (settings.peers.some((peer) => sameStack(peer, authority, project))) return [];
  const guess = didYouMean(authority, [...settings.peers, stack]) || ` Add it to usmesh:peers, or write "self".`;
  return [
    {
      path: ["trust", "authority"],
      message: `"${authority}" is not one of the peers, so no stack would sign for the clusters of ${stack}.${guess}`,
      because: [["peers"]],
    },
  ];
}

/** Another stack is the authority, so it alone decides what it issues. */
function checkAuthorityOnly({ trust }: Settings): Problem[] {
  const defaults = settingsSchema.parse({}).trust;
  return AUTHORITY_ONLY.filter((setting) => JSON.stringify(trust[setting]) !== JSON.stringify(defaults[setting])).map((setting) => ({
    path: ["trust", setting],
    message: `is decided by stack ${trust.authority}, which holds the roots; set it there, and remove it here`,
    because: [["trust", "authority"]],
  }));
}
