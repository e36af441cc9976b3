/** Begin of the names of everything in Docker that the benchmark makes. A mesh of the user on the same machine has none of them. */
export const PREFIX = "usmesh-bench";

/** The clusters of the default stack. */
export const CLUSTERS = ["west", "east"] as const;
export type Cluster = (typeof CLUSTERS)[number];

/** What one mesh of two kind clusters is called. */
export interface MeshNames {
  /** Docker network. */
  readonly network: string;
  /** Client container. */
  readonly client: string;
  /** kind clusters. */
  readonly kind: Readonly<Record<Cluster, string>>;
}

/** Of the mesh that the program brings up. */
export const MESH: MeshNames = namesOf(PREFIX);

/** Of the one that the script brings up: all begin with that of its network. */
export const SCRIPT: MeshNames = namesOf(`${PREFIX}-script`);

function namesOf(prefix: string): MeshNames {
  return { network: prefix, client: `${prefix}-mypc`, kind: { west: `${prefix}-west`, east: `${prefix}-east` } };
}
