/** Feeds of indicators as CSV, and the list for --pools that `pools import --out` makes of any feed. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { poolsImport } from '../../src/commands/pools.ts';
import { loadPools } from '../../src/pools/load.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
function file(name: string, text: string): string {
  const full = path.join(folder, name);
  writeFileSync(full, text);
  return full;
}

const HEADER =
  '# "first_seen_utc","ioc_id","ioc_value","ioc_type","threat_type","fk_malware","malware_alias","malware_printable","tags"';
const row = (value: string, type: string, malware: string, tags = ''): string =>
  `"2026-11-20 10:00:00", "1", "${value}", "${type}", "botnet_cc", "win.x", "None", "${malware}", "${tags}"`;
const FEED = [
  '################',
  '# ThreatFox IOCs #',
  HEADER,
  row('93.184.216.40:3333', 'ip:port', 'Coinminer'),
  row('mine.badactor.net', 'domain', 'XMRIG'),
  row('93.184.216.42:8080', 'ip:port', 'Unknown', 'xmrig,botnet'),
  row('93.184.216.41:443', 'ip:port', 'Cobalt Strike'),
  row('https://files.badactor.net/x.exe', 'url', 'Coinminer'),
  '# Number of entries: 5',
  '',
].join('\n');

describe('a feed of indicators', () => {
  it('gives what miners talk to, and nothing of other malware', async () => {
    const pools = await loadPools([file('threatfox.csv', FEED)]);
    expect(pools.byAddress('93.184.216.40', 3333)?.pool.kind).toBe('malware-proxy');
    expect(pools.byAddress('93.184.216.42', 8080)).not.toBeNull();
    expect(pools.byName('mine.badactor.net')).not.toBeNull();
    expect(pools.byAddress('93.184.216.40', 3334)).toBeNull();
    expect(pools.byAddress('93.184.216.41', 443)).toBeNull();
    expect(pools.byName('files.badactor.net')).toBeNull();
    const [report] = pools.imports;
    expect([report?.kept, report?.refused.map(({ reason }) => reason)]).toEqual([
      3,
      ['line-other-rule', 'line-no-endpoint'],
    ]);
  });

  it('with ports in a column is read likewise', async () => {
    const feed = 'first_seen_utc,dst_ip,dst_port,malware\n2026-11-20,93.184.216.50,14444,XMRig\n';
    expect((await loadPools([file('feodo.csv', feed)])).byAddress('93.184.216.50', 14444)).not.toBeNull();
  });
});

it('is written as a list that --pools takes, with the same places', async () => {
  const lists = [
    file('threatfox.csv', FEED),
    file('plain.txt', '*.badactor.org:4444\n93.184.216.0/28:3333\n[2606:2800:220:1::5]:3333\n'),
  ];
  const out = path.join(folder, 'miners.csv');
  expect(await poolsImport(lists, out)).toContain('miners.csv: written for --pools');
  const [before, after] = [await loadPools(lists), await loadPools([out])];
  for (const pools of [before, after]) {
    expect(pools.byAddress('93.184.216.40', 3333)?.pool.kind).toBe('malware-proxy');
    expect(pools.byAddress('93.184.216.3', 3333)).not.toBeNull();
    expect(pools.byAddress('2606:2800:220:1::5', 3333)).not.toBeNull();
    expect(pools.byEndpoint('a.badactor.org', 4444)).not.toBeNull();
    expect(pools.byName('mine.badactor.net')).not.toBeNull();
  }
  expect(after.imports[0]?.refused).toEqual([]);
  expect(readFileSync(out, 'utf8').split('\n')[0]).toBe(
    'domain_pattern,port,pool,transport,kind,coins,use,name,looked_up_at,source',
  );
});
