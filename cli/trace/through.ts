import { EXIT, MeshError } from "../../lib/errors";

/** Port and path at which a workload is asked, so that it sends the request by itself. */
export interface Through {
  readonly port: number;
  readonly path: string;
}

/** Reads `<port>/<path>`. @throws MeshError when it is not that. */
export function parseThrough(text: string): Through {
  const [, port, path = "/"] = /^(\d{1,5})(\/\S*)?$/.exec(text) ?? [];
  if (port === undefined || Number(port) < 1 || Number(port) > 65_535) {
    throw new MeshError("trace-names", `"${text}" is not a port and a path`, "Write <port>/<path>, such as 8080/api/catalog.", EXIT.unusable);
  }
  return { port: Number(port), path };
}
