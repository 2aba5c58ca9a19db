/** Records as objects, which tests give and look at, to rows of numbers and back. */
import { ROW_DOUBLES, readRow, writeRow } from '../../src/batch/record-row.ts';
import type { Conversations } from '../../src/flows/conversations.ts';
import { FlowRecord, type FlowSink } from '../../src/flows/flow-record.ts';

/** Takes records one by one; each is overwritten by the next. */
export function flowSink(flow: (record: FlowRecord) => void): FlowSink {
  const record = new FlowRecord();
  return {
    take: (numbers, from, count) => {
      const words = new Int32Array(numbers.buffer);
      for (let row = from / ROW_DOUBLES, end = row + count; row < end; row++) {
        readRow(numbers, words, row, record);
        flow(record);
      }
    },
    name: () => {},
    alert: () => {},
  };
}

/** Gives records to conversations, one at a time. */
export function giving(conversations: Conversations): (record: FlowRecord) => void {
  const numbers = new Float64Array(ROW_DOUBLES);
  const words = new Int32Array(numbers.buffer);
  return (record) => {
    writeRow(numbers, words, 0, record);
    conversations.take(numbers, 0, 1);
  };
}
