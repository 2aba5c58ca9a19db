/** What TypeScript calls in the kernel of flow records: its types are made of these (npm run types). */

export { readAddress } from './address';
export { beginRow } from './cell-row';
export { beginRows, settleCells, useRules } from './compose';
export { readCount } from './count';
export { readFlags } from './flags';
export { addKey, beginJson } from './json';
export { readObject } from './json-row';
export { beginLines, readLines } from './lines';
export { decodeLz4 } from './lz4';
export { decodeLzo } from './lzo';
export { readV5 } from './netflow-v5';
export { beginNfcapd, meetExporter, readNfcapd, useSamplers } from './nfcapd';
export { readProtocol } from './protocol';
export { forgetSamplers, meetSampler } from './samplers';
export { clearSensors, nameExporter } from './sensors';
export { settleRow } from './settle';
export { addListed, beginSieve, endSieve } from './sieve';
export { beginTable, readTable } from './table';
export {
  passSample,
  readOne,
  readSet,
  settleSample,
  settleTotals,
  useDomain,
  useMessage,
  useTemplate,
} from './template-flows';
export { ownInterval } from './template-record';
export { readClock, readDay, readSpan, readTime, setDayFirst, setToday } from './time';
export { beginRuns, endRuns } from './time-runs';
export { clearTotals } from './totals';
export { readAddressValue, readAddressValues } from './values';
export { hashText, isRefusal } from './words';
export { addToHash, beginHash, endHash } from './xxhash';
