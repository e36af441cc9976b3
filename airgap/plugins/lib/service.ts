/** The engine's protocol (`pulumirpc.ResourceProvider`) in terms of a {@link Plugin} and its {@link ResourceType}s. */
import { status, type sendUnaryData, type ServerUnaryCall, type UntypedServiceImplementation } from "@grpc/grpc-js";
import type { PluginAttach } from "@pulumi/pulumi/proto/plugin_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import * as rpc from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { see } from "../../../lib/troubleshooting";
import { EngineLog } from "./engine-log";
import { StatusError, toServiceError } from "./errors";
import type { ResourceType, Plugin } from "./plugin";
import { checkResponse, diffResponse } from "./messages";
import { marshal, unmarshal, type Props } from "./values";

/** The service, and how to stop it. */
export interface ProviderService {
  service: UntypedServiceImplementation;
  /** Aborts running operations and waits for them. */
  stop(): Promise<void>;
}

/** Makes the gRPC service of a plugin, which sends its messages to the engine at `engineAddress`. */
export function providerService(plugin: Plugin, engineAddress: string | undefined): ProviderService {
  const cancellation = new AbortController();
  const underway = new Set<Promise<void>>();
  let engine = new EngineLog(engineAddress);

  const refuse = (what: string) =>
    new StatusError(status.UNIMPLEMENTED, `the air-gap plugin ${plugin.name} does not support ${what}${see("airgap-plugin-refuses")}`);

  const resourceTypeOf = (type: string): ResourceType => {
    const found = plugin.resourceType(type);
    if (!found) throw refuse(type);
    return found;
  };

  /** Turns an async function into a gRPC handler. All messages arrive before its response. */
  function unary<Q, A>(answer: (request: Q) => Promise<A> | A) {
    return (call: ServerUnaryCall<Q, A>, callback: sendUnaryData<A>): void => {
      const task = (async () => answer(call.request))()
        .then(
          async (response) => {
            await engine.flush();
            callback(null, response);
          },
          async (error: unknown) => {
            await engine.flush();
            callback(toServiceError(error));
          },
        )
        .finally(() => underway.delete(task));
      underway.add(task);
    };
  }

  const subject = (q: { getUrn(): string; getName(): string; getType(): string }) => ({
    urn: q.getUrn(),
    name: q.getName(),
    type: q.getType(),
  });
  const running = (q: { getUrn(): string; getTimeout(): number }) => ({
    timeoutSeconds: q.getTimeout(),
    signal: cancellation.signal,
    log: engine.about(q.getUrn()),
  });

  const service: UntypedServiceImplementation = {
    handshake: unary((_: rpc.ProviderHandshakeRequest) => new rpc.ProviderHandshakeResponse().setAcceptSecrets(true)),

    getPluginInfo: unary((_: Empty) => new PluginInfo().setVersion(plugin.version)),

    attach: unary((q: PluginAttach) => {
      engine = new EngineLog(q.getAddress());
      return new Empty();
    }),

    configure: unary(async (q: rpc.ConfigureRequest) => {
      const { version: _, ...config } = unmarshal(q.getArgs());
      await plugin.configure(config);
      return new rpc.ConfigureResponse().setAcceptsecrets(true).setSupportspreview(true);
    }),

    checkConfig: unary(async (q: rpc.CheckRequest) => {
      const news = unmarshal(q.getNews());
      return checkResponse(plugin.checkConfig ? await plugin.checkConfig(news) : { inputs: news });
    }),

    // To the engine this refusal means: compare the settings yourself, and never replace the provider.
    diffConfig: unary((_: rpc.DiffRequest) => Promise.reject(refuse("DiffConfig"))),

    check: unary(async (q: rpc.CheckRequest) =>
      checkResponse(await resourceTypeOf(q.getType()).check({ ...subject(q), news: unmarshal(q.getNews()) })),
    ),

    diff: unary(async (q: rpc.DiffRequest) => {
      const [state, oldInputs, news] = [unmarshal(q.getOlds()), unmarshal(q.getOldInputs()), unmarshal(q.getNews())];
      return diffResponse(await resourceTypeOf(q.getType()).diff({ ...subject(q), id: q.getId(), state, oldInputs, news }));
    }),

    create: unary(async (q: rpc.CreateRequest) => {
      const inputs = unmarshal(q.getProperties());
      const made = await resourceTypeOf(q.getType()).create({ ...subject(q), ...running(q), inputs, preview: q.getPreview() });
      return new rpc.CreateResponse().setId(made.id).setProperties(marshal(made.state));
    }),

    read: unary(async (q: rpc.ReadRequest) => {
      const [state, inputs] = [unmarshal(q.getProperties()), unmarshal(q.getInputs())];
      const found = await resourceTypeOf(q.getType()).read({ ...subject(q), ...running(q), id: q.getId(), state, inputs });
      // An empty id means that the resource no longer exists.
      if (!found) return new rpc.ReadResponse();
      return new rpc.ReadResponse().setId(found.id).setProperties(marshal(found.state)).setInputs(marshal(found.inputs));
    }),

    update: unary(async (q: rpc.UpdateRequest) => {
      const [state, oldInputs, inputs] = [unmarshal(q.getOlds()), unmarshal(q.getOldInputs()), unmarshal(q.getNews())];
      const request = { ...subject(q), ...running(q), id: q.getId(), state, oldInputs, inputs, preview: q.getPreview() };
      return new rpc.UpdateResponse().setProperties(marshal((await resourceTypeOf(q.getType()).update(request)).state));
    }),

    delete: unary(async (q: rpc.DeleteRequest) => {
      const [state, oldInputs] = [unmarshal(q.getProperties()), unmarshal(q.getOldInputs())];
      await resourceTypeOf(q.getType()).delete({ ...subject(q), ...running(q), id: q.getId(), state, oldInputs });
      return new Empty();
    }),

    invoke: unary(async (q: rpc.InvokeRequest) => {
      const context = { signal: cancellation.signal, log: engine.about("") };
      const answer: Promise<Props> | undefined = plugin.invoke?.(q.getTok(), unmarshal(q.getArgs()), context);
      if (!answer) throw refuse(q.getTok());
      return new rpc.InvokeResponse().setReturn(marshal(await answer));
    }),

    cancel: unary((_: Empty) => {
      cancellation.abort(new Error("the run was cancelled"));
      return new Empty();
    }),

    getSchema: unary((_: rpc.GetSchemaRequest) => Promise.reject(refuse("schemas (GetSchema)"))),
    call: unary((q: rpc.CallRequest) => Promise.reject(refuse(q.getTok()))),
    construct: unary((q: rpc.ConstructRequest) => Promise.reject(refuse(q.getType()))),
    parameterize: unary((_: rpc.ParameterizeRequest) => Promise.reject(refuse("parameters (Parameterize)"))),
    getMapping: unary((_: rpc.GetMappingRequest) => Promise.reject(refuse("mappings (GetMapping)"))),
    getMappings: unary((_: rpc.GetMappingsRequest) => Promise.reject(refuse("mappings (GetMappings)"))),
  };

  const stop = async (): Promise<void> => {
    cancellation.abort(new Error("the engine has ended"));
    await Promise.allSettled(underway);
  };
  return { service, stop };
}
