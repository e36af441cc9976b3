import { once } from "node:events";
import { Duplex } from "node:stream";
import tls from "node:tls";
import { expect } from "chai";
import fc from "fast-check";
import { connectionsIn } from "../../e2e/support/packets";

const NAME = "outbound_.80_._.far.sight.svc.cluster.local";

/** What a TLS client sends first. */
async function clientHello(servername: string): Promise<Buffer> {
  const sent: Buffer[] = [];
  const wire = new Duplex({
    read: () => undefined,
    write: (data: Buffer, _encoding, done) => {
      sent.push(data);
      done();
      wire.emit("sent");
    },
  });
  const written = once(wire, "sent");
  const client = tls.connect({ socket: wire, ...(servername === "" ? {} : { servername }), checkServerIdentity: () => undefined });
  client.on("error", () => undefined);
  await written;
  client.destroy();
  return Buffer.concat(sent);
}

interface Way {
  readonly from?: number;
  readonly to?: string;
  /** Sequence number of the packet that opens the connection. */
  readonly start?: number;
  /** Octets of options in both headers. */
  readonly options?: number;
}

function packet(flags: number, offset: number, payload: Buffer, { from = 40_000, to = "172.18.255.201", start = 7, options = 0 }: Way = {}): Buffer {
  const [ip, tcp] = [Buffer.alloc(20 + options), Buffer.alloc(20 + options)];
  ip[0] = 0x40 | (ip.length / 4);
  ip.writeUInt16BE(ip.length + tcp.length + payload.length, 2);
  ip[9] = 6;
  Buffer.from([10, 10, 0, 5, ...to.split(".").map(Number)]).copy(ip, 12);
  tcp.writeUInt16BE(from, 0);
  tcp.writeUInt16BE(15_443, 2);
  tcp.writeUInt32BE((start + offset) >>> 0, 4);
  tcp[12] = (tcp.length / 4) << 4;
  tcp[13] = flags;
  // A card pads short frames.
  return Buffer.concat([ip, tcp, payload, Buffer.alloc(6, 0xff)]);
}

/** The packets of a connection: one that opens it, and its data in pieces of these lengths, the rest in one. */
function packets(data: Buffer, lengths: readonly number[] = [], way: Way = {}): Buffer[] {
  const cuts = lengths.reduce<number[]>((all, length) => [...all, Math.min(data.length, all.at(-1)! + length)], [0]);
  const pieces = [...cuts, data.length].slice(1).map((end, index) => packet(0x18, 1 + cuts[index]!, data.subarray(cuts[index], end), way));
  return [packet(0x02, 0, Buffer.alloc(0), way), packet(0x10, 1, Buffer.alloc(0), way), ...pieces];
}

describe("captured packets", () => {
  let hello: Buffer;
  before(async () => {
    hello = await clientHello(NAME);
  });

  it("tell where a connection goes and the name that it asks for", () => {
    expect(connectionsIn(packets(hello))).to.deep.equal([{ to: "172.18.255.201:15443", sni: NAME }]);
    expect(connectionsIn(packets(hello, [], { options: 12 })), "with options").to.deep.equal([{ to: "172.18.255.201:15443", sni: NAME }]);
  });

  it("tell another name or another place from it", async () => {
    const other = await clientHello("outbound_.80_._.near.sight.svc.cluster.local");
    const seen = connectionsIn([...packets(other), ...packets(hello, [], { from: 40_001, to: "172.18.255.101" })]);
    expect(seen).to.deep.equal([
      { to: "172.18.255.201:15443", sni: "outbound_.80_._.near.sight.svc.cluster.local" },
      { to: "172.18.255.101:15443", sni: NAME },
    ]);
  });

  it("may be in pieces, in any order, and twice, wherever their numbers begin", () => {
    const lengths = fc.array(fc.integer({ min: 1, max: 400 }), { maxLength: 6 });
    const starts = fc.constantFrom(0, 7, 0xffff_ff00, 0xffff_ffff);
    fc.assert(
      fc.property(lengths, starts, fc.infiniteStream(fc.integer()), (pieces, start, ranks) => {
        const sent = packets(hello, pieces, { start });
        const mixed = [...sent, ...sent].map((one) => ({ one, rank: ranks.next().value as number })).sort((a, b) => a.rank - b.rank);
        expect(connectionsIn(mixed.map(({ one }) => one))).to.deep.equal([{ to: "172.18.255.201:15443", sni: NAME }]);
      }),
    );
  });

  it("may have the name in more than one TLS record", () => {
    const body = hello.subarray(5);
    const record = (part: Buffer): Buffer => Buffer.concat([Buffer.from([22, 3, 1, part.length >> 8, part.length & 0xff]), part]);
    expect(connectionsIn(packets(Buffer.concat([record(body.subarray(0, 50)), record(body.subarray(50))])))).to.deep.equal([{ to: "172.18.255.201:15443", sni: NAME }]);
  });

  it("tell no name where a client sends none, something else, or not all of it", async () => {
    const bare = [{ to: "172.18.255.201:15443" }];
    expect(connectionsIn(packets(await clientHello("")))).to.deep.equal(bare);
    expect(connectionsIn(packets(Buffer.from("GET / HTTP/1.1\r\n\r\n")))).to.deep.equal(bare);
    for (const length of [0, 3, 20, hello.length - 1]) expect(connectionsIn(packets(hello.subarray(0, length))), `${length} octets`).to.deep.equal(bare);
    const [syn, ack, first, , last] = packets(hello, [60, 60]);
    expect(connectionsIn([syn!, ack!, first!, last!]), "with a gap").to.deep.equal(bare);
  });

  it("tell nothing of a connection that was there before", () => {
    expect(connectionsIn(packets(hello).slice(1))).to.deep.equal([]);
  });
});
