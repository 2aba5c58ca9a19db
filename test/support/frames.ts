/** Frames of multiplexers and heads for tests, written from their specifications. */

/** yamux (hashicorp/yamux, spec.md): version, type, flags, stream, length. */
export function yamux(
  stream: number,
  data: string | Uint8Array,
  { type = 0, flags = 0, length = -1 }: { type?: number; flags?: number; length?: number } = {},
): Uint8Array {
  const bytes = Buffer.from(data as string);
  const head = Buffer.alloc(12);
  head[1] = type;
  head.writeUInt16BE(flags, 2);
  head.writeUInt32BE(stream, 4);
  head.writeUInt32BE(length === -1 ? bytes.length : length, 8);
  return Buffer.concat([head, bytes]);
}

/** smux (xtaci/smux, frame.go): version, command, length, stream, least significant byte first. */
export function smux(
  stream: number,
  command: number,
  data: string | Uint8Array = '',
  version = 1,
): Uint8Array {
  const bytes = Buffer.from(data as string);
  const head = Buffer.alloc(8);
  head[0] = version;
  head[1] = command;
  head.writeUInt16LE(bytes.length, 2);
  head.writeUInt32LE(stream, 4);
  return Buffer.concat([head, bytes]);
}

/** A message of frp (fatedier/golib, msg/json): its type, 8 bytes of length, an object. */
export function frp(type: string, value: unknown): Uint8Array {
  const text = Buffer.from(JSON.stringify(value));
  const head = Buffer.alloc(9);
  head[0] = type.charCodeAt(0);
  head.writeBigUInt64BE(BigInt(text.length), 1);
  return Buffer.concat([head, text]);
}

/** A message behind its length, as language servers send it. */
export function headed(value: unknown, ...fields: readonly string[]): Uint8Array {
  const text = Buffer.from(JSON.stringify(value));
  const lines = [...fields, `Content-Length: ${text.length}`].join('\r\n');
  return Buffer.concat([Buffer.from(`${lines}\r\n\r\n`), text]);
}
