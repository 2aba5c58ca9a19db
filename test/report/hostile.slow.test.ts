import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AlertEvent } from '../../src/alerts/event.ts';
import { ALERT_FORMATS } from '../../src/alerts/index.ts';
import type { Audit } from '../../src/audit/audit.ts';
import { renderAudit } from '../../src/report/index.ts';
import { widthOf } from '../../src/report/width.ts';
import { verbatim } from '../../src/statements/index.ts';
import { SAMPLE } from '../alerts/sample.ts';
import { sampleAudit } from '../support/sample-audit.ts';

/** Any code units, with what is dangerous somewhere drawn often. */
const word = fc
  .array(
    fc.oneof(
      fc.constantFrom(...'=+-@;,|"\'`\\<>[]()!*_~#&\t\r\n\u001b\u009b\u202e\u200b\u2028\uff1d\ud800機\u0301'),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 3 }),
    ),
    { maxLength: 30 },
  )
  .map((parts) => parts.join(''));

/** The sample with this text wherever the wire or a file name can put one. */
function saying(text: string): Audit {
  const audit = sampleAudit();
  for (const input of audit.inputs) {
    input.path = text;
    for (const row of input.damage) row.kind = text;
  }
  for (const row of audit.totals.hashrate) row.algorithm = text;
  for (const host of audit.hosts) {
    host.workers = [text, text];
    host.algorithms = [text];
    host.coins = [text];
    host.pools = [text, 'x'];
    for (const each of host.evidence) Object.assign(each, verbatim(text));
  }
  for (const session of audit.sessions) {
    session.agent = text;
    session.pool.names = [text];
    session.logins = [{ account: text, worker: text }];
  }
  for (const pool of audit.pools) {
    pool.pool = text;
    pool.endpoints = [text];
  }
  return audit;
}

async function rendered(format: string, audit: Audit, width = 100): Promise<string> {
  return [...(await renderAudit(format, audit, { width, color: false, zone: 'UTC', language: 'en' }))].join(
    '',
  );
}

/** What breaks out of text, attributes, scripts, elements, labels, keys, fields and lines. */
const BREAKOUTS = [
  '</script><script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "'-alert(1)-'",
  '</testcase><testcase name="x">]]>',
  '"} 1\nminesweep_hosts{verdict="confirmed"} 99',
  'x|9|src=6.6.6.6 dst=6.6.6.6',
  'a\r\nCEF:0|evil|x|1|1|x|10|src=6.6.6.6',
  '{"event_type":"alert","src_ip":"6.6.6.6"}',
  '\\',
  '\u001b]0;owned\u0007\u001b[2J',
  '\u202e\u2028\u0085',
];

const RUNS = { seed: 20260302, numRuns: 40 };
const ACTING = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

describe('whatever the wire says', () => {
  it('the table has as many lines, none too wide, and nothing that acts', async () => {
    await fc.assert(
      fc.asyncProperty(word, fc.integer({ min: 80, max: 240 }), async (text, width) => {
        const lines = (await rendered('table', saying(text), width)).split('\n');
        for (const line of lines) {
          expect(line).not.toMatch(ACTING);
          expect(widthOf(line)).toBeLessThanOrEqual(width);
        }
        expect(lines.filter((line) => /^(192\.0\.2|198\.18|2001)/.test(line))).toHaveLength(7);
      }),
      RUNS,
    );
  });

  it('JSON and ndjson hold it unchanged, in text where nothing acts', async () => {
    await fc.assert(
      fc.asyncProperty(word, async (text) => {
        const audit = saying(text);
        const json = await rendered('json', audit);
        expect(JSON.parse(json)).toEqual(audit);
        const ndjson = await rendered('ndjson', audit);
        const lines = ndjson.trimEnd().split('\n');
        expect(lines.map((line) => JSON.parse(line).type)).toHaveLength(7 + 9 + 6 + 1);
        for (const line of [...json.split('\n'), ...lines]) expect(line).not.toMatch(ACTING);
      }),
      RUNS,
    );
  });

  it('CSV has as many lines, and no piece of a cell is a formula', async () => {
    await fc.assert(
      fc.asyncProperty(word, async (text) => {
        const csv = await rendered('csv', saying(text));
        const lines = csv.split('\r\n');
        expect(lines).toHaveLength(9);
        for (const line of lines) expect(line).not.toMatch(ACTING);
        for (const piece of csv.split(/[;,\r\n"|]/)) expect(piece).not.toMatch(/^\s*[=+\-@＝＋－＠]/);
      }),
      RUNS,
    );
  });

  it('Markdown keeps its cells, and foreign text stays in code', async () => {
    await fc.assert(
      fc.asyncProperty(word, async (text) => {
        const markdown = await rendered('markdown', saying(text));
        const rows = markdown.split('\n').filter((line) => line.startsWith('| `192.0.2.'));
        const [head = ''] = markdown.split('\n').filter((line) => line.startsWith('| IP |'));
        const columns = head.split('|').length;
        expect(rows.map((row) => row.split('|').length)).toEqual([
          columns,
          columns,
          columns,
          columns,
          columns,
        ]);
        const prose = markdown
          .replaceAll(/(?<!`)(`+)(?!`)(.*?)(?<!`)\1(?!`)/g, '')
          .replaceAll('&#124;', '')
          .replaceAll(/&lt;(?=\d)|&#126;(?=\d)/g, '');
        // Bold are words of ours only: verdicts and the terms of the method.
        expect(prose.replaceAll(/\*\*[A-Za-z0-9 ,;:.()]+\*\*/g, '')).not.toMatch(/[`<[\]\\*_~!@]/);
      }),
      RUNS,
    );
  });
});

describe.each(BREAKOUTS)('a name that breaks out: %j', (text) => {
  it('stays text in HTML', async () => {
    const html = await rendered('html', saying(text));
    expect(html).not.toMatch(/<img src=x|<script>alert|<\/testcase/);
    expect(html.replaceAll(/[\n\t]/g, '')).not.toMatch(ACTING);
  });

  it('adds no line and no key to EVE, ECS, OCSF', async () => {
    for (const format of ['eve', 'ecs', 'ocsf']) {
      const lines = (await rendered(format, saying(text))).trimEnd().split('\n');
      const own = (await rendered(format, saying('harmless'))).trimEnd().split('\n');
      const keys = (all: string[]): string[][] => all.map((line) => Object.keys(JSON.parse(line)));
      expect(keys(lines)).toEqual(keys(own));
      for (const line of lines) expect(line).not.toMatch(ACTING);
    }
  });

  it('adds no field to lines of alerts', () => {
    const fields = (line: string): string[] =>
      line.startsWith('CEF:')
        ? [
            ...line
              .split(/(?<!\\)\|/)
              .slice(7)
              .join('|')
              .matchAll(/(?:^| )(\w+)=/g),
          ].map(([, key]) => key ?? '')
        : Object.keys(JSON.parse(line));
    const event = (name: string): AlertEvent => ({
      ...SAMPLE,
      account: name,
      pool: SAMPLE.pool === null ? null : { ...SAMPLE.pool, name },
    });
    for (const { line } of ALERT_FORMATS) {
      const said = line(event(text), '1.2.3');
      expect(fields(said)).toEqual(fields(line(event('harmless'), '1.2.3')));
      expect(said).not.toMatch(ACTING);
    }
  });

  it('adds no sample to Prometheus', async () => {
    const text1 = await rendered('prometheus', saying(text));
    const own = await rendered('prometheus', saying('harmless'));
    expect(text1.split('\n')).toHaveLength(own.split('\n').length);
    for (const line of text1.trimEnd().split('\n')) {
      expect(line).toMatch(/^(?:# .*|[a-z_]+(?:\{(?:[a-z_0-9]+="(?:[^"\\]|\\.)*",?)*\})? \S+)$/);
    }
  });

  it('adds no element to JUnit', async () => {
    const xml = await rendered('junit', saying(text));
    const own = await rendered('junit', saying('harmless'));
    const elements = (page: string): string[] =>
      [...page.matchAll(/<\/?([\w?]+)/g)].map(([, name]) => name ?? '');
    expect(elements(xml)).toEqual(elements(own));
    expect(xml.replaceAll(/[\n\t]/g, '')).not.toMatch(ACTING);
  });

  it('adds no line to a ticket', async () => {
    const ticket = await rendered('ticket', saying(text));
    const own = await rendered('ticket', saying('harmless'));
    expect(ticket.split('\n').length).toBeLessThanOrEqual(own.split('\n').length);
    expect(ticket.replaceAll('\n', '')).not.toMatch(ACTING);
  });
});
