/**
 * The Slurm recipe of docs/farm.md on a real one-node cluster: each capture is scanned by its own task, the audits are
 * merged, and the merge equals one scan of all. Skipped if Slurm or the captures are not there.
 */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Audit } from '../../src/audit/audit.ts';
import { CORPUS_ABSENT, corpusFolder, REPO_ROOT } from '../support/corpus.ts';
import { BIN } from '../support/dist.ts';
import { comparable, scanInputs } from '../support/scanning.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { type Cluster, hasSlurm, startCluster } from './cluster.ts';

const captures = corpusFolder();
const isAbsent = captures === null || !hasSlurm();
const folder = temporaryFolder();

/** A recipe of the page, as it stands there. */
function recipe(name: string): string {
  const page = readFileSync(path.join(REPO_ROOT, 'docs/farm.md'), 'utf8');
  return new RegExp(`<!-- farm: ${name} -->\\n\`\`\`sh\\n([\\s\\S]*?)\`\`\``).exec(page)?.[1] ?? '';
}

describe.skipIf(isAbsent)(`a Slurm array (${CORPUS_ABSENT}, or Slurm is not installed, if skipped)`, () => {
  let cluster: Cluster;
  beforeAll(() => {
    cluster = startCluster(folder);
  }, 60_000);
  afterAll(() => cluster?.stop());

  it('of one task per capture merges to the audit of one scan', async () => {
    const files = readdirSync(captures ?? '')
      .filter((name) => /\.pcap/.test(name))
      .map((name) => path.join(captures ?? '', name));
    writeFileSync(path.join(folder, 'captures.txt'), `${files.join('\n')}\n`);
    const script = path.join(folder, 'scan.sh');
    writeFileSync(script, recipe('slurm').replaceAll('minesweep ', `${process.execPath} ${BIN} `));
    expect(cluster.array(script, files.length)).toBeNull();
    const merge = recipe('merge').replaceAll('minesweep ', `${process.execPath} ${BIN} `);
    execFileSync('sh', ['-c', merge], { cwd: folder });
    const merged: Audit = JSON.parse(readFileSync(path.join(folder, 'audit/audit.json'), 'utf8'));
    const whole = await scanInputs(files, { hash: true });
    expect(merged.totals).toEqual(comparableTotals(whole));
    expect(merged.hosts.map(({ ip, verdict }) => [ip, verdict])).toEqual(
      whole.hosts.map(({ ip, verdict }) => [ip, verdict]),
    );
  }, 300_000);
});

function comparableTotals(audit: Audit): unknown {
  const { totals } = comparable(audit) as Pick<Audit, 'totals'>;
  return JSON.parse(JSON.stringify(totals));
}
