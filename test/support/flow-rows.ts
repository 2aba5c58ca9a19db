/** Records as objects, which tests give and look at, to rows of numbers and back. */

import type { Conversations } from '../../src/flows/conversations.ts';
import type { FlowSink } from '../../src/rows/flow-sink.ts';
import { FlowRecord, ROW_DOUBLES, readRow, writeRow } from './flow-record.ts';

/** Takes records one by one; each is overwritten by the next. */
export function flowSink(flow: (record: FlowRecord) => void): FlowSink {
  const record = new FlowRecord();
  return {
    addRows: (numbers, from, count) => {
      for (let row = from / ROW_DOUBLES, end = row + count; row < end; row++) {
        readRow(numbers.buffer, row, record);
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
  return (record) => {
    writeRow(numbers.buffer, 0, record);
    conversations.addRows(numbers, 0, 1);
  };
}
