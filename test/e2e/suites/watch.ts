import { expect } from "chai";
import { KEYS, type TestMesh } from "../support/mesh";
import type { Watch } from "../support/watch";

/** Every pair, for as long as it is watched. */
export function watches(mesh: TestMesh, watch: Watch): void {
  after(() => watch.stop());

  it("shows a fault in the right pair's line, and that it is healed; serves each metric; removes what it made", async () => {
    try {
      await watch.works();
      for (const name of ["requests_total", "unasked_total", "up", "latency_seconds_count", "propagation_seconds_count", "propagation_missed_total"]) {
        expect((await watch.metrics()).match(new RegExp(`^mesh_pair_${name}\\{from="(?:west|east)"`, "gm")), name).to.have.length.of.at.least(2);
      }
      const block = (action: string): Promise<string> => mesh.node("east", `iptables -t raw ${action} PREROUTING -i eth0 -p tcp --dport 15443 -j DROP`);
      const before = watch.events.length;
      await block("-I");
      const at = Date.now();
      await watch.until("west->east to fail", () => watch.states(before).includes("west->east fails"));
      const change = watch.events.slice(before).find((event) => event.type === "change" && event.state === "fails");
      process.stdout.write(`      west->east fails ${Date.parse(change?.time ?? "") - at} ms after its way was blocked\n`);
      await block("-D");
      await watch.until("west->east to work again", () => watch.states(before).includes("west->east works"));
      expect(watch.states()).not.to.include("east->west fails");
    } finally {
      await watch.stop();
    }
    expect(await watch.stop()).to.equal(1);
    expect(watch.events.at(-1)?.type).to.equal("totals");
    for (const key of KEYS) {
      const kept = "get namespaces -l app.kubernetes.io/managed-by=usmesh-verify -o jsonpath='{.items[?(@.status.phase==\"Active\")].metadata.name}'";
      expect(await mesh.kubectl(key, kept), `in ${key}`).to.equal("");
    }
  });
}
