/**
 * Flow logs for tests: nfcapd files of layout 1 and 2, and export datagrams of NetFlow v5, v9, IPFIX and sFlow. It
 * shares no code with the readers, so that a round trip proves something.
 */

/** Bytes written one field after another, in one byte order. */
export class Writer {
  readonly #bytes: number[] = [];
  readonly #little: boolean;

  constructor(little = false) {
    this.#little = little;
  }

  get length(): number {
    return this.#bytes.length;
  }

  u8(...values: number[]): this {
    for (const value of values) this.#put(value, 1);
    return this;
  }

  u16(...values: number[]): this {
    for (const value of values) this.#put(value, 2);
    return this;
  }

  u32(...values: number[]): this {
    for (const value of values) this.#put(value >>> 0, 4);
    return this;
  }

  u64(...values: (number | bigint)[]): this {
    for (const value of values) {
      const big = BigInt.asUintN(64, BigInt(value));
      const [high, low] = [Number(big >> 32n), Number(big & 0xffffffffn)];
      if (this.#little) this.u32(low, high);
      else this.u32(high, low);
    }
    return this;
  }

  raw(bytes: Iterable<number>): this {
    for (const byte of bytes) this.#bytes.push(byte);
    return this;
  }

  zeros(count: number): this {
    return this.raw(new Uint8Array(count));
  }

  take(): Uint8Array<ArrayBuffer> {
    return Uint8Array.from(this.#bytes);
  }

  #put(value: number, size: number): void {
    for (let i = 0; i < size; i++) {
      const shift = this.#little ? i : size - 1 - i;
      this.#bytes.push(Math.floor(value / 256 ** shift) % 256);
    }
  }
}

/** 192.0.2.1 as a number. */
export function ipv4(text: string): number {
  return text.split('.').reduce((word, octet) => word * 256 + Number(octet), 0);
}

export interface WrittenFlow {
  readonly firstMs: number;
  readonly lastMs: number;
  readonly source: string;
  readonly destination: string;
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly protocol?: number;
  readonly flags?: number;
  readonly packets: number | bigint;
  readonly bytes: number | bigint;
  readonly reverse?: { readonly packets: number; readonly bytes: number };
  readonly receivedMs?: number;
  readonly exporter?: number;
  /** nfdump's record flags: 1 event, 2 sampled, 4 anonymised. */
  readonly marks?: number;
  /** Version of the export that it came from. */
  readonly version?: number;
  /** 0 in, 1 out. */
  readonly direction?: number;
  readonly forwarding?: number;
  /** Extensions by type, written behind the others. */
  readonly extra?: readonly { readonly type: number; readonly payload: Uint8Array }[];
}

/** A record of type 11 (nfxV3.h). */
export function v3Record(flow: WrittenFlow, little = true): Uint8Array {
  const extensions: Uint8Array[] = [];
  const extend = (type: number, fill: (writer: Writer) => Writer): void => {
    const payload = fill(new Writer(little)).take();
    extensions.push(
      new Writer(little)
        .u16(type, payload.length + 4)
        .raw(payload)
        .take(),
    );
  };
  extend(1, (w) =>
    w
      .u64(flow.firstMs, flow.lastMs, flow.receivedMs ?? flow.lastMs, flow.packets, flow.bytes)
      .u16(flow.sourcePort, flow.destinationPort)
      .u8(flow.protocol ?? 6, flow.flags ?? 0x1b, flow.forwarding ?? 0, 0),
  );
  extend(2, (w) => w.u32(ipv4(flow.source), ipv4(flow.destination)));
  if (flow.direction !== undefined)
    extend(4, (w) =>
      w
        .zeros(10)
        .u8(flow.direction ?? 0)
        .zeros(5),
    );
  const { reverse } = flow;
  if (reverse !== undefined) extend(5, (w) => w.u64(1, reverse.packets, reverse.bytes));
  for (const { type, payload } of flow.extra ?? []) extend(type, (w) => w.raw(payload));
  const body = extensions.flatMap((each) => [...each]);
  return new Writer(little)
    .u16(11, body.length + 12, extensions.length)
    .u8(0, 0)
    .u16(flow.exporter ?? 0)
    .u8(flow.marks ?? 0, flow.version ?? 9)
    .raw(body)
    .take();
}

/** A record of type 7: an exporter. */
export function exporterRecord(systemId: number, address: string, domain: number, little = true): Uint8Array {
  const writer = new Writer(little).u16(7, 32).u32(9);
  return writer.u64(0, ipv4(address)).u16(2, systemId).u32(domain).take();
}

/** A record of type 15: one packet of `taken + left` is looked at. */
export function samplerRecord(
  systemId: number,
  id: number,
  taken: number,
  left: number,
  little = true,
): Uint8Array {
  return new Writer(little).u16(15, 24, systemId, 1).u64(id).u32(taken, left).take();
}

export interface NfcapdOptions {
  readonly little?: boolean;
  readonly compression?: number;
  readonly creator?: number;
  /** Blocks that the header promises; as many as there are where absent. */
  readonly promised?: number;
  /** Records that block headers promise; as many as there are where absent. */
  readonly counts?: number;
}

/** A file of layout 2 with one block for each list of records. */
export function nfcapd2(
  blocks: readonly (readonly Uint8Array[])[],
  options: NfcapdOptions = {},
): Uint8Array<ArrayBuffer> {
  const little = options.little ?? true;
  const writer = new Writer(little)
    .u16(0xa50c, 2)
    .u32(0xf1070400)
    .u64(1_700_000_000)
    .u8(options.compression ?? 0, 0)
    .u16(0)
    .u32(options.creator ?? 1)
    .u64(0)
    .u32(0, options.promised ?? blocks.length);
  for (const records of blocks) {
    const body = records.flatMap((record) => [...record]);
    writer
      .u32(options.counts ?? records.length, body.length)
      .u16(3, 0)
      .raw(body);
  }
  return writer.take();
}

/** Bytes of the extensions of layout 1 (nfdump 1.6, nffile.h), of which a map tells the sum; unknown ones have eight. */
const LAYOUT1_BYTES: Readonly<Record<number, number>> = {
  ...{
    4: 4,
    5: 8,
    6: 4,
    7: 8,
    8: 4,
    9: 4,
    10: 16,
    11: 4,
    12: 16,
    13: 4,
    14: 4,
    15: 8,
    16: 4,
    17: 8,
    18: 4,
    19: 8,
  },
  ...{ 20: 16, 21: 16, 22: 40, 23: 4, 24: 16, 25: 4, 26: 8, 27: 8 },
};

/** A file of layout 1: one extension map with these ids, and common records with their data behind. */
export function nfcapd1(
  extensions: readonly number[],
  flows: readonly (WrittenFlow & { readonly data?: (writer: Writer) => Writer; readonly isWide?: boolean })[],
  little = true,
): Uint8Array<ArrayBuffer> {
  const size = extensions.reduce((sum, id) => sum + (LAYOUT1_BYTES[id] ?? 8), 0);
  const map = new Writer(little).u16(2, 0, 1, size).u16(...extensions, 0);
  if (map.length % 4 !== 0) map.u16(0);
  const mapBytes = map.take();
  new DataView(mapBytes.buffer).setUint16(2, mapBytes.length, little);
  const records = [mapBytes];
  for (const flow of flows) {
    const isWide = flow.isWide ?? false;
    const data = new Writer(little).u32(ipv4(flow.source), ipv4(flow.destination));
    if (isWide) data.u64(flow.packets, flow.bytes);
    else data.u32(Number(flow.packets), Number(flow.bytes));
    flow.data?.(data);
    const body = data.take();
    records.push(
      new Writer(little)
        .u16(10, body.length + 32, (isWide ? 6 : 0) | ((flow.marks ?? 0) & 2 ? 128 : 0), 1)
        .u16(flow.firstMs % 1000, flow.lastMs % 1000)
        .u32(Math.floor(flow.firstMs / 1000), Math.floor(flow.lastMs / 1000))
        .u8(flow.forwarding ?? 0, flow.flags ?? 0x1b, flow.protocol ?? 6, 0)
        .u16(flow.sourcePort, flow.destinationPort, flow.exporter ?? 0, 0)
        .raw(body)
        .take(),
    );
  }
  const block = records.flatMap((record) => [...record]);
  return new Writer(little)
    .u16(0xa50c, 1)
    .u32(0, 1)
    .zeros(128)
    .zeros(136)
    .u32(records.length, block.length)
    .u16(2, 0)
    .raw(block)
    .take();
}

export interface V5Options {
  readonly uptime?: number;
  readonly seconds?: number;
  readonly sequence?: number;
  readonly engine?: number;
  /** Mode in the top two bits, interval below. */
  readonly sampling?: number;
}

/** A NetFlow v5 datagram. Times of its flows are ms since boot. */
export function netflow5(flows: readonly WrittenFlow[], options: V5Options = {}): Uint8Array<ArrayBuffer> {
  const writer = new Writer()
    .u16(5, flows.length)
    .u32(options.uptime ?? 3_600_000, options.seconds ?? 1_700_000_000, 0, options.sequence ?? 0)
    .u16(options.engine ?? 0, options.sampling ?? 0);
  for (const flow of flows) {
    writer
      .u32(ipv4(flow.source), ipv4(flow.destination), 0)
      .u16(1, 2)
      .u32(Number(flow.packets), Number(flow.bytes), flow.firstMs, flow.lastMs)
      .u16(flow.sourcePort, flow.destinationPort)
      .u8(0, flow.flags ?? 0x1b, flow.protocol ?? 6, 0)
      .zeros(8);
  }
  return writer.take();
}

/** A NetFlow v1 or v7 datagram: the layout of v5 with the header cut, and flags at other places. */
export function netflow1(flows: readonly WrittenFlow[], options: V5Options = {}): Uint8Array<ArrayBuffer> {
  return fixedDatagram(
    1,
    flows,
    options,
    (writer) => writer,
    (writer, { protocol, flags }) =>
      writer
        .u16(0)
        .u8(protocol ?? 6, 0, flags ?? 0x1b)
        .zeros(7),
  );
}

export function netflow7(flows: readonly WrittenFlow[], options: V5Options = {}): Uint8Array<ArrayBuffer> {
  return fixedDatagram(
    7,
    flows,
    options,
    (writer) => writer.u32(options.sequence ?? 0, 0),
    (writer, { protocol, flags }) =>
      writer
        .u8(0, flags ?? 0x1b, protocol ?? 6, 0)
        .zeros(8)
        .u32(ipv4('10.10.10.10')),
  );
}

function fixedDatagram(
  version: number,
  flows: readonly WrittenFlow[],
  options: V5Options,
  head: (writer: Writer) => Writer,
  tail: (writer: Writer, flow: WrittenFlow) => Writer,
): Uint8Array<ArrayBuffer> {
  const writer = new Writer()
    .u16(version, flows.length)
    .u32(options.uptime ?? 3_600_000, options.seconds ?? 1_700_000_000, 0);
  head(writer);
  for (const flow of flows) {
    writer
      .u32(ipv4(flow.source), ipv4(flow.destination), 0)
      .u16(1, 2)
      .u32(Number(flow.packets), Number(flow.bytes), flow.firstMs, flow.lastMs)
      .u16(flow.sourcePort, flow.destinationPort);
    tail(writer, flow);
  }
  return writer.take();
}

/** A set or FlowSet with this id. */
export function set(id: number, body: Uint8Array): Uint8Array {
  return new Writer()
    .u16(id, body.length + 4)
    .raw(body)
    .take();
}

/** A template of v9, or of IPFIX without enterprise fields. */
export function template(id: number, fields: readonly (readonly [id: number, length: number])[]): Uint8Array {
  const writer = new Writer().u16(id, fields.length);
  for (const [element, length] of fields) writer.u16(element, length);
  return writer.take();
}

export interface V9Options {
  readonly uptime?: number;
  readonly seconds?: number;
  readonly sequence?: number;
  readonly source?: number;
  readonly count?: number;
}

export function netflow9(sets: readonly Uint8Array[], options: V9Options = {}): Uint8Array<ArrayBuffer> {
  const writer = new Writer()
    .u16(9, options.count ?? sets.length)
    .u32(options.uptime ?? 3_600_000, options.seconds ?? 1_700_000_000)
    .u32(options.sequence ?? 0, options.source ?? 0);
  for (const each of sets) writer.raw(each);
  return writer.take();
}

export interface IpfixOptions {
  readonly seconds?: number;
  readonly sequence?: number;
  readonly domain?: number;
}

export function ipfixMessage(
  sets: readonly Uint8Array[],
  options: IpfixOptions = {},
): Uint8Array<ArrayBuffer> {
  const body = sets.flatMap((each) => [...each]);
  return new Writer()
    .u16(10, body.length + 16)
    .u32(options.seconds ?? 1_700_000_000, options.sequence ?? 0, options.domain ?? 0)
    .raw(body)
    .take();
}

/** An sFlow datagram of an IPv4 agent with these samples, each with its format. */
export function sflowDatagram(
  samples: readonly { readonly format: number; readonly body: Uint8Array }[],
  sequence = 1,
): Uint8Array<ArrayBuffer> {
  const writer = new Writer().u32(5, 1, ipv4('203.0.113.1'), 0, sequence, 1000, samples.length);
  for (const { format, body } of samples) writer.u32(format, body.length).raw(body);
  return writer.take();
}
