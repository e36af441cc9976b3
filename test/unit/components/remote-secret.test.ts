import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { RemoteSecret } from "../../../components";
import { CANARY } from "./support/answers";
import { itHonoursOptions, optionsIn } from "./support/pieces";
import { resource } from "./support/queries";
import { plain, redacted } from "./support/secrets";
import { runPiece } from "./support/world";

const peer = (key: string) => ({ clusterName: `${key}-cluster`, apiServer: `https://${key}:6443`, caCertificate: "authority", token: pulumi.secret(`${CANARY} token`) });
const create = (opts?: pulumi.ComponentResourceOptions) => new RemoteSecret("remote", { meshId: "usmesh", namespace: "istio-system", peers: [peer("east"), pulumi.output(peer("north"))] }, opts);

describe("RemoteSecret", () => {
  itHonoursOptions("remote", create, () => optionsIn("west"));

  it("writes one Secret with a key for each peer, as MeshPeering does", async () => {
    const world = await runPiece(() => create(optionsIn("west")));
    const { inputs, provider, parent } = resource(world, "remote-secret");
    expect({ provider, parent }).to.deep.equal({ provider: "west-provider", parent: "remote" });
    expect(inputs["metadata"]).to.deep.equal({ name: "istio-remote-secret-usmesh", namespace: "istio-system", labels: { "istio/multiCluster": "true" } });
    expect(Object.keys(plain(inputs["data"]) as object)).to.deep.equal(["east-cluster", "north-cluster"]);
    expect(redacted(inputs["data"])).to.equal("[secret]");
    expect(world.componentOutputs).to.deep.include({ secretName: "istio-remote-secret-usmesh" });
    expect(JSON.stringify(redacted(world.resources))).not.to.contain(CANARY);
  });

  it("asks what leads to an API server by its name, where it has one", async () => {
    const peers = [{ ...peer("east"), apiServer: "https://203.0.113.7:15443", serverName: "east.discovery.usmesh.internal" }];
    const world = await runPiece(() => new RemoteSecret("remote", { meshId: "usmesh", namespace: "istio-system", peers }, optionsIn("west")));
    const { "east-cluster": text = "" } = plain(resource(world, "remote-secret").inputs["data"]) as Record<string, string>;
    expect(Buffer.from(text, "base64").toString()).to.contain("server: https://203.0.113.7:15443").and.contain("tls-server-name: east.discovery.usmesh.internal");
  });

  it("never uses the ambient kubeconfig", async () => {
    const failure = await runPiece(() => create()).then(() => undefined, (error: Error) => error.message);
    expect(failure).to.match(/pass the cluster's Kubernetes provider/);
  });
});
