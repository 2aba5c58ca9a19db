/**
 * Packets to capture files, for tests: pcap (both byte orders, both time units, the modified header) after
 * draft-ietf-opsawg-pcap, pcapng (sections, interfaces, every kind of block) after draft-ietf-opsawg-pcapng.
 * It shares no code with the readers, so that a round trip proves something.
 */

export interface WrittenPacket {
  /** Microseconds since 1970; a fraction is kept where the file's resolution holds it. */
  readonly timeUs: number;
  /** LINKTYPE_ value. */
  readonly linkType: number;
  /** The captured bytes, link header included. */
  readonly bytes: Uint8Array;
  /** Bytes on the wire, where the capture cut the packet. */
  readonly wireBytes?: number;
}

export interface PcapOptions {
  /** Default true. */
  readonly littleEndian?: boolean;
  /** Default false: microseconds. */
  readonly nanoseconds?: boolean;
  /** Default 262144. */
  readonly snapLength?: number;
  /** Magic a1b2cd34, whose record headers are 24 bytes long. Default false. */
  readonly modified?: boolean;
  /** Upper 16 bits of the network field: FCS length and class. Default 0. */
  readonly networkUpperBits?: number;
}

/** `enhanced` is block 6, `simple` block 3 (no time, first interface only), `obsolete` block 2. */
export type PacketBlock = 'enhanced' | 'simple' | 'obsolete';

export interface PcapngOptions {
  /** One value for all sections, or one a section, repeated as often as needed. Default true. */
  readonly littleEndian?: boolean | readonly boolean[];
  /** The packets are spread evenly over this many sections, each with its own interfaces. Default 1. */
  readonly sections?: number;
  /** Kinds of packet block, repeated in turn. Default enhanced only. */
  readonly blocks?: readonly PacketBlock[];
  /** The if_tsresol byte: 10^-n, or 2^-n with the top bit. Left out by default, which means 10^-6. */
  readonly resolution?: number;
  /** The if_tsoffset option, seconds. Left out by default. */
  readonly offsetSeconds?: number;
  /** Default 0: no limit. */
  readonly snapLength?: number;
  /** Puts name resolution, secrets, statistics, custom and unknown blocks between the packets. Default false. */
  readonly extras?: boolean;
  /** Bytes of a block of decryption secrets before each packet; 0 for none. */
  readonly secretsBytes?: (index: number) => number;
  /** Interfaces that nothing uses, written before the others of each section. Default 0. */
  readonly idleInterfaces?: number;
}

/** A pcap file. All packets must have one link type. */
export function writePcap(packets: readonly WrittenPacket[], options: PcapOptions = {}): Uint8Array {
  const order = options.littleEndian ?? true;
  const linkType = packets[0]?.linkType ?? 1;
  const out = new Bytes(order);
  out.u32(options.modified ? 0xa1b2cd34 : options.nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4);
  out.u16(2).u16(4).u32(0).u32(0);
  out.u32(options.snapLength ?? 262144);
  out.u32(((options.networkUpperBits ?? 0) * 0x10000 + linkType) >>> 0);
  for (const packet of packets) {
    if (packet.linkType !== linkType) throw new Error('a pcap file has one link type');
    const seconds = Math.floor(packet.timeUs / 1e6);
    const restUs = packet.timeUs - seconds * 1e6;
    out.u32(seconds).u32(options.nanoseconds ? Math.round(restUs * 1000) : Math.floor(restUs));
    out.u32(packet.bytes.length).u32(packet.wireBytes ?? packet.bytes.length);
    if (options.modified) out.u32(1).u16(0x0800).u16(0);
    out.raw(packet.bytes);
  }
  return out.take();
}

/** A pcapng file; in each section one interface per link type, in order of first use. */
export function writePcapng(packets: readonly WrittenPacket[], options: PcapngOptions = {}): Uint8Array {
  const sections = options.sections ?? 1;
  const orders =
    typeof options.littleEndian === 'object' ? options.littleEndian : [options.littleEndian ?? true];
  const perSection = Math.ceil(packets.length / sections);
  const parts: Uint8Array[] = [];
  for (let section = 0; section < sections; section++) {
    const part = packets.slice(section * perSection, (section + 1) * perSection);
    parts.push(writeSection(part, orders[section % orders.length] ?? true, options));
  }
  return Buffer.concat(parts);
}

function writeSection(packets: readonly WrittenPacket[], order: boolean, options: PcapngOptions): Uint8Array {
  const out = new Bytes(order);
  const kinds = options.blocks ?? ['enhanced'];
  const interfaces = new Map<number, number>();
  let interfaceCount = 0;
  const header = new Bytes(order).u32(0x1a2b3c4d).u16(1).u16(0).u32(0xffffffff).u32(0xffffffff);
  block(out, 0x0a0d0d0a, header.option(4, ascii('capture-writer')).endOfOptions());
  for (let i = 0; i < (options.idleInterfaces ?? 0); i++, interfaceCount++) {
    block(out, 1, new Bytes(order).u16(113).u16(0).u32(96));
  }
  packets.forEach((packet, index) => {
    let id = interfaces.get(packet.linkType);
    if (id === undefined) {
      id = interfaceCount++;
      interfaces.set(packet.linkType, id);
      block(out, 1, describeInterface(packet.linkType, order, options));
    }
    if (options.extras) extra(out, index, order);
    const secretsBytes = options.secretsBytes?.(index) ?? 0;
    if (secretsBytes > 0) {
      block(out, 10, new Bytes(order).u32(0x544c534b).u32(secretsBytes).padded(new Uint8Array(secretsBytes)));
    }
    const kind = kinds[index % kinds.length] ?? 'enhanced';
    const wireBytes = packet.wireBytes ?? packet.bytes.length;
    const body = new Bytes(order);
    if (kind === 'simple') {
      if (id !== 0) throw new Error('a simple packet block belongs to the first interface');
      block(out, 3, body.u32(wireBytes).padded(packet.bytes));
      return;
    }
    if (kind === 'obsolete') body.u16(id).u16(0xffff);
    else body.u32(id);
    const ticks = ticksOf(packet.timeUs, options);
    body.u32(Number(ticks >> 32n)).u32(Number(ticks & 0xffffffffn));
    body.u32(packet.bytes.length).u32(wireBytes).padded(packet.bytes);
    if (options.extras && kind === 'enhanced') body.option(2, Uint8Array.of(0, 0, 0, 1)).endOfOptions();
    block(out, kind === 'obsolete' ? 2 : 6, body);
  });
  if (options.extras) extra(out, packets.length, order);
  return out.take();
}

function describeInterface(linkType: number, order: boolean, options: PcapngOptions): Bytes {
  const body = new Bytes(order)
    .u16(linkType)
    .u16(0)
    .u32(options.snapLength ?? 0);
  body.option(2, ascii('eth0'));
  if (options.resolution !== undefined) body.option(9, Uint8Array.of(options.resolution));
  if (options.offsetSeconds !== undefined) {
    const offset = new DataView(new ArrayBuffer(8));
    offset.setBigInt64(0, BigInt(options.offsetSeconds), order);
    body.option(14, new Uint8Array(offset.buffer));
  }
  return body.endOfOptions();
}

/** The time as a count of the interface's ticks, rounded to the nearest. */
function ticksOf(timeUs: number, options: PcapngOptions): bigint {
  const resolution = options.resolution ?? 6;
  const perSecond = resolution & 0x80 ? 1n << BigInt(resolution & 0x7f) : 10n ** BigInt(resolution);
  const seconds = Math.floor(timeUs / 1e6);
  const restNs = BigInt(Math.round((timeUs - seconds * 1e6) * 1000));
  const whole = BigInt(seconds - (options.offsetSeconds ?? 0)) * perSecond;
  return whole + (restNs * perSecond + 500_000_000n) / 1_000_000_000n;
}

/** One block that carries no packet, another kind for each index. */
function extra(out: Bytes, index: number, order: boolean): void {
  const body = new Bytes(order);
  const turn = index % 5;
  if (turn === 0) {
    // Name resolution: one IPv4 record, then the end of records.
    const name = Uint8Array.of(192, 0, 2, 1, ...ascii('pool.test\0'));
    block(out, 4, body.u16(1).u16(name.length).padded(name).endOfOptions());
  } else if (turn === 1) {
    // Decryption secrets: a TLS key log.
    block(out, 10, body.u32(0x544c534b).u32(9).padded(ascii('CLIENT_R\n')));
  } else if (turn === 2) {
    // Interface statistics.
    block(out, 5, body.u32(0).u32(0x5e000).u32(7));
  } else if (turn === 3) {
    // Custom; the private enterprise number is the one for documentation.
    block(out, 0x00000bad, body.u32(32473).padded(ascii('anything')));
  } else {
    // A type that nobody has defined.
    block(out, 0x0000beef, body.padded(ascii('later work')));
  }
}

function block(out: Bytes, type: number, body: Bytes): void {
  const bytes = body.take();
  const total = bytes.length + 12;
  out.u32(type).u32(total).raw(bytes).u32(total);
}

function ascii(text: string): Uint8Array {
  return Buffer.from(text, 'latin1');
}

/** Bytes that grow, numbers in one byte order. */
class Bytes {
  #bytes = Buffer.alloc(256);
  #length = 0;
  readonly #little: boolean;

  constructor(littleEndian: boolean) {
    this.#little = littleEndian;
  }

  u16(value: number): this {
    const at = this.#grow(2);
    if (this.#little) this.#bytes.writeUInt16LE(value, at);
    else this.#bytes.writeUInt16BE(value, at);
    return this;
  }

  u32(value: number): this {
    const at = this.#grow(4);
    if (this.#little) this.#bytes.writeUInt32LE(value, at);
    else this.#bytes.writeUInt32BE(value, at);
    return this;
  }

  raw(bytes: Uint8Array): this {
    const at = this.#grow(bytes.length);
    this.#bytes.set(bytes, at);
    return this;
  }

  /** The bytes, then zeros up to a multiple of four. */
  padded(bytes: Uint8Array): this {
    return this.raw(bytes).raw(new Uint8Array(-bytes.length & 3));
  }

  option(code: number, value: Uint8Array): this {
    return this.u16(code).u16(value.length).padded(value);
  }

  endOfOptions(): this {
    return this.u16(0).u16(0);
  }

  take(): Uint8Array {
    return Uint8Array.from(this.#bytes.subarray(0, this.#length));
  }

  #grow(count: number): number {
    const at = this.#length;
    this.#length += count;
    if (this.#length > this.#bytes.length) {
      const larger = Buffer.alloc(Math.max(this.#length, this.#bytes.length * 2));
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    return at;
  }
}
