import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Audit } from '../../src/audit/audit.ts';
import { PUBLISHED_AUDITS, type PublishedAudit } from '../../src/energy/published.ts';
import { lock } from '../../src/lock.ts';
import { renderSessionsCsv } from '../../src/report/csv.ts';
import { writeReportFiles } from '../../src/report/files.ts';
import type { ReportOptions } from '../../src/report/format.ts';
import { renderAudit } from '../../src/report/index.ts';
import { renderTotalsCsv } from '../../src/report/totals-csv.ts';
import { HOSTILE, quietAudit, sampleAudit } from '../support/sample-audit.ts';

const PAGE: ReportOptions = { width: 120, color: false, zone: 'UTC', language: 'en' };

async function rendered(
  format: string,
  audit: Audit,
  compare: readonly PublishedAudit[] = [],
): Promise<string> {
  return [...(await renderAudit(format, audit, { ...PAGE, compare }))].join('');
}

/** RFC 4180, strictly: CRLF after every record, quotes doubled, no quote inside a bare field. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let at = 0;
  while (at < text.length) {
    const row: string[] = [];
    for (;;) {
      const field = /"(?:[^"]|"")*"|[^",\r\n]*/y;
      field.lastIndex = at;
      const raw = field.exec(text)?.[0] ?? '';
      at += raw.length;
      row.push(raw.startsWith('"') ? raw.slice(1, -1).replaceAll('""', '"') : raw);
      if (text[at] === ',') at++;
      else break;
    }
    if (text.slice(at, at + 2) !== '\r\n') throw new Error(`no record end at ${at}`);
    at += 2;
    rows.push(row);
  }
  return rows;
}

function records(text: string): Record<string, string>[] {
  const [header = [], ...rows] = parseCsv(text);
  return rows.map((row) => {
    expect(row).toHaveLength(header.length);
    return Object.fromEntries(row.map((cell, i) => [header[i] ?? '', cell]));
  });
}

/** Changes the order of keys everywhere, the values not at all. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, child]) => [key, reversed(child)]),
  );
}

function isSample(value: unknown): value is Audit {
  expect(value).toEqual(sampleAudit());
  return true;
}

describe('json', () => {
  it('holds the audit, all of it', async () => {
    expect(JSON.parse(await rendered('json', sampleAudit()))).toEqual(sampleAudit());
    expect(JSON.parse(await rendered('json', quietAudit()))).toEqual(quietAudit());
  });

  it('has a line for each row of a list, and is indented else', async () => {
    const audit = sampleAudit();
    const lines = (await rendered('json', audit)).split('\n');
    expect(lines.slice(0, 3)).toEqual(['{', '  "schema": "minesweep.audit/4",', '  "tool": {']);
    for (const rows of [audit.hosts, audit.sessions, audit.pools]) {
      for (const row of rows) {
        const parsed = lines.filter((line) => line.startsWith('    {')).map((line) => line.replace(/,$/, ''));
        expect(parsed.map((line) => JSON.parse(line))).toContainEqual(row);
      }
    }
  });

  it('has one order of keys, whatever the order they were made in', async () => {
    const shuffled = reversed(sampleAudit());
    if (!isSample(shuffled)) return;
    for (const format of ['json', 'ndjson', 'csv']) {
      expect(await rendered(format, shuffled)).toBe(await rendered(format, sampleAudit()));
    }
  });

  it('keeps fields that it does not know, after the others', async () => {
    const audit = Object.assign(sampleAudit(), { vantage: 'edge', campaigns: [{ b: 1, a: 2 }] });
    const text = await rendered('json', audit);
    expect(JSON.parse(text)).toEqual(audit);
    expect(Object.keys(JSON.parse(text)).slice(-2)).toEqual(['campaigns', 'vantage']);
  });

  it('holds no character that acts, and no line separator', async () => {
    for (const format of ['json', 'ndjson']) {
      expect(await rendered(format, sampleAudit())).not.toMatch(
        /[\u007f-\u009f\u200b\u2028\u2029\u202a-\u202e]/,
      );
    }
  });
});

describe('ndjson', () => {
  it('is one typed object a line, the totals last', async () => {
    const audit = sampleAudit();
    const text = await rendered('ndjson', audit);
    expect(text.endsWith('\n')).toBe(true);
    const { hosts, sessions, pools, totals, ...rest } = audit;
    expect(
      text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual([
      ...hosts.map((host) => ({ type: 'host', ...host })),
      ...sessions.map((session) => ({ type: 'session', ...session })),
      ...pools.map((pool) => ({ type: 'pool', ...pool })),
      { type: 'totals', ...rest, ...totals },
    ]);
  });

  it('cannot be told another type by a row', async () => {
    const audit = sampleAudit();
    for (const host of audit.hosts) Object.assign(host, { type: 'totals' });
    const [line = ''] = (await rendered('ndjson', audit)).split('\n');
    expect(line.startsWith('{"type":"host",')).toBe(true);
    expect(JSON.parse(line).type).toBe('host');
  });
});

describe('csv', () => {
  it('has a row per host with dotted columns and joined lists', async () => {
    const rows = records(await rendered('csv', sampleAudit()));
    expect(rows).toHaveLength(7);
    expect(rows[2]).toMatchObject({
      ip: '192.0.2.77',
      verdict: 'confirmed',
      roles: 'miner;proxy',
      'owner.class': 'unknown',
      'owner.name': '',
      'traffic.bytesOut': '80000',
      workers: 'gpu1;gpu2',
      'rate.algorithm': 'rx/0',
      'rate.estimate': '2150',
      'rate.low95': '1970',
      'power.watts': '',
      'evidence.text': '415 shares accepted;claims 88 MH/s',
    });
  });

  it('has one rate a cell, for hosts and for sessions', async () => {
    const sessions = [...renderSessionsCsv(sampleAudit())].join('');
    for (const text of [await rendered('csv', sampleAudit()), sessions]) {
      for (const row of records(text)) expect(row['rate.estimate']).toMatch(/^[\d.e+-]*$/);
      expect(text).not.toMatch(/^[^\r]*hashrate\./);
    }
  });

  it('keeps numbers bare, so that a spreadsheet adds them up', async () => {
    const [, , second = ''] = (await rendered('csv', sampleAudit())).split('\r\n');
    expect(second).toContain(',120000,180000,1200,1400,0.0010666666666666667,0.0016,');
  });

  it('has its header where there is no row', async () => {
    const [header, ...rows] = parseCsv(await rendered('csv', quietAudit()));
    expect(header?.slice(0, 3)).toEqual(['ip', 'verdict', 'roles']);
    expect(rows).toEqual([]);
  });

  it('has no cell that a spreadsheet runs, wherever it splits', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'minesweep-'));
    await writeReportFiles(sampleAudit(), folder, PAGE);
    for (const name of ['hosts.csv', 'sessions.csv', 'pools.csv', 'totals.csv']) {
      const text = await readFile(path.join(folder, name), 'utf8');
      for (const cell of parseCsv(text).flat()) {
        for (const part of cell.split(/[;,|\t"]/)) expect(part).not.toMatch(/^\s*[=+\-@＝＋－＠]/);
      }
      for (const part of text.split(/[;,\t\r\n"]/)) expect(part).not.toMatch(/^\s*[=+\-@＝＋－＠]/);
    }
    await rm(folder, { recursive: true });
  });
});

describe('totals.csv', () => {
  it('has the totals a figure a line, counts with their whole and interval', async () => {
    const rows = parseCsv([...renderTotalsCsv(sampleAudit())].join(''));
    expect(rows[0]).toEqual(['figure', 'name', 'value', 'unit', 'low', 'high', 'whole', 'basis']);
    const row = (figure: string, name: string, unit: string) =>
      rows.find((cells) => cells[0] === figure && cells[1] === name && cells[3] === unit);
    expect(row('miner addresses', '', 'addresses')).toEqual([
      'miner addresses',
      '',
      '4',
      'addresses',
      '',
      '',
      '7',
      '',
    ]);
    expect(row('power', '', 'kWh/day')?.slice(2, 6)).toEqual(['89', 'kWh/day', '74', '118']);
    expect(row('hosts', 'confirmed', 'addresses')?.[2]).toBe('3');
    // One with a confidence of 0.9, and three of which nobody knows the class.
    const institutional = row('institutional', 'government and education and enterprise', 'addresses');
    expect(institutional?.slice(2, 4)).toEqual(['1', 'addresses']);
    expect(Number(institutional?.[4])).toBe(0.9);
    expect(Number(institutional?.[5])).toBe(4);
    expect(row('window', 'length', 's')?.[2]).toBe('900');
  });
});

describe('markdown', () => {
  it('is the golden text', async () => {
    await expect(await rendered('markdown', sampleAudit())).toMatchFileSnapshot('golden/report.md.txt');
  });

  it('has the breakdowns, coverage, method and the arithmetic of the published audits, as the page has', async () => {
    const said = await rendered('markdown', sampleAudit(), PUBLISHED_AUDITS);
    // One of four miner addresses; docs/reference/energy.md section 4, by hand.
    for (const line of [
      '| education (institutional) | 1 | 25.0 % | 100 % |',
      '| skipped | 0.2 % | 0.5 % | not decoded; reasons are counted below |',
      '| Energy per hash, if SHA-256 | 1,083 J/TH | – | 37.8 J/TH |',
      '| Addresses | 4,502 | 4,699 | 4 |',
    ]) {
      expect(said).toContain(`${line}\n`);
    }
    for (const words of [
      '11 to 22 times too high',
      '91.0 % to 97.3 % of the electricity',
      'about 9.85 MW',
      '| Antminer S9 (2016) | 98.0 J/TH |',
      '| Units (institutions) | not published | 78 | 1 with a name |',
      '| 34 deliberate, 32 hijacked, 12 undetermined |',
    ]) {
      expect(said).toContain(words);
    }
  });

  it('has as many cells in a row as in its header, whatever the wire says', async () => {
    const lines = (await rendered('markdown', sampleAudit()))
      .split('\n')
      .filter((line) => line.startsWith('|'));
    const cells = new Set(
      lines.filter((line) => line.startsWith('| `192.0.2.')).map((line) => line.split('|').length),
    );
    expect([...cells]).toEqual([lines.find((line) => line.startsWith('| IP |'))?.split('|').length]);
  });

  it('has foreign text in code spans only', async () => {
    // Code spans as CommonMark reads them: a run of backticks up to a run of the same length.
    const prose = (await rendered('markdown', sampleAudit())).replaceAll(
      /(?<!`)(`+)(?!`)(.*?)(?<!`)\1(?!`)/g,
      '',
    );
    for (const said of ['img', 'javascript', 'cmd', 'example', 'FAKE', '@', '<', 'http', HOSTILE.worker]) {
      expect(prose).not.toContain(said);
    }
  });
});

describe('the files of --out', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'minesweep-'));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  it('are the audit and its three lists, in a folder that is made', async () => {
    const out = path.join(folder, 'a', 'b');
    await writeReportFiles(sampleAudit(), out, PAGE);
    expect((await readdir(out)).sort()).toEqual([
      'audit.json',
      'departments.csv',
      'hosts.csv',
      'pools.csv',
      'report.html',
      'sessions.csv',
      'totals.csv',
    ]);
    expect(JSON.parse(await readFile(path.join(out, 'audit.json'), 'utf8'))).toEqual(sampleAudit());
    const sessions = records(await readFile(path.join(out, 'sessions.csv'), 'utf8'));
    expect(sessions[1]).toMatchObject({
      'miner.ip': '2001:db8:10:4::1:2f',
      'logins.worker': '機房-07;rack2.s19',
      rejects: 'low-difficulty=2',
      'work.hashes': '85680000000000000',
    });
    const pools = records(await readFile(path.join(out, 'pools.csv'), 'utf8'));
    expect(pools[4]?.endpoints).toBe('203.0.113.66:8080;203.0.113.66:8081');
  });

  it('replace older ones, and leave them where the new ones cannot be made', async () => {
    await writeReportFiles(quietAudit(), folder, PAGE);
    const before = await readFile(path.join(folder, 'hosts.csv'), 'utf8');
    const broken = sampleAudit();
    Object.defineProperty(broken, 'pools', {
      get: () => {
        throw new Error('broken');
      },
    });
    await expect(writeReportFiles(broken, folder, PAGE)).rejects.toMatchObject({
      code: 'OUTPUT_FAILED',
      where: folder,
    });
    expect(await readFile(path.join(folder, 'hosts.csv'), 'utf8')).toBe(before);
    expect((await readdir(folder)).sort()).toEqual([
      'audit.json',
      'hosts.csv',
      'pools.csv',
      'report.html',
      'sessions.csv',
      'totals.csv',
    ]);
    await writeReportFiles(sampleAudit(), folder, PAGE);
    expect(await readFile(path.join(folder, 'hosts.csv'), 'utf8')).not.toBe(before);
  });

  it('leave nothing of runs that were killed, unless another run is at work there', async () => {
    const left = [1, 2].map((i) => `.audit.json.0000000${i}-0000-4000-8000-000000000000.tmp`);
    const others = ['.audit.json.tmp', '.notes.txt.mine.tmp', 'audit.json.0000.tmp'];
    for (const name of [...left, ...others]) await writeFile(path.join(folder, name), 'half an audit');
    const unlock = lock(path.join(folder, '.audit'));
    expect(await writeReportFiles(sampleAudit(), folder, PAGE)).toBe(0);
    expect(await readdir(folder)).toEqual(expect.arrayContaining(left));
    const holder = JSON.parse(await readFile(path.join(folder, '.audit.lock'), 'utf8'));
    unlock();
    // The lock of a process that is gone.
    await writeFile(path.join(folder, '.audit.lock'), JSON.stringify({ ...holder, pid: 999999999 }));
    expect(await writeReportFiles(sampleAudit(), folder, PAGE)).toBe(2);
    const names = await readdir(folder);
    expect(names).toEqual(expect.arrayContaining(others));
    expect(names.filter((name) => left.includes(name) || name.includes('lock'))).toEqual([]);
  });

  it.skipIf(!existsSync('/proc/self'))('are refused where the system lets nobody make a folder', async () => {
    // Linux answers there with ENOENT, as if a folder above were missing.
    for (const out of ['/proc/nowhere', '/proc/nowhere/deep']) {
      await expect(writeReportFiles(sampleAudit(), out, PAGE)).rejects.toMatchObject({
        code: 'OUTPUT_FAILED',
        where: out,
      });
    }
  });

  it('are refused where the folder is a file', async () => {
    const file = path.join(folder, 'file');
    await writeFile(file, '');
    await expect(writeReportFiles(sampleAudit(), file, PAGE)).rejects.toMatchObject({
      code: 'OUTPUT_FAILED',
    });
  });
});
