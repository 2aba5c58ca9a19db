/**
 * The frames that a direction may carry, each a file of its own: how it is known by its first bytes, and what reads it from there
 * on. Most telling first; a new one is a line here.
 */
import type { DirectionReader } from './direction-reader.ts';
import type { Exchange } from './exchange.ts';
import type { FrameSink } from './frame-sink.ts';
import { FrpReader, startsFrp } from './frp.ts';
import { HeadedMessageReader, startsHeadedMessages } from './headed-messages.ts';
import { Http2Reader, startsHttp2 } from './http2.ts';
import type { Direction } from './message.ts';
import { SizedFrameReader, startsSizedFrames } from './sized-frames.ts';
import { SmuxReader, startsSmux } from './smux.ts';
import { StratumV2Reader, startsFrames } from './stratum-v2-frames.ts';
import { startsYamux, YamuxReader } from './yamux.ts';

interface FrameFormat {
  readonly id: string;
  /** Whether a direction that begins with these bytes begins so. `part`: more of them must tell. */
  readonly starts: (head: Uint8Array, length: number) => 'yes' | 'part' | 'no';
  readonly open: (sink: FrameSink & { readonly exchange: Exchange }, direction: Direction) => DirectionReader;
}

export const FRAME_FORMATS = [
  { id: 'sized-frames', starts: startsSizedFrames, open: (sink) => new SizedFrameReader(sink) },
  { id: 'stratum-v2', starts: startsFrames, open: (sink) => new StratumV2Reader(sink) },
  {
    id: 'http2',
    starts: startsHttp2,
    open: (sink, direction) => new Http2Reader(sink, direction, sink.exchange.openHttp2()),
  },
  { id: 'yamux', starts: startsYamux, open: (sink) => new YamuxReader(sink) },
  { id: 'smux', starts: startsSmux, open: (sink) => new SmuxReader(sink) },
  { id: 'frp', starts: startsFrp, open: () => new FrpReader() },
  { id: 'headed-messages', starts: startsHeadedMessages, open: (sink) => new HeadedMessageReader(sink) },
] as const satisfies readonly FrameFormat[];

export type FrameFormatId = (typeof FRAME_FORMATS)[number]['id'];

/** The format of that id; undefined if the framing is another kind of thing. */
export function frameFormat(id: string): FrameFormat | undefined {
  return FRAME_FORMATS.find((format) => format.id === id);
}
