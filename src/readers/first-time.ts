/**
 * The time at which a flow log begins, from its head alone. It puts rotated files in order before they are read, so that
 * a connection may continue in the next file. It is used for the order only.
 */

import { type BatchWriter, readHere } from '../rows/batches.ts';
import { NOBODY } from '../rows/flow-sink.ts';
import { type FlowFormat, SNIFF_BYTES } from './flow-format.ts';
import { type FlowReadOptions, replayed } from './flow-reading.ts';

/** Microseconds since 1970, or null if the head does not tell; `head` is up to SNIFF_BYTES, decompressed. */
export async function firstFlowUs(
  format: FlowFormat,
  head: Uint8Array,
  options: Pick<FlowReadOptions, 'columns' | 'timeZone' | 'dateOrder'>,
): Promise<number | null> {
  if (format.beganUs !== undefined) return format.beganUs(head);
  const source = replayed(head.subarray(0, SNIFF_BYTES));
  const { firstUs } = await readForTimes((writer) => format.read(source, writer, options));
  return Number.isNaN(firstUs) ? null : firstUs;
}

/** Has records read that nobody takes. */
export function readForTimes<Result>(
  read: (writer: BatchWriter) => Promise<Result> | Result,
): Promise<Result> {
  return readHere({ sink: NOBODY, exporters: [] }, read);
}
