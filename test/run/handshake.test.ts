/** A TLS handshake costs no more than its bytes, in however many segments it comes. */
import { expect, it } from 'vitest';
import type { Judgement } from '../../src/packets/judgements.ts';
import type { PacketEngine } from '../../src/packets/packet-engine.ts';
import type { WrittenPacket } from '../support/capture-writer.ts';
import { conversation } from '../support/conversation.ts';
import { engineOf, Listening, silentStream } from '../support/engine-hearing.ts';
import { ethernet, ipv4, tcp } from '../support/packet-builder.ts';
import { scanInputs } from '../support/scanning.ts';
import { writeCapture } from '../support/split.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { plainHello } from '../support/tls.ts';

/** Hears what was kept of a flow when that ends. */
class Asking extends Listening {
  engine: PacketEngine | null = null;
  readonly kept: string[] = [];

  override flowEnded(flow: number): Judgement {
    const stream = silentStream({
      payload: (direction, _, from, to) => {
        this.kept.push(`${direction}: ${to - from}`);
        return null;
      },
    });
    if (this.engine?.kernel.calls.hasHandshake(flow) === 1) this.engine.readHandshake(flow, stream);
    return 'read';
  }
}

/** What the client says, the first bytes in one segment and each other byte in one of its own. */
async function said(bytes: Uint8Array, first: number): Promise<Asking> {
  const packets: WrittenPacket[] = [];
  for (let at = 0; at < bytes.length; at = at === 0 ? first : at + 1) {
    const frame = ethernet(
      {},
      ipv4({}, tcp({ sequence: at + 1 }, bytes.slice(at, at === 0 ? first : at + 1))),
    ).bytes;
    packets.push({ timeUs: 1_700_000_000e6 + at, linkType: 1, bytes: frame });
  }
  const asking = new Asking();
  asking.engine = await engineOf(packets, asking);
  asking.engine.end();
  return asking;
}

it('a hello in many small segments is kept for a few of them, and then read as it comes', async () => {
  // A handshake record of 16,000 bytes, which never ends.
  const bytes = new Uint8Array(10_000);
  bytes.set([0x16, 3, 1, 0x3e, 0x80, 1]);
  const { said: observed, kept } = await said(bytes, 16);
  expect(observed[0]).toBe('flow 0 opens as plain');
  const pieces = observed.flatMap((text) => /lane 0: (.*)$/s.exec(text)?.[1] ?? []);
  expect(pieces.join('')).toBe(Buffer.from(bytes).toString('latin1'));
  expect(kept).toEqual([]);
});

it('a client whose server is not heard is kept for a few segments', async () => {
  const hello = plainHello('');
  const { said: observed, kept } = await said(Buffer.concat([hello, new Uint8Array(10_000)]), hello.length);
  expect(observed).toEqual([]);
  expect(kept.length).toBeGreaterThan(0);
  expect(kept.length).toBeLessThan(100);
});

it('a hello tells the same in segments of any size', async () => {
  const folder = temporaryFolder();
  const hello = plainHello('xmr-eu1.nanopool.org');
  expect(hello.length).toBeGreaterThan(64);
  const found = [];
  for (const segmentBytes of [8000, 90, 7, 1]) {
    const talk = conversation({ miner: '192.0.2.11:4000', pool: '198.51.100.9:14433' })
      .connect()
      .minerSays(hello)
      .after(1)
      .close();
    const file = writeCapture(folder, `hello-${segmentBytes}`, talk.toPackets({ segmentBytes }));
    const { hosts } = await scanInputs([file]);
    found.push(hosts.map(({ ip, verdict, pools }) => ({ ip, verdict, pools })));
  }
  expect(found[0]).toMatchObject([{ ip: '192.0.2.11' }]);
  for (const each of found) expect(each).toEqual(found[0]);
});
