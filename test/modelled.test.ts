/**
 * Modelled rates, end to end: without the request nothing is observable; with it, and with the difficulty that the truth
 * files tell, the range holds the true rate of every session in the laboratory's flow exports. Measured totals never change.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Audit } from '../src/audit/audit.ts';
import { auditProblem } from '../src/audit/schema.ts';
import { type ScanOptions, scan } from '../src/scan.ts';
import { CORPUS_ABSENT, corpusFolder, flowsFolder } from './support/corpus.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const corpus = corpusFolder();
const flows = flowsFolder();
const absent = flows === null ? ` (${CORPUS_ABSENT})` : '';
const EXPORTS = ['office-a-v5', 'office-a-v9', 'office-a-ipfix'];

interface Told {
  readonly scenario: string;
  readonly is_mining: boolean;
  readonly client: string;
  readonly pool: string | null;
  readonly algorithm: string;
  readonly true_hashrate: number;
}

interface Difficulty {
  readonly difficulty_unit: string;
  readonly difficulty_history: readonly { readonly difficulty: number }[];
}

function truth(name: string): Told[] {
  const told: { sessions: Told[] } = JSON.parse(readFileSync(path.join(flows ?? '', `${name}.json`), 'utf8'));
  return told.sessions.filter(({ is_mining }) => is_mining);
}

const endpointOf = ({ pool }: Told): string => /^[\d.]+:\d+/.exec(pool ?? '')?.[0] ?? '';

/** The rule that an operator would write who knows the pool's difficulty. */
function rule(told: Told): string {
  const file = path.join(corpus ?? '', `${told.scenario}.json`);
  const { difficulty_history, difficulty_unit }: Difficulty = JSON.parse(readFileSync(file, 'utf8'));
  const values = difficulty_history.map(({ difficulty }) => difficulty);
  const key = difficulty_unit === 'difficulty' ? 'hashes' : 'difficulty';
  const [ip = '', port = ''] = endpointOf(told).split(':');
  return `pool=${ip} port=${port} algorithm=${told.algorithm} ${key}=${Math.min(...values)}..${Math.max(...values)}`;
}

function written(name: string, text: string): string {
  const file = path.join(temporaryFolder('model'), name);
  writeFileSync(file, text);
  return file;
}

function scanned(inputs: readonly string[], options: Partial<ScanOptions> = {}): Promise<Audit> {
  return scan({
    inputs,
    local: [],
    poolFiles: [],
    allowFile: null,
    hash: false,
    sinceUs: null,
    untilUs: null,
    inputFormat: null,
    signal: new AbortController().signal,
    ...options,
  });
}

describe.skipIf(flows === null)(`a modelled rate${absent}`, () => {
  const of = (name: string): string[] => [path.join(flows ?? '', `${name}.nfcapd`)];
  const poolsOf = (name: string): string[] => [
    written('pools.txt', `${truth(name).map(endpointOf).join('\n')}\n`),
  ];

  it('stands nowhere unless it is asked for', async () => {
    const audit = await scanned(of('office-a-v5'), { poolFiles: poolsOf('office-a-v5') });
    expect(audit.totals.hashrate).toEqual([]);
    expect(audit.totals).not.toHaveProperty('hashrateAssumptions');
    expect(audit.sessions.filter((session) => session.hashrate.length > 0 || session.modelled)).toEqual([]);
    // Whose rate nobody knows has no part in the power of the others.
    expect(audit.totals.power).toBeNull();
    expect(audit.totals.modelledPower?.watts).toBeGreaterThan(0);
  });

  it('of unknown places is not made up, and the audit says why', async () => {
    const audit = await scanned(of('office-a-v5'), { poolFiles: poolsOf('office-a-v5'), model: true });
    expect(audit.totals.hashrate).toEqual([]);
    expect(audit.notes.filter(({ text }) => text.includes('not modelled'))).toHaveLength(1);
  });

  for (const name of EXPORTS) {
    it(`holds the truth of every session of ${name} where the difficulty is said`, async () => {
      const told = truth(name);
      const file = written('assumptions.txt', `${told.map(rule).join('\n')}\n`);
      const audit = await scanned(of(name), { poolFiles: poolsOf(name), assume: [file] });
      expect(auditProblem(JSON.parse(JSON.stringify(audit)))).toBeNull();
      const held = told
        // A hundred connections of one request each, to a node that is no pool: touched, and no session.
        .filter(({ scenario }) => scenario !== 'xmr-daemon-solo')
        .map(({ scenario, client, true_hashrate, algorithm }) => {
          const host = audit.hosts.find(({ ip }) => client.startsWith(`${ip}:`));
          const [row] = host?.hashrate ?? [];
          const isHeld = (row?.low95 ?? Infinity) <= true_hashrate && true_hashrate <= (row?.high95 ?? 0);
          return [scenario, row?.algorithm === algorithm, row?.basis, isHeld];
        });
      expect(held).toEqual(held.map(([scenario]) => [scenario, true, 'modelled', true]));
      expect(held.length).toBeGreaterThanOrEqual(3);
      expect(audit.totals.hashrate.map(({ basis }) => basis)).toEqual(
        audit.totals.hashrate.map(() => 'modelled'),
      );
      expect(audit.totals.hashrateAssumptions?.every(({ text }) => text.includes(`given by ${file}:`))).toBe(
        true,
      );
    });
  }

  it('never enters a measured total', async () => {
    const [name = ''] = EXPORTS;
    const inputs = [...of(name), path.join(corpus ?? '', 'btc-minerd.pcap')];
    const poolFiles = poolsOf(name);
    const measured = await scanned(inputs, { poolFiles });
    const both = await scanned(inputs, {
      poolFiles,
      assume: ['pool=198.51.100.70 algorithm=sha256d difficulty=0.0003'],
    });
    const rows = (audit: Audit, isModelled: boolean) =>
      audit.totals.hashrate.filter(({ basis }) => (basis === 'modelled') === isModelled);
    expect(rows(both, false)).toEqual(rows(measured, false));
    expect(rows(measured, true)).toEqual([]);
    expect(rows(both, true)).toMatchObject([{ algorithm: 'sha256d', hosts: 1, headline: false }]);
    expect(both.totals.power).toEqual(measured.totals.power);
  });
});

function hasProgram(name: string): boolean {
  try {
    execFileSync('which', [name], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Sessions of XMRig at public pools, three of them, with what the miner said of itself. */
const RECORDED = ['cj-1588106557_Rd6ZK.pcap', 'cj-1613759102_1bM5i.pcap', 'cj-1617834909_dYo3e.pcap'];

describe.skipIf(corpus === null || !hasProgram('nfpcapd'))(
  `a rate modelled by nothing but the coin${absent} (skipped where nfpcapd is absent)`,
  () => {
    for (const capture of RECORDED) {
      it(`holds the measured one of ${capture}`, async () => {
        const file = path.join(corpus ?? '', 'real', capture);
        const folder = temporaryFolder('model');
        execFileSync('nfpcapd', ['-r', file, '-w', folder], { stdio: 'ignore' });
        const [session] = (await scanned([file])).sessions.filter(({ shares }) => shares.accepted > 10);
        const measured = session?.hashrate.find(({ basis }) => basis === 'shares');
        const pools = written(
          'pools.csv',
          `pool,domain_pattern,ports,tls_ports,coins,algorithms,protocols,kind,sources\nX,${session?.pool.ip},${session?.pool.port},,XMR,,,pool,test\n`,
        );
        const audit = await scanned([folder], { poolFiles: [pools], model: true });
        const [row] = audit.hosts.find(({ ip }) => ip === session?.miner.ip)?.hashrate ?? [];
        expect([row?.basis, row?.algorithm]).toEqual(['modelled', 'rx/0']);
        expect(row?.low95).toBeLessThan(measured?.estimate ?? 0);
        expect(row?.high95).toBeGreaterThan(measured?.estimate ?? Infinity);
        expect(audit.totals.hashrateAssumptions).toHaveLength(1);
      });
    }
  },
);
