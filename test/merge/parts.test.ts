/** What merges, what is refused, and what becomes of audits that were made safe to share. */
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Audit } from '../../src/audit/audit.ts';
import { MinesweepError } from '../../src/errors.ts';
import type { MergePart } from '../../src/merge/parts.ts';
import { totalOf } from '../../src/order.ts';
import { pseudonymizeAudit } from '../../src/pseudonyms/audit.ts';
import { createPseudonymizer } from '../../src/pseudonyms/pseudonymizer.ts';
import { readCapture } from '../support/capture-reader.ts';
import { REPO_ROOT } from '../support/corpus.ts';
import { departures, mergeAll, partOf, SUMS, scanParts } from '../support/merging.ts';
import { comparable, differences, scanInputs } from '../support/scanning.ts';
import { writeCapture } from '../support/split.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
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

  it('counts twice where two audits are of times that follow each other', async () => {
    const whole = await scanInputs([file('xmr-many-shares')]);
    const { startUs, endUs } = whole.sessions[0]?.facts?.connections ?? { startUs: 0, endUs: 0 };
    const cutUs = Math.floor((Number(startUs) + Number(endUs)) / 2);
    const parts = await Promise.all([
      scanInputs([file('xmr-many-shares')], { untilUs: cutUs }),
      scanInputs([file('xmr-many-shares')], { sinceUs: cutUs }),
    ]);
    const sharesOf = ({ sessions }: Audit): number => totalOf(sessions, ({ shares }) => shares.submitted);
    expect(parts.map(sharesOf).every((count) => count > 0)).toBe(true);
    expect(sharesOf(await mergeAll(parts.map((part, at) => partOf(part, `${at}`))))).toBe(sharesOf(whole));
    // Of the times of one some are those of the other: neither can be left out.
    const both = [partOf(parts[0] ?? whole, 'early.json'), partOf(whole, 'whole.json')];
    expect(await failure(both)).toMatchObject({ code: 'FILE_INVALID', where: 'whole.json' });
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
    const options = { nameFiles: [names], hash: true };
    const whole = await scanInputs([file('xmr-tls'), file('btc-minerd')], options);
    expect(whole.inputs.map(({ kind, flows }) => [kind, flows])).toContainEqual(['name-table', 0]);
    expect(whole.hosts.map(({ ip }) => ip)).toContain('192.0.2.200');
    const parts = [
      partOf(await scanInputs([file('xmr-tls')], options), 'tls'),
      partOf(await scanInputs([file('btc-minerd')], options), 'plain'),
    ];
    expect(departures(whole, await mergeAll(parts))).toEqual([]);
  });
});

describe('an audit', () => {
  it('without what a merge needs is refused', async () => {
    const { merge: _, ...bare } = await scanInputs([file('btc-minerd')]);
    expect(await failure([partOf(bare, 'old.json')])).toEqual({
      code: 'FILE_INVALID',
      where: 'old.json',
      message: 'this audit has no basis and cannot be merged',
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
    // Of hosts of several parts nobody knows the sum.
    const inputs = whole.inputs.map(({ hosts: _, hostsNotJudged: __, ...input }) => input);
    expect(merged.inputs).toEqual(inputs);
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

describe('an audit made safe to share', () => {
  const key = Buffer.from('a key of thirty-two bytes, or so');
  const names = () => createPseudonymizer({ key, accounts: true, addresses: true });

  it('merges into the shared audit of the whole where no message crosses the seam', async () => {
    const packets = packetsOf('xmr-many-shares');
    const quiet = packets.findIndex(
      (packet, i) => i > packets.length / 2 && packet.timeUs - (packets[i - 1]?.timeUs ?? 0) > 100_000,
    );
    const parts = await scanParts(folder, packets, [quiet]);
    const shared: MergePart[] = [];
    for (const part of parts) {
      const audit = pseudonymizeAudit(await part.read(), names());
      const text = JSON.stringify(audit);
      expect(text).not.toContain(laboratoryCapture('xmr-many-shares').account);
      expect(text).not.toContain('192.0.2.');
      shared.push(partOf(audit, part.where));
    }
    const whole = pseudonymizeAudit(
      await scanInputs([writeCapture(folder, 'shared-whole', packets)]),
      names(),
    );
    const merged = await mergeAll(shared);
    expect(sums(merged)).toEqual(sums(whole));
    expect(merged.hosts.map(({ ip, workers }) => ({ ip, workers }))).toEqual(
      whole.hosts.map(({ ip, workers }) => ({ ip, workers })),
    );
    expect(merged.sessions.map(({ logins }) => logins)).toEqual(whole.sessions.map(({ logins }) => logins));
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

const behaviour = path.resolve(REPO_ROOT, '../shared/flows/behaviour/mining');

describe.skipIf(!existsSync(behaviour))('flow records of one miner in two files', () => {
  it.each(['1588128490_tdAx5.60-15', '1619677604_K1GN3.60-15'])(
    'are active in as many minutes as in one scan (%s)',
    async (name) => {
      const files = ['a', 'b'].map((part) => path.join(behaviour, `${name}.${part}.nfcapd`));
      const whole = await scanInputs(files);
      const parts: MergePart[] = [];
      for (const log of files) parts.push(partOf(await scanInputs([log]), log));
      const merged = await mergeAll(parts);
      const told = ({ hosts, merge: basis, totals }: Audit) => [
        hosts.map(({ ip, verdict }) => [ip, verdict]),
        basis?.records.map(({ duty }) => duty),
        totals.traffic,
      ];
      expect(told(merged)).toEqual(told(whole));
    },
  );
});
