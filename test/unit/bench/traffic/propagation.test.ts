import { expect } from "chai";
import { propagationSeries, type PropagationParts } from "../../../../bench/traffic/propagation";
import type { Prober } from "../../../../cli/watch/prober";

const west = { key: "west" } as Prober;
const east = { key: "east" } as Prober;

/** Measurements that take these milliseconds, one after another; undefined is one that came to nothing, and "none" one that was not begun. */
function parts(took: readonly (number | undefined | "none")[]): PropagationParts & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    measure: async (to, waiting) => {
      const ms = took[asked.length];
      asked.push(`${waiting.map(({ from }) => from.key).join()} asks for ${to.key}`);
      if (ms !== "none") waiting.forEach(({ record }) => record(ms));
    },
    sleep: async () => undefined,
  };
}

describe("the propagation of endpoints", () => {
  it("is measured in turns, so many times in each direction", async () => {
    const replaced = parts([101.4, 202, 103, 204]);
    const series = await propagationSeries([west, east], 2, new AbortController().signal, replaced);
    expect(replaced.asked).to.deep.equal(["west asks for east", "east asks for west", "west asks for east", "east asks for west"]);
    expect(series).to.deep.equal([
      { name: "new endpoint in east, first request from west", side: "usmesh", unit: "ms", values: [101, 103] },
      { name: "new endpoint in west, first request from east", side: "usmesh", unit: "ms", values: [202, 204] },
    ]);
  });

  it("gives no figure when an endpoint got no request in time, or still gets those that it should not", async () => {
    const refused = async (took: Parameters<typeof parts>[0]): Promise<string> =>
      propagationSeries([west, east], 2, new AbortController().signal, parts(took)).then(
        () => "nothing was refused",
        (error: Error) => error.message,
      );
    expect(await refused([100, undefined])).to.equal("the new endpoint in west got no request from east in time");
    expect(await refused([100, 100, "none"])).to.equal("west still reached the endpoint in east that was taken away");
  });

  it("ends with the reason of an interrupt", async () => {
    const controller = new AbortController();
    const replaced = parts([100]);
    const measure: PropagationParts["measure"] = async () => controller.abort(new Error("interrupted"));
    const failed = await propagationSeries([west, east], 2, controller.signal, { ...replaced, measure }).catch((error: Error) => error.message);
    expect(failed).to.equal("interrupted");
  });
});
