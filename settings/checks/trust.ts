import { sameStack } from "../defaults";
import type { Checked } from "../config";
import { didYouMean, type Problem } from "../../lib/problems";
import { settingsSchema, type Settings } from "../schema";

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

/** Whether peers and trust go together: everyone has an authority, and what it issues lives long enough. */
export function checkTrust(checked: Checked): Problem[] {
  const own = checked.model.trust.authority === "self";
  return [
    ...checkPeers(checked),
    ...(own ? [...checkMembers(checked), ...checkRoots(checked.settings), ...checkLifetimes(checked.settings)] : checkForeign(checked)),
  ];
}

function checkPeers({ settings, stack, project }: Checked): Problem[] {
  return settings.peers.flatMap((peer, position): Problem[] => {
    const path = ["peers", position];
    if (sameStack(peer, stack, project)) {
      return [{ path, message: `"${peer}" is this stack itself; name the others` }];
    }
    const earlier = settings.peers.slice(0, position).findIndex((other) => sameStack(other, peer, project));
    return earlier < 0 ? [] : [{ path, message: `"${peer}" is a peer already; take one of the two away`, because: [["peers", earlier]] }];
  });
}

function checkMembers({ settings, stack }: Checked): Problem[] {
  const { members } = settings.trust;
  if (members === undefined) return [];
  const duplicates = members.flatMap((member, position): Problem[] =>
    members.indexOf(member) < position
      ? [{ path: ["trust", "members", position], message: `"${member}" is a member already; take one of the two away` }]
      : [],
  );
  const own = Object.keys(settings.clusters);
  const forgotten = own
    .filter((key) => !members.includes(key))
    .map((key) => ({
      path: ["trust", "members"],
      message: `cluster ${key} has no authority: stack ${stack} signs only for ${members.join(", ")}; add "${key}", or name another stack in usmesh:trust.authority`,
      because: [["clusters", key]],
    }));
  const strangers = members.flatMap((member, position): Problem[] =>
    settings.peers.length > 0 || own.includes(member)
      ? []
      : [
          {
            path: ["trust", "members", position],
            message: `"${member}" is no cluster of this stack, and the stack has no peers.${didYouMean(member, own) || ` Its clusters are: ${own.join(", ")}.`}`,
            because: [["peers"]],
          },
        ],
  );
  return [...duplicates, ...forgotten, ...strangers];
}

function checkRoots({ trust }: Settings): Problem[] {
  const duplicates = trust.roots.flatMap((root, position): Problem[] =>
    trust.roots.indexOf(root) < position
      ? [{ path: ["trust", "roots", position], message: `"${root}" is a root already; a new root needs a name of its own` }]
      : [],
  );
  if (trust.signer === undefined || trust.roots.includes(trust.signer)) return duplicates;
  return [
    ...duplicates,
    {
      path: ["trust", "signer"],
      message: `"${trust.signer}" is none of the roots, so nobody would trust what it signs; choose one of ${trust.roots.join(", ")}`,
      because: [["trust", "roots"]],
    },
  ];
}

function checkLifetimes({ trust }: Settings): Problem[] {
  const { rootValidityHours: root, intermediateValidityHours: intermediate, earlyRenewalHours: early } = trust;
  const problems: Problem[] = [];
  if (intermediate > root) {
    problems.push({
      path: ["trust", "intermediateValidityHours"],
      message: `${intermediate} hours outlive the root's ${root}; at most ${root}, or raise usmesh:trust.rootValidityHours`,
      because: [["trust", "rootValidityHours"]],
    });
  }
  if (early >= intermediate) {
    problems.push({
      path: ["trust", "earlyRenewalHours"],
      message: `${early} hours before its end, an intermediate of ${intermediate} hours is not yet issued, and every \`up\` would reissue it; at most ${intermediate - 1}`,
      because: [["trust", "intermediateValidityHours"]],
    });
  }
  return problems;
}

/** Another stack is the authority: it must be a peer, and decides alone. */
function checkForeign({ settings, stack, project }: Checked): Problem[] {
  const { authority } = settings.trust;
  const problems: Problem[] = [];
  if (!settings.peers.some((peer) => sameStack(peer, authority, project))) {
    const guess = didYouMean(authority, [...settings.peers, stack]);
    problems.push({
      path: ["trust", "authority"],
      message: `"${authority}" is not among the peers, so nobody would sign for the clusters of ${stack}.${
        guess || ` Add it to usmesh:peers, or write "self".`
      }`,
      because: [["peers"]],
    });
  }
  const defaults = settingsSchema.parse({}).trust;
  for (const setting of AUTHORITY_ONLY) {
    if (JSON.stringify(settings.trust[setting]) === JSON.stringify(defaults[setting])) continue;
    problems.push({
      path: ["trust", setting],
      message: `is decided by stack ${authority}, which holds the roots; set it there, and take it away here`,
      because: [["trust", "authority"]],
    });
  }
  return problems;
}
