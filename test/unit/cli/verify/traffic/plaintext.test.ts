import { expect } from "chai";
import { askInPlaintext } from "../../../../../cli/verify/traffic/plaintext";
import { type Answer, KubeError } from "../../../../../lib/api-server";

describe("a request in plain text to a test workload", () => {
  const asked: string[] = [];
  const ask = (answer: () => Promise<Answer<string>>) =>
    askInPlaintext({ text: (method: string, path: string) => (asked.push(`${method} ${path}`), answer()) }, "usmesh-verify-0a1b2c");

  it("is accepted when the workload answers", async () => {
    expect(await ask(() => Promise.resolve({ body: "west", date: NaN }))).to.deep.equal({ ok: true, value: { accepted: true } });
    expect(asked).to.deep.equal(["GET /api/v1/namespaces/usmesh-verify-0a1b2c/pods/prober:8080/proxy/"]);
  });

  for (const message of ["error trying to reach service: EOF", "error trying to reach service: read tcp 10.0.0.1:5->10.0.0.2:8080: read: connection reset by peer"]) {
    it(`is refused when the connection was made and ended: ${message}`, async () => {
      expect(await ask(() => Promise.reject(new KubeError(502, message)))).to.deep.equal({ ok: true, value: { accepted: false, refusal: message } });
    });
  }

  const unknown: readonly Error[] = [
    new KubeError(403, "pods \"prober\" is forbidden: cannot get resource \"pods/proxy\""),
    new KubeError(503, "error trying to reach service: dial tcp 10.0.0.2:8080: i/o timeout"),
    new Error("no answer within 5 s"),
  ];
  for (const error of unknown) {
    it(`says nothing when it may not have arrived: ${error.message}`, async () => {
      expect(await ask(() => Promise.reject(error))).to.deep.equal({ ok: false, error: error.message });
    });
  }
});
