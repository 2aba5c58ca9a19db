/** A tap gives a file for each direction. Read side by side they are what one capture of both is, however each file rotates. */
import { describe, expect, it } from 'vitest';
import type { CapturedPacket } from '../support/capture-reader.ts';
import { readCapture } from '../support/capture-reader.ts';
import { differences, essence, scanInputs, type Tolerance } from '../support/scanning.ts';
import { writeCapture } from '../support/split.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { laboratory } from '../support/truth.ts';

/** Times are rounded to whole microseconds. */
const SAME: Tolerance = { timeMs: 0.001, relative: 1e-6 };
const folder = temporaryFolder('tap');
/** Plain IPv4 over Ethernet; behind a proxy two connections share an end. */
const CAPTURES = ['xmr-plain-vardiff', 'btc-v1-full', 'eth-proxy', 'zec-zip301'];

/** The source port of a segment over IPv4 and Ethernet is the larger one: it is a client's. */
function isUpward({ bytes }: CapturedPacket): boolean {
  const at = 14 + (bytes[14] & 15) * 4;
  const portAt = (offset: number): number => bytes[at + offset] * 256 + bytes[at + offset + 1];
  return portAt(0) > portAt(2);
}

function inParts(name: string, packets: readonly CapturedPacket[], parts: number): string[] {
  const each = Math.ceil(packets.length / parts);
  return Array.from({ length: parts }, (_, i) =>
    writeCapture(folder, `${name}-${i}`, packets.slice(i * each, (i + 1) * each)),
  );
}

describe('a file for each direction', () => {
  for (const { name, capture } of laboratory().filter((truth) => CAPTURES.includes(truth.name))) {
    const packets = readCapture(capture);
    const up = packets.filter(isUpward);
    const down = packets.filter((packet) => !isUpward(packet));

    it.each([
      [1, 1],
      [3, 2],
      [1, 12],
    ])(`is one capture of ${name}, in %i and %i files`, async (ups, downs) => {
      const whole = await scanInputs([writeCapture(folder, `${name}-whole`, packets)]);
      const files = [...inParts(`${name}-up`, up, ups), ...inParts(`${name}-down`, down, downs)];
      const found = await scanInputs(files);
      expect(differences(essence(whole), essence(found), SAME)).toEqual([]);
      expect(found.inputs.map((input) => input.packets).reduce((sum = 0, n = 0) => sum + n)).toBe(
        packets.length,
      );
      // Evidence cites the packet in the file that holds it.
      for (const { evidence } of found.hosts)
        for (const { input, record, time } of evidence) {
          if (input == null || record == null || time == null) continue;
          const file = readCapture(input);
          expect(Math.abs(file[record - 1].timeUs - Date.parse(time) * 1000)).toBeLessThan(1000);
        }
    });

    it(`is one capture of ${name}, beside files of both directions, of one clock or two`, async () => {
      const file = (what: string, of: readonly CapturedPacket[], aheadUs = 0): string => {
        const moved = of.map((packet) => ({ ...packet, timeUs: packet.timeUs + aheadUs }));
        return writeCapture(folder, `${name}-${what}`, moved);
      };
      const whole = await scanInputs([file('all', packets)]);
      const third = Math.ceil(packets.length / 3);
      for (const files of [
        [
          file('up', up),
          file('first', packets.slice(0, 2 * third)),
          file('down', down),
          file('last', packets.slice(third)),
        ],
        [file('up', up), file('ahead', packets, 2_500_000)],
        [
          file('down', down),
          file('up', up),
          file('down-ahead', down, 2_500_000),
          file('up-ahead', up, 2_500_000),
        ],
      ]) {
        const { sessions, totals } = await scanInputs(files);
        expect(sessions.map(({ shares }) => shares)).toEqual(whole.sessions.map(({ shares }) => shares));
        expect(totals.hashrate.map(({ estimate }) => estimate)).toEqual(
          whole.totals.hashrate.map(({ estimate }) => estimate),
        );
        const { bytesOut, bytesIn } = whole.totals.traffic;
        // Acknowledgements without payload may count once more or less.
        expect(Math.abs(totals.traffic.bytesOut - bytesOut)).toBeLessThan(0.02 * bytesOut);
        expect(Math.abs(totals.traffic.bytesIn - bytesIn)).toBeLessThan(0.02 * bytesIn);
      }
    });
  }
});

it('a capture of another probe that begins between those of a tap parts them not', async () => {
  const [tapped, other] = ['btc-v1-full', 'zec-zip301'].map((name) =>
    readCapture(laboratory().find((truth) => truth.name === name)?.capture ?? ''),
  );
  const [{ timeUs: startUs }] = tapped;
  const up = writeCapture(folder, 'parted-up', tapped.filter(isUpward));
  const down = writeCapture(
    folder,
    'parted-down',
    tapped.filter((packet) => !isUpward(packet)),
  );
  const byUs = startUs + 1 - other[0].timeUs;
  const probe = writeCapture(
    folder,
    'parted-probe',
    other.map((packet) => ({ ...packet, timeUs: packet.timeUs + byUs })),
  );
  const whole = writeCapture(folder, 'parted-whole', tapped);
  const [together, parted] = [await scanInputs([whole, probe]), await scanInputs([up, probe, down])];
  expect(parted.inputs[1].path).toBe(probe);
  const sharesOf = ({ sessions }: typeof together) =>
    sessions.map(({ miner, shares, work }) => ({ miner, shares, work }));
  expect(sharesOf(parted)).toEqual(sharesOf(together));
});
