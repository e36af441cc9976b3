import { expect } from "chai";
import * as fc from "fast-check";
import { parse } from "yaml";
import { formatPair, membershipProblems, orderedPairs, othersOf, remoteKubeconfig, remoteSecretData } from "../../../topology/pairs";

const members = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,8}$/), { maxLength: 20 }).map((keys) => keys.map((key) => ({ key })));

describe("topology", () => {
  describe("pairs", () => {
    it("are n * (n - 1), all different, none with itself", () => {
      fc.assert(
        fc.property(members, (all) => {
          const pairs = orderedPairs(all);
          expect(pairs).to.have.length(all.length * (all.length - 1) || 0);
          expect(new Set(pairs.map(formatPair)).size).to.equal(pairs.length);
          expect(pairs.some(({ from, to }) => from === to)).to.equal(false);
        }),
      );
    });

    it("come with their reverse", () => {
      fc.assert(
        fc.property(members, (all) => {
          const texts = new Set(orderedPairs(all).map(formatPair));
          return orderedPairs(all).every(({ from, to }) => texts.has(formatPair({ from: to, to: from })));
        }),
      );
    });

    it("agree with whom each cluster reads", () => {
      fc.assert(
        fc.property(members, (all) => {
          const named = all.map(({ key }) => ({ key, clusterName: `${key}-cluster`, network: `${key}-network` }));
          const read = named.flatMap(({ key }) => othersOf(key, named).map((other) => `${key}->${other.key}`));
          expect(read).to.deep.equal(orderedPairs(named).map(formatPair));
        }),
      );
    });
  });

  describe("members from several stacks", () => {
    const west = { key: "west", clusterName: "west-cluster", network: "west-network" };
    const east = { key: "east", clusterName: "east-cluster", network: "east-network", stack: "east" };

    it("can be one mesh when they share nothing", () => expect(membershipProblems([west, east])).to.deep.equal([]));

    it("cannot share key, name or network", () => {
      const twin = { ...west, stack: "other" };
      expect(membershipProblems([west, twin])).to.deep.equal([
        'cluster west of stack other has the key "west", which cluster west of this stack has already: give one of them another',
        'cluster west of stack other has the Istio cluster name "west-cluster", which cluster west of this stack has already: give one of them another',
        'cluster west of stack other has the network "west-network", which cluster west of this stack has already: give one of them another',
      ]);
    });
  });

  describe("the remote Secret", () => {
    const east = { clusterName: "east-cluster", apiServer: "https://172.18.0.3:6443", caCertificate: "PEM\n", token: "t".repeat(900) };
    const north = { ...east, clusterName: "north-cluster" };

    it("holds a kubeconfig in which everything carries the cluster's name", () => {
      const config = parse(remoteKubeconfig(east)) as Record<string, unknown>;
      expect(config).to.deep.equal({
        apiVersion: "v1",
        kind: "Config",
        "current-context": "east-cluster",
        clusters: [{ name: "east-cluster", cluster: { server: "https://172.18.0.3:6443", "certificate-authority-data": "UEVNCg==" } }],
        contexts: [{ name: "east-cluster", context: { cluster: "east-cluster", user: "east-cluster" } }],
        users: [{ name: "east-cluster", user: { token: east.token } }],
      });
    });

    it("asks the server by another name than its address where it has one", () => {
      const [{ cluster }] = (parse(remoteKubeconfig({ ...east, serverName: "east.discovery.usmesh.internal" })) as { clusters: [{ cluster: unknown }] }).clusters;
      expect(cluster).to.deep.equal({ server: "https://172.18.0.3:6443", "tls-server-name": "east.discovery.usmesh.internal", "certificate-authority-data": "UEVNCg==" });
    });

    it("keeps the token on one line", () => expect(remoteKubeconfig(east)).to.contain(`token: ${east.token}\n`));

    it("has a key for every other member, whatever the order", () => {
      const west = { ...east, clusterName: "west-cluster" };
      for (const others of [[north, east, west], [east, north, west], [west, north, east]]) {
        expect(Object.keys(remoteSecretData(others))).to.deep.equal(["east-cluster", "north-cluster", "west-cluster"]);
        expect(remoteSecretData(others)).to.deep.equal(remoteSecretData([east, north, west]));
      }
    });

    it("is empty for a cluster that is alone", () => expect(remoteSecretData([])).to.deep.equal({}));
  });
});
