/**
 * The streams of an HTTP/2 connection, which both directions share (RFC 9113 5): of each the heads of its request and response,
 * and what is half read of the two bodies. Their number is bounded; the oldest is forgotten for a new one.
 */
import { EventStreamReader, isEventStream } from './event-stream.ts';
import { GrpcReader, isGrpc } from './grpc.ts';
import { HttpBody } from './http-body.ts';
import type { Direction, HttpHead } from './message.ts';
import { ObjectPieces } from './object-pieces.ts';

/** Streams of a connection that are open at once. */
const MOST_STREAMS = 256;

/** What is half read of a body, by what its head says. */
export type Http2Body = ObjectPieces | GrpcReader | EventStreamReader | HttpBody;

export interface Http2Side {
  /** Null before the head, or if that could not be read. */
  head: HttpHead | null;
  body: Http2Body | null;
  /** Something was said in it. */
  hasSpoken: boolean;
  /** The body has held an object. */
  hasObjects: boolean;
  isOver: boolean;
}

type Http2Stream = readonly [Http2Side, Http2Side];

export class Http2Streams {
  /** Streams that were forgotten while they were open. */
  forgotten = 0;
  /** The head of the feed of events that was opened last; null if there was none. */
  events: HttpHead | null = null;
  private readonly streams = new Map<number, Http2Stream>();

  side(stream: number, direction: Direction): Http2Side {
    let found = this.streams.get(stream);
    if (found === undefined) {
      found = [newSide(), newSide()];
      if (this.streams.size >= MOST_STREAMS) {
        const [oldest] = this.streams.keys();
        this.streams.delete(oldest);
        this.forgotten++;
      }
      this.streams.set(stream, found);
    }
    return found[direction];
  }

  /** The direction says no more in the stream; `isReset`: neither does the other. */
  end(stream: number, direction: Direction, isReset: boolean): void {
    const found = this.streams.get(stream);
    if (found === undefined) return;
    found[direction].isOver = true;
    if (isReset || (found[0].isOver && found[1].isOver)) this.streams.delete(stream);
  }
}

function newSide(): Http2Side {
  return { head: null, body: null, hasSpoken: false, hasObjects: false, isOver: false };
}

/** What reads the body behind the head. */
export function bodyBehind(head: HttpHead | null): Http2Body {
  if (head === null) return new ObjectPieces();
  if (isGrpc(head.headers)) return new GrpcReader();
  if (isEventStream(head.headers)) return new EventStreamReader();
  const encoding = head.headers.get('content-encoding') ?? '';
  if (encoding === '' || encoding === 'identity') return new ObjectPieces();
  const body = new HttpBody();
  body.open(encoding);
  return body;
}
