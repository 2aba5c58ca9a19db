import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { main } from '../../src/cli.ts';
import { capture } from '../cli/streams.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { laboratoryCapture } from '../support/truth.ts';

const folder = temporaryFolder();
const at = (...names: readonly string[]): string => path.join(folder, ...names);
const NAMES = ['btc-minerd', 'xmr-many-shares', 'eth-proxy', 'zec-zip301', 'xmr-tls'];
/** `../etc` by its letters, and its SHA-256. */
const ETC = 'etc-f7f912';
const captures = NAMES.map((name) => laboratoryCapture(name));

async function run(...argv: readonly string[]): Promise<number> {
  return main([...argv, '--quiet'], {}, capture().streams);
}

describe('the packs of departments', () => {
  it('hold what concerns their own hosts, and nothing of others', async () => {
    const [first, second, ...others] = captures;
    // Separators that admins use; one department whose name is a path, one without a contact.
    writeFileSync(
      at('owners.csv'),
      `Network|Department|Mail\n${first.miner}/32|Physik|anna@example.edu\n${second.miner}|../etc|\n`,
    );
    expect(
      await run(
        'scan',
        ...captures.map((each) => each.capture),
        '--owners',
        at('owners.csv'),
        '--packs',
        at('packs'),
        '--format',
        'csv',
      ),
    ).toBe(0);
    expect(readdirSync(at('packs')).sort()).toEqual(['Physik', ETC, 'no-department']);
    for (const [name, own] of [
      ['Physik', [first]],
      [ETC, [second]],
      ['no-department', others],
    ] as const) {
      const files = readdirSync(at('packs', name));
      expect(files.sort()).toEqual([
        '.minesweep-pack',
        'audit.json',
        'hosts.csv',
        'mail.txt',
        'report.html',
        'ticket.txt',
      ]);
      const audit = JSON.parse(readFileSync(at('packs', name, 'audit.json'), 'utf8'));
      expect(audit.hosts.map(({ ip }: { ip: string }) => ip).sort()).toEqual(
        own.map(({ miner }) => miner).sort(),
      );
      expect(audit.totals.minerAddresses).toBeLessThanOrEqual(own.length);
      for (const file of files) {
        const text = readFileSync(at('packs', name, file), 'utf8');
        if (file !== '.minesweep-pack') for (const { miner } of own) expect(text).toContain(miner);
        for (const each of captures) {
          if (own.some(({ miner }) => miner === each.miner)) continue;
          expect(text).not.toMatch(new RegExp(`${each.miner.replaceAll('.', '\\.')}(?!\\d)`));
          if (each.account !== null) expect(text).not.toMatch(new RegExp(`(?<!\\w)${each.account}`));
        }
        expect(statSync(at('packs', name, file)).mode & 0o777).toBe(0o600);
      }
    }
    const mail = readFileSync(at('packs', 'Physik', 'mail.txt'), 'utf8');
    expect(mail).toMatch(
      /^To: anna@example\.edu\nSubject: Cryptocurrency mining: 1 host, Physik\nMIME-Version: 1\.0\nContent-Type: text\/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n/,
    );
    expect(mail.replaceAll(/\s+/g, ' ')).toContain('Please tell us what you find.');
  });

  it('can be made of an audit again, and the audit of one cannot be merged', async () => {
    const to = capture();
    await main(
      [
        'scan',
        ...captures.map((each) => each.capture),
        '--owners',
        at('owners.csv'),
        '--out',
        at('whole'),
        '--format',
        'csv',
      ],
      {},
      to.streams,
    );
    expect(await run2('report', at('whole', 'audit.json'), '--packs', at('again'), '--format', 'csv')).toBe(
      0,
    );
    expect(readdirSync(at('again')).sort()).toEqual(['Physik', ETC, 'no-department']);
    const [own, other] = ['Physik', ETC].map((name) => at('again', name, 'audit.json'));
    expect(await run('merge', own, other)).toBe(1);
    expect(await run2('diff', own, other)).toBe(1);
    expect(await run2('diff', own, own)).toBe(0);
  });
});

describe('packs of an earlier run', () => {
  const owners = (...departments: readonly string[]): string => {
    const rows = captures.map(
      ({ miner }, i) => `${miner};${departments[i % departments.length]};a@example.edu`,
    );
    writeFileSync(at('now.csv'), `Network;Department;Mail\n${rows.join('\n')}\n`);
    return at('now.csv');
  };
  const packed = (...departments: readonly string[]): Promise<number> =>
    run(
      'scan',
      captures[0].capture,
      '--owners',
      owners(...departments),
      '--packs',
      at('daily'),
      '--format',
      'csv',
    );

  it('are removed, and names that are alike have folders of their own', async () => {
    expect(await packed('R&D')).toBe(0);
    const [first] = readdirSync(at('daily'));
    expect(await packed('R-D')).toBe(0);
    expect(readdirSync(at('daily'))).toEqual(['R-D']);
    expect(first).toMatch(/^R-D-[0-9a-f]{6}$/);
    expect(await packed('R&D')).toBe(0);
    expect(readdirSync(at('daily'))).toEqual([first]);
  });

  it('that were not written to their end are replaced', async () => {
    const left = '.audit.json.0d70f59e-d1d9-4f8b-a6a4-f28265d029b1.tmp';
    mkdirSync(at('daily', 'Physik'));
    for (const name of ['.minesweep-pack', 'hosts.csv', left])
      writeFileSync(at('daily', 'Physik', name), 'old');
    expect(await packed('Physik')).toBe(0);
    expect(readdirSync(at('daily', 'Physik'))).not.toContain(left);
    expect(readFileSync(at('daily', 'Physik', 'hosts.csv'), 'utf8')).toContain(captures[0].miner);
  });

  it('stay if they are not of this program', async () => {
    mkdirSync(at('daily', 'Chemie'));
    writeFileSync(at('daily', 'Chemie', 'hosts.csv'), 'mine');
    expect(await packed('Chemie')).toBe(1);
    expect(readFileSync(at('daily', 'Chemie', 'hosts.csv'), 'utf8')).toBe('mine');
  });

  it('have mails whose fields any program reads', async () => {
    rmSync(at('daily'), { recursive: true });
    const name = '计算机科学与技术学院网络信息安全实验教学中心';
    expect(await packed(name)).toBe(0);
    const [pack] = readdirSync(at('daily'));
    const mail = readFileSync(at('daily', pack, 'mail.txt'), 'utf8');
    const head = mail.slice(0, mail.indexOf('\n\n'));
    expect(head).toMatch(/^[ -~\n]*$/);
    for (const line of head.split('\n')) expect(line.length).toBeLessThanOrEqual(84);
    const words = [...head.matchAll(/=\?UTF-8\?B\?([^?]+)\?=/g)].map(([, word]) =>
      Buffer.from(word, 'base64'),
    );
    expect(words.map(String).join('')).toContain(name);
  });
});

/** Of commands without --quiet. */
async function run2(...argv: readonly string[]): Promise<number> {
  return main(argv, {}, capture().streams);
}
