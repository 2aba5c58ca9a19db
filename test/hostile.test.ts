/**
 * Captures that were made to make the program fail, read in place: nobody is framed, nobody hides, no password is
 * shown, and nothing that was not read is called clean. What each must give stands in the README beside them.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Audit, VERDICTS, type Verdict } from '../src/audit/audit.ts';
import { auditProblem } from '../src/audit/schema.ts';
import { extractHost } from '../src/extract.ts';
import { renderExplanation } from '../src/report/explain/explain.ts';
import { REPORT_FILES } from '../src/report/files.ts';
import { FORMATS, renderAudit } from '../src/report/index.ts';
import { CORPUS_ABSENT, corpusFolder } from './support/corpus.ts';
import { mergeAll, partOf } from './support/merging.ts';
import { scanInputs } from './support/scanning.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const corpus = corpusFolder();
const folder = corpus === null ? '' : path.join(corpus, 'hostile');
const isAbsent = !existsSync(folder);
const PAGE = { width: 120, color: false, zone: 'UTC', language: 'en' } as const;
const LOCAL = { local: ['192.0.2.0/24'] };

const MINER = '192.0.2.50';
const VICTIM = '192.0.2.77';
const STRANGER = '203.0.113.66';

/** The verdicts that a host may have, weakest to strongest; `silent`: none above listed. */
interface Bounds {
  readonly file: string;
  readonly ip: string;
  readonly least?: Verdict;
  readonly most?: Verdict | 'silent';
  readonly allow?: string;
}

const SECOND = '../hostile2/';

const CASES: readonly Bounds[] = [
  { file: `${SECOND}redis.pcap`, ip: '127.0.0.77', most: 'silent' },
  { file: `${SECOND}redis.pcap`, ip: '127.0.0.66', most: 'attempted' },
  { file: `${SECOND}a20-stratum-watcher-1-pool.pcap`, ip: VICTIM, most: 'suspected' },
  { file: `${SECOND}a24-nagios-check-each-minute.pcap`, ip: VICTIM, most: 'suspected' },
  { file: `${SECOND}mid-syn.pcap`, ip: MINER, least: 'suspected' },
  { file: `${SECOND}tls-no-sni-443.pcap`, ip: MINER, least: 'suspected', most: 'suspected' },
  { file: `${SECOND}tls-random-name-443.pcap`, ip: MINER, least: 'suspected', most: 'suspected' },
  { file: 'k1-electrum-unknown-method-3-lines.pcap', ip: VICTIM, most: 'silent' },
  { file: 'k1-electrum-unknown-method-3-lines.pcap', ip: STRANGER, most: 'attempted' },
  { file: 'k2-electrum-submit-only.pcap', ip: VICTIM, most: 'silent' },
  { file: 'k2-electrum-submit-only.pcap', ip: STRANGER, most: 'attempted' },
  { file: 'f10-echo-service.pcap', ip: VICTIM, most: 'silent' },
  { file: 'f12-victim-server-says-true-to-all.pcap', ip: VICTIM, most: 'suspected' },
  { file: 'f12-victim-server-says-true-to-all.pcap', ip: STRANGER, most: 'suspected' },
  { file: 'f01-oneway-spoofed-from-victim.pcap', ip: VICTIM, most: 'suspected' },
  { file: 'f04-both-forged-victim-RSTs-every-reply.pcap', ip: VICTIM, most: 'suspected' },
  { file: 'f14-injected-session-then-real-data-at-same-seq.pcap', ip: VICTIM, most: 'probable' },
  { file: 'h-port443-forged.pcap', ip: '192.0.2.80', least: 'suspected', most: 'suspected' },
  { file: 'h-port443-forged.pcap', ip: STRANGER, most: 'silent' },
  { file: 'h-port443-plain.pcap', ip: '192.0.2.80', least: 'suspected', most: 'suspected' },
  { file: 'a6-connect.pcap', ip: MINER, least: 'confirmed', allow: 'a6.allow' },
  { file: 'n06-04.pcap', ip: MINER, least: 'confirmed' },
  { file: 'q-v1-noise4.pcap', ip: MINER, least: 'confirmed' },
  { file: 'q-mid-noise4.pcap', ip: MINER, least: 'confirmed' },
  { file: 'e43-deep-nest-key.pcap', ip: MINER, least: 'confirmed' },
  { file: 'e36-length-prefix.pcap', ip: MINER, least: 'suspected' },
];

/** Evidence that must stand beside the verdict. */
const EVIDENCE: readonly (readonly [file: string, ip: string, kind: string])[] = [
  ['k2-electrum-submit-only.pcap', STRANGER, 'denial'],
  ['f10-echo-service.pcap', STRANGER, 'echo'],
  ['f01-oneway-spoofed-from-victim.pcap', VICTIM, 'stall'],
  ['f04-both-forged-victim-RSTs-every-reply.pcap', VICTIM, 'reset'],
  ['f14-injected-session-then-real-data-at-same-seq.pcap', VICTIM, 'conflict'],
];

function scanCase(file: string, allow?: string): Promise<Audit> {
  const allowFile = allow === undefined ? null : path.join(folder, allow);
  return scanInputs([path.join(folder, file)], { ...LOCAL, allowFile });
}

/** Every output of an audit, as one text. */
async function outputsOf(audit: Audit): Promise<string> {
  const texts: string[] = [];
  for (const id of FORMATS) texts.push(...(await renderAudit(id, audit, PAGE)));
  for (const file of REPORT_FILES) texts.push(...(await file.load())(audit, PAGE));
  for (const host of audit.hosts) texts.push(...renderExplanation(audit, host, PAGE));
  return texts.join('\n');
}

const temporary = temporaryFolder();

describe.skipIf(isAbsent)(`hostile captures${isAbsent ? ` (${CORPUS_ABSENT})` : ''}`, () => {
  for (const { file, ip, least, most, allow } of CASES) {
    it(`${file}: ${ip} is ${least ?? 'nothing'} at least and ${most ?? 'confirmed'} at most`, async () => {
      const audit = await scanCase(file, allow);
      const verdict = audit.hosts.find((host) => host.ip === ip)?.verdict ?? null;
      const rank = verdict === null ? VERDICTS.length : VERDICTS.indexOf(verdict);
      if (least !== undefined) expect(rank).toBeLessThanOrEqual(VERDICTS.indexOf(least));
      if (most !== undefined)
        expect(rank).toBeGreaterThanOrEqual(VERDICTS.indexOf(most === 'silent' ? 'listed' : most));
    });
  }

  for (const [file, ip, kind] of EVIDENCE) {
    it(`${file}: ${kind} stands in the evidence`, async () => {
      const audit = await scanCase(file);
      const host = audit.hosts.find((each) => each.ip === ip);
      expect(host?.evidence.map((row) => row.kind)).toContain(kind);
    });
  }

  it('accuses nobody at the far end of a CONNECT, and names the real endpoint', async () => {
    const audit = await scanCase('a6-connect.pcap', 'a6.allow');
    expect(audit.sessions.map(({ via }) => via.map(({ ip, port }) => `${ip}:${port}`))).toEqual([
      ['198.51.100.9:3333'],
    ]);
  });

  for (const file of ['holed.pcap', 'bad.csv']) {
    it(`${file}: coverage is not complete, and no output says that none was found`, async () => {
      const audit = await scanCase(file);
      expect(audit.coverage.complete).toBe(false);
      expect(audit.coverage.decoded.bytes).toBeLessThan(0.5);
      expect(await outputsOf(audit)).not.toMatch(/no mining (?:was )?found(?! in what could be read)/i);
    });
  }

  it('one frame that claims 60,000 bytes leaves an audit that every command reads', async () => {
    const audit = await scanCase('one-frame-claims-60000.pcap');
    expect(auditProblem(audit)).toBe(null);
    expect(auditProblem(JSON.parse(JSON.stringify(audit)))).toBe(null);
    expect((await outputsOf(audit)).length).toBeGreaterThan(0);
  });

  const secrets = isAbsent ? [] : readdirSync(folder).filter((file) => file.startsWith('pw-'));
  for (const file of secrets) {
    it(`${file}: the password stands in no output and no log`, async () => {
      const log: string[] = [];
      const audit = await scanInputs([path.join(folder, file)], {
        ...LOCAL,
        log: (_, message) => log.push(message),
      });
      const merged = await mergeAll([partOf(audit, 'audit.json')]);
      const all = [await outputsOf(audit), await outputsOf(merged), JSON.stringify([audit, merged]), ...log];
      expect(all.join('\n')).not.toMatch(/S3CRET/);
      if (!audit.hosts.some((host) => host.ip === MINER)) return;
      const [plain, whole] = [path.join(temporary, file), path.join(temporary, `whole-${file}`)];
      await extractHost(audit, MINER, plain);
      await extractHost(audit, MINER, whole, true);
      expect(readFileSync(plain, 'latin1')).not.toMatch(/S3CRET/);
      expect(readFileSync(whole, 'latin1')).toMatch(/S3CRET/);
    });
  }
});
