/** Sessions of a recorded capture, settled by the engine itself: what the counter makes of real packets. */

import { loadPools } from '../../../src/pools/load.ts';
import { FlowReader } from '../../../src/reading/flow-reader.ts';
import { CertificateNames } from '../../../src/rows/certificate-names.ts';
import { readCounters, type SettledSession } from '../../../src/sessions/settle.ts';
import { discover } from '../../../src/sources/discover.ts';
import { FlowSurvey } from '../../../src/survey/flow-survey.ts';
import { readInput } from '../../../src/survey/inputs/inputs.ts';
import { Survey } from '../../../src/survey/survey.ts';
import { Trust } from '../../../src/survey/trust.ts';

/** All sessions of one capture file. */
export async function sessionsOf(file: string): Promise<SettledSession[]> {
  const pools = await loadPools([]);
  const window = { sinceUs: Number.NEGATIVE_INFINITY, untilUs: Number.POSITIVE_INFINITY };
  const trust = await Trust.of({ local: [] });
  const lists = { ...window, pools, trust, hasListedAddresses: false, allowedNames: [] };
  const flows = new FlowSurvey(lists);
  const survey = new Survey(lists, flows);
  const [ref] = await discover([file]);
  if (ref === undefined) throw new Error(`${file} is not there`);
  await readInput(ref, 0, survey.tap, {
    hash: false,
    inputFormat: null,
    signal: new AbortController().signal,
    flows,
    flowReader: new FlowReader('never', null),
    columns: null,
    timeZone: null,
    certificates: new CertificateNames(),
    onBlock: () => {},
  });
  survey.end(survey.tap.kernel.counts.lastUs);
  return readCounters(survey.finish());
}
