/** The parts of a capture, scanned alone and merged in any order: equal to the whole, but for what crosses a seam. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { AUDIT, AUDIT_SCHEMA, type Audit } from '../../src/audit/audit.ts';
import { auditProblem } from '../../src/audit/schema.ts';
import type { MergePart } from '../../src/merge/parts.ts';
import { jsonSchema } from '../../src/schema/json-schema.ts';
import { type CapturedPacket, readCapture } from '../support/capture-reader.ts';
import { cutsOf, departures, mergeAll, partOf, scanParts, writeParts } from '../support/merging.ts';
import { comparable, differences, scanInputs } from '../support/scanning.ts';
import { writeCapture } from '../support/split.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { laboratory } from '../support/truth.ts';

const folder = temporaryFolder();
const validate = new Ajv2020({ strict: true, strictTypes: 'log', allowUnionTypes: true }).compile(
  jsonSchema(AUDIT, AUDIT_SCHEMA),
);

const captures = laboratory().map(({ name, capture }) => ({
  name,
  packets: readCapture(capture).map((packet) => ({ ...packet, timeUs: Math.floor(packet.timeUs) })),
}));

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

/** The capture, so many seconds later. */
function later(packets: readonly CapturedPacket[], seconds: number): CapturedPacket[] {
  return packets.map((packet) => ({ ...packet, timeUs: packet.timeUs + seconds * 1e6 }));
}

describe.each(captures)('$name', ({ name, packets }) => {
  let scanned: Promise<Audit> | null = null;
  const whole = (): Promise<Audit> => {
    scanned ??= scanInputs([writeCapture(folder, `${name}-whole`, packets)]);
    return scanned;
  };

  it('stays what it is when it is merged with nothing', async () => {
    const merged = await mergeAll([partOf(await whole(), 'whole')]);
    expect(departures(await whole(), merged)).toEqual([]);
    // A second time, too: what a merge leaves for another one is what a scan leaves.
    expect(departures(await whole(), await mergeAll([partOf(merged, 'merged')]))).toEqual([]);
  });

  it('is as the schema says', async () => {
    const audit: unknown = JSON.parse(JSON.stringify(await whole()));
    expect(validate(audit), JSON.stringify(validate.errors)).toBe(true);
    expect(auditProblem(audit)).toBeNull();
  });

  it('has the same hosts, sessions and traffic after a cut anywhere, and nearly the same shares', async () => {
    const [expected] = (await whole()).sessions;
    // With a connection a request, the one that was cut in two has said nothing in either part.
    const relative = name === 'xmr-daemon-solo' ? 0.01 : 1e-9;
    let isJoined = false;
    for (const cut of cutsOf(packets, 6)) {
      const merged = await mergeAll(await scanParts(folder, packets, [cut]));
      const audit = await whole();
      // A part too short to tell anything leaves its connection unknown at the seam.
      const loss = merged.coverage.atSeam;
      if (loss === undefined || loss.joined === 0) continue;
      isJoined = true;
      expect(merged.hosts.map(({ ip, verdict }) => [ip, verdict])).toEqual(
        audit.hosts.map(({ ip, verdict }) => [ip, verdict]),
      );
      expect(merged.sessions.length, `cut at ${cut}`).toBe(audit.sessions.length);
      // A pause between two parts was watched by nobody.
      const { traffic } = (await scanInputs(writeParts(folder, packets, [cut]))).totals;
      expect(differences(traffic, merged.totals.traffic, { timeMs: 0, relative })).toEqual([]);
      const [session] = merged.sessions;
      const off = Math.abs((session?.shares.submitted ?? 0) - (expected?.shares.submitted ?? 0));
      expect(off, `shares, cut at ${cut}`).toBeLessThanOrEqual(1);
      expect(session?.work.unpricedShares).toBeLessThanOrEqual((expected?.work.unpricedShares ?? 0) + 1);
    }
    if (expected !== undefined && expected.dialect !== 'tls') expect(isJoined).toBe(true);
  });
});

describe('parts that no connection crosses', () => {
  // Each capture an hour behind the one before: other connections of other miners.
  const all = captures.map(({ packets }, i) => {
    const [first] = captures[0]?.packets ?? [];
    const own = packets[0]?.timeUs ?? 0;
    return later(packets, i * 3600 + Math.round(((first?.timeUs ?? 0) - own) / 1e6));
  });
  const cuts = all.map((_, i) => all.slice(0, i).reduce((sum, { length }) => sum + length, 0)).slice(1);

  it('are equal to one scan, in any grouping', async () => {
    const packets = all.flat();
    const whole = await scanInputs(writeParts(folder, packets, cuts));
    const parts = await scanParts(folder, packets, cuts);
    const tolerance = { timeMs: 0, relative: 1e-9 };
    expect(departures(whole, await mergeAll(parts), tolerance)).toEqual([]);
    expect(departures(whole, await mergeAll([...parts].reverse()), tolerance)).toEqual([]);
    const even = partOf(await mergeAll(parts.filter((_, i) => i % 2 === 0)), 'even');
    const odd = partOf(await mergeAll(parts.filter((_, i) => i % 2 === 1)), 'odd');
    expect(departures(whole, await mergeAll([odd, even]), tolerance)).toEqual([]);
  });
});

describe('captures of two parts that overlap', () => {
  const { packets = [] } = captures.find(({ name }) => name === 'xmr-many-shares') ?? {};
  const [third, twoThirds] = [1, 2].map((part) => Math.floor((part * packets.length) / 3));
  const told = async (...parts: readonly (readonly CapturedPacket[])[]) => {
    const audits = await Promise.all(
      parts.map(async (part, at) => {
        const file = writeCapture(folder, `overlap-${parts.length}-${part.length}-${at}`, part);
        return partOf(await scanInputs([file]), file);
      }),
    );
    const said = ({ notes }: Audit) => notes.filter(({ code }) => code === 'parts-overlap');
    const [first, middle, last] = audits;
    if (first === undefined || middle === undefined) throw new Error('two parts were wanted');
    if (last === undefined) return said(await mergeAll(audits));
    return said(await mergeAll([partOf(await mergeAll([first, last]), 'outer'), middle]));
  };

  it('are named, as what both hold counts twice', async () => {
    const notes = await told(packets.slice(0, twoThirds), packets.slice(third));
    expect(notes).toMatchObject([{ params: { count: 1 } }]);
  });

  it('hold a session once that both have whole, as one of them has it', async () => {
    const [own, other] = [packets, packets.map((each) => ({ ...each, timeUs: each.timeUs + 3000 }))];
    const parts = await Promise.all(
      [own, other, own.filter((_, i) => i % 50 !== 20)].map(async (part, at) => {
        const file = writeCapture(folder, `probe-${at}`, part);
        return partOf(await scanInputs([file]), file);
      }),
    );
    const alone = await mergeAll(parts.slice(0, 1));
    const said = ({ shares, traffic: { bytesIn, bytesOut } }: Audit['sessions'][number]) => [
      shares,
      bytesIn + bytesOut,
    ];
    const rates = ({ hashrate }: Audit['hosts'][number]) =>
      hashrate.map(({ estimate }) => estimate.toPrecision(4));
    for (const order of [parts, parts.toReversed()]) {
      const { sessions, hosts, notes } = await mergeAll(order);
      expect(notes).toMatchObject([{ code: 'parts-same', params: { count: 2 } }]);
      expect(sessions.map(said)).toEqual(alone.sessions.map(said));
      expect(hosts.map(rates)).toEqual(alone.hosts.map(rates));
    }
  });

  it('keep the rate that one of them knows', async () => {
    const parts = await Promise.all(
      [packets.slice(0, -20), packets.slice(12)].map(async (part, at) => {
        const file = writeCapture(folder, `late-${at}`, part);
        return partOf(await scanInputs([file]), file);
      }),
    );
    const { hosts, notes } = await mergeAll(parts);
    expect(notes).toMatchObject([{ code: 'parts-same' }]);
    expect(hosts[0]?.hashrate.map(({ basis }) => basis)).toContain('shares');
  });

  it('are none if one ends where the other begins, or lies in a gap of it', async () => {
    expect(await told(packets.slice(0, third), packets.slice(third))).toEqual([]);
    const parts = [packets.slice(0, third), packets.slice(third, twoThirds), packets.slice(twoThirds)];
    expect(await told(...parts)).toEqual([]);
  });
});

describe('a session over three parts', () => {
  it('is the same in any order and grouping', async () => {
    const { packets = [] } = captures.find(({ name }) => name === 'xmr-many-shares') ?? {};
    const parts = await scanParts(folder, packets, [
      Math.floor(packets.length / 3),
      Math.floor((2 * packets.length) / 3),
    ]);
    const [inOrder, ...others] = await Promise.all(ordersOf(parts).map((order) => mergeAll(order)));
    if (inOrder === undefined) throw new Error('six orders were wanted');
    expect(inOrder.sessions).toHaveLength(1);
    expect(inOrder.coverage.atSeam?.joined).toBe(2);
    for (const other of others) expect(departures(inOrder, other)).toEqual([]);
    const [a, b, c] = parts;
    if (a === undefined || b === undefined || c === undefined) throw new Error('three parts were wanted');
    const told = ({ sessions, coverage }: Audit) => [
      sessions.map(({ shares, work }) => [shares, work]),
      coverage.atSeam?.joined,
    ];
    for (const grouping of [
      [partOf(await mergeAll([a, b]), 'ab'), c],
      [a, partOf(await mergeAll([b, c]), 'bc')],
    ]) {
      expect(told(await mergeAll(grouping))).toEqual(told(inOrder));
    }
  });
});

describe('several captures', () => {
  it('merge into the audit of one scan of all of them', async () => {
    const files = captures.map(({ name, packets }) => writeCapture(folder, `all-${name}`, packets));
    const whole = await scanInputs(files);
    const parts: MergePart[] = [];
    for (const file of files) parts.push(partOf(await scanInputs([file]), file));
    const merged = await mergeAll(parts);
    const { coverage, ...rest } = merged;
    const { atSeam: _, ...plain } = coverage;
    const bare = { ...rest, coverage: plain };
    expect(differences(comparable(whole), comparable(bare), { timeMs: 0, relative: 1e-9 })).toEqual([]);
    expect(merged.inputs.map(({ path }) => path).sort()).toEqual(whole.inputs.map(({ path }) => path).sort());
  });
});

it('shares whose answer is in the next part are counted at the seam', async () => {
  const { packets } = captures.find(({ name }) => name === 'xmr-plain-vardiff') ?? { packets: [] };
  let most = 0;
  // Between a share and its answer, wherever that is: some cut of so many lies there.
  for (let cut = 20; cut < packets.length && most === 0; cut++) {
    const merged = await mergeAll(await scanParts(folder, packets, [cut]));
    most = merged.coverage.atSeam?.answers ?? 0;
    const waiting = merged.sessions.reduce((sum, { shares }) => sum + shares.unanswered, 0);
    expect(most).toBeLessThanOrEqual(waiting);
  }
  expect(most).toBe(1);
});
