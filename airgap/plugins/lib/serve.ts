/** The process of a plugin: it serves resource types to the engine. */
import { Server, ServerCredentials } from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import type { Plugin } from "./plugin";
import { providerService } from "./service";

/**
 * Serves a plugin to the engine until the engine goes away: listens on a free port of this machine, prints the port on
 * stdout (that is how the engine finds it), and answers.
 *
 * An engine that ends closes its plugins with SIGINT, which ends this process at once, as it does official plugins. An
 * engine that was killed is noticed by stdin, which closes: operations under way are aborted then, and waited for.
 */
export function serve(plugin: Plugin): void {
  const engineAddress = process.argv.at(-1)?.match(/^[^\s/]+:\d+$/)?.[0];
  const provider = providerService(plugin, engineAddress);
  // The engine lifts the message size limit too: a state can be larger than gRPC's four megabytes.
  const server = new Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
  server.addService(ResourceProviderService, provider.service);
  if (engineAddress) process.stdin.once("end", () => void provider.stop().finally(() => process.exit(0))).resume();

  server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
    if (error) throw error;
    process.stdout.write(`${port}\n`);
  });
}
