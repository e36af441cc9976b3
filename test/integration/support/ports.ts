/** TCP ports for servers whose ports have to be known before they start. */
import { once } from "node:events";
import { createServer } from "node:net";

/** Below the ports that the system gives to whoever asks for any. */
const RANGES = { first: 10_000, size: 80, count: 275 } as const;

/** The ports of this process: processes that run side by side have different ones, so that a server that is stopped for a while keeps its own. */
const first = RANGES.first + (process.pid % RANGES.count) * RANGES.size;

const taken = new Set<number>();

/**
 * Ports on which nobody listens. Nobody else in this process gets them until they are given back.
 *
 * @throws Error when so many are not free
 */
export async function takePorts(count: number): Promise<readonly number[]> {
  const found: number[] = [];
  for (let port = first; found.length < count; port++) {
    if (port === first + RANGES.size) throw new Error(`fewer than ${count} of the ports from ${first} to ${port - 1} are free`);
    if (taken.has(port)) continue;
    taken.add(port);
    if (await isFree(port)) found.push(port);
    else taken.delete(port);
  }
  return found;
}

/** Gives ports back. */
export function returnPorts(ports: readonly number[]): void {
  for (const port of ports) taken.delete(port);
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port);
    await once(server, "listening");
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}
