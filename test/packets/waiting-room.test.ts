import { afterEach, describe, expect, it } from 'vitest';
import { setLimits } from '../../src/limits.ts';
import { StreamCounters, TcpStream } from '../../src/packets/stream.ts';
import { WaitingRoom } from '../../src/packets/waiting-room.ts';

const SEGMENT = 1400;

afterEach(() => setLimits({}));

/** Streams of one room, whose first byte is number 0; what they deliver is heard as `stream:bytes` or `stream!missing`. */
class Streams {
  readonly heard: string[] = [];
  readonly streams: TcpStream[];

  constructor(count: number) {
    const room = new WaitingRoom();
    this.streams = Array.from({ length: count }, (_, name) => {
      const listener = {
        payload: (_lane: 0 | 1, _bytes: Uint8Array, from: number, to: number) =>
          this.heard.push(`${name}:${to - from}`),
        gap: (_lane: 0 | 1, missing: number) => this.heard.push(`${name}!${missing}`),
      };
      const stream = new TcpStream(listener, new StreamCounters(), room);
      stream.begin(0, 0);
      return stream;
    });
  }

  send(name: number, sequence: number): void {
    const bytes = new Uint8Array(SEGMENT);
    const packet = { flags: 0, sequence, acknowledgement: 0, bytes, payloadStart: 0 };
    this.streams[name]?.accept(
      0,
      { ...packet, payloadEnd: SEGMENT, payloadBytes: SEGMENT },
      { timeUs: 0, record: 1, input: 0 },
    );
  }
}

describe('segments that wait', () => {
  it('keep waiting as long as all of them have room', () => {
    const made = new Streams(3);
    for (let name = 0; name < 3; name++) made.send(name, SEGMENT);
    expect(made.heard).toEqual([]);
    expect(made.streams.map(({ isWaiting }) => isWaiting)).toEqual([true, true, true]);
  });

  it('are given up by the streams that have waited longest if there is no room', () => {
    setLimits({ waiting: 2 * (SEGMENT + 256) });
    const made = new Streams(3);
    made.send(0, 2 * SEGMENT);
    made.send(1, SEGMENT);
    made.send(2, SEGMENT);
    expect(made.heard).toEqual([`0!${2 * SEGMENT}`, `0:${SEGMENT}`]);
    // The second one no longer waits, so that the third has waited longest.
    made.send(1, 0);
    made.send(0, 4 * SEGMENT);
    made.send(1, 3 * SEGMENT);
    expect(made.heard.slice(2)).toEqual([`1:${SEGMENT}`, `1:${SEGMENT}`, `2!${SEGMENT}`, `2:${SEGMENT}`]);
  });

  it('take no room once nobody listens', () => {
    setLimits({ waiting: 2 * (SEGMENT + 256) });
    const made = new Streams(3);
    for (const name of [0, 1]) {
      made.send(name, SEGMENT);
      made.streams[name]?.forget();
    }
    made.send(2, SEGMENT);
    made.send(2, 3 * SEGMENT);
    expect(made.heard).toEqual([]);
  });
});
