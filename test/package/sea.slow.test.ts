/** The single executable: alone in an empty folder it finds what the program finds, with threads and owners. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Audit } from '../../src/audit/audit.ts';
import { describeUse } from '../support/artefact.ts';
import { REPO_ROOT } from '../support/corpus.ts';
import { BIN } from '../support/dist.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

interface Bill {
  readonly components: readonly {
    readonly name: string;
    readonly version: string;
    readonly components?: readonly object[];
  }[];
  readonly dependencies: readonly { readonly dependsOn: readonly string[] }[];
}

const folder = temporaryFolder();
const executable = path.join(folder, 'minesweep');
const capture = path.join(REPO_ROOT, 'fixtures/cryptonote/xmr-plain-vardiff.pcap');

function run(command: string, ...args: readonly string[]): string {
  return execFileSync(command, [...args], {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

function audit(command: string, ...args: readonly string[]): Audit {
  const found: Audit = JSON.parse(run(command, ...args, '--format', 'json', '--quiet'));
  return { ...found, generated: '' };
}

describe('the single executable', () => {
  beforeAll(() => {
    run(process.execPath, path.join(REPO_ROOT, 'packaging/sea/build.mjs'), executable);
  }, 240_000);

  it('starts in less than 0.3 s of processor time', () => {
    // The shell tells the time of its children in its second line, user and system: 0m0.130s 0m0.020s.
    const said = run('sh', '-c', '"$0" --version > version; times', executable).split('\n')[1] ?? '';
    const seconds = [...said.matchAll(/(\d+)m([\d.]+)s/g)].map(([, m, s]) => Number(m) * 60 + Number(s));
    expect(seconds).toHaveLength(2);
    expect(seconds.reduce((sum, each) => sum + each, 0)).toBeLessThan(0.3);
  });

  it('finds the miner of a capture', () => {
    const found = audit(executable, 'scan', capture);
    expect(found.hosts.map(({ ip, verdict }) => [ip, verdict])).toEqual([['192.0.2.11', 'confirmed']]);
    expect(found).toEqual(audit(process.execPath, BIN, 'scan', capture));
  });

  it.runIf(availableParallelism() > 1)(
    'reads a long flow log in a thread of its own, and knows the owner of an address',
    () => {
      const log = path.join(folder, 'vpc.log');
      const row =
        '2 123456789010 eni-0a1b 8.8.8.8 198.51.100.20 51000 3333 6 25 4000 1700000000 1700000060 ACCEPT OK\n';
      writeFileSync(
        log,
        `version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status\n${row.repeat(1_000_000)}`,
      );
      writeFileSync(path.join(folder, 'endpoints.txt'), '198.51.100.20:3333\n');
      const { inputs, hosts } = audit(executable, 'scan', log, '--pools', 'endpoints.txt');
      expect(inputs.map(({ kind, flows }) => [kind, flows])).toEqual([['aws-vpc', 1_000_000]]);
      // Google's.
      expect(hosts.map(({ ip, owner }) => [ip, owner.asn])).toEqual([['8.8.8.8', 15_169]]);
    },
  );

  describeUse('as users run it', () => ({ command: [executable] }));

  it('has a list of all that is in it: the packages, Node.js and what Node.js is made of', () => {
    const list = (file: string): Bill => JSON.parse(readFileSync(file, 'utf8'));
    const { components, dependencies } = list(`${executable}.cdx.json`);
    const shipped = list(path.join(REPO_ROOT, 'dist/sbom.cdx.json')).components;
    expect(components.slice(0, -1)).toEqual(shipped);
    const node = components.at(-1);
    expect(node).toMatchObject({ name: 'nodejs', version: process.versions.node });
    expect(node?.components).toContainEqual(
      expect.objectContaining({ name: 'openssl', version: process.versions.openssl }),
    );
    expect(dependencies[0]?.dependsOn).toHaveLength(components.length);
  });

  it('has the licence of Node.js with the others', () => {
    const notices = run(executable, 'licences');
    expect(notices).toContain(readFileSync(path.join(REPO_ROOT, 'dist/THIRD-PARTY.txt'), 'utf8').trim());
    expect(notices).toContain(`
Node.js v${process.versions.node}
`);
  });
});
