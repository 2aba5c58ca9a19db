/**
 * HTTP/2 in clear as Node's own client and server write it: what each side sends, in order, so that a decoder of ours is held
 * against an encoder of somebody else's.
 */
import http2 from 'node:http2';
import { Duplex } from 'node:stream';
import { client, server, type Utterance } from './dialogue.ts';

/** Two ends of a connection that write down what passes. */
function wire(said: Utterance[]): [Duplex, Duplex] {
  const ends: Duplex[] = [];
  const make = (side: 0 | 1): Duplex =>
    new Duplex({
      read: () => {},
      write: (chunk: Buffer, _, done) => {
        said.push((side === 0 ? client : server)(Uint8Array.from(chunk)));
        ends[1 - side]?.push(chunk);
        done();
      },
      final: (done) => {
        ends[1 - side]?.push(null);
        done();
      },
    });
  ends.push(make(0), make(1));
  const [first, second] = ends;
  if (first === undefined || second === undefined) throw new Error('no ends');
  return [first, second];
}

/** What one stream carries: bodies of the two sides, taking turns, the client first. */
export interface Http2Talk {
  readonly request: http2.OutgoingHttpHeaders;
  readonly response?: http2.OutgoingHttpHeaders;
  readonly turns: readonly (readonly [side: 0 | 1, body: string | Uint8Array])[];
  /** The stream is not ended before all others are. */
  readonly staysOpen?: boolean;
  /** What the server says in the first stream, in place of opening another one. */
  readonly onFirst?: string;
}

/** Both ends have done what they had to do: nothing is said any more. */
async function silence(said: readonly Utterance[], isDone = (): boolean => true): Promise<void> {
  const untilMs = Date.now() + 5000;
  for (let before = -1; (before !== said.length || !isDone()) && Date.now() < untilMs; ) {
    before = said.length;
    await new Promise((resolve) => setTimeout(resolve, 3));
  }
}

/** The bytes of a connection on which these streams are carried, one behind the other. */
export async function http2Talk(
  talks: readonly Http2Talk[],
  options: http2.ServerOptions & http2.ClientSessionOptions = {},
): Promise<Utterance[]> {
  const said: Utterance[] = [];
  const [near, far] = wire(said);
  const listener = http2.createServer(options);
  const opened: http2.ServerHttp2Stream[] = [];
  listener.on('stream', (stream) => opened.push(stream));
  listener.emit('connection', far);
  const session = http2.connect('http://pool.example', { ...options, createConnection: () => near });
  for (const { request, response = {}, turns, staysOpen = false, onFirst = '' } of talks) {
    if (onFirst !== '') {
      opened[0]?.write(onFirst);
      await silence(said);
      continue;
    }
    const asked = session.request(request, { endStream: false });
    const before = opened.length;
    await silence(said, () => opened.length > before);
    const answered = opened.at(-1);
    if (answered === undefined) throw new Error('no stream');
    for (const [side, body] of turns) {
      if (side === 1 && !answered.headersSent) answered.respond({ ':status': 200, ...response });
      (side === 0 ? asked : answered).write(body);
      await silence(said);
    }
    if (staysOpen) continue;
    asked.end();
    await silence(said);
    if (!answered.headersSent) answered.respond({ ':status': 200, ...response });
    answered.end();
    asked.resume();
    await silence(said);
  }
  session.close();
  await silence(said);
  listener.close();
  return said;
}

/** A message of gRPC (PROTOCOL-HTTP2.md): no flags, its length, itself. */
export function grpcMessage(message: string | Uint8Array): Uint8Array {
  const bytes = Buffer.from(message as string);
  const head = Buffer.alloc(5);
  head.writeUInt32BE(bytes.length, 1);
  return Buffer.concat([head, bytes]);
}
