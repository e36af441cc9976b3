import { expect } from "chai";
import { existing, itRefuses, problemsOf } from "../support/refusals";

const from = (cluster: object, kubeconfigs: object = {}) => ({ clusters: { west: { driver: "existing", ...cluster } }, kubeconfigs });
const stack = { stack: "organization/eks/prod" };
const login = { username: "mesh", password: "canary" };

describe("the check of where kubeconfigs come from", () => {
  itRefuses([
    ["none of the places", from({}), "usmesh:clusters.west.kubeconfig", /must be set.*a file.*another stack.*secret setting.*default kubeconfig is never used/],
    ["a file and a stack", from({ ...existing, ...stack }), "usmesh:clusters.west.stack", /kubeconfig of cluster west is given twice; remove all but one/],
    ["a file and a secret", from(existing, { west: "canary" }), "usmesh:kubeconfigs.west", /given twice/],
    ["a stack and a secret", from(stack, { west: "canary" }), "usmesh:kubeconfigs.west", /given twice/],
    ["an output without a stack", from({ ...existing, output: "kubeconfig" }), "usmesh:clusters.west.output", /no effect without `stack`/],
    ["a stack for a kind cluster", { clusters: { west: stack } }, "usmesh:clusters.west.stack", /belongs to a cluster that already exists/],
    ["one output of one stack for two clusters", { clusters: { west: { driver: "existing", ...stack }, east: { driver: "existing", ...stack, output: "kubeconfig" } } }, "usmesh:clusters.west.context", /the current context of output kubeconfig of stack organization\/eks\/prod.*cannot be in the mesh twice/],
    ["a secret for a cluster that there is not", from(existing, { east: "canary" }), "usmesh:kubeconfigs.east", /owns no cluster east/],
    ["a secret for a kind cluster", { clusters: { west: {} }, kubeconfigs: { west: "canary" } }, "usmesh:kubeconfigs.west", /belongs to a cluster that already exists/],
    ["a secret that is not a kubeconfig", from({}, { west: 7 }), "usmesh:kubeconfigs.west", /neither the text of a kubeconfig nor a record/],
  ]);

  it("accepts each place alone, and a context with each", () => {
    for (const context of [{}, { context: "prod" }]) {
      expect(problemsOf(from({ ...stack, ...context }))).to.deep.equal([]);
      expect(problemsOf(from({ ...stack, output: "west", ...context }))).to.deep.equal([]);
      expect(problemsOf(from(context, { west: "apiVersion: v1" }))).to.deep.equal([]);
      expect(problemsOf(from(context, { west: { apiVersion: "v1" } }))).to.deep.equal([]);
    }
  });

  it("never says what is in a secret", () => {
    for (const kubeconfigs of ["canary", ["canary"], { west: ["canary"] }]) {
      const problems = problemsOf({ clusters: { west: { driver: "existing" } }, kubeconfigs });
      expect(problems).not.to.deep.equal([]);
      expect(problems.join()).not.to.contain("canary");
    }
  });
});

describe("the check of logins for chart repositories", () => {
  const charts = (istio: object, credentials: object) => ({ clusters: { west: {} }, istio, chartCredentials: credentials });

  itRefuses([
    ["a login without a password", charts({}, { istio: { username: "mesh" } }), "usmesh:chartCredentials.istio", /not a record of username and password/],
    ["a login where charts come from a folder", charts({ charts: "charts" }, { istio: login }), "usmesh:chartCredentials.istio", /charts come from a folder/],
    ["a login for an OCI registry", charts({ repository: "oci://example.com/charts" }, { istio: login }), "usmesh:chartCredentials.istio", /takes no login.*helm registry login/],
    ["a login for other charts", charts({}, { kiali: login }), "usmesh:chartCredentials.kiali", /no such setting/],
  ]);

  it("accepts logins, also as the command sees them: encrypted", () => {
    expect(problemsOf(charts({}, { istio: login, metallb: { username: { secure: "v1:a" }, password: { secure: "v1:b" } } }))).to.deep.equal([]);
    expect(problemsOf(charts({}, { istio: { secure: "v1:a" } }))).to.deep.equal([]);
  });
});
