/** Kinds of failures, in the order in which they are made. The names are those of `--only`, and are part of the JSON report. */
export const FAILURES = ["errors", "no-replica", "frozen-pod", "paused-node", "frozen-api-server", "istiod-restart"] as const;
export type FailureName = (typeof FAILURES)[number];

/** Whether requests are repeated when they fail. The names are those of `--retries`, and are part of the JSON report. */
export const RETRIES = ["off", "on"] as const;
export type Retries = (typeof RETRIES)[number];

/** An ordered pair of clusters: the client is in `from`. */
export interface Pair {
  readonly from: string;
  readonly to: string;
}

/** What is known about a kind of failure before it is made. */
export interface FailureKind {
  /** What is done, for a person. */
  what(pair: Pair): string;
  /** Which cluster's backend answers before the failure. */
  readonly home: keyof Pair;
  /** Whether the other cluster has a backend too; if not, nobody else can answer. */
  readonly elsewhere: boolean;
  /** Seconds from the failure to its repair. */
  readonly holdSeconds: number;
  /** Whether it touches a whole cluster, and so is made only in kind clusters. */
  readonly kindOnly: boolean;
}

export const KINDS: Readonly<Record<FailureName, FailureKind>> = {
  errors: {
    what: ({ from }) => `the drill's backend in ${from} answers every request with 500`,
    home: "from",
    elsewhere: true,
    holdSeconds: 10,
    kindOnly: false,
  },
  "no-replica": {
    what: ({ from }) => `the drill's backend in ${from} is scaled to zero`,
    home: "from",
    elsewhere: true,
    holdSeconds: 12,
    kindOnly: false,
  },
  "frozen-pod": {
    what: ({ from }) => `the process of the drill's backend in ${from} is stopped (SIGSTOP)`,
    home: "from",
    elsewhere: true,
    holdSeconds: 12,
    kindOnly: false,
  },
  "paused-node": {
    what: ({ to }) => `every node of ${to} is paused (docker pause), with all that runs there`,
    home: "to",
    elsewhere: true,
    holdSeconds: 15,
    kindOnly: true,
  },
  "frozen-api-server": {
    what: ({ to }) => `the API server of ${to} is stopped (SIGSTOP)`,
    home: "to",
    elsewhere: false,
    holdSeconds: 20,
    kindOnly: true,
  },
  "istiod-restart": {
    what: ({ from, to }) => `istiod in ${from} is restarted while the API server of ${to} is stopped (SIGSTOP)`,
    home: "to",
    elsewhere: false,
    // By then istiod has given up on the other API server. The kubelet would restart one that is silent for longer than about 80 seconds.
    holdSeconds: 60,
    kindOnly: true,
  },
};

/** Which cluster answers before the failure, and which one afterwards. */
export function sidesOf(name: FailureName, pair: Pair): { readonly home: string; readonly elsewhere?: string } {
  const { home, elsewhere } = KINDS[name];
  return { home: pair[home], ...(elsewhere ? { elsewhere: home === "from" ? pair.to : pair.from } : {}) };
}

/** The Service of a failure. Each has its own: what proxies remember of a backend that failed they remember for each Service. */
export function serviceOf(name: FailureName, retries: Retries): string {
  return retries === "off" ? name : `${name}-retried`;
}
