/** A flow record as an object, which tests fill and look at, to a row in a kernel's memory and back (src/schema/flow-row.ts). */
import type { ByteLayer } from '../../src/rows/flow-sink.ts';
import { FLOW_ROW } from '../../src/schema/flow-row.ts';
import { Arrays, viewOf } from '../../src/schema/view.ts';

export class FlowRecord {
  startUs = Number.NaN;
  endUs = Number.NaN;
  source0 = 0;
  source1 = 0;
  source2 = 0;
  source3 = 0;
  destination0 = 0;
  destination1 = 0;
  destination2 = 0;
  destination3 = 0;
  sourcePort = 0;
  destinationPort = 0;
  protocol = 0;
  packets = 0;
  bytes = 0;
  reversePackets = -1;
  reverseBytes = -1;
  tcpFlags = -1;
  reverseTcpFlags = -1;
  byteLayer: ByteLayer = 0;
  samplingInterval = 1;
  isScaled = false;
  originator = 0;
  isDenied = false;
  exporter = 0;
  number = 0;

  clear(): void {
    Object.assign(this, new FlowRecord());
  }
}

const FIELDS = Object.keys(new FlowRecord());
const LAYERS: readonly ByteLayer[] = [0, 1, 2];

/** Numbers of one row. */
export const ROW_DOUBLES = FLOW_ROW.bytes / 8;

const views = new WeakMap<ArrayBufferLike, ReturnType<typeof newView>>();

function newView(buffer: ArrayBufferLike) {
  return viewOf(FLOW_ROW, new Arrays(buffer));
}

function viewAt(buffer: ArrayBufferLike, row: number): ReturnType<typeof newView> {
  const view = views.get(buffer) ?? newView(buffer);
  views.set(buffer, view);
  view.at = row * FLOW_ROW.bytes;
  return view;
}

/** Writes the record to the row of this number. */
export function writeRow(buffer: ArrayBufferLike, row: number, record: FlowRecord): void {
  const view = viewAt(buffer, row);
  view.clear();
  Object.assign(view, { ...record, isScaled: Number(record.isScaled), isDenied: Number(record.isDenied) });
}

/** Fills the record from the row of this number. */
export function readRow(buffer: ArrayBufferLike, row: number, record: FlowRecord): void {
  const view = viewAt(buffer, row);
  for (const name of FIELDS) Reflect.set(record, name, Reflect.get(view, name));
  record.byteLayer = LAYERS[view.byteLayer] ?? 0;
  record.isScaled = view.isScaled !== 0;
  record.isDenied = view.isDenied !== 0;
}
