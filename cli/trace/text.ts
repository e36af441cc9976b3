import type { Trace, Where } from "./schema";

/** The path of a request as text: a step for each part of it, where it ended, and what was not seen. */
export function traceText(trace: Trace): string {
  const { client, method, url, id, end, ms, unseen } = trace;
  const steps = stepsOf(trace);
  const numbered = steps.flatMap(([name, took, lines], index) => [
    `  ${index + 1} ${name.padEnd(14)} ${lines[0] ?? ""}${took === undefined ? "" : `  (${took} ms)`}`,
    ...lines.slice(1).map((line) => `    ${" ".repeat(14)} ${line}`),
  ]);
  const total = ms.total === undefined ? "" : `, ${ms.total} ms in all`;
  return [
    `${method} ${url}`,
    `from ${client.cluster}/${client.namespace}/${client.workload}, x-request-id ${id}`,
    "",
    ...numbered,
    "",
    `${end.outcome}${end.cluster === undefined ? "" : ` in ${end.cluster}`}: ${end.seen}${total}`,
    ...(unseen.length > 0 ? ["", "not seen:", ...unseen.map((what) => `  ${what}`)] : []),
  ].join("\n");
}

type Step = readonly [name: string, ms: number | undefined, lines: readonly string[]];

function stepsOf(trace: Trace): Step[] {
  const { client, sentBy, ms, gateway, server, end } = trace;
  const by = sentBy === "workload" ? "the workload sent it by itself" : `sent by ${sentBy}`;
  const lookup = ms.lookup === undefined ? "" : `, its name resolved in ${ms.lookup} ms`;
  return [
    ["client", undefined, [`${client.pod} in ${client.cluster}: ${by}${lookup}`]],
    ...(end.at === "client" ? [] : [clientProxy(trace)]),
    ...(gateway ? [["gateway", ms.between, [`${gateway.service} in ${gateway.cluster} at ${gateway.address}${gateway.pod === undefined ? "" : `, pod ${gateway.pod}`}`]] as const] : []),
    ...(server ? serverSteps(trace, server) : []),
  ];
}

function clientProxy({ route, client, service, ms }: Trace): Step {
  const { chosen, candidates, sni } = route;
  const of = candidates.length < 2 ? "" : `, one of ${candidates.length}`;
  const others = candidates.filter(({ address }) => address !== chosen?.address).map(({ address, where, usable }) => `${address} (${whereText(where)}${usable ? "" : ", not used: unhealthy"})`);
  return [
    "its proxy",
    ms.clientProxy,
    [
      `${route.cluster ?? `${service.name}, port ${service.port}`}`,
      ...(client.identity === undefined ? [] : [`as ${client.identity}`]),
      chosen ? `endpoint ${chosen.address}: ${whereText(chosen.where)}${of}; by its ${chosen.source}` : `no endpoint was seen to get it${candidates.length === 0 ? "; the proxy has none" : ""}`,
      ...(others.length > 0 ? [`${chosen ? "others" : "it has"}: ${others.join(", ")}`] : []),
      ...(sni === undefined ? [] : [`SNI ${sni.name}${sni.source === "configuration" ? " (as configured)" : ""}`]),
    ],
  ];
}

function serverSteps({ end, ms, gateway }: Trace, { pod, cluster, namespace, identity, mutualTls, source }: NonNullable<Trace["server"]>): Step[] {
  const tls = mutualTls === undefined ? "" : mutualTls ? ", by mutual TLS" : ", in plain text";
  const way = gateway === undefined && ms.between !== undefined ? [`way there and back ${ms.between} ms`] : [];
  const proxy: Step = ["server's proxy", ms.serverProxy, [`${namespace}/${pod} in ${cluster}${tls}; by the ${source}`, ...(identity === undefined ? [] : [`as ${identity}`]), ...way]];
  return end.at === "workload" ? [proxy, ["workload", ms.workload, [`${pod} in ${cluster}: ${end.status}`]]] : [proxy];
}

function whereText({ kind, cluster, name }: Where): string {
  if (kind === "unknown") return "outside of the mesh, or unknown";
  return kind === "gateway" ? `gateway ${name} of ${cluster}` : `pod ${name} in ${cluster}`;
}
