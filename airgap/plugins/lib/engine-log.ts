/** Sends messages to the engine. */
import { ChannelCredentials } from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";
import type { Log } from "./plugin";

/** Sends messages to the engine and knows when all of them have arrived. */
export class EngineLog {
  private readonly client: EngineClient | undefined;
  private readonly underway = new Set<Promise<void>>();

  /** @param address the engine's `host:port`; when undefined (no engine started this process), messages go to stderr */
  constructor(address: string | undefined) {
    if (address) this.client = new EngineClient(address, ChannelCredentials.createInsecure());
  }

  /** A log whose messages the engine shows with the resource `urn`. */
  about(urn: string): Log {
    return {
      warn: (m) => this.send(LogSeverity.WARNING, m, urn, false),
      status: (m) => this.send(LogSeverity.INFO, m, urn, true),
    };
  }

  /** Waits until the engine has received every message, so that none is lost when the call that it belongs to ends. */
  async flush(): Promise<void> {
    await Promise.all(this.underway);
  }

  private send(severity: LogSeverity, message: string, urn: string, ephemeral: boolean): void {
    if (!this.client) {
      if (!ephemeral) process.stderr.write(`${message}\n`);
      return;
    }
    const request = new LogRequest();
    request.setSeverity(severity);
    request.setMessage(message);
    request.setUrn(urn);
    request.setEphemeral(ephemeral);
    const client = this.client;
    // An operation does not fail because a message about it cannot be delivered.
    const sent = new Promise<void>((resolve) => client.log(request, () => resolve())).finally(() =>
      this.underway.delete(sent),
    );
    this.underway.add(sent);
  }
}
