/** Sessions of a recorded capture, settled by the engine itself: what the counter makes of real packets. */

import { readCounters, type SettledSession } from '../../../src/sessions/settle.ts';
import { settledSessions } from '../../../src/survey/finish.ts';
import { readInputs } from '../../../src/survey/inputs/read-inputs.ts';
import { loadLists } from '../../../src/survey/lists.ts';
import { Run } from '../../../src/survey/run.ts';

/** All sessions of one capture file. */
export async function sessionsOf(file: string): Promise<SettledSession[]> {
  const options = {
    ...{ inputs: [file], local: [], poolFiles: [], allowFile: null, hash: false, inputFormat: null },
    ...{ sinceUs: null, untilUs: null, signal: new AbortController().signal },
  };
  const lists = await loadLists(options);
  const run = new Run(lists, options);
  await readInputs(run, options, lists);
  run.end(run.engine.kernel.counts.lastUs);
  return readCounters(settledSessions(run, lists.pools));
}
