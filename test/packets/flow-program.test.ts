/**
 * Rows of known flows that WebAssembly counts: the tap must hold the same numbers and hear the same as without, whatever
 * order, flags, times and first bytes the packets have.
 */
import { describe, expect, it } from 'vitest';
import { Tap } from '../../src/packets/tap.ts';
import { FlowProgram } from '../../src/packets/thread/flow-program.ts';
import { shareSlots } from '../../src/packets/thread/slots.ts';
import { type WrittenPacket, writePcap } from '../support/capture-writer.ts';
import { ACK, ethernet, FIN, ipv4, ipv6, PSH, RST, SYN, tcp } from '../support/packet-builder.ts';
import { type Random, random } from '../support/random.ts';
import { newTap, readHere, readInStep, type Times } from '../support/tap-hearing.ts';

const START_US = 1_700_000_000e6;

/** Connections as they are: most packets follow the one before, a few are lost, late, twice, or of another connection. */
function connections(seed: number, packets: number): WrittenPacket[] {
  const draw = random(seed);
  const flows = Array.from({ length: 24 }, (_, host) => ({
    host,
    isWide: host % 4 === 0,
    isMidway: host % 5 === 0,
    // Some go on with text in the middle of which the capture begins.
    opening: host % 10 === 5 ? TEXT : draw.pick(OPENINGS),
    sequences: [draw.below(2 ** 32), draw.below(2 ** 32)],
    sent: 0,
  }));
  let timeUs = START_US;
  return Array.from({ length: packets }, () => {
    const flow = draw.pick(flows);
    timeUs += draw.chance(0.02) ? draw.below(9_000_000) : draw.below(20_000);
    // The clock is set back.
    if (draw.chance(0.004)) timeUs = Math.max(START_US, timeUs - 20_000_000);
    const step = flow.isMidway ? 3 + flow.sent : flow.sent;
    flow.sent++;
    let side = step === 0 ? 0 : step === 1 ? 1 : draw.below(2);
    let flags = step === 0 ? SYN : step === 1 ? SYN | ACK : PSH | ACK;
    let content = (step < 2 && draw.chance(0.9)) || draw.chance(0.3) ? new Uint8Array(0) : flow.opening(draw);
    if (step > 20 && draw.chance(0.02)) flags = draw.pick([FIN | ACK, RST, RST | ACK, FIN, SYN | FIN]);
    if (draw.chance(0.01)) flags = draw.below(64);
    if (draw.chance(0.01)) content = draw.pick(OPENINGS)(draw);
    // The same ends open another connection.
    if (step > 60 && draw.chance(0.03)) {
      flow.sent = 1;
      flow.opening = draw.pick(OPENINGS);
      flow.sequences = [draw.below(2 ** 32), draw.below(2 ** 32)];
      side = 0;
      flags = SYN;
      content = new Uint8Array(0);
    }
    const sequence = (flow.sequences[side] ?? 0) >>> 0;
    const acknowledgement = (flow.sequences[1 - side] ?? 0) >>> 0;
    if (!draw.chance(0.02))
      flow.sequences[side] = (sequence + content.length + ((flags & SYN) === 0 ? 0 : 1)) >>> 0;
    return {
      timeUs: draw.chance(0.02) ? Math.max(START_US, timeUs - draw.below(20_000_000)) : timeUs,
      linkType: 1,
      bytes: packetOf(flow.host, flow.isWide, side, { sequence, acknowledgement, flags }, content),
    };
  });
}

const TEXT = (draw: Random): Uint8Array => Buffer.from(`SSH-2.0-${draw.below(100)}\r\n`);

/** What connections begin with and go on with: of the same kind, and first bytes that look like JSON or POST now and then. */
const OPENINGS: readonly ((draw: Random) => Uint8Array)[] = [
  (draw) => Uint8Array.from([0x17, 3, 3, ...bytesOf(draw, 40)]),
  (draw) => Uint8Array.from([0x16, 3, 1, ...bytesOf(draw, 60)]),
  TEXT,
  (draw) => Uint8Array.from(bytesOf(draw, 1 + draw.below(1200))),
  (draw) => Buffer.from(draw.pick(['{"a":1}\n', '{ no json', 'POST / HTTP/1.1\r\n\r\n', 'Papa', '{', 'P'])),
  () => new Uint8Array(64).fill(0x41),
];

function bytesOf(draw: Random, length: number): number[] {
  return Array.from({ length }, () => draw.below(256));
}

function packetOf(
  host: number,
  isWide: boolean,
  side: number,
  header: { sequence: number; acknowledgement: number; flags: number },
  content: Uint8Array,
): Uint8Array {
  const client = isWide ? `2001:db8::${host + 1}` : `10.0.0.${host + 1}`;
  // Some clients sort before the server, others behind it.
  const server = isWide ? '2001:db8::9' : '10.0.0.9';
  const ports =
    side === 0
      ? { sourcePort: 40_000 + host, destinationPort: 3333 }
      : { sourcePort: 3333, destinationPort: 40_000 + host };
  const ends = side === 0 ? { source: client, destination: server } : { source: server, destination: client };
  return ethernet({}, (isWide ? ipv6 : ipv4)(ends, tcp({ ...ports, ...header }, content))).bytes;
}

/** In captures that fit into a slot each. */
function inParts(packets: readonly WrittenPacket[]): Uint8Array[] {
  const parts = [];
  for (let from = 0; from < packets.length; from += 600) {
    parts.push(writePcap(packets.slice(from, from + 600), { nanoseconds: true }));
  }
  return parts;
}

describe('rows that the program takes', () => {
  it.each([1, 2, 3, 4, 5, 6])('count as the tap counts them (%d)', async (seed) => {
    const captures = inParts(connections(seed, 12_000));
    const { heard, rowShare } = readInStep(captures);
    const here = await readHere(captures);
    expect(heard).toEqual(here.heard);
    expect(here.heard.said.length).toBeGreaterThan(500);
    expect(rowShare).toBeGreaterThan(0.3);
  });

  it('count only where the time is asked for', async () => {
    const captures = inParts(connections(7, 6000));
    const times: Times = { sinceUs: START_US + 100e6, untilUs: START_US + 300e6 };
    const here = await readHere(captures, times);
    expect(readInStep(captures, { times }).heard).toEqual(here.heard);
    expect(here.heard.flows).not.toEqual((await readHere(captures)).heard.flows);
  });

  it('may be of flows that are numbered anew', async () => {
    const captures = inParts(connections(8, 9000));
    const { heard, rowShare } = readInStep(captures, { mostKeys: 10 });
    expect(heard).toEqual((await readHere(captures)).heard);
    expect(rowShare).toBeGreaterThan(0.3);
  });

  it('are most of those of a long connection', () => {
    const packets = Array.from({ length: 1500 }, (_, i) => ({
      timeUs: START_US + i * 1000,
      linkType: 1,
      bytes: packetOf(
        3,
        false,
        i % 2,
        { sequence: i >> 1, acknowledgement: 0, flags: i === 0 ? SYN : ACK },
        Buffer.from('k'),
      ),
    }));
    expect(readInStep(inParts(packets)).rowShare).toBeGreaterThan(0.99);
  });

  it('are none of a tap that follows more flows than there is room for', () => {
    const { observer } = newTap({});
    const program = FlowProgram.of(shareSlots());
    const large = new Tap(observer, { flows: 1 << 21, undecided: 10 });
    const { state } = large.flows;
    expect(program?.follow(large.flows)).toBe(false);
    expect(large.flows.state).toBe(state);
  });
});
