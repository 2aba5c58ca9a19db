/**
 * The bytes of one lane, in order, to its messages: first to the framing that its first bytes show, then through that
 * framing to the objects, exchanges and hellos in them. Framers are made when a lane needs them.
 */
import { detect, HEAD_LIMIT } from './detect.ts';
import type { Exchange } from './exchange.ts';
import { HttpLane } from './http.ts';
import { parseObject, textOf } from './json.ts';
import { JsonScanner } from './json-scan.ts';
import type { Lane } from './message.ts';
import type { Arrival } from './rpc.ts';
import { salvage } from './salvage.ts';
import { HelloCollector } from './tls-hello.ts';

/** What a lane or flow carries, as far as it has shown. */
export type FramingState = 'undecided' | 'json' | 'http' | 'tls' | 'foreign';

/** The packet that is being taken. */
export interface Place {
  readonly timeUs: number;
  readonly record: number;
  readonly input: number;
}

const NOTHING = new Uint8Array(0);

export class LaneFramer {
  framing: FramingState = 'undecided';
  bytes = 0;
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
      message: (start, body, wireBytes, cut) => {
        if (cut) this.cutMessages++;
        this.exchange.accept(start, body, this.arrival(wireBytes, cut));
      },
      answered: () => this.exchange.answeredMethod,
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
    else if (this.framing === 'http') {
      const http = this.web();
      http.gap(missing > 0 ? missing : Number.POSITIVE_INFINITY);
      if (http.isLost) this.exchange.loseResponses();
    } else if (this.framing === 'tls') this.endHello();
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
      ...this.arrival(this.helloBytes, hello.cut),
      ...said,
    });
  }

  private arrival(bytes: number, cut: boolean): Arrival {
    const { timeUs, record, input } = this.place;
    return { lane: this.lane, timeUs, record, input, bytes, cut, http: undefined };
  }

  private takeObject(bytes: Uint8Array, from: number, to: number, wireBytes: number): boolean {
    const body = parseObject(bytes, from, to);
    if (body === null) return false;
    this.exchange.rpc.accept(body, this.arrival(wireBytes, false));
    return true;
  }

  private takeCutObject(bytes: Uint8Array, from: number, to: number, wireBytes: number): void {
    this.cutMessages++;
    const body = salvage(textOf(bytes, from, to));
    if (body !== null) this.exchange.rpc.accept(body, this.arrival(wireBytes, true));
  }
}
