/**
 * How a state makes the objects that a fresh run does not have. What a run consists of (run/run.ts) is made by the run and
 * filled by the names of its fields; here are those of which there may be any number, or none. Half-read messages are private
 * to a build: another one leaves them out.
 */
import { ExchangePattern } from '../dialects/exchange-pattern.ts';
import { DIALECTS } from '../dialects/index.ts';
import { ShareTimeline } from '../endpoints/shares-seen.ts';
import { FrameCount } from '../evidence/sealed-frames.ts';
import { SealedShares } from '../evidence/sealed-shares.ts';
import { PrefixLength } from '../flows/endpoint-watch.ts';
import { DirectionFramer } from '../framing/direction-framer.ts';
import { DnsReader } from '../framing/dns-over-tcp.ts';
import { EventStreamReader } from '../framing/event-stream.ts';
import { Exchange } from '../framing/exchange.ts';
import { FrpReader } from '../framing/frp.ts';
import { GrpcReader } from '../framing/grpc.ts';
import { HeadedMessageReader } from '../framing/headed-messages.ts';
import { HpackDecoder } from '../framing/hpack.ts';
import { HttpReader } from '../framing/http.ts';
import { HttpBody } from '../framing/http-body.ts';
import { Http2Reader } from '../framing/http2.ts';
import { Http2Streams } from '../framing/http2-streams.ts';
import { InnerStreams } from '../framing/inner-streams.ts';
import { NoiseWatch } from '../framing/noise.ts';
import { ObjectPieces } from '../framing/object-pieces.ts';
import { OpenCalls } from '../framing/open-calls.ts';
import { ProxyReader } from '../framing/proxy.ts';
import { SizedFrameReader } from '../framing/sized-frames.ts';
import { SmuxReader } from '../framing/smux.ts';
import { StratumV2Reader } from '../framing/stratum-v2-frames.ts';
import { StreamPair } from '../framing/stream-pair.ts';
import { TextLineReader } from '../framing/text-lines.ts';
import { HelloCollector } from '../framing/tls-hello.ts';
import { WebSocketReader } from '../framing/websocket.ts';
import { YamuxReader } from '../framing/yamux.ts';
import { ExportDomain, SequenceTrack } from '../readers/netflow/export-domain.ts';
import { DnsStream } from '../run/dns-stream.ts';
import type { Run } from '../run/run.ts';
import { Recognition } from '../sessions/recognition.ts';
import { SealedFrames } from '../sessions/sealed-frames.ts';
import { Session } from '../sessions/session.ts';
import { StreamReader } from '../sessions/stream-reader.ts';
import { SessionWriter } from '../sessions/writer.ts';

type Makers = ReadonlyMap<string, () => object>;

const NOWHERE = { ip: '', port: 0 };
const ORDINARY = new Set<object | null>([
  null,
  Object.prototype,
  Array.prototype,
  Map.prototype,
  Set.prototype,
]);

/** What every build reads by the names of its fields, made for a run. */
export function lastingKinds({ engine, streams }: Run): Makers {
  const { bodies } = engine.kernel;
  const origin = { dialect: '', miner: NOWHERE, pool: NOWHERE, via: [], transport: '', certain: false };
  return new Map<string, () => object>([
    ['Session', () => new Session(origin, { sinceUs: 0, untilUs: 0 })],
    ['StreamReader', () => new StreamReader(0, engine.flows, streams.sessions, bodies)],
    ['SealedFrames', () => new SealedFrames()],
    ['SealedShares', () => new SealedShares(0, false, false)],
    ['ShareTimeline', () => new ShareTimeline()],
    ['FrameCount', () => new FrameCount(false)],
    ['PrefixLength', () => new PrefixLength(0)],
    ['ExportDomain', () => new ExportDomain('', 0, 0)],
    ['SequenceTrack', () => new SequenceTrack()],
  ]);
}

/** Half-read messages, which only the build that wrote them reads. */
const HALF_READ = [
  ...[
    StreamPair,
    HttpReader,
    ProxyReader,
    NoiseWatch,
    OpenCalls,
    SizedFrameReader,
    StratumV2Reader,
    TextLineReader,
  ],
  ...[
    HelloCollector,
    WebSocketReader,
    DnsStream,
    DnsReader,
    DirectionFramer,
    HttpBody,
    Recognition,
    ExchangePattern,
  ],
  ...[Exchange, InnerStreams, ObjectPieces, YamuxReader, SmuxReader, FrpReader, HeadedMessageReader],
  ...[Http2Reader, Http2Streams, HpackDecoder, GrpcReader, EventStreamReader],
  ...[SessionWriter],
];

/** What is written by a name, because no run changes it: the dialects, and the parts of their readers that hold functions. */
interface Dialects {
  readonly fixed: ReadonlyMap<string, object>;
  /** The classes of their readers. */
  readonly prototypes: ReadonlyMap<string, object>;
}

function readDialects(): Dialects {
  const fixed = new Map<string, object>([['dialects', DIALECTS]]);
  const prototypes = new Map<string, object>();
  /** A fresh reader shows what readers are made of. */
  const visit = (one: unknown, name: string): void => {
    if (typeof one !== 'object' || one === null || ArrayBuffer.isView(one)) return;
    const prototype: object = Object.getPrototypeOf(one);
    if (!ORDINARY.has(prototype)) prototypes.set(prototype.constructor.name, prototype);
    else if (Object.values(one).some((value) => typeof value === 'function')) {
      fixed.set(name, one);
      return;
    }
    for (const [key, value] of Object.entries(one)) visit(value, `${name} ${key}`);
  };
  for (const dialect of DIALECTS) {
    fixed.set(`dialect ${dialect.id}`, dialect);
    visit(dialect.reader(), `reader ${dialect.id}`);
  }
  return { fixed, prototypes };
}

/** The dialects by their names, and how half-read messages are made, whose fields are then all written over. */
export function privateKinds(): { readonly fixed: ReadonlyMap<string, object>; readonly halfRead: Makers } {
  const { fixed, prototypes } = readDialects();
  const all = new Map(prototypes);
  for (const { name, prototype } of HALF_READ) all.set(name, prototype);
  const makers = [...all].map(([name, prototype]) => [name, (): object => Object.create(prototype)] as const);
  return { fixed, halfRead: new Map(makers) };
}
