/** What TypeScript calls in the kernel of flow records, and reads of it (src/records-kernel.ts). */

export { readAddress } from './address';
export { readCount } from './count';
export { beginDelivery, deliverRow } from './delivery';
export { readFlags } from './flags';
export { addKey, beginJson } from './json';
export { readObject } from './json-row';
export { decodeLz4 } from './lz4';
export { decodeLzo } from './lzo';
export { readV5 } from './netflow-v5';
export {
  beginNfcapd,
  isStrangerEgress,
  meetExporter,
  nfcapdAnonymised,
  nfcapdAt,
  nfcapdBad,
  nfcapdNumber,
  nfcapdPassed,
  nfcapdRefusedBytes,
  nfcapdRows,
  nfcapdUnread,
  oddId,
  oddReceivedUs,
  oddSamplerHigh,
  oddSamplerLow,
  readNfcapd,
  strangerId,
  useSamplers,
} from './nfcapd';
export { readProtocol } from './protocol';
export { forgetSamplers, meetSampler } from './samplers';
export { clearSensors, nameStranger, strangerFrom, strangerHash, strangerTo } from './sensors';
export { beginRows, estimatedRows, togetherRows, useRules } from './settle';
export { addField, beginSieve, endSieve, rowOnlyCounts } from './sieve';
export { beginTable, readTable, tableAt, tableCounted, tablePassed, tableRows, tableWhy } from './table';
export { beginRow } from './table-row';
export { takeRow } from './take-row';
export {
  passSample,
  readOne,
  readSet,
  setNumber,
  takeSample,
  takeTotals,
  useDomain,
  useMessage,
  useTemplate,
} from './template-flows';
export {
  bootMs,
  bytes,
  destination4At,
  destination6At,
  destinationPort,
  frameAt,
  frameBytes,
  frameSize,
  frameType,
  ingress,
  isIpPacket,
  outBytes,
  outPackets,
  ownInterval,
  packets,
  samplerId,
  source4At,
  source6At,
  sourcePort,
} from './template-record';
export { readClock, readDay, readSpan, readTime, setDayFirst, setToday } from './time';
export { beginRuns, runFirstUs, runLastUs, runRows, timeRuns } from './time-runs';
export { clearTotals } from './totals';
export { readAddressValue, readAddressValues, valuesAt } from './values';
export { hashText, isRefusal } from './words';
export { addToHash, beginHash, endHash } from './xxhash';
