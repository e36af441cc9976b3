import type { Place } from "../live/places";
import type { ProxyCluster } from "../verify/gather/proxy-pages";
import type { Pod } from "../verify/gather/resources";
import type { LogLine } from "./access-log";
import type { ServiceConfig } from "./envoy-config";
import type { FoundService } from "./find";
import type { WorkloadName } from "./names";
import type { Sent } from "./sent";

/** What was seen of a request in a proxy's access log. */
export type LogSeen =
  /** Lines with the request's id. `others` are in a format of the user's own. */
  | { readonly kind: "lines"; readonly outbound: readonly LogLine[]; readonly inbound: readonly LogLine[]; readonly others: readonly string[] }
  /** There was no such line in time. `writes`: whether the proxy writes a log at all; undefined when it did not tell. */
  | { readonly kind: "nothing"; readonly writes: boolean | undefined }
  /** The log could not be read. */
  | { readonly kind: "unread"; readonly why: string };

/** The client's side. */
export interface ClientSeen {
  readonly name: WorkloadName;
  readonly place: Place;
  readonly pod: Pod;
  readonly identity?: string;
  readonly log: LogSeen;
  /** Clusters of its proxy for the service and port, before the request and after it; absent where it did not tell. */
  readonly before?: readonly ProxyCluster[];
  readonly after?: readonly ProxyCluster[];
  readonly config?: ServiceConfig;
}

/** A pod that may have got the request. */
export interface ServerSeen {
  readonly cluster: string;
  readonly pod: Pod;
  readonly identity?: string;
  readonly log: LogSeen;
  /** Requests that its proxy has passed on to it meanwhile; undefined where that is not known. */
  readonly passedOn?: number;
}

/** A connection that a gateway has refused meanwhile, for the name that the client's proxy asks for. */
export interface RefusedSeen {
  readonly cluster: string;
  readonly pod: string;
  readonly line: LogLine;
}

/** Everything that was seen of one request: plain data, from which {@link follow} concludes. */
export interface Seen {
  readonly time: string;
  readonly id: string;
  readonly url: string;
  readonly sent: Sent;
  readonly client: ClientSeen;
  readonly service: FoundService;
  readonly servers: readonly ServerSeen[];
  readonly refused: readonly RefusedSeen[];
  readonly places: readonly Place[];
  /** Clusters that could not be read, and why. */
  readonly unread: ReadonlyMap<string, string>;
}
