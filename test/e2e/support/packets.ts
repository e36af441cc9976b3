/** A TCP connection of which the beginning was captured, as its client sent it. */
export interface Connection {
  /** Address and port that it goes to. */
  readonly to: string;
  /** The name that it asks for by TLS; undefined when it does not begin with a TLS ClientHello that has one. */
  readonly sni?: string;
}

/** What a packet carries. */
interface Segment {
  readonly flow: string;
  readonly to: string;
  readonly opens: boolean;
  readonly sequence: number;
  readonly payload: Buffer;
}

const SYN = 0x02;
/** Types in TLS. */
const TLS = { handshakeRecord: 22, clientHello: 1, serverName: 0, hostName: 0 } as const;

/**
 * The connections that were opened while packets were captured, in their order. Those that were open before are none of them.
 *
 * @param packets IPv4 packets with TCP in them, from the clients alone; twice, or in another order, makes no difference.
 */
export function connectionsIn(packets: readonly Buffer[]): Connection[] {
  const segments = packets.map(segmentOf);
  return segments
    .filter(({ opens }, index) => opens && segments.findIndex((other) => isSame(other, segments[index]!)) === index)
    .map((syn) => {
      const sni = serverName(records(stream(syn, segments.filter(({ flow, opens }) => flow === syn.flow && !opens))));
      return { to: syn.to, ...(sni === undefined ? {} : { sni }) };
    });
}

function isSame(one: Segment, other: Segment): boolean {
  return one.opens === other.opens && one.flow === other.flow && one.sequence === other.sequence;
}

function segmentOf(packet: Buffer): Segment {
  const header = 4 * (packet[0]! & 0x0f);
  // What is sent in one piece to be cut by the network card says no length.
  const end = packet.readUInt16BE(2) || packet.length;
  const tcp = packet.subarray(header, end);
  const address = (at: number): string => [...packet.subarray(at, at + 4)].join(".");
  const to = `${address(16)}:${tcp.readUInt16BE(2)}`;
  return {
    to,
    flow: `${address(12)}:${tcp.readUInt16BE(0)} ${to}`,
    opens: (tcp[13]! & SYN) !== 0,
    sequence: tcp.readUInt32BE(4),
    payload: tcp.subarray(4 * (tcp[12]! >> 4)),
  };
}

/** What a client sent first, as far as it is there without a gap. */
function stream(syn: Segment, segments: readonly Segment[]): Buffer {
  const placed = segments.map(({ sequence, payload }) => ({ at: (sequence - syn.sequence - 1) >>> 0, payload })).sort((a, b) => a.at - b.at);
  return placed.reduce((all, { at, payload }) => (at > all.length ? all : Buffer.concat([all, payload.subarray(Math.min(payload.length, all.length - at))])), Buffer.alloc(0));
}

/** What is in the TLS records of a handshake that a stream begins with. */
function records(stream: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at + 5 <= stream.length && stream[at] === TLS.handshakeRecord; ) {
    const end = at + 5 + stream.readUInt16BE(at + 3);
    parts.push(stream.subarray(at + 5, end));
    at = end;
  }
  return Buffer.concat(parts);
}

/** The host name in a TLS ClientHello. */
function serverName(handshake: Buffer): string | undefined {
  if (handshake[0] !== TLS.clientHello || handshake.length < 4 || handshake.length < 4 + handshake.readUIntBE(1, 3)) return undefined;
  // Version and random; then session id, cipher suites and compression methods, each after its length.
  let at = 4 + 2 + 32;
  at += 1 + handshake[at]!;
  at += 2 + handshake.readUInt16BE(at);
  at += 1 + handshake[at]!;
  const end = at + 2 + handshake.readUInt16BE(at);
  for (at += 2; at < end; at += 4 + handshake.readUInt16BE(at + 2)) {
    if (handshake.readUInt16BE(at) !== TLS.serverName || handshake[at + 6] !== TLS.hostName) continue;
    return handshake.toString("latin1", at + 9, at + 9 + handshake.readUInt16BE(at + 7));
  }
  return undefined;
}
