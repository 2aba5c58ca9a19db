/** Sessions of a recorded capture, finalized by the engine itself: what the counter makes of real packets. */

import { Watched } from '../../../src/assessment/watched.ts';
import { finalizedSessions } from '../../../src/run/finish.ts';
import { readInputs } from '../../../src/run/inputs/read-inputs.ts';
import { loadLists } from '../../../src/run/lists.ts';
import { Run } from '../../../src/run/run.ts';
import { type FinalSession, readCounters } from '../../../src/sessions/finalize.ts';

/** All sessions of one capture file. */
export async function sessionsOf(file: string): Promise<FinalSession[]> {
  const options = {
    ...{ inputs: [file], local: [], poolFiles: [], allowFile: null, hash: false, inputFormat: null },
    ...{ sinceUs: null, untilUs: null, signal: new AbortController().signal },
  };
  const lists = await loadLists(options);
  const run = new Run(lists, options);
  await readInputs(run, options, lists);
  run.end(run.engine.kernel.counts.lastUs);
  return readCounters(finalizedSessions(run, lists.pools, new Watched([], [])));
}
