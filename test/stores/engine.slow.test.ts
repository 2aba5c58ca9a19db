/**
 * The flows of the laboratory's exports as tables of each schema in the real engine, against the same flows as files:
 * equal traffic and equal hosts. Skipped if the flows, nfdump or the engine are not there.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Audit, VERDICTS } from '../../src/audit/audit.ts';
import { CORPUS_ABSENT, flowsFolder } from '../support/corpus.ts';
import { scanInputs } from '../support/scanning.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { textsOf } from '../support/texts.ts';
import { type Engine, hasEngine, startEngine } from './engine.ts';
import { recordsOf, TABLES } from './tables.ts';

const flows = flowsFolder();
const hasNfdump = spawnSync('nfdump', ['-V']).error === undefined;
const isAbsent = flows === null || !hasNfdump || !hasEngine();
const file = flows === null ? '' : path.join(flows, 'office-a-v9.nfcapd');
const folder = temporaryFolder();
const times = { sinceUs: Date.UTC(2026, 10, 24, 22) * 1000, untilUs: Date.UTC(2026, 10, 25) * 1000 };

const SCHEMAS: Readonly<Record<string, string>> = {
  akvorado: 'akvorado?schema=auto',
  goflow2: 'goflow2?schema=auto',
  theia: 'theia?schema=auto',
  ntopng: 'ntopng?schema=auto',
  columns:
    'own?table=log&schema=columns:src=a,dst=b,sport=ap,dport=bp,start=t,bytes=octets,packets=pk,proto=p',
};

/** Bytes of each host in both directions, whatever its verdict. */
function trafficOf(audit: Audit): unknown {
  return audit.hosts.map(({ ip, traffic }) => [ip, traffic.bytesOut, traffic.bytesIn]).toSorted();
}

describe.skipIf(isAbsent)(
  `flows in the real engine (${CORPUS_ABSENT}, or nfdump or the engine, if skipped)`,
  () => {
    let engine: Engine;
    let expected: Audit;
    const pools = path.join(folder, 'pools.txt');
    const scan = (where: string, options = {}): Promise<Audit> =>
      scanInputs([`clickhouse://reader@127.0.0.1:${engine.port}/${where}`], {
        poolFiles: [pools],
        ...times,
        ...options,
      });

    beforeAll(async () => {
      const { sessions }: { sessions: { pool: string | null }[] } = JSON.parse(
        readFileSync(file.replace('.nfcapd', '.json'), 'utf8'),
      );
      writeFileSync(pools, sessions.flatMap(({ pool }) => pool?.split(' ')[0] ?? []).join('\n'));
      const records = recordsOf(file);
      const statements = Object.values(TABLES).flatMap((make) => make(records));
      engine = await startEngine(folder, [
        ...statements,
        "CREATE VIEW akvorado.spread AS SELECT * FROM remote('127.0.0.{1,1}', akvorado.flows)",
      ]);
      expected = await scanInputs([file], { poolFiles: [pools], ...times });
    }, 300_000);
    afterAll(() => engine?.stop());

    it.each(Object.entries(SCHEMAS))(
      'has the same traffic and hosts as files: %s',
      async (_schema, where) => {
        const audit = await scan(where);
        expect(expected.hosts.length).toBeGreaterThan(1);
        expect(trafficOf(audit)).toEqual(trafficOf(expected));
        for (const { ip, verdict } of audit.hosts) {
          const known = expected.hosts.find((host) => host.ip === ip)?.verdict ?? 'listed';
          // A table without ends or packets may only weaken a verdict, and the notes say why.
          expect(VERDICTS.indexOf(verdict)).toBeGreaterThanOrEqual(VERDICTS.indexOf(known));
          if (verdict !== known)
            expect(textsOf(audit.notes).join()).toMatch(/no end of flows|no packet counts/);
        }
      },
    );

    it('reads a table spread over two shards: each row of both is asked for', async () => {
      const audit = await scan('akvorado?table=spread&schema=akvorado');
      const once = await scan('akvorado?schema=akvorado');
      expect(audit.inputs[0].flows).toBeGreaterThan(0);
      // Both shards are the same table here, so that all counters are twice as large and no conversation is split.
      expect(audit.totals.traffic.bytesOut).toBe(2 * once.totals.traffic.bytesOut);
      expect(audit.hosts.map(({ ip }) => ip)).toEqual(once.hosts.map(({ ip }) => ip));
    });

    it('says what to do about a table or a column that is not there', async () => {
      await expect(scan('akvorado?table=nothing')).rejects.toMatchObject({ code: 'INPUT_UNREADABLE' });
      await expect(scan('own?table=log&schema=akvorado')).rejects.toMatchObject({
        hint: expect.stringContaining('schema=columns:'),
      });
    });
  },
);
