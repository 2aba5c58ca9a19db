/** A TLS greeting costs no more than its bytes, in however many segments it comes. */
import { expect, it } from 'vitest';
import { HELLO_INCOMPLETE, HELLO_STAYS } from '../../src/packets/flow-table.ts';
import { Greeting } from '../../src/survey/greeting.ts';
import type { Piece } from '../../src/survey/kept-opening.ts';
import { conversation } from '../support/conversation.ts';
import { scanInputs } from '../support/scanning.ts';
import { writeCapture } from '../support/split.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { plainHello } from '../support/tls.ts';

/** A handshake record of 16,000 bytes, of which so many come, one a segment; `judged` is what is said of it. */
function greeted(count: number, judged: number) {
  const told = { looks: 0, bytesOtherwise: 0, pieces: [] as readonly Piece[] };
  const other = {
    standing: 'undecided' as const,
    payload: (_: number, __: Uint8Array, from: number, to: number): void => {
      told.bytesOtherwise += to - from;
    },
    gap: () => {},
    end: () => {},
  };
  const greeting = new Greeting(1, {
    otherwise: () => other,
    judgeHello: () => {
      told.looks++;
      return judged;
    },
    greetedInClear: (_, pieces) => {
      told.pieces = pieces;
    },
  });
  const bytes = new Uint8Array(count);
  bytes.set([0x16, 3, 1, 0x3e, 0x80]);
  for (let at = 0; at < count && greeting.standing === 'undecided'; at++)
    greeting.payload(0, bytes, at, at + 1, { timeUs: at, record: at + 1, input: 0 });
  return told;
}

it('a hello in many small segments is looked at a few times, and then read as it comes', () => {
  const { looks, bytesOtherwise } = greeted(10_000, HELLO_INCOMPLETE);
  expect(looks).toBeLessThan(100);
  expect(bytesOtherwise).toBe(10_000);
});

it('a client whose server is not heard is kept for a few segments', () => {
  const { pieces } = greeted(10_000, HELLO_STAYS);
  expect(pieces.length).toBeGreaterThan(0);
  expect(pieces.length).toBeLessThan(100);
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
