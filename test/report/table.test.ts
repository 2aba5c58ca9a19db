import { describe, expect, it } from 'vitest';
import type { Audit } from '../../src/audit/audit.ts';
import { renderAudit } from '../../src/report/index.ts';
import { widthOf } from '../../src/report/width.ts';
import { verbatim } from '../../src/statements/index.ts';
import { quietAudit, sampleAudit } from '../support/sample-audit.ts';

async function table(audit: Audit, width: number, color = false): Promise<string> {
  return [...(await renderAudit('table', audit, { width, color, zone: 'UTC', language: 'en' }))].join('');
}

function incomplete(audit: Audit): Audit {
  return {
    ...audit,
    coverage: { ...audit.coverage, complete: false, decoded: { bytes: 0.62, packets: 0.7 } },
  };
}

describe('the table', () => {
  it.each([80, 100, 120, 200])('is the golden text at %d columns', async (width) => {
    await expect(await table(sampleAudit(), width)).toMatchFileSnapshot(`golden/table-${width}.txt`);
  });

  it.each([40, 60, 80, 81, 99, 100, 119, 120, 160, 200, 500])('fits %d columns', async (width) => {
    const tooWide = (await table(sampleAudit(), width)).split('\n').filter((line) => widthOf(line) > width);
    expect(tooWide).toEqual([]);
  });

  it('keeps every address whole and one line per host at any width', async () => {
    const audit = sampleAudit();
    for (const width of [40, 80, 200]) {
      const lines = (await table(audit, width)).split('\n');
      for (const host of audit.hosts) {
        expect(lines.filter((line) => line.startsWith(`${host.ip} `))).toHaveLength(1);
      }
    }
  });

  it('aligns columns after wide characters', async () => {
    const lines = (await table(sampleAudit(), 300)).split('\n');
    const header = lines.find((line) => line.startsWith('IP ')) ?? '';
    const row = lines.find((line) => line.includes('機房')) ?? '';
    const column = header.indexOf('EVIDENCE');
    expect(widthOf(row.slice(0, row.indexOf('164 shares')))).toBe(column);
  });

  it('lists strong verdicts first', async () => {
    const lines = (await table(sampleAudit(), 120))
      .split('\n')
      .filter((line) => /^[\d.:a-f]{5,} /.test(line));
    expect(lines.map((line) => /confirmed|probable|suspected|attempted|listed/.exec(line)?.[0])).toEqual([
      'confirmed',
      'confirmed',
      'confirmed',
      'probable',
      'suspected',
      'attempted',
      'listed',
    ]);
  });

  it('has no character that acts on a terminal, and colours only where asked', async () => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: controls are what is looked for.
    const acting = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069]/;
    expect(await table(sampleAudit(), 4000)).not.toMatch(acting);
    const colored = await table(sampleAudit(), 4000, true);
    expect(colored).toContain('\u001b[1;31mconfirmed\u001b[0m');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are what is taken out.
    expect(colored.replaceAll(/\u001b\[[\d;]+m/g, '')).toBe(await table(sampleAudit(), 4000));
  });

  it('bounds a line whatever was piled up on a character', async () => {
    const audit = sampleAudit();
    const [host] = audit.hosts;
    if (host?.evidence[2] !== undefined)
      Object.assign(host.evidence[2], verbatim(`x${'\u0301'.repeat(100_000)}`));
    expect((await table(audit, 80)).length).toBeLessThan(10_000);
  });

  it('says what was looked at where nothing was found', async () => {
    expect(await table(quietAudit(), 200)).toBe(
      [
        'No mining found in 400 conversations; all could be judged.',
        '',
        'Window    2026-03-02 08:00:00 – 08:15:00 UTC (15 min)',
        'Inputs    1 of 1 read; 734 MB, 2,400,120 packets',
        'Coverage  100 % of conversations judged (100 % of their bytes); 99.8 % of bytes decoded; of TCP bytes 71.4 % encrypted, 3.1 % seen in one direction only',
        'Made by   minesweep 0.1.0',
        '',
      ].join('\n'),
    );
  });

  it('calls nothing clean that it could not read', async () => {
    const said = await table(incomplete(quietAudit()), 200);
    expect(said).toContain(
      'No mining was seen in 400 conversations; all could be judged. Coverage is incomplete: there was more that was not seen.',
    );
    expect(said).toContain(
      'Coverage  INCOMPLETE: 100 % of conversations judged (100 % of their bytes); 62.0 % of bytes decoded',
    );
    expect(said).not.toMatch(/clean|no mining found/i);
  });

  it('says so where nothing could be read', async () => {
    const audit = incomplete(quietAudit());
    const said = await table(
      { ...audit, window: { start: null, end: null, seconds: 0, observed: [], observedSeconds: 0 } },
      200,
    );
    expect(said).toContain('Nothing was read: no packet or flow in 1 input. No conclusion is possible.');
    expect(said).toContain('Window    none: no packet or flow was read');
  });

  it('says so where the run was interrupted', async () => {
    expect(await table({ ...sampleAudit(), partial: true }, 200)).toContain(
      'PARTIAL: the run was interrupted',
    );
    const quiet = await table({ ...quietAudit(), partial: true }, 200);
    expect(quiet).toContain('The rest was not examined.');
    expect(quiet).not.toMatch(/no mining found/i);
  });

  it('tells the damage of ten inputs and counts the others', async () => {
    const audit = sampleAudit();
    const [, damaged] = audit.inputs;
    if (damaged === undefined) throw new Error('the sample has a damaged input');
    audit.inputs = Array.from({ length: 14 }, (_, i) => ({ ...damaged, path: `part-${i}.pcap` }));
    const said = await table(audit, 200);
    expect(said).toContain('part-9.pcap: last record truncated');
    expect(said).not.toContain('part-10.pcap');
    expect(said).toContain('and 4 more inputs');
  });
});
