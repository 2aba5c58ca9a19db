/**
 * What the flows of the bench capture say: generators of packets without headers, one kind of traffic each. Sizes and
 * turns are those of an office uplink by and large: many small flows, a few long ones that carry most bytes.
 */
import { ACK, FIN, PSH, SYN } from './layers.ts';
import type { Random } from './random.ts';

/** One packet of a flow: who sends it, TCP flags (0 for UDP), and its payload in a pool of bytes. */
export interface Turn {
  readonly fromClient: boolean;
  readonly flags: number;
  readonly content: Uint8Array;
  readonly at: number;
  readonly length: number;
}

export interface Kind {
  readonly name: string;
  /** Part of all flows. */
  readonly weight: number;
  readonly isUdp: boolean;
  readonly port: number;
  readonly turns: (draw: Random, pools: Pools) => Generator<Turn>;
}

/** Bytes to cut payloads from: noise stands for ciphertext, text for pages. */
export interface Pools {
  readonly noise: Uint8Array;
  readonly text: Uint8Array;
}

const NOTHING: Uint8Array = new Uint8Array(0);
const MSS = 1448;

export function makePools(draw: Random): Pools {
  const noise = new Uint8Array(1 << 20);
  for (let at = 0; at < noise.length; at++) noise[at] = draw.below(256);
  const words = [
    '<p>',
    'the',
    'job',
    '{"id":1,',
    'share',
    'of',
    'worker',
    'login',
    '</p>\n',
    'and',
    '"method":',
    'a',
  ];
  let text = '';
  while (text.length < 1 << 20) text += `${draw.pick(words)} `;
  return { noise, text: Buffer.from(text) };
}

function turn(fromClient: boolean, flags: number, content = NOTHING, at = 0, length = content.length): Turn {
  return { fromClient, flags, content, at, length };
}

function* handshake(): Generator<Turn> {
  yield turn(true, SYN);
  yield turn(false, SYN | ACK);
  yield turn(true, ACK);
}

function* goodbye(): Generator<Turn> {
  yield turn(true, FIN | ACK);
  yield turn(false, FIN | ACK);
  yield turn(true, ACK);
}

/** Full segments from one side, an acknowledgement for every fourth, as receivers with large-receive offload send. */
function* transfer(draw: Random, pool: Uint8Array, fromClient: boolean, bytes: number): Generator<Turn> {
  let count = 0;
  for (let left = bytes; left > 0; left -= MSS) {
    const length = Math.min(MSS, left);
    yield turn(fromClient, left > MSS ? ACK : ACK | PSH, pool, draw.below(pool.length - MSS), length);
    if (++count % 4 === 0) yield turn(!fromClient, ACK);
  }
  if (count % 4 !== 0) yield turn(!fromClient, ACK);
}

/** Lengths with a heavy tail: a Pareto draw from `least` on, cut at `most`. */
function heavy(draw: Random, least: number, most: number): number {
  return Math.min(most, Math.round(least / (1 - draw.next()) ** (1 / 1.1)));
}

function domain(draw: Random): string {
  const part = draw.below(4000).toString(36);
  return draw.pick([`www.site${part}.example`, `cdn${part}.example.net`, `api.${part}.example.org`]);
}

/** A client hello of TLS 1.3 (RFC 8446, 4.1.2) with a server name and ALPN. */
export function clientHello(draw: Random, pools: Pools, name: string): Uint8Array {
  const host = Buffer.from(name);
  const random32 = (): Uint8Array => {
    const at = draw.below(pools.noise.length - 32);
    return pools.noise.subarray(at, at + 32);
  };
  const u16 = (value: number): number[] => [value >> 8, value & 0xff];
  const extension = (type: number, body: readonly number[]): number[] => [
    ...u16(type),
    ...u16(body.length),
    ...body,
  ];
  const extensions = [
    ...extension(0, [...u16(host.length + 3), 0, ...u16(host.length), ...host]),
    ...extension(16, [0, 12, 2, 0x68, 0x32, 8, ...Buffer.from('http/1.1')]),
    ...extension(43, [2, 3, 4]),
    ...extension(10, [0, 2, 0, 29]),
    ...extension(51, [0, 36, 0, 29, 0, 32, ...random32()]),
  ];
  const body = [3, 3, ...random32(), 32, ...random32(), 0, 6, 0x13, 1, 0x13, 2, 0x13, 3, 1, 0];
  const hello = [...body, ...u16(extensions.length), ...extensions];
  const message = [1, 0, ...u16(hello.length), ...hello];
  return Uint8Array.from([22, 3, 1, ...u16(message.length), ...message]);
}

/** A TLS record head with the given type, and noise behind it. */
function record(draw: Random, pools: Pools, type: number, length: number): Uint8Array {
  const at = draw.below(pools.noise.length - length);
  const bytes = pools.noise.slice(at, at + length);
  bytes.set([type, 3, 3, (length - 5) >> 8, (length - 5) & 0xff]);
  return bytes;
}

function tls(least: number, most: number): Kind['turns'] {
  return function* (draw, pools) {
    yield* handshake();
    yield turn(true, PSH | ACK, clientHello(draw, pools, domain(draw)));
    yield turn(false, PSH | ACK, record(draw, pools, 22, 127));
    yield* transfer(draw, pools.noise, false, draw.between(1200, 3800));
    yield turn(true, PSH | ACK, record(draw, pools, 23, 69));
    for (let request = draw.between(1, 3); request > 0; request--) {
      yield turn(true, PSH | ACK, record(draw, pools, 23, draw.between(90, 600)));
      yield turn(false, PSH | ACK, record(draw, pools, 23, draw.between(200, 1200)));
      yield* transfer(draw, pools.noise, draw.chance(0.15), heavy(draw, least, most));
    }
    if (draw.chance(0.9)) yield* goodbye();
  };
}

function* http(draw: Random, pools: Pools): Generator<Turn> {
  yield* handshake();
  for (let request = draw.between(1, 4); request > 0; request--) {
    const length = heavy(draw, 700, 300_000);
    const head = `GET /${draw.below(1e6)}/index.html HTTP/1.1\r\nHost: ${domain(draw)}\r\nUser-Agent: Mozilla/5.0\r\nAccept: */*\r\n\r\n`;
    yield turn(true, PSH | ACK, Buffer.from(head));
    yield turn(
      false,
      PSH | ACK,
      Buffer.from(
        `HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: ${length}\r\nServer: nginx\r\n\r\n`,
      ),
    );
    yield* transfer(draw, pools.text, false, length);
  }
  yield* goodbye();
}

function* dns(draw: Random): Generator<Turn> {
  const labels = domain(draw).split('.');
  const name = [...labels.flatMap((label) => [label.length, ...Buffer.from(label)]), 0];
  const id = [draw.below(256), draw.below(256)];
  const question = [...name, 0, 1, 0, 1];
  const query = [...id, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, ...question];
  yield turn(true, 0, Uint8Array.from(query));
  const answer = [0xc0, 12, 0, 1, 0, 1, 0, 0, 1, 44, 0, 4, 198, 18, draw.below(256), draw.below(256)];
  const head = [...id, 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0];
  yield turn(false, 0, Uint8Array.from([...head, ...question, ...answer]));
}

function* quic(draw: Random, pools: Pools): Generator<Turn> {
  const datagram = (fromClient: boolean, first: number, length: number): Turn => {
    const at = draw.below(pools.noise.length - length);
    const bytes = pools.noise.slice(at, at + length);
    bytes[0] = first;
    return turn(fromClient, 0, bytes);
  };
  yield datagram(true, 0xc3, 1200);
  yield datagram(false, 0xc1, 1200);
  let count = 0;
  for (let left = heavy(draw, 2600, 3e6); left > 0; left -= 1250) {
    yield turn(false, 0, pools.noise, draw.below(pools.noise.length - 1250), Math.min(1250, left));
    if (++count % 4 === 0) yield datagram(true, 0x43, draw.between(33, 45));
  }
}

/** Keystrokes and their echoes on an encrypted shell. */
function* shell(draw: Random, pools: Pools): Generator<Turn> {
  yield* handshake();
  yield turn(true, PSH | ACK, Buffer.from('SSH-2.0-OpenSSH_9.6\r\n'));
  yield turn(false, PSH | ACK, Buffer.from('SSH-2.0-OpenSSH_9.2p1\r\n'));
  for (let key = heavy(draw, 20, 400); key > 0; key--) {
    yield turn(true, PSH | ACK, pools.noise, draw.below(1 << 19), 36);
    yield turn(false, PSH | ACK, pools.noise, draw.below(1 << 19), 36 + 8 * draw.below(20));
  }
}

/** Ordinary JSON-RPC on a plain connection, so that the probe has something to refuse. */
function* jsonRpc(draw: Random): Generator<Turn> {
  yield* handshake();
  for (let id = 1; id < heavy(draw, 8, 200); id++) {
    const call = {
      jsonrpc: '2.0',
      id,
      method: draw.pick(['get_state', 'login', 'queue.submit', 'list']),
      params: [id],
    };
    yield turn(true, PSH | ACK, Buffer.from(`${JSON.stringify(call)}\n`));
    yield turn(
      false,
      PSH | ACK,
      Buffer.from(`${JSON.stringify({ jsonrpc: '2.0', id, result: { ok: true } })}\n`),
    );
  }
  yield* goodbye();
}

/** Kinds of traffic, weights by number of flows. */
export const KINDS: readonly Kind[] = [
  { name: 'dns', weight: 52, isUdp: true, port: 53, turns: dns },
  { name: 'tls small', weight: 34, isUdp: false, port: 443, turns: tls(600, 60_000) },
  { name: 'tls bulk', weight: 1, isUdp: false, port: 443, turns: tls(60_000, 9e6) },
  { name: 'http', weight: 12, isUdp: false, port: 80, turns: http },
  { name: 'quic', weight: 10, isUdp: true, port: 443, turns: quic },
  { name: 'shell', weight: 1, isUdp: false, port: 22, turns: shell },
  { name: 'json-rpc', weight: 1, isUdp: false, port: 3333, turns: jsonRpc },
];
