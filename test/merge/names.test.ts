/** A pool's name that one part of a capture learns reaches the connections of the parts behind it. */
import { describe, expect, it } from 'vitest';
import type { CapturedPacket } from '../support/capture-reader.ts';
import { conversation } from '../support/conversation.ts';
import { dnsLookup } from '../support/dns-answer.ts';
import { departures, mergeAll, partOf, scanParts, writeParts } from '../support/merging.ts';
import { ethernet, ipv4Fragments, udp } from '../support/packet-builder.ts';
import { random } from '../support/random.ts';
import { scanInputs } from '../support/scanning.ts';
import { writeCapture } from '../support/split.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { textsOf } from '../support/texts.ts';
import { plainHello, sealedPackets } from '../support/tls.ts';

const folder = temporaryFolder();
const POOL = 'gulf.moneroocean.stream';
const SERVER = '198.51.100.77';
const JOB = {
  blob: `1010${'0'.repeat(148)}`,
  job_id: 'j1',
  target: 'b88d0600',
  algo: 'rx/0',
  seed_hash: '0'.repeat(64),
};

/** A session with a server that the miner calls nothing but by its address. */
function mining(startUs: number, port: number): CapturedPacket[] {
  return conversation({ miner: `192.0.2.77:${port}`, pool: `${SERVER}:10128`, startUs })
    .connect()
    .minerSays({
      id: 1,
      jsonrpc: '2.0',
      method: 'login',
      params: { login: 'bob', pass: 'x', agent: 'XMRig/6.21.0' },
    })
    .poolReplies({ error: null, result: { id: '9c', job: JOB, status: 'OK' } })
    .after(7)
    .minerSays({
      id: 2,
      jsonrpc: '2.0',
      method: 'submit',
      params: { id: '9c', job_id: 'j1', nonce: '0a0b0c0d', result: 'ab'.repeat(32) },
    })
    .poolReplies({ error: null, result: { status: 'OK' } })
    .close()
    .toPackets();
}

describe('a name learned in one part', () => {
  const startUs = 1_790_000_000_000_000;
  const packets = [
    ...dnsLookup({ name: POOL, to: '192.0.2.77', timeUs: startUs - 5_000_000 }),
    ...mining(startUs, 40_001),
    ...mining(startUs + 600e6, 40_002),
  ];

  it('reaches the sessions of the next ones', async () => {
    const half = 2 + (packets.length - 2) / 2;
    const whole = await scanInputs(writeParts(folder, packets, [2, half]));
    expect(whole.sessions.map(({ pool }) => pool.names)).toEqual([[POOL], [POOL]]);
    const [first, second, third] = await scanParts(folder, packets, [2, half]);
    if (first === undefined || second === undefined || third === undefined) throw new Error('three parts');
    expect((await second.read()).sessions.map(({ pool }) => pool.names)).toEqual([[]]);
    expect(departures(whole, await mergeAll([first, second, third]))).toEqual([]);
    // Told in the input that it was read from, also if that is the second of the merge.
    const other = await scanParts(folder, mining(startUs - 900e6, 40_000), []);
    expect((await mergeAll([...other, first])).merge?.names).toMatchObject([
      { ip: SERVER, name: POOL, input: 1 },
    ]);
    const behind = partOf(await mergeAll([second, third]), 'behind');
    expect(departures(whole, await mergeAll([behind, first]))).toEqual([]);
  });
});

describe('a datagram whose fragments lie on both sides of a seam', () => {
  it('is not joined, which both parts count and the merged audit says', async () => {
    const [packet] = sealedPackets([], random(1), { hello: plainHello('office.example') });
    if (packet === undefined) throw new Error('a packet was wanted');
    const pieces = ipv4Fragments(
      { source: '192.0.2.1', destination: '198.51.100.1', id: 7 },
      udp({ sourcePort: 40_000, destinationPort: 9 }, new Uint8Array(2000)),
      1200,
    ).map((piece, i) => {
      const { bytes } = ethernet({}, piece);
      return { timeUs: packet.timeUs + i * 1000, bytes, wireBytes: bytes.length, linkType: 1 };
    });
    expect(pieces.length).toBe(2);
    const whole = await scanInputs([writeCapture(folder, 'fragments', pieces)]);
    const merged = await mergeAll(await scanParts(folder, pieces, [1]));
    expect(whole.coverage.decoded.packets).toBe(1);
    expect(merged.coverage.decoded.packets).toBe(0);
    expect(textsOf(merged.notes)).toEqual(['fragments: 1 incomplete datagrams, 0 overlaps, 0 malformed']);
  });
});
