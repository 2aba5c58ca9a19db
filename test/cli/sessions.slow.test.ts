/** The memory that many miners take at once, measured by the system. */
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { expect, it } from 'vitest';
import { REPO_ROOT } from '../support/corpus.ts';
import { BIN } from '../support/dist.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const SESSIONS = path.join(REPO_ROOT, 'test/bench/sessions.js');
/** 1 GB was kept until sessions had their times and losses; each has some 0.8 kB more at the end. */
const MOST_KILOBYTES = 1.15e9 / 1024;
/** Says at the end how much memory the process ever had. */
const MEASURE = `data:text/javascript,process.on('exit',()=>process.stderr.write('peak '+process.resourceUsage().maxRSS+' kB'))`;

it('100,000 sessions that are open at once take less than 1.15 GB', () => {
  const audit = path.join(temporaryFolder(), 'audit.json');
  const line = `"$0" "$1" 100000 | "$0" --import "$2" "$3" scan - --format json > "$4"`;
  const said = execFileSync(
    'bash',
    ['-c', `set -o pipefail; { ${line}; } 2>&1`, process.execPath, SESSIONS, MEASURE, BIN, audit],
    { encoding: 'utf8' },
  );
  const peak = Number(/peak (\d+) kB/.exec(said)?.[1]);
  expect(peak).toBeGreaterThan(100_000);
  expect(peak).toBeLessThan(MOST_KILOBYTES);
  // A row of a session is a line of its own.
  const rows = execFileSync('grep', ['-c', '"dialect":"stratum-v1","verdict"', audit], { encoding: 'utf8' });
  expect(Number(rows)).toBe(100_000);
}, 1_800_000);
