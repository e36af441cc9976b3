import { credentials, Server, ServerCredentials, status, type ServiceError } from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogSeverity, type LogRequest } from "@pulumi/pulumi/proto/engine_pb";
import { ResourceProviderClient, ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as rpc from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { expect } from "chai";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { StatusError } from "../../../../../airgap/plugins/lib/errors";
import { InitializationFailed, type ResourceType, type Plugin } from "../../../../../airgap/plugins/lib/plugin";
import { providerService } from "../../../../../airgap/plugins/lib/service";
import { marshal, reveal, Secret, UNKNOWN, unmarshal, type Props } from "../../../../../airgap/plugins/lib/values";

const URN = "urn:pulumi:s::p::toy:index:Thing::thing";
const TYPE = "toy:index:Thing";

/** Serves a service on a free port. @returns its address, and how to stop it. */
async function listen(server: Server): Promise<string> {
  return new Promise((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) =>
      error ? reject(error) : resolve(`127.0.0.1:${port}`),
    ),
  );
}

describe("the plugins' service", () => {
  const messages: { message: string; urn: string; severity: LogSeverity; ephemeral: boolean }[] = [];
  const engine = new Server();
  const server = new Server();
  let client: ResourceProviderClient;
  let stop: () => Promise<void>;
  let configured: Props | undefined;
  let seen: unknown;

  const resource: ResourceType = {
    async check({ news, name }) {
      seen = name;
      return { inputs: { ...news, done: true }, failures: [{ property: "a", reason: "is odd" }] };
    },
    async diff() {
      return {
        changes: true,
        replaces: ["b"],
        deleteBeforeReplace: true,
        detailed: { "b[0].c": "update-replace", state: "add" },
        aboutState: ["state"],
      };
    },
    async create({ inputs, preview, log }) {
      const token = inputs["token"] ? ` with ${reveal<string>(inputs["token"])}` : "";
      log.warn(`careful${token}`);
      log.status("half way");
      if (inputs["fail"] === "half") throw new InitializationFailed("1", { a: new Secret(1) }, "no network");
      if (inputs["fail"] === "all") throw new Error(`no room${token.replace("with", "for")}`);
      if (inputs["fail"] === "known") throw new StatusError(status.ALREADY_EXISTS, "is there");
      return { id: "1", state: { ...inputs, preview, secret: new Secret("s"), later: UNKNOWN } };
    },
    async read({ id, state, inputs }) {
      return id === "gone" ? undefined : { id, state, inputs };
    },
    async update({ oldInputs, inputs }) {
      return { state: { ...oldInputs, ...inputs } };
    },
    async delete({ signal }) {
      await new Promise<void>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason as Error)));
    },
  };

  const plugin: Plugin = {
    name: "toy",
    version: "1.2.3",
    async configure(config) {
      configured = config;
    },
    resourceType: (type) => (type === TYPE ? resource : undefined),
    invoke: (token, args) => (token === "toy:index:echo" ? Promise.resolve(args) : undefined),
  };

  before(async () => {
    engine.addService(EngineService, {
      log: (call: { request: LogRequest }, callback: (e: null, r: Empty) => void) => {
        const { message, urn, severity, ephemeral } = call.request.toObject();
        messages.push({ message, urn, severity, ephemeral });
        // A slow engine: responses must still come after their messages.
        setTimeout(() => callback(null, new Empty()), 20);
      },
    });
    const made = providerService(plugin, await listen(engine));
    stop = () => made.stop();
    server.addService(ResourceProviderService, made.service);
    client = new ResourceProviderClient(await listen(server), credentials.createInsecure());
  });
  after(() => {
    client.close();
    server.forceShutdown();
    engine.forceShutdown();
  });

  /** Calls a method; a failure is returned. */
  function call<A>(method: string, request: object): Promise<A & ServiceError> {
    return new Promise((resolve) => {
      (client as unknown as Record<string, (q: object, done: (e: ServiceError | null, a: A) => void) => void>)[method]?.call(
        client,
        request,
        (error, answer) => resolve((error ?? answer) as A & ServiceError),
      );
    });
  }
  const about = <T extends { setUrn(s: string): T; setType(s: string): T; setName(s: string): T }>(request: T): T =>
    request.setUrn(URN).setType(TYPE).setName("thing");
  const create = (inputs: Props, preview = false) =>
    call<rpc.CreateResponse>("create", about(new rpc.CreateRequest()).setProperties(marshal(inputs)).setPreview(preview));

  it("tells the engine what it supports", async () => {
    const hands = await call<rpc.ProviderHandshakeResponse>("handshake", new rpc.ProviderHandshakeRequest());
    expect([hands.getAcceptSecrets(), hands.getAcceptResources(), hands.getAcceptOutputs()]).to.deep.equal([true, false, false]);
    const info = await call<{ getVersion(): string }>("getPluginInfo", new Empty());
    expect(info.getVersion()).to.equal("1.2.3");
    const args = marshal({ version: "9", a: new Secret("x") });
    const response = await call<rpc.ConfigureResponse>("configure", new rpc.ConfigureRequest().setArgs(args));
    expect([response.getAcceptsecrets(), response.getSupportspreview()]).to.deep.equal([true, true]);
    expect(configured).to.deep.equal({ a: new Secret("x") });
  });

  it("checks inputs", async () => {
    const request = about(new rpc.CheckRequest()).setNews(marshal({ a: 1 }));
    const response = await call<rpc.CheckResponse>("check", request);
    expect(unmarshal(response.getInputs())).to.deep.equal({ a: 1, done: true });
    expect(response.getFailuresList().map((f) => f.toObject())).to.deep.equal([{ property: "a", reason: "is odd" }]);
    expect(seen).to.equal("thing");
  });

  it("reports differences", async () => {
    const response = await call<rpc.DiffResponse>("diff", about(new rpc.DiffRequest()));
    expect(response.getChanges()).to.equal(rpc.DiffResponse.DiffChanges.DIFF_SOME);
    expect([response.getReplacesList(), response.getDiffsList(), response.getDeletebeforereplace()]).to.deep.equal([
      ["b"],
      ["b", "state"],
      true,
    ]);
    const { UPDATE_REPLACE, ADD } = rpc.PropertyDiff.Kind;
    expect(response.getDetaileddiffMap().get("b[0].c")?.toObject()).to.deep.equal({ kind: UPDATE_REPLACE, inputdiff: true });
    expect(response.getDetaileddiffMap().get("state")?.toObject()).to.deep.equal({ kind: ADD, inputdiff: false });
  });

  it("creates, and sends its messages before its response", async () => {
    const response = await create({ a: UNKNOWN }, true);
    expect(unmarshal(response.getProperties())).to.deep.equal({ a: UNKNOWN, preview: true, secret: new Secret("s"), later: UNKNOWN });
    expect(messages.splice(0)).to.deep.equal([
      { message: "careful", urn: URN, severity: LogSeverity.WARNING, ephemeral: false },
      { message: "half way", urn: URN, severity: LogSeverity.INFO, ephemeral: true },
    ]);
  });

  it("keeps the state of a resource that exists but is not ready", async () => {
    const error = await create({ fail: "half" });
    expect([error.code, error.details]).to.deep.equal([status.UNKNOWN, "no network"]);
    const [details] = error.metadata.get("grpc-status-details-bin");
    const [any] = Status.deserializeBinary(details as Buffer).getDetailsList();
    expect(any?.getTypeName()).to.equal("pulumirpc.ErrorResourceInitFailed");
    const failed = rpc.ErrorResourceInitFailed.deserializeBinary(any?.getValue_asU8() as Uint8Array);
    expect([failed.getId(), failed.getReasonsList()]).to.deep.equal(["1", ["no network"]]);
    expect(unmarshal(failed.getProperties())).to.deep.equal({ a: new Secret(1) });
  });

  it("hides nothing in its messages, like official plugins", async () => {
    await create({ fail: "no", token: new Secret("hunter2") });
    expect(messages.splice(0).map(({ message }) => message)).to.include("careful with hunter2");
    expect((await create({ fail: "all", token: new Secret("hunter2") })).details).to.equal("no room for hunter2");
    messages.splice(0);
  });

  it("fails with the message and the code it was given", async () => {
    expect((await create({ fail: "all" })).details).to.equal("no room");
    expect((await create({ fail: "all" })).code).to.equal(status.UNKNOWN);
    expect((await create({ fail: "known" })).code).to.equal(status.ALREADY_EXISTS);
  });

  it("reads, and reports when the resource is gone", async () => {
    const read = (id: string) => call<rpc.ReadResponse>("read", about(new rpc.ReadRequest()).setId(id).setProperties(marshal({ a: 1 })));
    expect(unmarshal((await read("x")).getProperties())).to.deep.equal({ a: 1 });
    expect((await read("gone")).getId()).to.equal("");
  });

  it("updates and invokes", async () => {
    const update = about(new rpc.UpdateRequest()).setNews(marshal({ a: 2 })).setOldInputs(marshal({ a: 1, b: 1 }));
    expect(unmarshal((await call<rpc.UpdateResponse>("update", update)).getProperties())).to.deep.equal({ a: 2, b: 1 });
    const invoke = new rpc.InvokeRequest().setTok("toy:index:echo").setArgs(marshal({ a: 1 }));
    expect(unmarshal((await call<rpc.InvokeResponse>("invoke", invoke)).getReturn())).to.deep.equal({ a: 1 });
  });

  it("refuses by name", async () => {
    const refusal = (what: string) => `the air-gap plugin toy does not support ${what}; see docs/troubleshooting.md#airgap-plugin-refuses`;
    const other = new rpc.CheckRequest().setType("toy:index:Other").setUrn(URN);
    expect((await call("check", other)).details).to.equal(refusal("toy:index:Other"));
    expect((await call("invoke", new rpc.InvokeRequest().setTok("toy:index:no"))).details).to.equal(refusal("toy:index:no"));
    const construct = new rpc.ConstructRequest().setType("toy:index:Component");
    expect((await call("construct", construct)).details).to.equal(refusal("toy:index:Component"));
    for (const method of ["getSchema", "parameterize", "getMapping", "getMappings", "diffConfig"] as const) {
      const request = { getSchema: rpc.GetSchemaRequest, parameterize: rpc.ParameterizeRequest, getMapping: rpc.GetMappingRequest,
        getMappings: rpc.GetMappingsRequest, diffConfig: rpc.DiffRequest }[method];
      expect((await call(method, new request())).code).to.equal(status.UNIMPLEMENTED);
    }
  });

  it("aborts running operations when the run is cancelled or the engine ends, and waits for them", async () => {
    const deletion = call("delete", about(new rpc.DeleteRequest()));
    await call("cancel", new Empty());
    expect((await deletion).details).to.equal("the run was cancelled");
    const other = providerService(plugin, undefined);
    let ended: ServiceError | null | undefined;
    (other.service["delete"] as (call: object, done: (e: ServiceError | null) => void) => void)(
      { request: about(new rpc.DeleteRequest()) },
      (error) => (ended = error),
    );
    await other.stop();
    expect(ended?.details).to.equal("the engine has ended");
    await stop();
  });
});
