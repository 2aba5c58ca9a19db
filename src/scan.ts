/**
 * Inputs in, one Audit out: the program's table of contents. The command line calls this and nothing below it.
 */
import type { Audit } from './audit/audit.ts';
import { fail } from './errors.ts';
import { setLimits } from './limits.ts';
import { withLock } from './lock.ts';
import { loadPools } from './pools/load.ts';
import { finishRun } from './run/finish.ts';
import { FlowAnalysis } from './run/flow-analysis.ts';
import { readInputs } from './run/inputs/read-inputs.ts';
import { loadLists } from './run/lists.ts';
import { Run } from './run/run.ts';
import type { ScanOptions, StateUse } from './run/scan-options.ts';
import { Trust } from './run/trust.ts';
import { ImagedRun } from './state/run-image.ts';
import { loadState, saveState } from './state/state-file.ts';
import { isStoreUrl } from './stores/clickhouse/location.ts';

export { isShortOfMemory, SHORT_OF_MEMORY } from './run/memory.ts';
export type { ScanOptions, ScanProgress, StateUse } from './run/scan-options.ts';

/** Scans the inputs, alone on its state. Throws MinesweepError NO_INPUT, FILE_UNREADABLE, FILE_INVALID or USAGE. */
export async function scan(options: ScanOptions): Promise<Audit> {
  const { sinceUs, untilUs } = options;
  if (sinceUs !== null && untilUs !== null && sinceUs >= untilUs)
    fail('USAGE', 'since is not before until', { hint: 'Exchange the two.' });
  if (options.state == null) return scanAlone(options);
  return withLock(options.state.file, () => scanAlone(options), options);
}

async function scanAlone(options: ScanOptions): Promise<Audit> {
  setLimits(options.limits ?? {});
  const lists = await loadLists(options);
  for (const { text } of lists.warnings) options.log?.('warn', text);
  const { state = null } = options;
  const [kept] = state === null ? [] : await loadState(state.file, lists, options);
  const run = kept ?? new Run(lists, options);
  if (state === null) return finishRun(run, options, lists, await readInputs(run, options, lists));
  const save = (): Promise<void> => saveState(state.file, [new ImagedRun(run)]);
  const afterInput = checkpoints(run, state, save);
  // A slice of a store may be a day of a province: none is asked for twice.
  const left = await readInputs(run, options, lists, { knowsFiles: true, afterInput, afterSlice: save });
  // A run that was stopped has read part of an input: the state stays what it was, and the input is read again.
  if (!options.signal.aborted) await save();
  else options.log?.('warn', `${state.file}: not written, for the run was stopped within an input`);
  return finishRun(run, options, lists, left);
}

/** Writes the state as often as was asked for, behind an input. */
function checkpoints(run: Run, { checkpoint }: StateUse, save: () => Promise<void>): () => Promise<void> {
  let inputs = run.inputs.length;
  let lastUs = nowUs();
  return async () => {
    if (checkpoint === null) return;
    const isDue =
      'inputs' in checkpoint
        ? run.inputs.length - inputs >= checkpoint.inputs
        : nowUs() - lastUs >= checkpoint.us;
    if (!isDue) return;
    await save();
    inputs = run.inputs.length;
    lastUs = nowUs();
  };
}

function nowUs(): number {
  return performance.now() * 1000;
}

/** The SQL that a scan of the stores among the inputs would run, with the operator's lists. Nothing is sent. */
export async function explainSql(
  options: Pick<ScanOptions, 'inputs' | 'poolFiles' | 'sinceUs' | 'untilUs'>,
): Promise<string> {
  const pools = await loadPools(options.poolFiles);
  const { sinceUs, untilUs } = options;
  const flows = new FlowAnalysis({
    pools,
    hasListedAddresses: options.poolFiles.length > 0,
    trust: await Trust.of({ local: [] }),
    minersServers: new Map(),
    sinceUs: sinceUs ?? Number.NEGATIVE_INFINITY,
    untilUs: untilUs ?? Number.POSITIVE_INFINITY,
  });
  const stores = options.inputs.filter(isStoreUrl);
  const { explainStore } = await import('./run/inputs/store-inputs.ts');
  return stores.map((url) => explainStore(url, { flows, pools, sinceUs, untilUs })).join('\n\n');
}
