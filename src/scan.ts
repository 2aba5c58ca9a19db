/**
 * Inputs in, one Audit out: the program's table of contents. The command line calls this and nothing below it.
 */
import type { Audit } from './audit/audit.ts';
import { setLimits } from './limits.ts';
import { loadPools } from './pools/load.ts';
import { isStoreUrl } from './stores/clickhouse/location.ts';
import { finishRun } from './survey/finish.ts';
import { FlowSurvey } from './survey/flow-survey.ts';
import { loadLists } from './survey/lists.ts';
import { readInputs } from './survey/read-inputs.ts';
import { Run } from './survey/run.ts';
import type { ScanOptions } from './survey/scan-options.ts';
import { explainStore } from './survey/store-inputs.ts';

export type { ScanOptions, ScanProgress } from './survey/scan-options.ts';

/** Scans the inputs. Throws MinesweepError NO_INPUT, FILE_UNREADABLE, FILE_INVALID or USAGE. */
export async function scan(options: ScanOptions): Promise<Audit> {
  setLimits(options.limits ?? {});
  const lists = await loadLists(options);
  for (const { text } of lists.warnings) options.log?.('warn', text);
  const run = new Run(lists, options);
  await readInputs(run, options, lists);
  return finishRun(run, options, lists);
}

/** The SQL that a scan of the stores among the inputs would run, with the operator's lists. Nothing is sent. */
export async function explainSql(
  options: Pick<ScanOptions, 'inputs' | 'poolFiles' | 'sinceUs' | 'untilUs'>,
): Promise<string> {
  const pools = await loadPools(options.poolFiles);
  const { sinceUs, untilUs } = options;
  const flows = new FlowSurvey({
    ...{ pools, hasListedAddresses: options.poolFiles.length > 0 },
    ...{ sinceUs: sinceUs ?? Number.NEGATIVE_INFINITY, untilUs: untilUs ?? Number.POSITIVE_INFINITY },
  });
  const stores = options.inputs.filter(isStoreUrl);
  return stores.map((url) => explainStore(url, { flows, pools, sinceUs, untilUs })).join('\n\n');
}
