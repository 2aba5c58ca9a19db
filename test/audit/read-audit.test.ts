/** An audit from a file or from standard input, and what is said of a file that is none. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { readAudit } from '../../src/audit/read-audit.ts';
import { MinesweepError } from '../../src/errors.ts';
import { sampleAudit } from '../support/sample-audit.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const emptyFolder = temporaryFolder();
const TEXT = JSON.stringify(sampleAudit());
const nothing = () => Readable.from([]);

function written(name: string, text: string): string {
  const file = path.join(folder, name);
  writeFileSync(file, text);
  return file;
}

describe('an audit', () => {
  it('is read from a file, with a byte order mark or without', async () => {
    expect(await readAudit(written('a.json', TEXT), nothing())).toEqual(sampleAudit());
    expect(await readAudit(written('bom.json', `\uFEFF${TEXT}`), nothing())).toEqual(sampleAudit());
  });

  it('is read from standard input in any pieces', async () => {
    const bytes = Buffer.from(TEXT);
    for (const pieces of [
      [bytes],
      [TEXT],
      [bytes.subarray(0, 999), bytes.subarray(999)],
      [TEXT.slice(0, 7), TEXT.slice(7)],
    ])
      expect(await readAudit('-', Readable.from(pieces))).toEqual(sampleAudit());
  });

  it.each([
    ['no JSON', () => written('torn.json', '{"schema":'), 'FILE_INVALID', 'not JSON'],
    ['nothing', () => written('empty.json', ''), 'FILE_INVALID', 'not JSON'],
    ['no audit', () => written('other.json', '[]'), 'FILE_INVALID', 'not an audit of minesweep: the whole'],
    [
      'part of an audit',
      () => written('part.json', TEXT.replace('"verdict":"confirmed"', '"verdict":"sure"')),
      'FILE_INVALID',
      'not an audit of minesweep: hosts[0].verdict',
    ],
    ['a folder without one', () => emptyFolder, 'INPUT_UNREADABLE', 'no such file'],
    ['no file', () => path.join(folder, 'none.json'), 'INPUT_UNREADABLE', 'no such file'],
    [
      'a file as a folder',
      () => path.join(written('b.json', TEXT), 'x'),
      'INPUT_UNREADABLE',
      'cannot read the audit: ',
    ],
  ])('that is %s is refused with what is wrong, and where', async (_name, make, code, message) => {
    const file = make();
    const error: unknown = await readAudit(file, nothing()).catch((thrown: unknown) => thrown);
    if (!(error instanceof MinesweepError)) throw error;
    expect([error.code, error.where]).toEqual([
      code,
      file === emptyFolder ? path.join(file, 'audit.json') : file,
    ]);
    expect(error.message).toContain(message);
    expect(error.hint).toContain('audit.json');
  });

  it('is found in the folder that --out wrote', async () => {
    const out = path.join(folder, 'out');
    mkdirSync(out);
    writeFileSync(path.join(out, 'audit.json'), TEXT);
    expect(await readAudit(out, nothing())).toEqual(JSON.parse(TEXT));
  });

  it.each([1, 2, 3, 5])('of version %d is refused with both versions, and what to do', async (version) => {
    const text = JSON.stringify({ ...sampleAudit(), schema: `minesweep.audit/${version}` });
    const file = written(`version-${version}.json`, text);
    await expect(readAudit(file, nothing())).rejects.toMatchObject({
      code: 'FILE_INVALID',
      where: file,
      message: `the audit is minesweep.audit/${version}, and only minesweep.audit/4 is read`,
      hint: 'Scan the inputs again with this version of minesweep.',
    });
  });

  it('from standard input that is none is named so', async () => {
    const error: unknown = await readAudit('-', Readable.from(['{}'])).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'FILE_INVALID', where: 'standard input' });
  });
});
