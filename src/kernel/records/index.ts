/** What TypeScript calls in the kernel of flow records, and reads of it (src/records-kernel.ts). */
import { readAddress } from './address.ts';
import { readCount, readFlags, readProtocol } from './count.ts';
import { addKey, beginJson } from './json.ts';
import { readObject } from './json-row.ts';
import { decodeLz4 } from './lz4.ts';
import { decodeLzo } from './lzo.ts';
import {
  beginNfcapd,
  isStrangerEgress,
  meetExporter,
  nfcapdAnonymised,
  nfcapdAt,
  nfcapdBad,
  nfcapdCounted,
  nfcapdFirstUs,
  nfcapdLastUs,
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
} from './nfcapd.ts';
import { clearSensors, nameStranger, strangerFrom, strangerHash, strangerTo } from './sensors.ts';
import { beginRows, estimatedRows, tellTimes, togetherRows, useRules } from './settle.ts';
import { beginSieve, endSieve, sift } from './sieve.ts';
import { beginTable, readTable, tableAt, tableCounted, tablePassed, tableRows, tableWhy } from './table.ts';
import { beginRow } from './table-row.ts';
import { takeRow } from './take-row.ts';
import { readClock, readDay, readSpan, readTime, setDayFirst, setToday } from './time.ts';
import { clearTotals } from './totals.ts';
import { readAddressValue, readAddressValues, valuesAt } from './values.ts';
import { hashText, isRefusal } from './words.ts';
import { addToHash, beginHash, endHash } from './xxhash.ts';

export {
  addKey,
  addToHash,
  beginHash,
  beginJson,
  beginNfcapd,
  beginRow,
  beginRows,
  beginSieve,
  beginTable,
  clearSensors,
  clearTotals,
  decodeLz4,
  decodeLzo,
  endHash,
  endSieve,
  estimatedRows,
  hashText,
  isRefusal,
  isStrangerEgress,
  meetExporter,
  nameStranger,
  nfcapdAnonymised,
  nfcapdAt,
  nfcapdBad,
  nfcapdCounted,
  nfcapdFirstUs,
  nfcapdLastUs,
  nfcapdNumber,
  nfcapdPassed,
  nfcapdRefusedBytes,
  nfcapdRows,
  nfcapdUnread,
  oddId,
  oddReceivedUs,
  oddSamplerHigh,
  oddSamplerLow,
  readAddress,
  readAddressValue,
  readAddressValues,
  readClock,
  readCount,
  readDay,
  readFlags,
  readNfcapd,
  readObject,
  readProtocol,
  readSpan,
  readTable,
  readTime,
  setDayFirst,
  setToday,
  sift,
  strangerFrom,
  strangerHash,
  strangerId,
  strangerTo,
  tableAt,
  tableCounted,
  tablePassed,
  tableRows,
  tableWhy,
  takeRow,
  tellTimes,
  togetherRows,
  useRules,
  useSamplers,
  valuesAt,
};
