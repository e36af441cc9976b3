/** Whether a host of Istio's resources, which may be `*` or begin with `*.`, stands for everything that another one stands for. */
export function covers(host: string, other: string): boolean {
  return host === other || (host.startsWith("*") && other.endsWith(host.slice(1)));
}
