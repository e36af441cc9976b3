import { status } from "@grpc/grpc-js";
import { expect } from "chai";
import { StatusError } from "../../../../airgap/plugins/lib/errors";
import { InitializationFailed } from "../../../../airgap/plugins/lib/kind";
import { quiet, redactError, redacting } from "../../../../airgap/plugins/lib/redact";
import { Secret, type Props } from "../../../../airgap/plugins/lib/values";

describe("hiding secrets", () => {
  it("finds them at any depth, whole and by long lines, longest first", () => {
    const inputs: Props = {
      plain: "visible",
      stdin: new Secret("first line of a secret\nno\nsecond line of a secret\n"),
      list: [{ deep: new Secret({ a: "token", b: ["tokens", new Secret("nested")] }) }],
      short: new Secret("abc"),
      number: new Secret(12345),
    };
    const redact = redacting(inputs, { state: new Secret("further") });
    expect(redact("visible abc 12345 no")).to.equal("visible abc 12345 no");
    expect(redact("a token, tokens, nested, further")).to.equal("a [secret], [secret], [secret], [secret]");
    expect(redact(">   second line of a secret")).to.equal(">   [secret]");
  });

  it("finds them quoted, encoded and decoded", () => {
    const text = 'say "swordfish"\nand enter';
    const encoded = Buffer.from(text).toString("base64");
    for (const secret of [text, encoded]) {
      const redact = redacting({ a: new Secret(secret) });
      expect(redact(`<${text}>`)).to.equal("<[secret]>");
      expect(redact(`<${encoded}>`)).to.equal("<[secret]>");
      expect(redact(JSON.stringify({ a: text }))).to.equal('{"a":"[secret]"}');
    }
  });

  it("leaves alone what is shown openly elsewhere", () => {
    const props: Props = { metadata: { namespace: "demo" }, data: new Secret({ pw: "aHVudGVyMg==", namespace: "ZGVtbw==" }) };
    expect(redacting(props)("hunter2 in demo")).to.equal("[secret] in demo");
  });

  it("takes them out of logs", () => {
    const said: string[] = [];
    const keep = (m: string): void => void said.push(m);
    const log = quiet({ info: keep, warn: keep, error: keep, status: keep }, redacting({ a: new Secret("hunter2") }));
    log.info("info hunter2");
    log.warn("warn hunter2");
    log.error("error hunter2");
    log.status("status hunter2");
    expect(said).to.eql(["info [secret]", "warn [secret]", "error [secret]", "status [secret]"]);
  });

  it("takes them out of errors, which stay what they are", () => {
    const redact = redacting({ a: new Secret("hunter2") });
    expect(redactError(new Error("no hunter2"), redact).message).to.equal("no [secret]");
    expect(redactError("hunter2", redact).message).to.equal("[secret]");
    const known = redactError(new StatusError(status.NOT_FOUND, "no hunter2"), redact) as StatusError;
    expect([known.code, known.message]).to.eql([status.NOT_FOUND, "no [secret]"]);
    const state = { a: new Secret("hunter2") };
    const half = redactError(new InitializationFailed("1", state, {}, ["hunter2", "more"]), redact) as InitializationFailed;
    expect([half.reasons, half.message, half.state]).to.eql([["[secret]", "more"], "[secret]; more", state]);
  });
});
