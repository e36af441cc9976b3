import { z } from "zod";
import { WAYS } from "../topology/discovery";

/** What peers need to read a cluster through its east-west gateway: secret as a whole. */
export const gatewayAccess = z.object({
  /** `https://host:15443` of the gateway. */
  server: z.string(),
  /** Name of the discovery proxy's certificate, and the SNI by which the gateway finds it. */
  serverName: z.string(),
  /** PEM bundle of the proxy's authorities. */
  caCertificate: z.string(),
  /** By name of each peer stack, as this stack's settings have it: the bearer token of its own account. */
  tokens: z.record(z.string(), z.string()),
});

/** How peers can read a cluster. */
export const way = z.enum(WAYS);
