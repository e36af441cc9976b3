/** Where a dockerd listens and keeps its things; several can only run side by side in places of their own. */
export interface Place {
  /** The socket that it listens on, an absolute path. */
  readonly socket: string;
  /** Images, containers, volumes. */
  readonly data: string;
  /** What lives only as long as it runs. */
  readonly run: string;
  /** File with its process id. */
  readonly pidFile: string;
  /** More arguments of its own. */
  readonly args: readonly string[];
  /** Folder for the runtime wrapper. It outlives any MESH_HOME: containers of a running engine depend on it. */
  readonly runtime: string;
}

/** Where the one engine of a machine is. */
export const systemPlace: Place = {
  socket: "/var/run/docker.sock",
  data: "/var/lib/docker",
  run: "/var/run/docker",
  pidFile: "/var/run/docker.pid",
  args: [],
  runtime: "/var/lib/usmesh",
};

/** Name under which dockerd knows the wrapper. */
const RUNTIME = "usmesh";

/**
 * The arguments that dockerd is started with.
 *
 * @param place where it runs; only what differs from dockerd's own defaults is named.
 * @param wrapper path of the runtime wrapper; undefined where runc itself will do.
 */
export function daemonArguments(place: Place, wrapper: string | undefined): string[] {
  const own = place === systemPlace ? [] : ["--host", `unix://${place.socket}`, "--data-root", place.data, "--exec-root", place.run];
  const pid = place === systemPlace ? [] : ["--pidfile", place.pidFile];
  const runtime = wrapper === undefined ? [] : ["--add-runtime", `${RUNTIME}=${wrapper}`, "--default-runtime", RUNTIME];
  return [...own, ...pid, ...runtime, ...place.args];
}
