import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { main } from '../../src/cli.ts';
import { capture } from '../cli/streams.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { laboratoryCapture } from '../support/truth.ts';

const folder = temporaryFolder();
const at = (...names: readonly string[]): string => path.join(folder, ...names);
const NAMES = ['btc-minerd', 'xmr-many-shares', 'eth-proxy', 'zec-zip301', 'xmr-tls'];
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
    expect(readdirSync(at('packs')).sort()).toEqual(['Physik', 'etc', 'no-department']);
    for (const [name, own] of [
      ['Physik', [first]],
      ['etc', [second]],
      ['no-department', others],
    ] as const) {
      const files = readdirSync(at('packs', name));
      expect(files.sort()).toEqual(['audit.json', 'hosts.csv', 'mail.txt', 'report.html', 'ticket.txt']);
      const audit = JSON.parse(readFileSync(at('packs', name, 'audit.json'), 'utf8'));
      expect(audit.hosts.map(({ ip }: { ip: string }) => ip).sort()).toEqual(
        own.map(({ miner }) => miner).sort(),
      );
      expect(audit.totals.minerAddresses).toBeLessThanOrEqual(own.length);
      for (const file of files) {
        const text = readFileSync(at('packs', name, file), 'utf8');
        for (const { miner } of own) expect(text).toContain(miner);
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
      /^To: anna@example\.edu\nSubject: Cryptocurrency mining: 1 host, Physik\nContent-Type: text\/plain; charset=utf-8\n\n/,
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
    expect(readdirSync(at('again')).sort()).toEqual(['Physik', 'etc', 'no-department']);
    const [own, other] = ['Physik', 'etc'].map((name) => at('again', name, 'audit.json'));
    expect(await run('merge', own, other)).toBe(1);
    expect(await run2('diff', own, other)).toBe(1);
    expect(await run2('diff', own, own)).toBe(0);
  });
});

/** Of commands without --quiet. */
async function run2(...argv: readonly string[]): Promise<number> {
  return main(argv, {}, capture().streams);
}
