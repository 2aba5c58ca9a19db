/** The parts of a capture, scanned alone and merged in any order, give the audit of the whole. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import type { Audit } from '../../src/audit/audit.ts';
import { auditProblem, auditSchema } from '../../src/audit/schema.ts';
import type { MergePart } from '../../src/merge.ts';
import { readCapture } from '../support/capture-reader.ts';
import { cutsOf, departures, lostAtSeam, mergeAll, partOf, SUMS, scanParts } from '../support/merging.ts';
import { comparable, differences, scanInputs, type Tolerance } from '../support/scanning.ts';
import { writeCapture } from '../support/split.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { resegmentAtRandom } from '../support/transform.ts';
import { laboratory } from '../support/truth.ts';

const folder = temporaryFolder();
const validate = new Ajv2020({ strict: true, strictTypes: 'log', allowUnionTypes: true }).compile(
  auditSchema(),
);

const captures = laboratory().map(({ name, capture }) => ({
  name,
  packets: readCapture(capture).map((packet) => ({ ...packet, timeUs: Math.floor(packet.timeUs) })),
}));

/**
 * With a connection a request, connections overlap at the seam: the time for which a difficulty was in force is then
 * off by their overlap, some hundred microseconds of a minute.
 */
function toleranceOf(name: string): Tolerance {
  return name === 'xmr-daemon-solo' ? { timeMs: 0, relative: 1e-5 } : SUMS;
}

function ordersOf<T>([a, b, c]: readonly T[]): T[][] {
  if (a === undefined || b === undefined || c === undefined) return [];
  return [
    [a, b, c],
    [a, c, b],
    [b, a, c],
    [b, c, a],
    [c, a, b],
    [c, b, a],
  ];
}

async function together(parts: readonly MergePart[], rowsApart?: number): Promise<MergePart> {
  return partOf(await mergeAll(parts, rowsApart === undefined ? {} : { rowsApart }), 'merged');
}

describe.each(captures)('$name', ({ name, packets }) => {
  const tolerance = toleranceOf(name);
  let scanned: Promise<Audit> | null = null;
  const whole = (): Promise<Audit> => {
    scanned ??= scanInputs([writeCapture(folder, `${name}-whole`, packets)]);
    return scanned;
  };

  it('stays what it is when it is merged with nothing', async () => {
    const merged = await mergeAll([partOf(await whole(), 'whole')]);
    expect(departures(await whole(), merged)).toEqual([]);
  });

  it('carries edges that the schema knows', async () => {
    const audit: unknown = JSON.parse(JSON.stringify(await whole()));
    expect(validate(audit), JSON.stringify(validate.errors)).toBe(true);
    expect(auditProblem(audit)).toBeNull();
  });

  it('is whole again after a cut anywhere', async () => {
    let lost = 0;
    for (const cut of cutsOf(packets, 10)) {
      const merged = await mergeAll(await scanParts(folder, packets, [cut]));
      expect(departures(await whole(), merged, tolerance), `cut at ${cut}`).toEqual([]);
      lost += Math.min(1, lostAtSeam(merged));
    }
    // Cuts inside of messages that cannot be joined are few, or the tests above would say nothing.
    expect(lost).toBeLessThanOrEqual(2);
  });

  it('is whole again out of three parts, in any order and grouping', async () => {
    for (const [first, second] of [
      [Math.floor(packets.length / 3), Math.floor((2 * packets.length) / 3)],
      [2, Math.floor(packets.length / 2)],
    ] as const) {
      const parts = await scanParts(folder, packets, [first, second]);
      for (const order of ordersOf(parts)) {
        expect(departures(await whole(), await mergeAll(order), tolerance)).toEqual([]);
      }
      const [a, b, c] = parts;
      if (a === undefined || b === undefined || c === undefined) throw new Error('three parts were wanted');
      for (const grouping of [
        [await together([a, b]), c],
        [a, await together([b, c])],
        // Joined for good, as many scans are.
        [await together([a, b], 0), c],
        [a, await together([c, b], 0)],
        // A part that lies between two that were merged without it.
        [await together([a, c]), b],
        [await together([await together([c, a])]), await together([b])],
      ]) {
        expect(departures(await whole(), await mergeAll(grouping), tolerance)).toEqual([]);
      }
    }
  });
});

describe('a cut inside of a message', () => {
  const sessions = captures.filter(({ name }) => !['ltc-cpuminer-multi', 'xmr-tls'].includes(name));
  it.each(sessions)('is joined, or counted as damage ($name)', async ({ name, packets }) => {
    const segments = resegmentAtRandom(packets, 21, 40);
    const whole = await scanInputs([writeCapture(folder, `${name}-segments`, segments)]);
    let joined = 0;
    let lost = 0;
    for (const cut of cutsOf(segments, 16)) {
      const merged = await mergeAll(await scanParts(folder, segments, [cut]));
      expect(departures(whole, merged, toleranceOf(name)), `cut at ${cut}`).toEqual([]);
      if (lostAtSeam(merged) > 0) lost++;
      else joined++;
    }
    // What may be the rest of a password is blotted out, so that many are lost; but never most of them.
    expect(joined * 2).toBeGreaterThan(lost);
  });
});

describe('several captures', () => {
  it('merge into the audit of one scan of all of them', async () => {
    const files = captures.map(({ name, packets }) => writeCapture(folder, `all-${name}`, packets));
    const whole = await scanInputs(files);
    const parts: MergePart[] = [];
    for (const file of files) parts.push(partOf(await scanInputs([file]), file));
    const merged = await mergeAll(parts);
    expect(differences(comparable(whole), comparable(merged), { timeMs: 0, relative: 1e-9 })).toEqual([]);
    expect(merged.inputs.map(({ path }) => path).sort()).toEqual(whole.inputs.map(({ path }) => path).sort());
  });
});
