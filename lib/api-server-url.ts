/** Names and addresses of the machine itself: whoever uses them reaches another machine. */
const LOOPBACK = /^(localhost|.*\.localhost|127\.\d+\.\d+\.\d+|0\.0\.0\.0|\[::1?\]|\[::ffff:7f[0-9a-f]{2}:[0-9a-f]{1,4}\])$/;

/** Whether a URL leads to the machine that uses it. False for text that is no URL. */
export function isLoopback(url: string): boolean {
  return LOOPBACK.test(parsed(url)?.hostname ?? "");
}

/**
 * A form of a URL that is the same for two spellings of one server: lower case, with its port, without a slash at the end. Text that is
 * no URL stays as it is.
 */
export function canonicalServer(url: string): string {
  const { protocol, hostname, port, pathname } = parsed(url) ?? {};
  if (hostname === undefined) return url;
  return `${protocol}//${hostname.replace(/\.$/, "")}:${port || (protocol === "http:" ? "80" : "443")}${pathname?.replace(/\/$/, "")}`;
}

function parsed(url: string): URL | undefined {
  try {
    return new URL(url);
  } catch {
    return undefined;
  }
}
