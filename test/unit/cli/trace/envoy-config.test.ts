import { expect } from "chai";
import { hasAccessLog, serviceConfigOf } from "../../../../cli/trace/envoy-config";
import { CLUSTER, SNI } from "./support/seen";

describe("the configuration of a proxy", () => {
  it("has for a service the name for TLS, and whom it accepts", () => {
    const match_typed_subject_alt_names = [{ san_type: "URI", matcher: { exact: "spiffe://cluster.local/ns/shop/sa/catalog" } }];
    const context = { combined_validation_context: { default_validation_context: { match_typed_subject_alt_names } } };
    const cluster = { name: CLUSTER, transport_socket_matches: [{ name: "tlsMode-istio", transport_socket: { typed_config: { sni: SNI, common_tls_context: context } } }, { name: "tlsMode-disabled" }] };
    expect(serviceConfigOf({ configs: [{ cluster }] })).to.deep.equal({ sni: SNI, identities: ["spiffe://cluster.local/ns/shop/sa/catalog"] });
  });

  it("has no name for TLS where mutual TLS is off, and nothing for a service that it does not know", () => {
    expect(serviceConfigOf({ configs: [{ cluster: { name: CLUSTER } }] })).to.deep.equal({ identities: [] });
    expect(serviceConfigOf({})).to.equal(undefined);
  });

  it("tells whether requests are logged", () => {
    const listener = (log: object[]) => ({ configs: [{ name: "virtualOutbound", active_state: { listener: { filter_chains: [{ filters: [{ typed_config: { access_log: log } }] }] } } }] });
    expect(hasAccessLog(listener([{ name: "envoy.access_loggers.file", typed_config: { path: "/dev/stdout" } }]))).to.equal(true);
    expect(hasAccessLog(listener([{ name: "envoy.access_loggers.open_telemetry" }]))).to.equal(false);
    expect(hasAccessLog(listener([]))).to.equal(false);
    expect(hasAccessLog({})).to.equal(undefined);
  });
});
