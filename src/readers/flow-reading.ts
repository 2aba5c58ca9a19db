/** The input and the result of a reader of flow logs. */

import type { FlowDamageRow } from '../rows/flow-damage.ts';
import type { InputTimes, TimeSpan } from '../rows/time-spans.ts';
import type { ByteSource } from '../sources/byte-source.ts';

/** What dates of numbers may begin with. */
export const DATE_ORDERS = ['month-first', 'day-first'] as const;
export type StatedOrder = (typeof DATE_ORDERS)[number];

/** The source of the bytes, decompressed: a ByteSource, or anything like it. */
export type FlowSource = Pick<ByteSource, 'fill'>;

/** A source that has these bytes, and then those of another. */
export function replayed(taken: Uint8Array, source?: FlowSource): FlowSource {
  let rest = taken;
  const fill = async (target: Uint8Array): Promise<number> => {
    if (rest.length === 0) return source?.fill(target) ?? 0;
    const count = Math.min(rest.length, target.length);
    target.set(rest.subarray(0, count));
    rest = rest.subarray(count);
    return count;
  };
  return { fill };
}

export interface FlowReadOptions {
  /** Called after each block with the records so far; false ends the reading early. */
  readonly onBlock?: (records: number) => boolean;
  /** The sampling that the operator states, if the log says nothing: one packet in so many; 0: unknown. */
  readonly samplingInterval?: number;
  /** Zone of times without one (IANA name); UTC if absent. */
  readonly timeZone?: string;
  /** What dates of numbers begin with, if the operator says so: `03/04/2026`. */
  readonly dateOrder?: StatedOrder;
  /** When the input was written, us since 1970: the year of times that name none, and the time of logs that state none. */
  readonly fileTimeUs?: number;
  /** Column map of the operator (`src=...,dst=...`), our name -> theirs. */
  readonly columns?: Readonly<Record<string, string>>;
  /** Of a part of a file: the bytes and the rows before it. */
  readonly bytesBefore?: number;
  readonly rowsBefore?: number;
  /** More may come: a row that is cut at the end is left, and not damage. */
  readonly isGrowing?: boolean;
}

/** Options of a reading that are plain values. */
export type PlainReadOptions = Pick<
  FlowReadOptions,
  | 'samplingInterval'
  | 'timeZone'
  | 'dateOrder'
  | 'fileTimeUs'
  | 'columns'
  | 'bytesBefore'
  | 'rowsBefore'
  | 'isGrowing'
>;

/** First and last time of an input, and the strays that are in neither. */
export function timesOf(times: InputTimes): Pick<FlowReadResult, 'firstUs' | 'lastUs' | 'outliers'> {
  const found = times.spans.outliers();
  const { firstUs, lastUs } = found?.main ?? times;
  return found === null ? { firstUs, lastUs } : { firstUs, lastUs, outliers: found.outliers };
}

/** What a whole input held. */
export interface FlowReadResult {
  /** Flow records given to the writer, or only counted. */
  readonly records: number;
  /** Earliest start and latest end, us since 1970; NaN if no record had a time. */
  readonly firstUs: number;
  readonly lastUs: number;
  /** Few records far from all others: they are not in the two times above. */
  readonly outliers?: readonly TimeSpan[];
  readonly damage: readonly FlowDamageRow[];
  /** Bytes of the input that could not be read, as far as they are known. */
  readonly refusedBytes?: number;
  /** Offset behind which nothing of the input was read; NaN or absent if it was read to its end. */
  readonly stoppedAt?: number;
  /** Our names of columns that a table needs and has none known for; empty for formats without columns. */
  readonly missingColumns?: readonly string[];
  /** Columns that may count bytes and are not read, in the table's own words. */
  readonly unreadColumns?: readonly string[];
  /** Which columns of a log of no known product were taken for what: `src=source_ip`. */
  readonly guessedColumns?: readonly string[];
  /** True if no column counts bytes, so that its flows have none. */
  readonly lacksBytes?: boolean;
  /** True if logs of this kind count no bytes of connections. */
  readonly neverCounts?: boolean;
  /** True if counters are those of both directions together, which stand as sent. */
  readonly isTogether?: boolean;
  /** True if such counters are parted between the directions by an estimate; their sum is exact. */
  readonly isEstimated?: boolean;
  /** True if times stated no zone and were read as `timeZone` says, as UTC where it says nothing. */
  readonly hasLocalTimes?: boolean;
  /** True if no record stated a time, so that all have that of the file. */
  readonly isDatedByFile?: boolean;
  /** True if dates may begin with the month or the day, and nothing tells: their rows have no time. */
  readonly hasUnclearDates?: boolean;
  /** Of a file that grows: bytes at the end that were left, rows begun so far, and the lines that name the columns. */
  readonly rest?: number;
  readonly rows?: number;
  readonly head?: string;
}
