/**
 * An audit of version 1, as an old program wrote it: report, diff and explain read it, merge says what to do. Expected
 * values are those in the file.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { isAudit } from '../../src/audit/schema.ts';
import { main } from '../../src/cli.ts';
import { FORMATS } from '../../src/report/index.ts';
import { capture } from '../cli/streams.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { FIXTURES } from '../support/truth.ts';

const folder = temporaryFolder();
const OLD = path.join(FIXTURES, 'audits', 'version-1.json');
const IP = '192.0.2.18';

async function run(...argv: readonly string[]) {
  const to = capture();
  const status = await main(argv, { NO_COLOR: '1' }, to.streams);
  return { status, out: to.out(), err: to.err() };
}

describe('an audit of version 1', () => {
  it.each(FORMATS)('is printed as %s', async (format) => {
    const { status, out } = await run('report', OLD, '--format', format);
    // Its input is damaged.
    expect(status).toBe(4);
    if (format !== 'prometheus') expect(out).toContain(IP);
  });

  it('has the same facts in the present version', async () => {
    const old = JSON.parse(readFileSync(OLD, 'utf8'));
    const now = JSON.parse((await run('report', OLD, '--format', 'json')).out);
    expect(old.schema).toBe('minesweep.audit/1');
    expect(now.schema).toBe('minesweep.audit/3');
    expect(isAudit(now)).toBe(true);
    expect(now.totals.hashrate).toEqual(old.totals.hashrate);
    expect(now.hosts[0].evidence.map(({ text }: { text: string }) => text)).toEqual(
      old.hosts[0].evidence.map(({ detail }: { detail: string }) => detail),
    );
    expect(now.sessions[0].reason.text).toBe(old.sessions[0].because);
    expect(now.sessions[0].counter.notes.map(({ text }: { text: string }) => text)).toEqual(
      old.sessions[0].counter.words,
    );
    expect(now.inputs[0].damage).toMatchObject([{ kind: 'truncated-record', count: 1, at: 59_965 }]);
  });

  it('with values that no text can be made of is none', async () => {
    const old = JSON.parse(readFileSync(OLD, 'utf8'));
    old.inputs[0].damage = [{ kind: { toString: 1 }, count: { valueOf: 1 }, at: 0 }];
    old.hosts[0].evidence[0].detail = { toString: 1 };
    const file = path.join(folder, 'strange.json');
    writeFileSync(file, JSON.stringify(old));
    const { status, err } = await run('report', file);
    expect([status, err]).toEqual([1, expect.stringContaining('not an audit of minesweep')]);
  });

  it('is explained', async () => {
    const { status, out } = await run('explain', IP, OLD);
    expect(status).toBe(0);
    expect(out).toContain(`${IP} is confirmed.`);
    expect(out).toContain('jobs or an accepted login, and work handed in and answered');
  });

  it('is compared', async () => {
    const { status, out } = await run('diff', OLD, OLD, '--format', 'json');
    expect(status).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ changes: [], unchanged: 1 });
  });

  it('is not merged: its inputs have to be scanned again', async () => {
    const { status, err } = await run('merge', OLD);
    expect(status).toBe(1);
    expect(err).toBe(
      `minesweep: ${OLD}: this audit is of an old version and cannot be merged\n  Scan its inputs again with this version.\n`,
    );
  });
});
