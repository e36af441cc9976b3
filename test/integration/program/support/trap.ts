import { createServer } from "node:net";
import type { AddressInfo } from "node:net";

/** A server in the place of the user's own cluster, which nothing here may ever ask. */
export interface Trap {
  /** A kubeconfig whose current context leads here. */
  readonly kubeconfig: string;
  /** How many connections came. */
  requests(): number;
  close(): void;
}

/** Opens a trap on a free port. */
export async function openTrap(): Promise<Trap> {
  let count = 0;
  const server = createServer((socket) => {
    count++;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const kubeconfig = [
    "apiVersion: v1",
    "kind: Config",
    "current-context: mine",
    "contexts: [{name: mine, context: {cluster: mine, user: mine}}]",
    `clusters: [{name: mine, cluster: {server: "http://127.0.0.1:${port}"}}]`,
    "users: [{name: mine, user: {}}]",
  ].join("\n");
  return { kubeconfig: `${kubeconfig}\n`, requests: () => count, close: () => server.close() };
}
