/** Messages to the engine. */
import { ChannelCredentials } from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";
import type { Log } from "./plugin";

/** The engine's side of the conversation: takes messages and knows when all of them arrived. */
export class EngineLog {
  private readonly client: EngineClient | undefined;
  private readonly underway = new Set<Promise<void>>();

  /** @param address the engine's `host:port`; without one (no engine started this process) messages go to stderr */
  constructor(address: string | undefined) {
    if (address) this.client = new EngineClient(address, ChannelCredentials.createInsecure());
  }

  /** A log whose messages appear beside the resource `urn`. */
  about(urn: string): Log {
    return {
      warn: (m) => this.send(LogSeverity.WARNING, m, urn, false),
      status: (m) => this.send(LogSeverity.INFO, m, urn, true),
    };
  }

  /** Waits until the engine has every message sent so far, so that none is lost when the call they belong to ends. */
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
    // A message that cannot be delivered is no reason to fail the operation it is about.
    const sent = new Promise<void>((resolve) => client.log(request, () => resolve())).finally(() =>
      this.underway.delete(sent),
    );
    this.underway.add(sent);
  }
}
