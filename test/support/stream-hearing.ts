/** Segments of TCP connections through the kernel, and what it says of them. They go to port 53, where it hears any bytes. */

import type { EngineLimits } from '../../src/packets/packet-engine.ts';
import type { Doubt, Status, Stream } from '../../src/packets/stream.ts';
import type { WrittenPacket } from './capture-writer.ts';
import { engineOf, Listening, silentStream } from './engine-hearing.ts';
import { ACK, ethernet, ipv4, tcp } from './packet-builder.ts';

export interface Sent {
  readonly direction: 0 | 1;
  readonly sequence: number;
  readonly text?: string;
  readonly ack?: number;
  readonly flags?: number;
  /** Payload length on the wire if the snap length cut it. */
  readonly wire?: number;
  /** Seconds; a millisecond after the one before if absent. */
  readonly at?: number;
  /** Which connection; the first if absent. */
  readonly flow?: number;
}

const START_US = 1_700_000_000e6;

class StreamListening extends Listening {
  /** Pieces of bytes as `0:text`, gaps as `0!7` (`0!-7`: they came after all; `0!0`: what follows contradicts other bytes, or goes on elsewhere); in front the connection, if there are many. */
  readonly observed: string[] = [];
  readonly doubts: Partial<Record<Doubt, number>> = {};
  /** Connections that were told of, one after the other between the same ends too. */
  count = 0;
  /** Least round trip to who gets the bytes of a direction, us. */
  readonly tripsUs = [Number.NaN, Number.NaN];
  readonly status: (flow: number) => Status;
  /** Direction that a connection's first packet came on, which the kernel calls 0. */
  readonly first: readonly (0 | 1)[];

  constructor(first: readonly (0 | 1)[], status: (flow: number) => Status) {
    super();
    this.first = first;
    this.status = status;
  }

  override candidate(flow: number): Stream {
    const { observed, first, status } = this;
    this.count++;
    const name = first.length === 1 ? '' : `${flow} `;
    const side = (direction: 0 | 1): string => `${name}${direction ^ (first[flow] ?? 0)}`;
    return silentStream({
      get status() {
        return status(flow);
      },
      payload: (direction, bytes, from, to) => {
        observed.push(`${side(direction)}:${Buffer.from(bytes.slice(from, to)).toString('latin1')}`);
        return null;
      },
      gap: (direction, missing) => observed.push(`${side(direction)}!${missing}`),
      roundTrip: (direction, tripUs) => {
        this.tripsUs[direction ^ (first[flow] ?? 0)] = tripUs;
      },
      doubt: (doubt, _, count) => {
        this.doubts[doubt] = (this.doubts[doubt] ?? 0) + count;
      },
    });
  }
}

/** @param standing Of a connection, after what was observed so far. */
export async function hearStreams(
  sent: readonly Sent[],
  limits: Partial<EngineLimits> = {},
  status: (flow: number, observed: readonly string[]) => Status = () => 'undecided',
): Promise<StreamListening> {
  const flows = [...new Set(sent.map(({ flow = 0 }) => flow))];
  const first = flows.map((flow) => sent.find((one) => (one.flow ?? 0) === flow)?.direction ?? 0);
  const listening: StreamListening = new StreamListening(first, (flow) => status(flow, listening.observed));
  const engine = await engineOf(sent.map(packetOf), listening, limits);
  engine.end();
  return listening;
}

function packetOf(sent: Sent, i: number): WrittenPacket {
  const { direction, sequence, text = '', ack, flags, flow = 0, at = i * 0.001 } = sent;
  const ends = [
    { source: '10.0.0.1', destination: '192.0.2.1', sourcePort: 40000 + flow, destinationPort: 53 },
    { source: '192.0.2.1', destination: '10.0.0.1', sourcePort: 53, destinationPort: 40000 + flow },
  ][direction];
  const fields = { sequence: sequence >>> 0, acknowledgement: (ack ?? 0) >>> 0 };
  const said = Buffer.from(text.padEnd(sent.wire ?? 0), 'latin1');
  const isAck = ack === undefined ? 0 : ACK;
  const { bytes } = ethernet({}, ipv4(ends, tcp({ ...ends, ...fields, flags: flags ?? isAck }, said)));
  const cut = said.length - Buffer.byteLength(text, 'latin1');
  const captured = bytes.slice(0, bytes.length - cut);
  return { timeUs: START_US + at * 1e6, linkType: 1, bytes: captured, wireBytes: bytes.length };
}
