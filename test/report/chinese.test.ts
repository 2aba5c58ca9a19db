/** What audits say in English is Chinese in a Chinese report, but for names, numbers and what is quoted. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Audit } from '../../src/audit/audit.ts';
import { HARDWARE } from '../../src/energy/hardware.ts';
import { conventionFor, powerOf } from '../../src/energy/power.ts';
import { EVIDENCE_KINDS } from '../../src/evidence/kinds.ts';
import { OWNER_SOURCES } from '../../src/owners/answer.ts';
import { type IntentSignals, intentOf, intentSentences } from '../../src/owners/intent.ts';
import { SKIP_REASONS } from '../../src/packets/skip-reason.ts';
import { inChinese } from '../../src/report/text/zh-sentences.ts';
import { REPO_ROOT } from '../support/corpus.ts';

const HAN = /\p{Script=Han}/u;
const inEnglish = (sentences: Iterable<string>): string[] =>
  [...new Set(sentences)].filter((said) => !HAN.test(inChinese(said)));

/** Sentences of which some words of ours stay in English. */
const halfEnglish = (sentences: readonly string[]): string[] =>
  sentences.map(inChinese).filter((said) => /\b[a-z]{2,} [a-z]{2,} [a-z]{2,}\b/.test(said));

/** Audits that scans of the fixtures made. */
function* fixtureAudits(): Iterable<Audit> {
  const root = path.join(REPO_ROOT, 'fixtures');
  for (const folder of readdirSync(root, { withFileTypes: true }).filter((each) => each.isDirectory())) {
    for (const name of readdirSync(path.join(root, folder.name)).filter((each) =>
      each.endsWith('.expected.json'),
    ))
      yield JSON.parse(readFileSync(path.join(root, folder.name, name), 'utf8'));
  }
}

const NOTHING: IntentSignals = {
  ownerClass: 'unknown',
  algorithms: [],
  machine: null,
  agents: [],
  workers: [],
  endpoints: [],
};

describe('in Chinese', () => {
  it('is every sentence that the audits of the fixtures say', () => {
    const said: string[] = [];
    for (const audit of fixtureAudits()) {
      said.push(
        ...audit.notes,
        ...audit.totals.powerAssumptions,
        ...Object.keys(audit.coverage.skippedReasons),
      );
      for (const { owner, evidence } of audit.hosts) {
        said.push(...owner.reasons, ...evidence.map(({ detail }) => detail));
        for (const each of [owner.rule, owner.source]) if (each != null) said.push(each);
      }
      for (const { because } of audit.sessions) if (because !== undefined) said.push(because);
    }
    expect(said.length).toBeGreaterThan(200);
    // A name that is a pool's by the catalogue has no word of ours but the one between.
    expect(inEnglish(said)).toEqual([]);
    expect(halfEnglish(said)).toEqual([]);
  });

  it('is every reason for intent', () => {
    const endpoint = { port: 3333, isTls: false, isListedPool: true, isBareAddress: false };
    const cases: Partial<IntentSignals>[] = [
      {
        ownerClass: 'education',
        algorithms: ['rx/0'],
        agents: [''],
        isAroundTheClock: true,
        servesOthers: true,
      },
      {
        algorithms: ['sha256d'],
        machine: 'asic',
        agents: ['bmminer/1'],
        workersBehind: 9,
        workers: ['rig01'],
      },
      { algorithms: ['ethash'], machine: 'gpu', agents: ['hiveos'], followsCalendar: true },
      { algorithms: ['rx/0'], agents: ['XMRig/6.0.0'], workers: ['ip-10-0-0-1'], hostsStartedTogether: 7 },
      { malwareList: 'a list', attacks: [] },
      { ownersOfAccount: 3 },
      { ownerClass: 'education', addressesOfAccount: 9 },
      { isOwnProxy: true, workersBehind: 5 },
      ...(['dormitory', 'laboratory', 'home', 'internet café'] as const).map((place) => ({ place })),
      { endpoints: [{ ...endpoint, tunnel: 'tor' as const }] },
      { endpoints: [{ ...endpoint, isListedPool: false, isBareAddress: true }] },
      { endpoints: [{ ...endpoint, port: 443 }] },
      { endpoints: [{ ...endpoint, isTls: true }] },
      { algorithms: ['sha256d'], machine: 'asic' },
    ];
    const said = cases.flatMap((each) => intentSentences(intentOf({ ...NOTHING, ...each })));
    expect(new Set(said).size).toBeGreaterThan(22);
    expect(inEnglish(said)).toEqual([]);
    expect(halfEnglish(said)).toEqual([]);
  });

  it('is every reason for which an entry of a pool list is not taken', () => {
    const folder = path.join(REPO_ROOT, 'src/pools');
    const sources = [
      'load.ts',
      'screen.ts',
      'feeds/csv.ts',
      'feeds/json.ts',
      'feeds/rules.ts',
      'feeds/text.ts',
    ];
    const said = sources.flatMap((name) => {
      const text = readFileSync(path.join(folder, name), 'utf8');
      return [...text.matchAll(/(?:return|reason:) (?:'([^'\n]+ [^'\n]+)'|"([^"\n]+ [^"\n]+)")/g)].map(
        ([, plain, quoted]) => plain ?? quoted ?? '',
      );
    });
    expect(new Set(said).size).toBeGreaterThan(15);
    expect(inEnglish(said)).toEqual([]);
    const notes = said.flatMap((reason) => [
      `pools.txt: no endpoint was taken; line 2: ${reason}`,
      `pools.txt: entries not taken: 3; line 2: ${reason}`,
    ]);
    expect(inEnglish(notes)).toEqual([]);
    expect(halfEnglish([...notes, 'pools.txt: no endpoint was taken'])).toEqual([]);
  });

  it('is every assumption behind power', () => {
    const said: string[] = [];
    for (const algorithm of [
      null,
      'sha256d',
      'scrypt',
      'ethash',
      'rx/0',
      'cn/0',
      'equihash',
      'nobody-knows',
    ]) {
      for (const basis of ['shares', 'self-reported', 'modelled', null] as const) {
        for (const agents of [
          [],
          ['XMRig/6.1.0'],
          ['bmminer/2.0'],
          ['PhoenixMiner/5'],
          ['Antminer S19 Pro/x'],
        ]) {
          for (const flatWatts of [null, 2406]) {
            const estimate = powerOf({
              parts: [
                {
                  algorithm,
                  hashrate: basis === null ? null : { estimate: 1e12, low: 9e11, high: 1.1e12 },
                  basis,
                  duty: 1,
                },
              ],
              atUs: Date.UTC(2021, 9, 7) * 1000,
              agents,
              workers: [],
              rigs: { low: 1, high: 3 },
              flatWatts,
              convention: conventionFor('undetermined', 'cpu'),
            });
            said.push(...(estimate?.assumptions ?? []));
          }
        }
      }
    }
    expect(new Set(said).size).toBeGreaterThan(20);
    expect(inEnglish(said)).toEqual([]);
    expect(halfEnglish(said)).toEqual([]);
    // Names of makers stay; words of ours among the names of machines do not.
    const words = HARDWARE.map(({ device }) => device).filter((device) => /^[a-z]/.test(device));
    expect(inEnglish(words)).toEqual([]);
  });

  it('is every kind of evidence, reason for skipping and source of an owner', () => {
    expect(inEnglish(Object.values(EVIDENCE_KINDS).map(({ title }) => title))).toEqual([]);
    expect(inEnglish(SKIP_REASONS)).toEqual([]);
    expect(inEnglish(OWNER_SOURCES)).toEqual([]);
  });

  it('keeps what is quoted, and numbers in their places', () => {
    expect(inChinese('work handed in, cryptonote with 198.51.100.68 (156 times)')).toBe(
      '提交工作，cryptonote，198.51.100.68（156 次）',
    );
    expect(inChinese('algorithm named, cryptonote with 198.51.100.68: rx/0 from job')).toBe(
      '指明算法，cryptonote，198.51.100.68：rx/0（据任务）',
    );
    expect(inChinese('work refused by the pool, zip301 with Flypool: stale: Stale job! (2 times)')).toBe(
      '矿池拒绝工作，zip301，Flypool：stale: Stale job!（2 次）',
    );
    expect(
      inChinese('the same account mines at 3 unrelated organisations: consistent with hijacked use'),
    ).toBe('同一账户在 3 个互不相关的单位挖矿：与被入侵利用相符');
    expect(
      inChinese(
        'ethash in 2026: whole rig of cards at best, desktop as it is at worst, between them RTX 3080.',
      ),
    ).toBe('2026 年的 ethash：最省电为整台显卡矿机，最费电为普通台式机，中值为 RTX 3080。');
  });

  it('is each of several sentences in one', () => {
    const detail =
      '4 connections of 42900 s at 203.0.113.31:8008; active in 1441 of 1441 minutes; a minute 19.9 packets of 102 B up, 19.9 of 177 B down; counts scatter 0 times as much as chance makes them';
    expect(inChinese(detail)).toBe(
      '与 203.0.113.31:8008 有 4 次连接，平均 42900 秒；1441 分钟中有 1441 分钟活动；每分钟上行 19.9 个 102 B 的包，下行 19.9 个 177 B 的包；计数的离散为随机情形的 0 倍',
    );
  });

  it('leaves alone what it does not know, however long', () => {
    for (const said of [
      'a sentence of a later version',
      '',
      'x; y',
      'a'.repeat(1e6),
      'a; '.repeat(1e5),
      ': '.repeat(1e5),
    ]) {
      expect(inChinese(said)).toBe(said);
    }
  });
});
