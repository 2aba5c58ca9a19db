/** What audits say in English is Chinese in a Chinese report, but for names, numbers and what is quoted. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseWords } from '../../src/address.ts';
import type { Audit } from '../../src/audit/audit.ts';
import { diffAudits } from '../../src/audit/diff.ts';
import { HARDWARE } from '../../src/energy/hardware.ts';
import { specialSpace } from '../../src/networks.ts';
import { OWNER_SOURCES } from '../../src/owners/answer.ts';
import { SKIP_REASONS } from '../../src/packets/skip-reason.ts';
import { renderDiffMarkdown, renderDiffTable } from '../../src/report/diff.ts';
import { renderExplanation } from '../../src/report/explain/explain.ts';
import { REFUSED } from '../../src/run/inputs/refused-records.ts';
import * as UNREAD_REASONS from '../../src/run/unread.ts';
import { catalogueOf, ROWS } from '../../src/statements/catalogue.ts';
import { isStatementCode, type Statement, statement } from '../../src/statements/index.ts';
import { REPO_ROOT } from '../support/corpus.ts';
import { sampleAudit } from '../support/sample-audit.ts';

const { translate: inChinese, word: zhWord } = catalogueOf('zh');

const HAN = /\p{Script=Han}/u;
/** Codes whose texts are names and what is quoted alone. */
const QUOTES: ReadonlySet<string> = new Set(['verbatim', 'alert', 'sensor-alert']);

/** Words of ours that stay in English. */
const isHalfEnglish = (said: string): boolean => /\b[a-z]{2,} [a-z]{2,} [a-z]{2,}\b/.test(said);

/** Every statement in a value of an audit, those in parameters too. */
function* statementsIn(value: unknown): Iterable<Statement> {
  if (Array.isArray(value)) for (const item of value) yield* statementsIn(item);
  else if (typeof value === 'object' && value !== null) {
    if ('code' in value && 'params' in value && 'text' in value) yield value as Statement;
    for (const member of Object.values(value)) yield* statementsIn(member);
  }
}

function* fixtureAudits(): Iterable<Audit> {
  const root = path.join(REPO_ROOT, 'fixtures');
  for (const folder of readdirSync(root, { withFileTypes: true }).filter((each) => each.isDirectory())) {
    for (const name of readdirSync(path.join(root, folder.name)).filter((each) =>
      each.endsWith('.expected.json'),
    ))
      yield JSON.parse(readFileSync(path.join(root, folder.name, name), 'utf8'));
  }
}

describe('in Chinese', () => {
  it('is every statement that the audits of the fixtures hold', () => {
    const all = [...fixtureAudits()].flatMap((audit) => [...statementsIn(audit)]);
    expect(all.length).toBeGreaterThan(300);
    const said = all.filter(({ code }) => !QUOTES.has(code)).map(inChinese);
    expect(said.filter((text) => !HAN.test(text) || isHalfEnglish(text))).toEqual([]);
    expect(all.filter(({ code }) => !isStatementCode(code)).map(({ code }) => code)).toEqual([]);
  });

  it('is every bare text of the catalogue', () => {
    const half = ROWS.zh().filter(({ text }) => isHalfEnglish(text) && !HAN.test(text));
    expect(half).toEqual([]);
    const texts = ROWS.zh().filter(({ code, text }) => isStatementCode(code) && !text.includes('{'));
    expect(texts.length).toBeGreaterThan(100);
    expect(texts.filter(({ text }) => !HAN.test(text)).map(({ code }) => code)).toEqual([]);
  });

  it('is every word for a machine that is no name of a maker, source of an owner and reason for skipping', () => {
    const devices = HARDWARE.map(({ device }) => device)
      .filter((device) => /^[a-z]/.test(device))
      // It stands as 'average', whatever its year.
      .filter((device) => !device.startsWith('average of the network'));
    const said = devices.map((best) =>
      inChinese(
        statement('efficiency', {
          algorithm: 'x',
          year: 2026,
          best,
          worst: best,
          middle: best,
          nearest: null,
        }),
      ),
    );
    expect(said.filter(isHalfEnglish)).toEqual([]);
    const half = HARDWARE.map(({ device }) => device).filter((device) => device.endsWith(' class'));
    expect(half.filter((device) => !HAN.test(zhWord(device)))).toEqual([]);
    const unread = [REFUSED, ...Object.values(UNREAD_REASONS)].filter((reason) => typeof reason === 'string');
    expect([...SKIP_REASONS, ...unread, ...OWNER_SOURCES].filter((word) => !HAN.test(zhWord(word)))).toEqual(
      [],
    );
  });

  it('is the name of every space that is nobody’s, as in the rule beside it', () => {
    const table = readFileSync(path.join(REPO_ROOT, 'data/special-networks.tsv'), 'utf8');
    const networks = [...table.matchAll(/^([\da-f.:]+)\/\d+\t/gm)].map(([, first = '']) => first);
    expect(networks.length).toBeGreaterThan(20);
    const rules = networks.map((first) => {
      const { space = 'reserved', rfc = 0 } = specialSpace(parseWords(first) ?? []) ?? {};
      return statement('owner-reserved', { space, rfc });
    });
    expect(rules.map(({ text }) => zhWord(text))).toEqual(rules.map(inChinese));
    expect(zhWord('documentation (RFC 5737)')).toBe('文档示例地址（RFC 5737）');
  });

  it('keeps what is quoted, and numbers in their places', () => {
    const where = { dialect: 'cryptonote', pool: '198.51.100.68' };
    expect(inChinese(statement('share', { ...where, said: null, varies: false }))).toBe(
      '提交份额，cryptonote，198.51.100.68',
    );
    expect(inChinese(statement('algorithm', { ...where, algorithm: 'rx/0', source: 'job' }))).toBe(
      '判明算法，cryptonote，198.51.100.68：rx/0（据任务）',
    );
    const sign = statement('sign-many-owners', { count: 3 });
    expect(inChinese(statement('sign', { sign, use: 'hijacked' }))).toBe(
      '同一账户在 3 个互不相关的单位挖矿：与被入侵利用相符',
    );
  });

  it.each([
    ['a code of a later version', { code: 'later', params: {}, text: 'said later' }],
    ['a code that every object has', { code: 'constructor', params: {}, text: 'said' }],
    ['parameters that are not its own', { code: 'session', params: {}, text: 'said otherwise' }],
    ['words that are quoted', { code: 'verbatim', params: { text: 'a; b' }, text: 'a; b' }],
  ])('leaves %s in English', (_, said) => {
    expect(inChinese(said)).toBe(said.text);
  });

  it('are explain and diff, whatever the audit says', () => {
    const page = { width: 100_000, zone: 'UTC', color: false, language: 'zh' as const };
    const texts: string[] = [];
    for (const audit of fixtureAudits()) {
      // Golden audits leave out where they read.
      audit.inputs ??= [];
      for (const fact of audit.hosts.flatMap(({ evidence }) => evidence)) fact.input ??= '';
      for (const host of audit.hosts) texts.push(...renderExplanation(audit, host, page));
    }
    const [old, fresh] = [sampleAudit(), sampleAudit()];
    const grown = fresh.hosts[0];
    fresh.hosts.splice(1, 1);
    grown.pools = ['elsewhere'];
    grown.traffic.mbpsOut *= 100;
    for (const row of grown.hashrate)
      for (const key of ['estimate', 'low95', 'high95'] as const) row[key] = (row[key] ?? 1) * 100;
    fresh.window.seconds *= 9;
    fresh.partial = true;
    const options = {
      ...{ least: 'listed' as const, failOn: 'probable' as const, failOnChange: [] },
      ...{ hashrateChange: 0.5, trafficChange: 1 },
    };
    for (const [a, b] of [
      [old, fresh],
      [fresh, old],
    ]) {
      const diff = diffAudits(a, b, options);
      texts.push(...renderDiffTable(diff, page), ...renderDiffMarkdown(diff, page));
    }
    const said = texts.join('').split('\n');
    expect(said.length).toBeGreaterThan(500);
    expect(said.filter((line) => line.includes('(RFC '))).toEqual([]);
    // Lines of names and figures alone have no words; what the wire and the operator say stays as it is.
    expect(said.filter((line) => isHalfEnglish(line) && !HAN.test(line))).toEqual([]);
    expect(said.filter((line) => /\{\w+\}|undefined/.test(line))).toEqual([]);
  });
});
