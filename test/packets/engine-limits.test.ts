/** Tables that are full: who goes first, whatever the times are, and that it is counted. */
import { describe, expect, it } from 'vitest';
import type { WrittenPacket } from '../support/capture-writer.ts';
import { engineOf, Listening } from '../support/engine-hearing.ts';
import { ACK, ethernet, ipv4, PSH, SYN, tcp } from '../support/packet-builder.ts';

const START_US = 1_700_000_000e6;
const FLOWS = 64;

interface Talk {
  readonly port: number;
  readonly seconds: number;
  readonly isAnswer?: boolean;
  readonly flags?: number;
  readonly sequence?: number;
  readonly text?: string;
}

function packetOf({
  port,
  seconds,
  isAnswer = false,
  flags = SYN,
  sequence = 1,
  text = '',
}: Talk): WrittenPacket {
  const [client, server] = ['10.0.0.1', '192.0.2.1'];
  const ends = isAnswer ? { source: server, destination: client } : { source: client, destination: server };
  const ports = isAnswer
    ? { sourcePort: 3333, destinationPort: port }
    : { sourcePort: port, destinationPort: 3333 };
  const frame = ethernet({}, ipv4(ends, tcp({ ...ports, flags, sequence }, text)));
  return { timeUs: START_US + seconds * 1e6, linkType: 1, bytes: frame.bytes };
}

/** Connections of one packet each, so many seconds from the start. */
function openings(count: number, firstPort: number, seconds: (index: number) => number): WrittenPacket[] {
  return Array.from({ length: count }, (_, i) => packetOf({ port: firstPort + i, seconds: seconds(i) }));
}

/** A connection in which both sides have spoken. */
function talk(port: number, seconds: number, text: string): WrittenPacket[] {
  return [
    packetOf({ port, seconds }),
    packetOf({ port, seconds, isAnswer: true, flags: SYN | ACK }),
    packetOf({ port, seconds, flags: PSH | ACK, sequence: 2, text }),
    packetOf({ port, seconds, isAnswer: true, flags: PSH | ACK, sequence: 2, text: 'yes' }),
  ];
}

function ended(said: readonly string[]): number[] {
  return said.flatMap((text) => (/^flow (\d+) ends$/.exec(text)?.[1] ?? []).valueOf()).map(Number);
}

describe('a full table of flows', () => {
  it('lets the longest idle go first, and never holds more than it may', async () => {
    const observer = new Listening();
    const engine = await engineOf(
      [...openings(FLOWS, 5000, (i) => i * 100), ...openings(10, 6000, () => FLOWS * 100)],
      observer,
      { flows: FLOWS },
    );
    expect(engine.kernel.counts.packets).toBe(FLOWS + 10);
    expect(engine.kernel.control.evictedFlows).toBeGreaterThan(0);
    const gone = ended(observer.said);
    expect(gone.length).toBe(engine.kernel.control.evictedFlows);
    expect(Math.max(...gone)).toBeLessThan(FLOWS - 1);
    engine.end();
    expect(ended(observer.said).length).toBe(FLOWS + 10);
  });

  it('makes room where all others are later: captures overlap, and clocks are set back', async () => {
    const observer = new Listening();
    const engine = await engineOf(
      [...openings(FLOWS, 5000, (i) => 100 + i), ...openings(40, 6000, () => 1)],
      observer,
      { flows: FLOWS },
    );
    expect(engine.kernel.counts.packets).toBe(FLOWS + 40);
    const gone = ended(observer.said).length;
    expect(engine.kernel.control.evictedFlows).toBe(gone);
    expect(FLOWS + 40 - gone).toBeLessThanOrEqual(FLOWS);
  });

  it('gives up those without an answer before an old connection that both sides keep', async () => {
    const observer = new Listening(['pool.example'], () => 'foreign');
    const engine = await engineOf(
      [...talk(4000, 0, 'hello'), ...openings(10 * FLOWS, 5000, (i) => 1000 + i * 0.001)],
      observer,
      { flows: FLOWS },
    );
    expect(engine.kernel.control.evictedFlows).toBeGreaterThan(8 * FLOWS);
    // The old one was the first.
    expect(observer.said.filter((text) => text === 'flow 0 ends')).toEqual([]);
  });

  it('never gives up a connection that mines for others', async () => {
    const observer = new Listening([], (payloads) => (payloads > 0 ? 'mining' : 'undecided'));
    const noise = Array.from({ length: 4 * FLOWS }, (_, i) => talk(5000 + i, 1000 + i, 'noise')).flat();
    const engine = await engineOf([...talk(4000, 0, '{"id":1}'), ...noise], observer, { flows: FLOWS });
    expect(engine.kernel.control.evictedFlows).toBeGreaterThan(FLOWS);
    expect(observer.said).not.toContain('flow 0 closes');
  });
});

describe('too many candidates that nobody can tell', () => {
  it('give way to new ones, those without an answer first', async () => {
    const observer = new Listening();
    const undecided = 16;
    const old = talk(4000, 0, '{"id":1}');
    const noise = Array.from({ length: 4 * undecided }, (_, i) =>
      packetOf({ port: 5000 + i, seconds: 1 + i, flags: PSH | ACK, text: '{' }),
    );
    const engine = await engineOf([...old, ...noise, ...talk(6000, 100, '{"id":2}')], observer, {
      undecided,
    });
    expect(engine.kernel.control.crowdedOut).toBeGreaterThan(2 * undecided);
    // The first and the last were candidates, and are still observed.
    expect(observer.said).toContain('flow 0 opens as plain');
    expect(observer.said).not.toContain('flow 0 closes');
    expect(observer.said).toContain(`flow ${4 * undecided + 1} lane 0: {"id":2}`);
  });
});
