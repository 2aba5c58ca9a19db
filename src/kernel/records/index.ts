/** What TypeScript calls in the kernel of flow records: its types are made of these (npm run types). */

export { addName, mayHold } from '../names';
export { readAddress } from './address';
export { decodeLz4 } from './binary/lz4';
export { decodeLzo } from './binary/lzo';
export { readV5 } from './binary/netflow-v5';
export { beginNfcapd, meetExporter, readNfcapd, useSamplers } from './binary/nfcapd';
export { forgetSamplers, meetSampler } from './binary/samplers';
export {
  passRecord,
  readOne,
  readSet,
  useDomain,
  useMessage,
  useTemplate,
  validateSample,
  validateTotals,
} from './binary/template-flows';
export { ownInterval } from './binary/template-record';
export { addToHash, beginHash, endHash } from './binary/xxhash';
export { beginRow } from './cell-row';
export { beginRows, dateRow, useFileTime, useRules, validateCells } from './compose';
export { readCount } from './count';
export { readFlags } from './flags';
export { addKey, beginJson } from './json';
export { isNewList, readObject } from './json-row';
export { beginLines, readLines } from './lines';
export { readProtocol } from './protocol';
export { clearSensors, nameExporter } from './sensors';
export { addListed, beginSieve, endSieve, listAddress } from './sieve';
export { beginTable, readTable } from './table';
export { readText } from './table-cell';
export { readTime, setDayFirst, setToday } from './time';
export { beginRuns, endRuns } from './time-runs';
export { clearTotals } from './totals';
export { validateRow } from './validate';
export { readAddressValue, readAddressValues } from './values';
export { hashText } from './words';
