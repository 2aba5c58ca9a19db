/** Who sees colours: the table of a host on a stream, by the variables that say so (no-color.org, force-color.org). */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { main } from '../../src/cli.ts';
import { hasColor } from '../../src/commands/color.ts';
import { sampleAudit } from '../support/sample-audit.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { capture } from './streams.ts';

const CASES: readonly {
  readonly env: NodeJS.ProcessEnv;
  readonly terminal: boolean;
  readonly colored: boolean;
}[] = [
  { env: {}, terminal: true, colored: true },
  { env: {}, terminal: false, colored: false },
  { env: { TERM: 'xterm-256color' }, terminal: true, colored: true },
  { env: { TERM: 'dumb' }, terminal: true, colored: false },
  { env: { NO_COLOR: '1' }, terminal: true, colored: false },
  { env: { NO_COLOR: '' }, terminal: true, colored: true },
  { env: { FORCE_COLOR: '1' }, terminal: false, colored: true },
  { env: { FORCE_COLOR: '0' }, terminal: true, colored: false },
  { env: { FORCE_COLOR: '1', TERM: 'dumb' }, terminal: false, colored: true },
  { env: { FORCE_COLOR: '1', NO_COLOR: '1' }, terminal: true, colored: false },
];

const file = path.join(temporaryFolder('colours'), 'audit.json');
writeFileSync(file, JSON.stringify(sampleAudit()));

describe('colours', () => {
  it.each(CASES)('with $env on a terminal ($terminal): $colored', async ({ env, terminal, colored }) => {
    const to = capture({ terminal });
    await main(['report', file, '--format', 'table', '--undecided'], env, to.streams);
    expect(to.out()).toContain('confirmed');
    expect(to.out().includes('\u001b[')).toBe(colored);
    // The warning of what it lacks, too.
    expect(to.err()).toContain('scan with --undecided');
    expect(to.err().includes('\u001b[')).toBe(colored && terminal);
  });

  it('are refused by --no-color whatever the variables say', () => {
    const { stdout } = capture({ terminal: true }).streams;
    expect(hasColor(stdout, { FORCE_COLOR: '1' }, true)).toBe(false);
  });
});
