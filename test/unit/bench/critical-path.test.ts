import { expect } from "chai";
import { criticalPath, nameOf, worked, type StateResource, type Worked } from "../../../bench/critical-path";
import type { EngineEvent, StampedEvent } from "../../../bench/lib/event-log";

const urn = (name: string): string => `urn:pulumi:local::usmesh::type::${name}`;
const resource = (name: string, dependencies: readonly string[] = [], more: Partial<StateResource> = {}): StateResource => ({
  urn: urn(name),
  custom: true,
  dependencies: dependencies.map(urn),
  ...more,
});
const time = (name: string, from: number, to: number): Worked => ({ urn: urn(name), type: "type", from, to });
const names = (chain: readonly Worked[]): string[] => chain.map((one) => nameOf(one.urn));

describe("the critical path", () => {
  // Two clusters side by side; in each a load balancer and istiod side by side, and a gateway after both.
  const state = ["west", "east"].flatMap((key) => [
    resource(`${key}-kind`),
    resource(`${key}-metallb`, [`${key}-kind`]),
    resource(`${key}-base`, [`${key}-kind`]),
    resource(`${key}-istiod`, [`${key}-base`]),
    resource(`${key}-gateway`, [`${key}-istiod`, `${key}-metallb`]),
  ]);
  const all = [
    ...[time("west-kind", 1, 16), time("west-metallb", 16, 31), time("west-base", 16, 18), time("west-istiod", 19, 30), time("west-gateway", 32, 37)],
    ...[time("east-kind", 1, 20), time("east-metallb", 20, 30), time("east-base", 20, 22), time("east-istiod", 22, 33), time("east-gateway", 34, 38)],
  ];

  it("is the chain with the greatest sum of durations, without what was waited between its links", () => {
    const { seconds, chain } = criticalPath(all, state);
    expect(names(chain)).to.deep.equal(["east-kind", "east-base", "east-istiod", "east-gateway"]);
    expect(seconds).to.equal(19 + 2 + 11 + 4);
  });

  it("goes by what was measured: a slower load balancer leads it elsewhere", () => {
    const slower = all.map((one) => (nameOf(one.urn) === "west-metallb" ? { ...one, to: 40 } : one));
    expect(names(criticalPath(slower, state).chain)).to.deep.equal(["west-kind", "west-metallb", "west-gateway"]);
  });

  it("goes by way of parents and providers too, and a component takes no time of its own", () => {
    const provider = `${urn("provider")}::04da6b54-80e4-46f7-96ec-b56ff0331ba9`;
    const within = [
      resource("kind"),
      resource("provider", ["kind"]),
      resource("component", [], { custom: false }),
      resource("child", [], { parent: urn("component"), provider }),
    ];
    const { seconds, chain } = criticalPath([time("kind", 0, 5), time("provider", 5, 6), time("component", 0, 90), time("child", 6, 8)], within);
    expect(names(chain)).to.deep.equal(["kind", "provider", "child"]);
    expect(seconds).to.equal(8);
  });

  it("is empty where nothing was worked on, and refuses a circle", () => {
    expect(criticalPath([], state)).to.deep.equal({ seconds: 0, chain: [] });
    expect(() => criticalPath([], [resource("a", ["b"]), resource("b", ["a"])])).to.throw("depends on itself");
  });
});

describe("what the engine worked on", () => {
  const event = (at: number, kind: "resourcePreEvent" | "resOutputsEvent" | "resOpFailedEvent", op: string, name: string): StampedEvent => ({
    at,
    event: { [kind]: { metadata: { op, urn: urn(name), type: "type" } } } as EngineEvent,
  });

  it("is from the first event of a resource to its last", () => {
    const events = [
      event(1, "resourcePreEvent", "create", "a"),
      event(2, "resourcePreEvent", "create", "b"),
      event(5, "resOutputsEvent", "create", "a"),
      event(9, "resOutputsEvent", "create", "b"),
    ];
    expect(worked([{ at: 0.5, event: { preludeEvent: {} } }, ...events])).to.deep.equal([time("a", 1, 5), time("b", 2, 9)]);
  });

  it("is without what failed and what was deleted", () => {
    const events = [
      event(1, "resourcePreEvent", "create", "broken"),
      event(2, "resOpFailedEvent", "create", "broken"),
      event(3, "resourcePreEvent", "delete", "old"),
      event(4, "resOutputsEvent", "delete", "old"),
    ];
    expect(worked(events)).to.deep.equal([]);
  });
});
