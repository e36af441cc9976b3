/** What a container is to the engine, and how one property of the resource is said in its words. */
import type { Rule } from "../lib/schema";
import type { Value } from "../lib/values";
import type { Field } from "./bridged";

/** What the engine is asked for when it makes a container. Its keys are the engine's. */
export interface ContainerBody {
  HostConfig: Record<string, unknown>;
  [key: string]: unknown;
}

/** A container as the engine describes it, as far as it is read. */
export interface ContainerInspect {
  Id: string;
  Name: string;
  /** The image's id. */
  Image: string;
  State: { Running: boolean; ExitCode: number; Health?: { Status: string } | null };
  Config: {
    /** The image as it was named. */
    Image: string;
    [key: string]: unknown;
  };
  HostConfig: Record<string, unknown>;
  NetworkSettings: {
    Bridge?: string;
    Ports?: Record<string, { HostIp: string; HostPort: string }[] | null> | null;
    Networks?: Record<string, Endpoint> | null;
  };
}

/** A container's place in one network. */
export interface Endpoint {
  IPAddress: string;
  IPPrefixLen: number;
  Gateway: string;
  GlobalIPv6Address: string;
  GlobalIPv6PrefixLen: number;
  IPv6Gateway: string;
  MacAddress: string;
}

/** One property of the Container resource. */
export interface ContainerField extends Field {
  /** Says it to the engine; called with values in the clear, only for what is given. */
  write?(body: ContainerBody, v: never): void;
  /** What the engine has; undefined where it does not say, and the state stays as it is. */
  read?(c: ContainerInspect): Value | undefined;
  /** Whether it is read only where it was asked for: the engine has it in other cases too. */
  readIfAsked?: boolean;
}
export type ContainerFields = Record<string, ContainerField>;

export const TEXT: Rule = { type: "string" };
export const NUMBER: Rule = { type: "integer" };
export const FLAG: Rule = { type: "boolean" };
export const LIST: Rule = { type: "array", items: TEXT };
export const SET: Rule = { type: "array", items: TEXT, unordered: true };
export const MAP: Rule = { type: "map", values: TEXT };

/** A property that the engine has under one key of the container's own part. */
export function own(key: string, rule: Rule, more: Partial<ContainerField> = {}): ContainerField {
  return {
    rule,
    write: (body, v) => {
      body[key] = v;
    },
    read: (c) => (c.Config[key] as Value | undefined) ?? undefined,
    ...more,
  };
}

/** A property that the engine has under one key of the host's part. */
export function host(key: string, rule: Rule, more: Partial<ContainerField> = {}): ContainerField {
  return {
    rule,
    write: (body, v) => {
      body.HostConfig[key] = v;
    },
    read: (c) => (c.HostConfig[key] as Value | undefined) ?? undefined,
    ...more,
  };
}

/** A property that is about how the plugin goes about it, and that the engine never hears of. */
export function handling(rule: Rule): ContainerField {
  return { rule, updatable: true };
}

/** A property of the official plugin that this one does not do. */
export function refused(why?: string): ContainerField {
  return { rule: { type: "refused", ...(why && { why }) } };
}
