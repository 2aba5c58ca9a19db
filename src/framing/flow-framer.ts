/**
 * The ordered bytes of a flow's two lanes to Messages. Each lane finds its own framing, so that a JSON line in answer
 * to an HTTP request, or to a TLS hello, is read as what it is. Memory is bounded: two lanes times one object, body
 * or hello. No bytes make this throw; what could not be read is counted in `damage`.
 */
import { detect, HEAD_LIMIT } from './detect.ts';
import { HttpLane, type StartLine, UNPACKED_LIMIT } from './http.ts';
import { parseObject, textOf } from './json.ts';
import { JsonScanner } from './json-scan.ts';
import type { Call, HttpHead, Lane, Message } from './message.ts';
import { type Arrival, RpcReader } from './rpc.ts';
import { salvage } from './salvage.ts';
import { HelloCollector } from './tls-hello.ts';

/** What a flow is, as far as its lanes have shown. */
export type FramingState = 'undecided' | 'json' | 'http' | 'tls' | 'foreign';

/** What could not be read, by reason. */
export interface FramingDamage {
  /** JSON objects and HTTP heads or bodies above their limits. */
  readonly oversize: number;
  /** Objects that are no JSON. */
  readonly badJson: number;
  /** Messages whose end was not captured. */
  readonly cut: number;
  /** Lines of something else between JSON objects. */
  readonly junkLines: number;
  /** Compressed bodies that could not be unpacked. */
  readonly badEncoding: number;
  /** Calls that were forgotten because too many waited for their reply. */
  readonly droppedCalls: number;
}

/** HTTP requests that wait for their response, per flow. */
const OPEN_REQUESTS_LIMIT = 256;
/** A lane that says only foreign things for so long, while the other is silent, makes the flow foreign. */
const ONE_SIDED_LIMIT = 2048;

const NOTHING = new Uint8Array(0);

interface OpenRequest {
  readonly method: string;
  readonly target: string;
  readonly calls: Call[];
}

/** The packet that is being taken. */
interface Place {
  timeUs: number;
  record: number;
  input: number;
}

export class FlowFramer {
  private readonly lanes: readonly [LaneFramer, LaneFramer];

  constructor(emit: (message: Message) => void) {
    const exchange = new Exchange(emit);
    this.lanes = [new LaneFramer(0, exchange), new LaneFramer(1, exchange)];
  }

  /**
   * Takes `bytes[from, to)`, the next bytes of `lane`; they are valid during the call only. Time in us since 1970,
   * record and input as in `Message`.
   */
  push(
    lane: Lane,
    bytes: Uint8Array,
    from: number,
    to: number,
    timeUs: number,
    record: number,
    input: number,
  ): void {
    this.lanes[lane].push(
      bytes,
      from,
      to,
      { timeUs, record, input },
      this.lanes[1 - lane].framing === 'http',
    );
  }

  /** `missingBytes` of the lane are lost here; 0 where nobody knows how many. */
  gap(lane: Lane, missingBytes: number): void {
    this.lanes[lane].gap(missingBytes);
  }

  /** The flow is over: what is whole comes out, what is not comes out cut. */
  end(): void {
    this.lanes[0].end();
    this.lanes[1].end();
  }

  /** The strongest claim of the two lanes: JSON, then HTTP, then TLS; foreign where neither can become any. */
  get state(): FramingState {
    const [a, b] = this.lanes;
    for (const framing of ['json', 'http', 'tls'] as const) {
      if (a.framing === framing || b.framing === framing) return framing;
    }
    return this.settled ? 'foreign' : 'undecided';
  }

  /** True where no further byte can make a message: the rest of the flow need not be pushed. */
  get settled(): boolean {
    const [a, b] = this.lanes;
    if (!a.closed && !b.closed) return false;
    if (a.closed && b.closed) return true;
    const [open, closed] = a.closed ? [b, a] : [a, b];
    return open.bytes === 0 && closed.framing === 'foreign' && closed.bytes > ONE_SIDED_LIMIT;
  }

  get damage(): FramingDamage {
    const [a, b] = this.lanes;
    const sum = (of: (lane: LaneFramer) => number): number => of(a) + of(b);
    return {
      oversize: sum(
        ({ scanner, http }) => (scanner?.oversize ?? 0) + (http?.headTooLong ?? 0) + (http?.bodyTooLong ?? 0),
      ),
      badJson: sum(({ scanner, badBodies }) => (scanner?.badJson ?? 0) + badBodies),
      cut: sum(({ cutMessages }) => cutMessages),
      junkLines: sum(({ scanner }) => scanner?.junkLines ?? 0),
      badEncoding: sum(({ http }) => http?.badEncoding ?? 0),
      droppedCalls: a.exchange.droppedCalls,
    };
  }
}

/** What the two lanes of a flow share: open calls and open HTTP requests. */
class Exchange {
  readonly emit: (message: Message) => void;
  readonly requests: OpenRequest[] = [];
  private reader: RpcReader | null = null;

  constructor(emit: (message: Message) => void) {
    this.emit = emit;
  }

  /** Made when the first object comes: most flows never have one. */
  get rpc(): RpcReader {
    this.reader ??= new RpcReader(this.emit);
    return this.reader;
  }

  get droppedCalls(): number {
    return this.reader?.droppedCalls ?? 0;
  }

  /** Bytes of `lane` were lost, and replies with them. */
  doubt(lane: Lane): void {
    this.reader?.doubt(lane);
  }

  addRequest(request: OpenRequest): void {
    if (this.requests.length === OPEN_REQUESTS_LIMIT) this.requests.shift();
    this.requests.push(request);
  }
}

class LaneFramer {
  framing: FramingState = 'undecided';
  bytes = 0;
  badBodies = 0;
  cutMessages = 0;
  readonly exchange: Exchange;
  /** Made when the lane turns out to need them: most candidates are dismissed before. */
  scanner: JsonScanner | null = null;
  http: HttpLane | null = null;

  private readonly lane: Lane;
  private place: Place = { timeUs: 0, record: 0, input: 0 };
  private head: Uint8Array = NOTHING;
  private headLength = 0;
  private hello: HelloCollector | null = null;
  private helloBytes = 0;

  constructor(lane: Lane, exchange: Exchange) {
    this.lane = lane;
    this.exchange = exchange;
  }

  private json(): JsonScanner {
    this.scanner ??= new JsonScanner({
      object: (bytes, from, to, wireBytes) => this.takeObject(bytes, from, to, wireBytes),
      cutObject: (bytes, from, to, wireBytes) => this.takeCutObject(bytes, from, to, wireBytes),
    });
    return this.scanner;
  }

  private web(): HttpLane {
    this.http ??= new HttpLane({
      message: (start, body, wireBytes, cut) => this.takeHttp(start, body, wireBytes, cut),
      answered: () => this.exchange.requests[0]?.method ?? '',
    });
    return this.http;
  }

  /** True where the lane can say nothing more. */
  get closed(): boolean {
    return this.framing === 'foreign' || (this.framing === 'tls' && this.hello === null);
  }

  push(bytes: Uint8Array, from: number, to: number, place: Place, otherIsHttp: boolean): void {
    if (from >= to) return;
    this.place = place;
    this.bytes += to - from;
    let at = from;
    while (at < to && !this.closed) at = this.take(bytes, at, to, otherIsHttp);
  }

  gap(missing: number): void {
    this.exchange.doubt(this.lane);
    if (this.framing === 'json') this.json().gap();
    else if (this.framing === 'http') this.web().gap(missing > 0 ? missing : Number.POSITIVE_INFINITY);
    else if (this.framing === 'tls') this.endHello();
    else if (this.framing === 'undecided') this.headLength = 0;
  }

  end(): void {
    if (this.framing === 'json') this.json().flush();
    else if (this.framing === 'http') this.web().flush();
    else if (this.framing === 'tls') this.endHello();
  }

  /** Hands bytes to the framing of the lane; answers the offset up to which they were taken. */
  private take(bytes: Uint8Array, from: number, to: number, otherIsHttp: boolean): number {
    switch (this.framing) {
      case 'json': {
        const scanner = this.json();
        scanner.push(bytes, from, to);
        if (scanner.foreign) this.framing = 'foreign';
        return to;
      }
      case 'http':
        return this.takeHttpBytes(bytes, from, to);
      case 'tls': {
        const used = this.hello?.push(bytes, from, to) ?? 0;
        this.helloBytes += used;
        if (this.hello?.done === true) this.endHello();
        return from + used;
      }
      default:
        return this.decide(bytes, from, to, otherIsHttp);
    }
  }

  /** Collects the beginning of the lane until its framing is known. */
  private decide(bytes: Uint8Array, from: number, to: number, otherIsHttp: boolean): number {
    const length = Math.min(to - from, HEAD_LIMIT - this.headLength);
    const grown = new Uint8Array(this.headLength + length);
    grown.set(this.head.subarray(0, this.headLength));
    grown.set(bytes.subarray(from, from + length), this.headLength);
    this.head = grown;
    this.headLength += length;
    const { framing, at, inside } = detect(this.head, this.headLength);
    if (framing === 'undecided') return from + length;
    const { head, headLength } = this;
    this.head = NOTHING;
    this.headLength = 0;
    if (framing === 'foreign' && otherIsHttp) {
      // The answers of an HTTP connection that was met in the middle of one of them.
      this.framing = 'http';
      this.web().gap(Number.POSITIVE_INFINITY);
      this.web().push(head, 0, headLength);
      return from + length;
    }
    this.framing = framing;
    if (framing === 'tls') this.hello = new HelloCollector();
    if (inside) this.json().enterAtLineStart();
    for (let next = at; next < headLength && !this.closed; ) {
      next = this.take(head, next, headLength, otherIsHttp);
    }
    return from + length;
  }

  private takeHttpBytes(bytes: Uint8Array, from: number, to: number): number {
    const http = this.web();
    const at = http.push(bytes, from, to);
    if (http.ended) this.framing = 'foreign';
    else if (http.tunnel) {
      http.tunnel = false;
      this.framing = 'undecided';
    }
    return at;
  }

  private endHello(): void {
    const { hello } = this;
    this.hello = null;
    const said = hello?.read() ?? null;
    if (hello === null || said === null) return;
    if (hello.cut) this.cutMessages++;
    this.exchange.emit({
      kind: 'tls-hello',
      ...this.arrival(this.helloBytes, hello.cut, undefined),
      ...said,
    });
  }

  private arrival(bytes: number, cut: boolean, http: HttpHead | undefined): Arrival {
    const { timeUs, record, input } = this.place;
    return { lane: this.lane, timeUs, record, input, bytes, cut, http };
  }

  private takeObject(bytes: Uint8Array, from: number, to: number, wireBytes: number): boolean {
    const body = parseObject(bytes, from, to);
    if (body === null) return false;
    this.exchange.rpc.accept(body, this.arrival(wireBytes, false, undefined));
    return true;
  }

  private takeCutObject(bytes: Uint8Array, from: number, to: number, wireBytes: number): void {
    this.cutMessages++;
    const body = salvage(textOf(bytes, from, to));
    if (body !== null) this.exchange.rpc.accept(body, this.arrival(wireBytes, true, undefined));
  }

  /** An HTTP message: each JSON object of its body becomes a message, or the whole is a visit. */
  private takeHttp(start: StartLine, body: Uint8Array, wireBytes: number, cut: boolean): void {
    if (cut) this.cutMessages++;
    if (start.status === 0) this.takeRequest(start, body, wireBytes, cut);
    else this.takeResponse(start, body, wireBytes, cut);
  }

  private takeRequest(head: StartLine, body: Uint8Array, wireBytes: number, cut: boolean): void {
    const calls: Call[] = [];
    const found = this.unfold(body, head, wireBytes, cut, (object, arrival) => {
      const call = this.exchange.rpc.acceptRequest(object, arrival);
      if (call !== undefined) calls.push(call);
    });
    this.exchange.addRequest({ method: head.method, target: head.target, calls });
    if (!found) this.visit(head, wireBytes, cut);
  }

  private takeResponse(start: StartLine, body: Uint8Array, wireBytes: number, cut: boolean): void {
    // An interim response (1xx) answers nothing yet.
    const interim = start.status < 200 && start.status !== 101;
    const request = interim ? this.exchange.requests[0] : this.exchange.requests.shift();
    const head: HttpHead = { ...start, method: request?.method ?? '', target: request?.target ?? '' };
    const calls = request?.calls ?? [];
    const found = this.unfold(body, head, wireBytes, cut, (object, arrival) => {
      this.exchange.rpc.acceptResponse(object, arrival, calls);
    });
    if (!found) this.visit(head, wireBytes, cut);
  }

  private visit(http: HttpHead, wireBytes: number, cut: boolean): void {
    this.exchange.emit({ kind: 'visit', ...this.arrival(wireBytes, cut, undefined), http });
  }

  /** Finds the objects in a body; the first one carries the bytes of head and framing. False where there are none. */
  private unfold(
    body: Uint8Array,
    http: HttpHead,
    wireBytes: number,
    cut: boolean,
    accept: (object: NonNullable<ReturnType<typeof parseObject>>, arrival: Arrival) => void,
  ): boolean {
    let found = false;
    let rest = wireBytes - body.length;
    const take = (object: ReturnType<typeof parseObject>, bytes: number, isCut: boolean): boolean => {
      if (object === null) return false;
      found = true;
      accept(object, this.arrival(Math.max(0, bytes + rest), isCut, http));
      rest = 0;
      return true;
    };
    const scanner = new JsonScanner(
      {
        object: (bytes, from, to, length) => take(parseObject(bytes, from, to), length, false),
        cutObject: (bytes, from, to, length) => {
          if (cut) take(salvage(textOf(bytes, from, to)), length, true);
        },
      },
      UNPACKED_LIMIT,
    );
    scanner.push(body, 0, body.length);
    scanner.flush();
    this.badBodies += scanner.badJson + scanner.oversize;
    return found;
  }
}
