/** Whether a host of Istio's resources, which may be `*` or begin with `*.`, matches everything that another one matches. */
export function covers(host: string, other: string): boolean {
  return host === other || (host.startsWith("*") && other.endsWith(host.slice(1)));
}
