/**
 * A flow that opens with an HTTP GET whose head needs more than one segment. Its bytes are kept until the head is whole,
 * and then judged as the kernel judges a head of one segment: if it is a plain web visit, nobody needs to hear more.
 */
import type { Stamp } from '../packets/stream.ts';
import { joined, KeptOpening, type OpeningContext } from './kept-opening.ts';

/** Bytes of a head that are kept, and its segments: each is looked at with all before it. */
const HEAD_BYTES = 16 * 1024;
const HEAD_SEGMENTS = 32;
const HEAD_END = Buffer.from('\r\n\r\n', 'latin1');

interface VisitContext extends OpeningContext {
  /** True if the head in `bytes` is that of a plain web visit. */
  judgeVisit(flow: number, lane: 0 | 1, bytes: Uint8Array): boolean;
}

export class VisitHead extends KeptOpening {
  protected readonly context: VisitContext;
  private bytes = 0;

  constructor(flow: number, context: VisitContext) {
    super(flow);
    this.context = context;
  }

  protected keep(lane: 0 | 1, bytes: Uint8Array, from: number, to: number, stamp: Stamp): void {
    this.add(lane, bytes, from, to, stamp);
    this.bytes += to - from;
    const client = this.pieces[0].lane;
    const isOfClient = lane === client;
    const head = joined(this.pieces, client);
    const mayGoOn = isOfClient && this.bytes <= HEAD_BYTES && this.pieces.length < HEAD_SEGMENTS;
    if (mayGoOn && Buffer.from(head.buffer, head.byteOffset, head.length).indexOf(HEAD_END) === -1) return;
    if (isOfClient && this.context.judgeVisit(this.flow, lane, head)) this.dismiss();
    else this.speak();
  }
}
