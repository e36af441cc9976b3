/** The process of a plugin. */
import { Server, ServerCredentials } from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import type { Plugin } from "./plugin";
import { providerService } from "./service";

/**
 * Serves a plugin to the engine until the engine ends: listens on a free local port, prints the port on stdout, where the engine reads
 * it, and answers requests.
 *
 * An engine that ends sends its plugins SIGINT, which ends this process at once, as it does official plugins. When an engine is
 * killed, stdin closes: running operations are then aborted and waited for.
 */
export function serve(plugin: Plugin): void {
  const engineAddress = process.argv.at(-1)?.match(/^[^\s/]+:\d+$/)?.[0];
  const provider = providerService(plugin, engineAddress);
  // As in the engine: a state can be larger than gRPC's default limit of four megabytes.
  const server = new Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
  server.addService(ResourceProviderService, provider.service);
  if (engineAddress) process.stdin.once("end", () => void provider.stop().finally(() => process.exit(0))).resume();

  server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
    if (error) throw error;
    process.stdout.write(`${port}\n`);
  });
}
