import { expect } from "chai";
import { parse, stringify } from "yaml";
import { kubeconfigFrom } from "../../../lib/kubeconfig-source";

const settings = { itself: "usmesh:clusters.west.output", cluster: "usmesh:clusters.west" };
const config = (user: object, cluster: object = {}, more: object = {}) => ({
  clusters: [{ name: "c", cluster: { server: "https://west:6443", "certificate-authority-data": "Y2E=", ...cluster } }],
  users: [{ name: "u", user }],
  contexts: ["one", "two"].map((name) => ({ name, context: { cluster: "c", user: "u" } })),
  "current-context": "one",
  ...more,
});
const EKS = { exec: { apiVersion: "client.authentication.k8s.io/v1beta1", command: "aws", args: ["eks", "get-token", "--cluster-name", "west"] } };

const read = (value: unknown, context?: string): string => kubeconfigFrom(value, context, "the output kubeconfig of stack eks", settings);
const failure = (value: unknown, context?: string): string => {
  try {
    return `accepted: ${read(value, context)}`;
  } catch (error) {
    return (error as Error).message;
  }
};

describe("a kubeconfig that is not a file", () => {
  it("is the same as YAML, as JSON and as an object: its current context, or the one that is named", () => {
    const forms = [config(EKS), JSON.stringify(config(EKS)), stringify(config(EKS))].map((value) => parse(read(value)) as Record<string, unknown>);
    for (const form of forms) {
      expect(form).to.deep.equal(forms[0]);
      expect(form).to.deep.include({ "current-context": "one", users: [{ name: "one", user: EKS }] });
    }
    expect(parse(read(config(EKS), "two"))).to.include({ "current-context": "two" });
  });

  for (const [what, value, context, message] of [
    ["a list", ["canary"], undefined, /^usmesh:clusters\.west\.output: the output kubeconfig of stack eks is not a kubeconfig: it has no clusters, users and contexts; it must be a kubeconfig, as text or as an object$/],
    ["a number", 7, undefined, /is not a kubeconfig/],
    ["a plain text", "canary", undefined, /is not a kubeconfig/],
    ["text that is not YAML", "a: [canary", undefined, /is not YAML \(line 1: /],
    ["a record of something else", { url: "canary" }, undefined, /^usmesh:clusters\.west\.context: .* has no current context; name one: none$/],
    ["one without a current context", config(EKS, {}, { "current-context": "" }), undefined, /has no current context; name one: one, two$/],
    ["one without the context", config(EKS), "three", /has no complete context "three"; it has: one, two$/],
    ["one that names a file", config({ "client-key": "/canary/key.pem" }), undefined, /names the file \/canary\/key\.pem \(client-key\), which is on the machine that wrote it/],
    ["one that names a program in its folder", config({ exec: { command: "./login" } }), undefined, /names the program \.\/login by a path from a folder that is not known here/],
    ["one without TLS", config(EKS, { server: "http://west" }), undefined, /tokens and Secrets would go in plain text/],
    ["one that does not verify its server", config(EKS, { "insecure-skip-tls-verify": true }), undefined, /skips TLS verification/],
  ] as const) {
    it(`is refused when it is ${what}`, () => {
      expect(failure(value, context)).to.match(message);
      if (!JSON.stringify(value).includes("/canary")) expect(failure(value, context)).not.to.contain("canary");
    });
  }
});
