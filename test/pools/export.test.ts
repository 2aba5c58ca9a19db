/** Exported endpoints, as the programs that they are for read them. Those that are not installed are skipped. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { exportedPlaces, POOL_EXPORT_FORMATS } from '../../src/pools/export.ts';
import { loadPools } from '../../src/pools/load.ts';
import { flowsFolder } from '../support/corpus.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const list = path.join(folder, 'pools.txt');
writeFileSync(list, '198.51.100.20:443\n198.51.100.30:18081\n[2001:db8::5]:3333\n203.0.113.0/24:5555\n');

async function exported(id: string): Promise<string> {
  const format = POOL_EXPORT_FORMATS.find((each) => each.id === id);
  return format?.write(exportedPlaces(await loadPools([list]))) ?? '';
}

const has = (program: string): boolean => spawnSync(program, ['-V']).error === undefined;
const flows = flowsFolder();

describe('exported endpoints', () => {
  it('are rows of address, port and pool', async () => {
    expect((await exported('csv')).split('\n').map((line) => line.split(',').slice(0, 2).join(' '))).toEqual([
      'ip port',
      '198.51.100.20 443',
      '198.51.100.30 18081',
      '2001:db8::5 3333',
      '203.0.113.0/24 5555',
      '',
    ]);
  });

  it('have IPv4 as Akvorado stores it, and no networks there', async () => {
    const text = await exported('akvorado');
    expect(text).toContain('::ffff:198.51.100.20,443,');
    expect(text).not.toContain('/24');
  });

  it.skipIf(flows === null || !has('nfdump'))(
    'are a filter that finds the flows (skipped without nfdump)',
    async () => {
      const filter = path.join(folder, 'filter');
      writeFileSync(filter, await exported('nfdump'));
      const file = path.join(flows ?? '', 'office-a-v9.nfcapd');
      const run = (...args: string[]): string =>
        spawnSync('nfdump', ['-q', '-r', file, '-o', 'fmt:%dp %sp', ...args], { encoding: 'utf8' }).stdout;
      const found = run('-f', filter).trim().split('\n');
      const all = run('proto tcp and ((ip 198.51.100.20 and port 443) or (ip 198.51.100.30 and port 18081))');
      expect(found.length).toBeGreaterThan(1);
      expect(found).toEqual(all.trim().split('\n'));
    },
  );

  it.skipIf(!has('suricata'))('are rules that Suricata takes (skipped without it)', async () => {
    writeFileSync(path.join(folder, 'minesweep-pools.lst'), await exported('suricata-dataset'));
    writeFileSync(path.join(folder, 'pools.rules'), await exported('suricata-rules'));
    const config = path.join(folder, 'suricata.yaml');
    writeFileSync(
      config,
      `%YAML 1.1\n---\nvars:\n  address-groups:\n    HOME_NET: "[192.0.2.0/24]"\n    EXTERNAL_NET: "any"\ndefault-log-dir: ${folder}\nclassification-file: /etc/suricata/classification.config\n`,
    );
    const test = spawnSync(
      'suricata',
      ['-T', '-c', config, '-S', path.join(folder, 'pools.rules'), '-l', folder],
      {
        encoding: 'utf8',
        cwd: folder,
      },
    );
    expect([test.status, `${test.stdout}${test.stderr}`]).toEqual([0, expect.any(String)]);
    expect(readFileSync(path.join(folder, 'minesweep-pools.lst'), 'utf8')).toContain('2001:db8::5');
  });
});
