import { expect } from "chai";
import { linesWith, parseLine } from "../../../../cli/trace/access-log";
import { CLUSTER, GATEWAY, ID, SNI, written } from "./support/seen";

describe("a line of an access log", () => {
  it("says how a request ended, where it was sent, and how long that took", () => {
    const raw = written({ endpoint: GATEWAY, duration: 12, upstream: 11 });
    expect(parseLine(raw)).to.deep.equal({
      method: "GET",
      path: "/",
      status: 200,
      details: "via_upstream",
      durationMs: 12,
      upstreamMs: 11,
      requestId: ID,
      authority: "catalog.shop:80",
      endpoint: GATEWAY,
      cluster: CLUSTER,
      peer: "10.10.0.5:41234",
      route: "default",
      raw,
    });
  });

  it("says why there was no answer, and by which name TLS asked", () => {
    expect(parseLine(written({ status: 503, flags: "UF,URX", details: "upstream_reset_before_response_started{connection_failure}", failure: "delayed_connect_error:_Connection_refused", sni: SNI }))).to.include({
      status: 503,
      flags: "UF,URX",
      failure: "delayed_connect_error:_Connection_refused",
      sni: SNI,
    });
  });

  it("of a connection that a gateway passes through has no status", () => {
    const raw = `[2026-01-02T03:04:05.678Z] "- - -" 0 NR filter_chain_not_found - "-" 0 0 0 - "-" "-" "-" "-" "-" - - 10.20.0.5:15443 172.18.0.3:38122 ${SNI} -`;
    expect(parseLine(raw)).to.deep.equal({ flags: "NR", details: "filter_chain_not_found", durationMs: 0, peer: "172.18.0.3:38122", sni: SNI, raw });
  });

  it("says the same as JSON", () => {
    const raw = JSON.stringify({ response_code: 403, response_flags: "-", response_code_details: "rbac_access_denied_matched_policy[none]", duration: 0, upstream_service_time: null, upstream_host: null, request_id: ID, requested_server_name: SNI, upstream_cluster: "inbound|3000||" });
    expect(parseLine(raw)).to.deep.equal({ status: 403, details: "rbac_access_denied_matched_policy[none]", durationMs: 0, requestId: ID, sni: SNI, cluster: "inbound|3000||", raw });
  });

  it("of another kind is not one", () => {
    for (const other of ["", "2026-01-02T03:04:05.678901Z\tinfo\txdsproxy\tconnected", "{}", "{ not JSON", `${ID} 200`]) expect(parseLine(other), other).to.equal(undefined);
  });
});

describe("the lines about a request", () => {
  it("are those with its id: of what the workload sent, of what it got, and of a format that is not known", () => {
    const log = [written({ endpoint: GATEWAY }), written({ cluster: "inbound|8080||" }), written({ id: "another" }), `mine ${ID}`].join("\n");
    const { outbound, inbound, others } = linesWith(log, ID);
    expect(outbound.map(({ cluster }) => cluster)).to.deep.equal([CLUSTER]);
    expect(inbound.map(({ cluster }) => cluster)).to.deep.equal(["inbound|8080||"]);
    expect(others).to.deep.equal([`mine ${ID}`]);
  });
});
