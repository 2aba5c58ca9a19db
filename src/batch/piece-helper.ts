/** The helper that parses pieces of text logs beside the main thread (pieces.ts), for ever. */
import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import { flowFormat } from '../readers/index.ts';
import {
  type HelperReport,
  type PieceOrder,
  PieceParser,
  Pieces,
  PLACES,
  READING,
  type SharedPieces,
} from './pieces.ts';
import { claimedPlaces, DONE } from './places.ts';

/** An order as it travels. */
export interface HelperOrder extends PieceOrder {
  readonly format: string;
}

export function helpWithPieces(shared: SharedPieces, port: MessagePort): void {
  const pieces = new Pieces(shared);
  const { control } = pieces;
  let reading = 0;
  let parser: PieceParser | null = null;
  for (const place of claimedPlaces(control, PLACES)) {
    const wanted = Atomics.load(control, READING);
    // Ordered before its first piece was given.
    while (parser === null || reading !== wanted) {
      const order: HelperOrder = receiveMessageOnPort(port)?.message;
      const format = flowFormat(order.format);
      if (format === null) throw new Error(`no such format: ${order.format}`);
      reading = order.reading;
      parser = new PieceParser(format, order, shared, 1);
    }
    const report: HelperReport = { place, report: parser.parse(place) };
    port.postMessage(report);
    pieces.setState(place, DONE);
  }
}
