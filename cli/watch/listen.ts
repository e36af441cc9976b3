import { InvalidArgumentError } from "commander";

/** Where metrics are served. */
export interface Listen {
  /** All addresses of this machine unless given. */
  readonly host?: string;
  /** 0: any that is free. */
  readonly port: number;
}

/** Reads `[HOST]:PORT`; an IPv6 address is in brackets. @throws InvalidArgumentError when it is not that. */
export function parseListen(text: string): Listen {
  const [, brackets, name, port] = /^(?:\[([0-9A-Fa-f:.]+)\]|([^:[\]\s]*)):(\d{1,5})$/.exec(text) ?? [];
  if (port === undefined || Number(port) > 65_535) throw new InvalidArgumentError("It takes an address such as :9464 or 127.0.0.1:9464.");
  const host = brackets ?? name ?? "";
  return { port: Number(port), ...(host !== "" && { host }) };
}
