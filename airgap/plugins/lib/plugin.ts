/** A plugin: what it is called, which resource types it does, and the process that serves them to the engine. */
import { Server, ServerCredentials } from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import type { CheckRequest, CheckResult, DiffResult, Kind, Log } from "./kind";
import { providerService } from "./service";
import type { Props } from "./values";

/** Everything that makes one plugin. The engine starts one process for every provider resource. */
export interface Plugin {
  /** The package's name, such as `tls`. */
  name: string;
  /** The version of the official plugin that this one stands in for. */
  version: string;
  /**
   * Checks a provider resource's settings. Values that are no strings arrive as the SDK wrote them, mostly JSON text.
   * Without it every setting is taken as it is.
   */
  checkConfig?(news: Props, olds: Props): Promise<CheckResult>;
  /** What a change of settings means; without it the engine compares them and never replaces the provider. */
  diffConfig?(olds: Props, news: Props): Promise<DiffResult>;
  /** Takes the settings before the first resource comes. Called once, only when everything in them is known. */
  configure(config: Props): Promise<void>;
  /** @returns undefined for a type this plugin does not do; the engine then gets an error that names it */
  kind(type: string): Kind | undefined;
  /** A function call (`local.run`). Without it, and for tokens it gives undefined for, the call is refused by name. */
  invoke?(token: string, args: Props, context: InvokeContext): Promise<Props> | undefined;
}

/** What a function call has besides its arguments. */
export interface InvokeContext {
  preview: boolean;
  signal: AbortSignal;
  log: Log;
}

export type { CheckRequest };

/** How long operations have to stop before the process ends; the engine kills after five seconds. */
const GRACE_MS = 4000;

/**
 * Serves a plugin to the engine until the engine goes away: listens on a free port of this machine, prints the port on
 * stdout (that is how the engine finds it), and answers.
 *
 * Ends on SIGINT and SIGTERM, and when stdin closes, which is how an engine that was killed is noticed. Operations under
 * way are aborted first and get some seconds to clean up.
 */
export function serve(plugin: Plugin): void {
  const engineAddress = process.argv.at(-1)?.match(/^[^\s/]+:\d+$/)?.[0];
  const provider = providerService(plugin, engineAddress);
  // The engine lifts the message size limit too: a state can be larger than gRPC's four megabytes.
  const server = new Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
  server.addService(ResourceProviderService, provider.service);

  const end = (): void => {
    const late = setTimeout(() => process.exit(0), GRACE_MS);
    void provider.stop().finally(() => {
      clearTimeout(late);
      process.exit(0);
    });
  };
  process.once("SIGINT", end);
  process.once("SIGTERM", end);
  if (engineAddress) process.stdin.once("end", end).resume();

  server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
    if (error) throw error;
    process.stdout.write(`${port}\n`);
  });
}
