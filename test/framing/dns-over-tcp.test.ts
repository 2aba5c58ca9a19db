/** Length-framed DNS messages out of the bytes of a direction, however they are split. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DNS_MESSAGE_LIMIT, DnsReader } from '../../src/framing/dns-over-tcp.ts';
import { concat } from '../support/packet-builder.ts';

const framed = (body: Uint8Array): Uint8Array =>
  concat(Uint8Array.of(body.length >> 8, body.length & 0xff), body);
const body = (length: number, fill: number): Uint8Array => new Uint8Array(length).fill(fill);

function read(pieces: readonly Uint8Array[]): { messages: string[]; lost: boolean } {
  const messages: string[] = [];
  const direction = new DnsReader(0, {
    message: (_, bytes, from, to) => messages.push(Buffer.from(bytes.subarray(from, to)).toString('hex')),
  });
  for (const piece of pieces) direction.push(piece, 0, piece.length);
  return { messages, lost: direction.lost };
}

describe('DNS over TCP', () => {
  const bodies = [body(12, 1), body(300, 2), body(40, 3)];
  const stream = concat(...bodies.map(framed));
  const expected = bodies.map((bytes) => Buffer.from(bytes).toString('hex'));

  it('has its messages one after another, split at any byte', () => {
    for (let at = 0; at <= stream.length; at++) {
      expect(read([stream.subarray(0, at), stream.subarray(at)]).messages).toEqual(expected);
    }
    expect(read([...stream].map((byte) => Uint8Array.of(byte))).messages).toEqual(expected);
  });

  it('passes over a message that is too long and goes on behind it', () => {
    const long = framed(body(DNS_MESSAGE_LIMIT + 1, 9));
    const pieces = [long.subarray(0, 500), long.subarray(500), framed(body(12, 1))];
    expect(read(pieces).messages).toEqual([Buffer.from(body(12, 1)).toString('hex')]);
  });

  it('is lost at a message that is shorter than a header', () => {
    expect(read([Uint8Array.of(0, 3, 1, 2, 3), stream])).toEqual({ messages: [], lost: true });
  });

  it('takes any bytes', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 100 }), { maxLength: 20 }), (pieces) => {
        for (const message of read(pieces).messages) expect(message.length).toBeGreaterThanOrEqual(24);
      }),
      { seed: 3, numRuns: 500 },
    );
  });
});
