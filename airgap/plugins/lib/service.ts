/** The engine's protocol (`pulumirpc.ResourceProvider`) in terms of a {@link Plugin} and its {@link Kind}s. */
import { status, type sendUnaryData, type ServerUnaryCall, type UntypedServiceImplementation } from "@grpc/grpc-js";
import type { PluginAttach } from "@pulumi/pulumi/proto/plugin_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import * as rpc from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { EngineLog } from "./engine-log";
import { StatusError, toServiceError } from "./errors";
import type { Kind } from "./kind";
import { autonamingOf, checkResponse, diffResponse } from "./messages";
import type { Plugin } from "./plugin";
import { quiet, redacting, redactError, type Redact } from "./redact";
import { marshal, unmarshal, type Props } from "./values";

/** The service, and how to end it. */
export interface ProviderService {
  service: UntypedServiceImplementation;
  /** Aborts what is under way and waits for it. */
  stop(): Promise<void>;
}

/** Makes the gRPC service of a plugin. `engineAddress` is where its messages go. */
export function providerService(plugin: Plugin, engineAddress: string | undefined): ProviderService {
  const cancellation = new AbortController();
  const underway = new Set<Promise<void>>();
  let engine = new EngineLog(engineAddress);

  const refuse = (what: string) =>
    new StatusError(status.UNIMPLEMENTED, `the air-gap plugin ${plugin.name} does not do ${what}; see airgap/README.md`);

  const kindOf = (type: string): Kind => {
    const kind = plugin.kind(type);
    if (!kind) throw refuse(type);
    return kind;
  };

  /** Turns an async function into a gRPC handler; all messages arrive before its answer does. */
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
  const running = (q: { getUrn(): string; getTimeout(): number }, redact: Redact) => ({
    timeoutSeconds: q.getTimeout(),
    signal: cancellation.signal,
    log: quiet(engine.about(q.getUrn()), redact),
  });

  /** Runs an operation so that no error of it shows what is secret in the properties it is about. */
  async function discreetly<A>(props: Props[], operation: (redact: Redact) => Promise<A>): Promise<A> {
    const redact = redacting(...props);
    return operation(redact).catch((error: unknown) => {
      throw redactError(error, redact);
    });
  }

  const service: UntypedServiceImplementation = {
    handshake: unary((_: rpc.ProviderHandshakeRequest) => {
      const response = new rpc.ProviderHandshakeResponse();
      response.setAcceptSecrets(true);
      response.setSupportsAutonamingConfiguration(true);
      return response;
    }),

    getPluginInfo: unary((_: Empty) => new PluginInfo().setVersion(plugin.version)),

    attach: unary((q: PluginAttach) => {
      engine = new EngineLog(q.getAddress());
      return new Empty();
    }),

    configure: unary(async (q: rpc.ConfigureRequest) => {
      const { version: _, ...config } = unmarshal(q.getArgs());
      await plugin.configure(config);
      const response = new rpc.ConfigureResponse();
      response.setAcceptsecrets(true);
      response.setSupportspreview(true);
      response.setSupportsAutonamingConfiguration(true);
      return response;
    }),

    checkConfig: unary(async (q: rpc.CheckRequest) => {
      const news = unmarshal(q.getNews());
      return checkResponse(plugin.checkConfig ? await plugin.checkConfig(news, unmarshal(q.getOlds())) : { inputs: news });
    }),

    diffConfig: unary(async (q: rpc.DiffRequest) => {
      // The engine takes this refusal to mean: compare the settings yourself, and never replace.
      if (!plugin.diffConfig) throw refuse("DiffConfig");
      return diffResponse(await plugin.diffConfig(unmarshal(q.getOldInputs()), unmarshal(q.getNews())));
    }),

    check: unary(async (q: rpc.CheckRequest) => {
      const [olds, news] = [unmarshal(q.getOlds()), unmarshal(q.getNews())];
      return discreetly([olds, news], async (redact) => {
        const request = { ...subject(q), olds, news, randomSeed: q.getRandomseed_asU8(), ...autonamingOf(q) };
        const { inputs, failures = [] } = await kindOf(q.getType()).check(request);
        return checkResponse({ inputs, failures: failures.map((f) => ({ ...f, reason: redact(f.reason) })) });
      });
    }),

    diff: unary(async (q: rpc.DiffRequest) => {
      const [state, oldInputs, news] = [unmarshal(q.getOlds()), unmarshal(q.getOldInputs()), unmarshal(q.getNews())];
      const request = { ...subject(q), id: q.getId(), state, oldInputs, news, ignoreChanges: q.getIgnorechangesList() };
      return diffResponse(await discreetly([state, news], () => kindOf(q.getType()).diff(request)));
    }),

    create: unary(async (q: rpc.CreateRequest) => {
      const inputs = unmarshal(q.getProperties());
      const made = await discreetly([inputs], (redact) =>
        kindOf(q.getType()).create({ ...subject(q), ...running(q, redact), inputs, preview: q.getPreview() }),
      );
      return new rpc.CreateResponse().setId(made.id).setProperties(marshal(made.state));
    }),

    read: unary(async (q: rpc.ReadRequest) => {
      const [state, inputs] = [unmarshal(q.getProperties()), unmarshal(q.getInputs())];
      const found = await discreetly([state, inputs], (redact) =>
        kindOf(q.getType()).read({ ...subject(q), ...running(q, redact), id: q.getId(), state, inputs }),
      );
      // An empty id says that the resource is gone.
      if (!found) return new rpc.ReadResponse();
      return new rpc.ReadResponse()
        .setId(found.id)
        .setProperties(marshal(found.state))
        .setInputs(marshal(found.inputs));
    }),

    update: unary(async (q: rpc.UpdateRequest) => {
      const [state, inputs] = [unmarshal(q.getOlds()), unmarshal(q.getNews())];
      const updated = await discreetly([state, inputs], (redact) =>
        kindOf(q.getType()).update({
          ...subject(q),
          ...running(q, redact),
          id: q.getId(),
          state,
          oldInputs: unmarshal(q.getOldInputs()),
          inputs,
          preview: q.getPreview(),
          ignoreChanges: q.getIgnorechangesList(),
        }),
      );
      return new rpc.UpdateResponse().setProperties(marshal(updated.state));
    }),

    delete: unary(async (q: rpc.DeleteRequest) => {
      const [state, oldInputs] = [unmarshal(q.getProperties()), unmarshal(q.getOldInputs())];
      await discreetly([state, oldInputs], (redact) =>
        kindOf(q.getType()).delete({ ...subject(q), ...running(q, redact), id: q.getId(), state, oldInputs }),
      );
      return new Empty();
    }),

    invoke: unary(async (q: rpc.InvokeRequest) => {
      const args = unmarshal(q.getArgs());
      const result = await discreetly([args], async (redact) => {
        const context = { preview: q.getPreview(), signal: cancellation.signal, log: quiet(engine.about(""), redact) };
        const answer: Promise<Props> | undefined = plugin.invoke?.(q.getTok(), args, context);
        if (!answer) throw refuse(q.getTok());
        return answer;
      });
      return new rpc.InvokeResponse().setReturn(marshal(result));
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
    cancellation.abort(new Error("the engine went away"));
    await Promise.allSettled(underway);
  };
  return { service, stop };
}
