/** What merges, what is refused, and what becomes of audits that were made fit to share. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Audit } from '../../src/audit/audit.ts';
import { MinesweepError } from '../../src/errors.ts';
import type { MergePart } from '../../src/merge.ts';
import { pseudonymizeAudit } from '../../src/pseudonyms/audit.ts';
import { createPseudonymizer } from '../../src/pseudonyms/pseudonymizer.ts';
import { readCapture } from '../support/capture-reader.ts';
import { REPO_ROOT } from '../support/corpus.ts';
import { cutsOf, departures, lostAtSeam, mergeAll, partOf, SUMS, scanParts } from '../support/merging.ts';
import { comparable, differences, scanInputs } from '../support/scanning.ts';
import { writeCapture } from '../support/split.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { resegmentAtRandom } from '../support/transform.ts';
import { laboratoryCapture } from '../support/truth.ts';

const folder = temporaryFolder();

function packetsOf(name: string) {
  const packets = readCapture(laboratoryCapture(name).capture);
  return packets.map((packet) => ({ ...packet, timeUs: Math.floor(packet.timeUs) }));
}

async function failure(parts: readonly MergePart[]): Promise<unknown> {
  const error: unknown = await mergeAll(parts).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof MinesweepError)) return error;
  return { code: error.code, where: error.where, message: error.message };
}

const file = (name: string): string => laboratoryCapture(name).capture;

describe('the same input', () => {
  it('counts once where an audit is named twice, which is told', async () => {
    const audit = await scanInputs([file('xmr-plain-vardiff')]);
    const told: string[] = [];
    const merged = await mergeAll([partOf(audit, 'a.json'), partOf(audit, 'copy.json')], {
      log: (level, message) => told.push(`${level}: ${message}`),
    });
    expect(departures(audit, merged)).toEqual([]);
    expect(merged.inputs.length).toBe(1);
    expect(told).toEqual(['warn: copy.json: left out, its inputs are those of a.json']);
  });

  it('is known by its hash under another name', async () => {
    const audit = await scanInputs([file('xmr-plain-vardiff')], { hash: true });
    const moved = { ...audit, inputs: audit.inputs.map((input) => ({ ...input, path: 'elsewhere.pcap' })) };
    expect((await mergeAll([partOf(audit, 'a'), partOf(moved, 'b')])).inputs.length).toBe(1);
  });

  it('is refused where two audits have it among others', async () => {
    const one = await scanInputs([file('xmr-plain-vardiff'), file('btc-minerd')]);
    const other = await scanInputs([file('xmr-plain-vardiff'), file('eth-proxy')]);
    expect(await failure([partOf(one, 'one.json'), partOf(other, 'other.json')])).toEqual({
      code: 'FILE_INVALID',
      where: 'other.json',
      message: `holds the same input as one.json: ${file('xmr-plain-vardiff')}`,
    });
  });
});

describe('a table of names', () => {
  const [startUs = 0] = packetsOf('xmr-tls').map(({ timeUs }) => timeUs);
  const time = new Date(startUs / 1000).toISOString();
  const names = path.join(folder, 'names.csv');
  const pool = laboratoryCapture('xmr-tls').pool.ip;

  it('may be given with every part', async () => {
    writeFileSync(names, `time,name,address,client\n${time},pool.supportxmr.com,${pool},192.0.2.200\n`);
    const packets = packetsOf('xmr-tls');
    const options = { nameFiles: [names], hash: true };
    const whole = await scanInputs([writeCapture(folder, 'named-whole', packets)], options);
    expect(whole.inputs.map(({ kind, flows }) => [kind, flows])).toContainEqual(['name-table', 0]);
    expect(whole.hosts.map(({ ip }) => ip)).toContain('192.0.2.200');
    const merged = await mergeAll(await scanParts(folder, packets, cutsOf(packets, 3), options));
    expect(departures(whole, merged)).toEqual([]);
  });
});

describe('a part that lies between parts that were merged without it', () => {
  const thirds = (name: string): Promise<MergePart[]> => {
    const packets = packetsOf(name);
    return scanParts(folder, packets, [Math.floor(packets.length / 3), Math.floor((2 * packets.length) / 3)]);
  };
  /** As the audit of many scans: they are not carried side by side. */
  const joined = async (parts: readonly MergePart[]): Promise<MergePart> =>
    partOf(await mergeAll(parts, { rowsApart: 0 }), 'joined.json');

  it.each(['xmr-many-shares', 'xmr-tls', 'xmr-daemon-solo'])(
    'is refused where they were joined for good and its connections are theirs (%s)',
    async (name) => {
      const [a, b, c] = await thirds(name);
      if (a === undefined || b === undefined || c === undefined) throw new Error('three parts were wanted');
      expect(await failure([await joined([a, c]), b])).toEqual({
        code: 'FILE_INVALID',
        where: b.where,
        message: 'goes on with connections of joined.json, between parts that were merged without it',
      });
    },
  );

  it('fits in where its connections are others: two sensors, each with audits of its own', async () => {
    const [a, b, c] = await thirds('xmr-many-shares');
    const [d, e, f] = await thirds('xmr-plain-vardiff');
    const parts = [a, b, c, d, e, f].filter((part) => part !== undefined);
    const whole = await mergeAll(parts);
    const merged = await mergeAll([await joined(parts.slice(0, 3)), await joined(parts.slice(3))]);
    expect(departures(whole, merged)).toEqual([]);
    expect(merged.inputs.length).toBe(6);
  });
});

describe('an audit', () => {
  it('without edges is refused, with the advice to scan again', async () => {
    const { edges: _, ...bare } = await scanInputs([file('btc-minerd')]);
    expect(await failure([partOf(bare, 'old.json')])).toEqual({
      code: 'FILE_INVALID',
      where: 'old.json',
      message: 'this audit carries nothing to merge it by',
    });
  });

  it('that is partial makes the whole partial', async () => {
    const audit = await scanInputs([file('btc-minerd')]);
    const merged = await mergeAll([
      partOf({ ...audit, partial: true }, 'a'),
      partOf(await scanInputs([file('eth-proxy')]), 'b'),
    ]);
    expect(merged.partial).toBe(true);
  });

  it('of nothing adds nothing', async () => {
    const audit = await scanInputs([file('btc-minerd')]);
    const empty = await scanInputs([writeCapture(folder, 'empty', [])]);
    expect(departures(audit, await mergeAll([partOf(empty, 'e'), partOf(audit, 'a')]))).toEqual([]);
  });

  it('keeps its damage and its own networks', async () => {
    const local = ['198.51.100.0/24'];
    const whole = await scanInputs([file('btc-minerd')], { local });
    const merged = await mergeAll([partOf(whole, 'a')]);
    expect(merged.hosts.map(({ ip, roles }) => ({ ip, roles }))).toEqual(
      whole.hosts.map(({ ip, roles }) => ({ ip, roles })),
    );
    expect(merged.inputs).toEqual(whole.inputs);
  });
});

describe('rows that lists cannot hold', () => {
  it('are passed over, whatever an audit was made to say', async () => {
    const audit = await scanInputs([file('xmr-nicehash-midsession')]);
    const edges = audit.edges;
    if (edges === undefined) throw new Error('no edges');
    const [flow] = edges.flows;
    if (flow === undefined) throw new Error('no flow');
    const hostile: Audit = {
      ...audit,
      edges: {
        ...edges,
        flows: [
          { ...flow, ends: [...flow.ends].slice(0, 1) as never },
          { ...flow, bytes: [] },
          { ...flow, ends: [{ ip: 'no address', port: 1 }, flow.ends[1]] },
          { ...flow, session: 99, isMidway: false, dialect: 'none of ours' },
          { ...flow, head: ['1 24 0 0 65535 0 0 0 ', '0 24 2147483648 -1 9 1e300 0 0 AAAAAAAAAAAA'] },
        ],
        sessions: [],
      },
    };
    const merged = await mergeAll([partOf(hostile, 'hostile')]);
    expect(merged.inputs.length).toBe(1);
  });
});

/** Shares and traffic of all sessions. */
function sums({ sessions, totals }: Audit): unknown {
  const sum = { submitted: 0, accepted: 0, rejected: 0, stale: 0 };
  for (const { shares } of sessions) {
    sum.submitted += shares.submitted;
    sum.accepted += shares.accepted;
    sum.rejected += shares.rejected;
    sum.stale += shares.stale;
  }
  return { sum, traffic: totals.traffic, hosts: totals.hosts, sessions: sessions.length };
}

describe('connections of which little is carried', () => {
  // No more than the last messages, so that the rest comes out of sums. A share of ZIP 301 alone has 2.9 kB: what has
  // begun is kept beyond the limit.
  it.each([
    { name: 'xmr-many-shares', edgeBytes: 1024 },
    { name: 'btc-v1-full', edgeBytes: 1024 },
    { name: 'eth-proxy', edgeBytes: 1024 },
    { name: 'zec-zip301', edgeBytes: 1024 },
    { name: 'xmr-plain-vardiff', edgeBytes: 1024 },
  ])('have the same shares, work and difficulties out of parts ($name)', async ({ name, edgeBytes }) => {
    const packets = packetsOf(name);
    const whole = await scanInputs([writeCapture(folder, `${name}-whole`, packets)]);
    for (const parts of [2, 3, 5]) {
      const cuts = Array.from({ length: parts - 1 }, (_, i) =>
        Math.floor(((i + 1) * packets.length) / parts),
      );
      const merged = await mergeAll(await scanParts(folder, packets, cuts, { edgeBytes }));
      expect(lostAtSeam(merged)).toBeLessThanOrEqual(1);
      if (lostAtSeam(merged) > 0) continue;
      expect(sums(merged)).toEqual(sums(whole));
      const told = ({ work, difficulty, logins, algorithm, activeSeconds }: Audit['sessions'][number]) => ({
        ...{ work, difficulty, logins, algorithm, activeSeconds },
      });
      expect(
        differences(whole.sessions.map(told), merged.sessions.map(told), { ...SUMS, relative: 1e-9 }),
      ).toEqual([]);
    }
  });
});

describe('a message longer than what is carried', () => {
  it.each(['zec-zip301', 'btc-v1-full'])('is joined or counted wherever it is cut (%s)', async (name) => {
    const segments = resegmentAtRandom(packetsOf(name), 7, 600);
    const whole = await scanInputs([writeCapture(folder, `${name}-long`, segments)]);
    let joined = 0;
    for (const cut of cutsOf(segments, 24)) {
      const merged = await mergeAll(await scanParts(folder, segments, [cut], { edgeBytes: 256 }));
      if (lostAtSeam(merged) > 0) continue;
      joined++;
      expect(sums(merged), `cut at ${cut}`).toEqual(sums(whole));
    }
    expect(joined).toBeGreaterThan(12);
  });
});

describe('an audit made fit to share', () => {
  const key = Buffer.from('a key of thirty-two bytes, or so');
  const names = () => createPseudonymizer({ key, accounts: true, addresses: true });

  it('carries no packets, and merges into the shared audit of the whole where no message crosses the seam', async () => {
    const packets = packetsOf('xmr-many-shares');
    const quiet = packets.findIndex(
      (packet, i) => i > packets.length / 2 && packet.timeUs - (packets[i - 1]?.timeUs ?? 0) > 100_000,
    );
    const parts = await scanParts(folder, packets, [quiet], { sealed: true });
    const shared: MergePart[] = [];
    for (const part of parts) {
      const audit = pseudonymizeAudit(await part.read(), names());
      const text = JSON.stringify(audit);
      expect(audit.edges?.flows.flatMap(({ head, tail }) => [...head, ...tail])).toEqual([]);
      expect(text).not.toContain(laboratoryCapture('xmr-many-shares').account);
      expect(text).not.toContain('192.0.2.');
      shared.push(partOf(audit, part.where));
    }
    const whole = pseudonymizeAudit(
      await scanInputs([writeCapture(folder, 'shared-whole', packets)]),
      names(),
    );
    const merged = await mergeAll(shared, { sealed: true });
    expect(sums(merged)).toEqual(sums(whole));
    expect(merged.hosts.map(({ ip, workers }) => ({ ip, workers }))).toEqual(
      whole.hosts.map(({ ip, workers }) => ({ ip, workers })),
    );
    expect(merged.sessions.map(({ logins }) => logins)).toEqual(whole.sessions.map(({ logins }) => logins));
  });

  it('cannot be merged where it was not sealed, for its packets are gone', async () => {
    const audit = pseudonymizeAudit(await scanInputs([file('btc-minerd')]), names());
    expect(audit.edges).toBeUndefined();
  });
});

describe('flow logs', () => {
  const log = path.join(REPO_ROOT, 'fixtures', 'flowlogs', 'collector.parquet');

  it('merge with captures as one scan reads both', async () => {
    const inputs = [log, file('btc-minerd')];
    const whole = await scanInputs(inputs);
    const merged = await mergeAll([
      partOf(await scanInputs([log]), 'flows'),
      partOf(await scanInputs([file('btc-minerd')]), 'packets'),
    ]);
    expect(differences(comparable(whole), comparable(merged), SUMS)).toEqual([]);
  });
});
