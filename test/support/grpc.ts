/** gRPC in clear, built by hand: frames of HTTP/2 (RFC 9113), heads without compression (RFC 7541 6.2.2), messages by field numbers. */

const DATA = 0;
const HEADERS = 1;
const SETTINGS = 4;
const END_HEADERS = 4;
const END_STREAM = 1;

function frame(type: number, flags: number, stream: number, payload: Uint8Array): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

function fields(...pairs: readonly (readonly [string, string])[]): Buffer {
  const text = (value: string): Buffer => Buffer.concat([Buffer.from([value.length]), Buffer.from(value)]);
  return Buffer.concat(
    pairs.map(([name, value]) => Buffer.concat([Buffer.from([0]), text(name), text(value)])),
  );
}

/** What opens a connection: the client's preface and its settings. */
export const PREFACE = Buffer.concat([
  Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
  frame(SETTINGS, 0, 0, new Uint8Array(0)),
]);
export const SERVER_SETTINGS = frame(SETTINGS, 0, 0, new Uint8Array(0));

/** The head of a call of the path, on a stream. */
export function calls(stream: number, path: string): Buffer {
  const head = fields(
    [':method', 'POST'],
    [':scheme', 'http'],
    [':path', path],
    [':authority', 'node.example'],
    ['content-type', 'application/grpc'],
  );
  return frame(HEADERS, END_HEADERS, stream, head);
}

/** The head of an answer. */
export function answers(stream: number): Buffer {
  return frame(
    HEADERS,
    END_HEADERS,
    stream,
    fields([':status', '200'], ['content-type', 'application/grpc']),
  );
}

/** A message on a stream; `isLast` ends the direction. */
export function sends(stream: number, message: Uint8Array, isLast = false): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return frame(DATA, isLast ? END_STREAM : 0, stream, Buffer.concat([head, message]));
}

type Value = number | string | Uint8Array;

/** A message of Protocol Buffers with these fields, by their numbers. */
export function proto(...members: readonly (readonly [field: number, value: Value])[]): Buffer {
  return Buffer.concat(
    members.map(([field, value]) => {
      if (typeof value === 'number') return Buffer.concat([number(field * 8), number(value)]);
      const bytes = Buffer.from(value);
      return Buffer.concat([number(field * 8 + 2), number(bytes.length), bytes]);
    }),
  );
}

function number(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) + 0x80);
    rest = Math.floor(rest / 0x80);
  }
  return Buffer.from([...bytes, rest]);
}
