/** Where a dockerd listens and keeps its files. Several can run on a machine only in different places. */
export interface Place {
  /** The socket that it listens on, an absolute path. */
  readonly socket: string;
  /** Images, containers, volumes. */
  readonly data: string;
  /** Files that exist only while it runs. */
  readonly run: string;
  /** File with its process id. */
  readonly pidFile: string;
  /** Further arguments. */
  readonly args: readonly string[];
  /** Folder for the runtime wrapper. Not below `MESH_HOME`, which may be removed: containers of a running engine need it. */
  readonly runtime: string;
}

/** The place of a machine's own engine. */
export const systemPlace: Place = {
  socket: "/var/run/docker.sock",
  data: "/var/lib/docker",
  run: "/var/run/docker",
  pidFile: "/var/run/docker.pid",
  args: [],
  runtime: "/var/lib/usmesh",
};

/** The wrapper's name in dockerd's configuration. */
const RUNTIME = "usmesh";

/**
 * The arguments of dockerd.
 *
 * @param place where it runs; only what differs from dockerd's defaults is named.
 * @param wrapper path of the runtime wrapper; undefined when runc itself can be used.
 */
export function daemonArguments(place: Place, wrapper: string | undefined): string[] {
  const own = place === systemPlace ? [] : ["--host", `unix://${place.socket}`, "--data-root", place.data, "--exec-root", place.run];
  const pid = place === systemPlace ? [] : ["--pidfile", place.pidFile];
  const runtime = wrapper === undefined ? [] : ["--add-runtime", `${RUNTIME}=${wrapper}`, "--default-runtime", RUNTIME];
  return [...own, ...pid, ...runtime, ...place.args];
}
