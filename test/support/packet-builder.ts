/**
 * Frames for tests, written from the outside in: `ethernet({}, ipv4({}, tcp({ flags: PSH | ACK }, 'text'))).bytes`.
 * Each layer knows how the one above it names it (EtherType, IP protocol, PPP protocol), lengths and checksums are
 * filled in, and every length or type can be set by hand to make a frame that lies.
 * It shares no code with the decoder under test.
 */

/** A header with all that it carries, and what the layer outside has to write to announce it. */
export interface Layer {
  readonly bytes: Uint8Array;
  readonly etherType: number;
  readonly ipProtocol: number;
  readonly pppProtocol: number;
  /** Offset of a checksum over the pseudo-header, which the IP layer fills in; -1 where there is none. */
  readonly checksumAt: number;
  /** Where the header with that checksum starts, and its protocol: not at 0 behind an authentication header. */
  readonly transportAt: number;
  readonly transportProtocol: number;
}

/** What may stand inside a layer: another layer, bytes, or text (UTF-8). */
export type Content = Layer | Uint8Array | string;

export const FIN = 1;
export const SYN = 2;
export const RST = 4;
export const PSH = 8;
export const ACK = 16;

// Assigned numbers: IANA "IEEE 802 Numbers", "Protocol Numbers", "PPP Numbers".
const ETHER = {
  ipv4: 0x0800,
  ipv6: 0x86dd,
  vlan: 0x8100,
  mpls: 0x8847,
  pppoe: 0x8864,
  transparentEthernet: 0x6558,
} as const;
const IP = { ipv4: 4, tcp: 6, udp: 17, ipv6: 41, gre: 47, ah: 51, etherIp: 97, mpls: 137 } as const;
const NONE = {
  etherType: 0xffff,
  ipProtocol: 255,
  pppProtocol: 0xc021,
  checksumAt: -1,
  transportAt: 0,
  transportProtocol: 0,
} as const;

function layer(bytes: Uint8Array, names: Partial<Omit<Layer, 'bytes'>> = {}): Layer {
  return { ...NONE, ...names, bytes };
}

/** Bytes as a layer that announces itself as nothing known. */
export function raw(content: Content): Layer {
  if (typeof content === 'string') return layer(new TextEncoder().encode(content));
  return content instanceof Uint8Array ? layer(content) : content;
}

/** '45 00 …' with any white space, and `#` comments to the end of the line, as bytes. */
export function hex(text: string): Uint8Array {
  const digits = text.replace(/#.*$/gm, '').replace(/\s+/g, '');
  if (!/^([0-9a-f]{2})*$/i.test(digits)) throw new Error(`not hex: ${digits}`);
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function u16(value: number): Uint8Array {
  return Uint8Array.of((value >>> 8) & 0xff, value & 0xff);
}

function u32(value: number): Uint8Array {
  return Uint8Array.of((value >>> 24) & 0xff, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff);
}

/** '192.0.2.1' as four bytes, '2001:db8::1' as sixteen. */
export function address(text: string): Uint8Array {
  if (!text.includes(':')) return Uint8Array.from(text.split('.'), Number);
  const [head = '', tail] = text.split('::');
  const words = (part: string): number[] =>
    part === '' ? [] : part.split(':').map((word) => Number.parseInt(word, 16));
  const front = words(head);
  const back = tail === undefined ? [] : words(tail);
  const zeros = new Array<number>(8 - front.length - back.length).fill(0);
  return concat(...[...front, ...zeros, ...back].map(u16));
}

/** '02:00:00:00:00:01' as six bytes. */
export function mac(text: string): Uint8Array {
  return Uint8Array.from(text.split(':'), (pair) => Number.parseInt(pair, 16));
}

/** Internet checksum (RFC 1071). */
export function checksum(...parts: readonly Uint8Array[]): number {
  const bytes = concat(...parts);
  let sum = 0;
  for (let i = 0; i < bytes.length; i += 2) sum += ((bytes[i] ?? 0) << 8) | (bytes[i + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

function sealed(content: Layer, source: Uint8Array, destination: Uint8Array): Uint8Array {
  const bytes = content.bytes.slice();
  if (content.checksumAt < 0) return bytes;
  const transport = bytes.subarray(content.transportAt);
  const pseudo =
    source.length === 4
      ? concat(source, destination, u16(content.transportProtocol), u16(transport.length))
      : concat(source, destination, u32(transport.length), u32(content.transportProtocol));
  const sum = checksum(pseudo, transport);
  bytes.set(u16(sum === 0 && content.transportProtocol === IP.udp ? 0xffff : sum), content.checksumAt);
  return bytes;
}

// --- transport ---

export interface TcpFields {
  readonly sourcePort?: number;
  readonly destinationPort?: number;
  readonly sequence?: number;
  readonly acknowledgement?: number;
  readonly flags?: number;
  readonly window?: number;
  /** Options as they stand, padded with end-of-list to four bytes. */
  readonly options?: Uint8Array;
  /** Data offset in words, where it shall not be the true one. */
  readonly words?: number;
}

export function tcp(fields: TcpFields = {}, content: Content = ''): Layer {
  const options = padded(fields.options ?? new Uint8Array(0));
  const words = fields.words ?? 5 + options.length / 4;
  const header = concat(
    u16(fields.sourcePort ?? 40000),
    u16(fields.destinationPort ?? 3333),
    u32(fields.sequence ?? 1),
    u32(fields.acknowledgement ?? 0),
    Uint8Array.of((words << 4) & 0xff, fields.flags ?? ACK),
    u16(fields.window ?? 64240),
    u16(0),
    u16(0),
  );
  return layer(concat(header, options, raw(content).bytes), {
    ipProtocol: IP.tcp,
    checksumAt: 16,
    transportProtocol: IP.tcp,
  });
}

export interface UdpFields {
  readonly sourcePort?: number;
  readonly destinationPort?: number;
  readonly length?: number;
}

export function udp(fields: UdpFields = {}, content: Content = ''): Layer {
  const payload = raw(content).bytes;
  const header = concat(
    u16(fields.sourcePort ?? 40000),
    u16(fields.destinationPort ?? 53),
    u16(fields.length ?? 8 + payload.length),
    u16(0),
  );
  return layer(concat(header, payload), { ipProtocol: IP.udp, checksumAt: 6, transportProtocol: IP.udp });
}

function padded(bytes: Uint8Array): Uint8Array {
  return concat(bytes, new Uint8Array((4 - (bytes.length % 4)) % 4));
}

// --- network ---

export interface Ipv4Fields {
  readonly source?: string;
  readonly destination?: string;
  readonly protocol?: number;
  readonly id?: number;
  readonly ttl?: number;
  readonly dontFragment?: boolean;
  readonly moreFragments?: boolean;
  /** Fragment offset in bytes, a multiple of 8. */
  readonly fragmentOffset?: number;
  readonly options?: Uint8Array;
  readonly totalLength?: number;
  readonly version?: number;
  /** Header length in words, where it shall not be the true one. */
  readonly words?: number;
}

export function ipv4(fields: Ipv4Fields = {}, content: Content = ''): Layer {
  const inner = raw(content);
  const source = address(fields.source ?? '192.0.2.1');
  const destination = address(fields.destination ?? '198.51.100.1');
  const protocol = fields.protocol ?? inner.ipProtocol;
  const payload = sealed(inner, source, destination);
  const options = padded(fields.options ?? new Uint8Array(0));
  const words = fields.words ?? 5 + options.length / 4;
  const flags =
    ((fields.dontFragment ?? false) ? 0x4000 : 0) | ((fields.moreFragments ?? false) ? 0x2000 : 0);
  const header = concat(
    Uint8Array.of(((fields.version ?? 4) << 4) | words, 0),
    u16(fields.totalLength ?? 20 + options.length + payload.length),
    u16(fields.id ?? 0),
    u16(flags | ((fields.fragmentOffset ?? 0) >>> 3)),
    Uint8Array.of(fields.ttl ?? 64, protocol),
    u16(0),
    source,
    destination,
    options,
  );
  header.set(u16(checksum(header)), 10);
  return layer(concat(header, payload), {
    etherType: ETHER.ipv4,
    ipProtocol: IP.ipv4,
    pppProtocol: 0x0021,
  });
}

export interface Ipv6Fields {
  readonly source?: string;
  readonly destination?: string;
  readonly nextHeader?: number;
  readonly hopLimit?: number;
  readonly payloadLength?: number;
  readonly version?: number;
  /** Extension headers in order, made by `extension` or `fragmentHeader`. */
  readonly extensions?: readonly Extension[];
}

/** An IPv6 extension header: its own protocol number and its bytes, the first of which is filled in. */
export interface Extension {
  readonly protocol: number;
  readonly bytes: Uint8Array;
}

/** ProxyRequest-by-proxy (0), routing (43), destination options (60) or mobility (135): `body` is padded to 8n + 6 bytes. */
export function extension(protocol: number, body: Uint8Array = new Uint8Array(6)): Extension {
  const bytes = concat(Uint8Array.of(0, 0), body, new Uint8Array((8 - ((body.length + 2) % 8)) % 8));
  bytes[1] = bytes.length / 8 - 1;
  return { protocol, bytes };
}

/** IPv6 fragment header (RFC 8200, section 4.5). `offset` in bytes, a multiple of 8. */
export function fragmentHeader(id: number, offset: number, more: boolean): Extension {
  return { protocol: 44, bytes: concat(Uint8Array.of(0, 0), u16(offset | (more ? 1 : 0)), u32(id)) };
}

/** IPv6 authentication header as an extension. */
export function authenticationExtension(icvBytes = 12): Extension {
  return {
    protocol: IP.ah,
    bytes: concat(Uint8Array.of(0, icvBytes / 4 + 1, 0, 0), u32(0x100), u32(1), new Uint8Array(icvBytes)),
  };
}

export function ipv6(fields: Ipv6Fields = {}, content: Content = ''): Layer {
  const inner = raw(content);
  const source = address(fields.source ?? '2001:db8::1');
  const destination = address(fields.destination ?? '2001:db8::2');
  const protocol = fields.nextHeader ?? inner.ipProtocol;
  const extensions = (fields.extensions ?? []).map((each) => ({ ...each, bytes: each.bytes.slice() }));
  const chain = [...extensions.map((each) => each.protocol), protocol];
  for (const [i, each] of extensions.entries()) each.bytes[0] = chain[i + 1] ?? 59;
  const payload = concat(...extensions.map((each) => each.bytes), sealed(inner, source, destination));
  const header = concat(
    u32(((fields.version ?? 6) << 28) >>> 0),
    u16(fields.payloadLength ?? payload.length),
    Uint8Array.of(chain[0] ?? 59, fields.hopLimit ?? 64),
    source,
    destination,
  );
  return layer(concat(header, payload), {
    etherType: ETHER.ipv6,
    ipProtocol: IP.ipv6,
    pppProtocol: 0x0057,
  });
}

/** Authentication header in IPv4 (RFC 4302). */
export function authentication(content: Content, icvBytes = 12): Layer {
  const inner = raw(content);
  const header = authenticationExtension(icvBytes).bytes;
  header[0] = inner.ipProtocol;
  return layer(concat(header, inner.bytes), {
    ipProtocol: IP.ah,
    checksumAt: inner.checksumAt < 0 ? -1 : header.length + inner.checksumAt,
    transportAt: header.length,
    transportProtocol: inner.transportProtocol,
  });
}

/** The IPv4 fragments of one datagram, each carrying at most `size` bytes (a multiple of 8) of it. */
export function ipv4Fragments(fields: Ipv4Fields, content: Layer, size: number): Layer[] {
  const protocol = fields.protocol ?? content.ipProtocol;
  const whole = sealed(
    content,
    address(fields.source ?? '192.0.2.1'),
    address(fields.destination ?? '198.51.100.1'),
  );
  const fragments: Layer[] = [];
  for (let at = 0; at < whole.length; at += size) {
    const moreFragments = at + size < whole.length;
    const part = whole.slice(at, at + size);
    fragments.push(ipv4({ ...fields, protocol, fragmentOffset: at, moreFragments }, part));
  }
  return fragments;
}

/** The IPv6 fragments of one datagram; `fields.extensions` are those before the fragment header. */
export function ipv6Fragments(fields: Ipv6Fields, id: number, content: Layer, size: number): Layer[] {
  const nextHeader = fields.nextHeader ?? content.ipProtocol;
  const whole = sealed(
    content,
    address(fields.source ?? '2001:db8::1'),
    address(fields.destination ?? '2001:db8::2'),
  );
  const fragments: Layer[] = [];
  for (let at = 0; at < whole.length; at += size) {
    const header = fragmentHeader(id, at, at + size < whole.length);
    const extensions = [...(fields.extensions ?? []), header];
    fragments.push(ipv6({ ...fields, nextHeader, extensions }, whole.slice(at, at + size)));
  }
  return fragments;
}

// --- link ---

export interface EthernetFields {
  readonly source?: string;
  readonly destination?: string;
  /** Tags from the outside in: a number is the VLAN id of an 802.1Q tag. */
  readonly vlans?: readonly (number | { readonly id: number; readonly etherType: number })[];
  readonly etherType?: number;
  /** Pads the frame with zeros to this many bytes, 60 being the least on a real wire. */
  readonly minimum?: number;
}

export function ethernet(fields: EthernetFields = {}, content: Content = ''): Layer {
  const inner = raw(content);
  const tags = (fields.vlans ?? []).map((each) =>
    typeof each === 'number' ? { id: each, etherType: ETHER.vlan } : each,
  );
  const frame = concat(
    mac(fields.destination ?? '02:00:00:00:00:02'),
    mac(fields.source ?? '02:00:00:00:00:01'),
    ...tags.map((tag) => concat(u16(tag.etherType), u16(tag.id))),
    u16(fields.etherType ?? inner.etherType),
    inner.bytes,
  );
  const padding = new Uint8Array(Math.max(0, (fields.minimum ?? 0) - frame.length));
  return layer(concat(frame, padding), {
    etherType: ETHER.transparentEthernet,
    ipProtocol: IP.etherIp,
  });
}

/** IEEE 802.3 frame with a length, LLC and SNAP in place of an EtherType. */
export function ethernetSnap(content: Content): Layer {
  const snap = llcSnap(content).bytes;
  return ethernet({ etherType: snap.length }, snap);
}

/** LLC and SNAP headers (IEEE 802.2, RFC 1042). */
export function llcSnap(content: Content): Layer {
  const inner = raw(content);
  return layer(concat(hex('aa aa 03 00 00 00'), u16(inner.etherType), inner.bytes));
}

/** A stack of MPLS labels (RFC 3032), outermost first; the last has the bottom bit. */
export function mpls(labels: readonly number[], content: Content): Layer {
  const stack = labels.map((label, i) => u32((label << 12) | (i === labels.length - 1 ? 0x100 : 0) | 64));
  return layer(concat(...stack, raw(content).bytes), {
    etherType: ETHER.mpls,
    ipProtocol: IP.mpls,
    pppProtocol: 0x0281,
  });
}

/** Pseudowire control word (RFC 4385) before an Ethernet frame. */
export function controlWord(content: Content): Layer {
  return layer(concat(u32(0), raw(content).bytes));
}

/** PPP protocol field and what follows (RFC 1661). */
export function ppp(
  content: Content,
  options: { readonly framed?: boolean; readonly compressed?: boolean } = {},
): Layer {
  const inner = raw(content);
  const protocol =
    options.compressed === true ? Uint8Array.of(inner.pppProtocol & 0xff) : u16(inner.pppProtocol);
  return layer(concat(options.framed === true ? hex('ff 03') : new Uint8Array(0), protocol, inner.bytes), {
    etherType: 0x880b,
  });
}

/** PPPoE session header with PPP inside (RFC 2516). */
export function pppoe(content: Content, code = 0): Layer {
  const inner = ppp(content).bytes;
  return layer(concat(Uint8Array.of(0x11, code), u16(1), u16(inner.length), inner), {
    etherType: ETHER.pppoe,
  });
}

/** Linux cooked capture, version 1 (LINKTYPE_LINUX_SLL). */
export function sll(content: Content): Layer {
  const inner = raw(content);
  return layer(
    concat(u16(0), u16(1), u16(6), hex('02 00 00 00 00 01 00 00'), u16(inner.etherType), inner.bytes),
  );
}

/** Linux cooked capture, version 2 (LINKTYPE_LINUX_SLL2). */
export function sll2(content: Content): Layer {
  const inner = raw(content);
  return layer(
    concat(u16(inner.etherType), u16(0), u32(2), u16(1), hex('00 06 02 00 00 00 00 01 00 00'), inner.bytes),
  );
}

/** BSD loopback (LINKTYPE_NULL in either byte order; big endian is LINKTYPE_LOOP). */
export function loopback(family: number, littleEndian: boolean, content: Content): Layer {
  const word = u32(family);
  return layer(concat(littleEndian ? word.reverse() : word, raw(content).bytes));
}

/** Cisco HDLC (LINKTYPE_C_HDLC). */
export function ciscoHdlc(content: Content): Layer {
  const inner = raw(content);
  return layer(concat(hex('0f 00'), u16(inner.etherType), inner.bytes));
}

/** IEEE 802.11 data frame from an access point, with LLC and SNAP (LINKTYPE_IEEE802_11). */
export function wifi(
  content: Content,
  options: { readonly qos?: boolean; readonly protected?: boolean; readonly padded?: boolean } = {},
): Layer {
  const qos = options.qos === true;
  return layer(
    concat(
      Uint8Array.of(qos ? 0x88 : 0x08, 0x02 | (options.protected === true ? 0x40 : 0)),
      new Uint8Array(22),
      qos ? u16(0) : new Uint8Array(0),
      options.padded === true ? u16(0) : new Uint8Array(0),
      llcSnap(content).bytes,
    ),
  );
}

/** Radiotap header without fields (LINKTYPE_IEEE802_11_RADIOTAP). */
export function radiotap(content: Content): Layer {
  return layer(concat(hex('00 00 08 00 00 00 00 00'), raw(content).bytes));
}

/** NFLOG with a packet header attribute, a prefix and the payload (LINKTYPE_NFLOG). */
export function nflog(family: number, littleEndian: boolean, content: Content): Layer {
  const order = (value: number): Uint8Array => (littleEndian ? u16(value).reverse() : u16(value));
  const attribute = (type: number, body: Uint8Array): Uint8Array =>
    padded(concat(order(4 + body.length), order(type), body));
  return layer(
    concat(
      Uint8Array.of(family, 0, 0, 5),
      attribute(1, hex('08 00 01 00')),
      attribute(10, hex('61 62 00')),
      attribute(9, raw(content).bytes),
    ),
  );
}

// --- tunnels ---

export interface GreFields {
  readonly checksum?: boolean;
  readonly key?: number;
  readonly sequence?: number;
  /** Source route entries, which need no terminator. */
  readonly routing?: Uint8Array;
  readonly protocol?: number;
}

/** GRE version 0 (RFC 2784, RFC 2890; routing as in RFC 1701). */
export function gre(fields: GreFields, content: Content): Layer {
  const inner = raw(content);
  const empty = new Uint8Array(0);
  const routed = fields.routing !== undefined;
  const summed = fields.checksum === true;
  const flags =
    (summed ? 0x8000 : 0) |
    (routed ? 0x4000 : 0) |
    (fields.key === undefined ? 0 : 0x2000) |
    (fields.sequence === undefined ? 0 : 0x1000);
  const bytes = concat(
    u16(flags),
    u16(fields.protocol ?? inner.etherType),
    summed || routed ? u32(0) : empty,
    fields.key === undefined ? empty : u32(fields.key),
    fields.sequence === undefined ? empty : u32(fields.sequence),
    fields.routing === undefined ? empty : concat(fields.routing, u32(0)),
    inner.bytes,
  );
  if (summed) bytes.set(u16(checksum(bytes)), 4);
  return layer(bytes, { ipProtocol: IP.gre });
}

/** GRE version 1 as PPTP uses it (RFC 2637). */
export function pptpGre(
  fields: { readonly sequence?: number; readonly acknowledgement?: number },
  content: Content = '',
): Layer {
  const inner = raw(content);
  const empty = new Uint8Array(0);
  const flags =
    0x2001 | (fields.sequence === undefined ? 0 : 0x1000) | (fields.acknowledgement === undefined ? 0 : 0x80);
  return layer(
    concat(
      u16(flags),
      u16(0x880b),
      u16(inner.bytes.length),
      u16(7),
      fields.sequence === undefined ? empty : u32(fields.sequence),
      fields.acknowledgement === undefined ? empty : u32(fields.acknowledgement),
      inner.bytes,
    ),
    { ipProtocol: IP.gre },
  );
}

/** ERSPAN of type I, II or III in GRE (draft-foschiano-erspan); `subheader` adds the optional one of type III. */
export function erspan(type: 1 | 2 | 3, frame: Content, subheader = false): Layer {
  const inner = raw(frame).bytes;
  if (type === 1) return gre({ protocol: 0x88be }, inner);
  if (type === 2) return gre({ protocol: 0x88be, sequence: 1 }, concat(u32(0x1000_0001), u32(0), inner));
  const header = concat(u32(0x2000_0001), u32(0), u32(subheader ? 1 : 0));
  return gre({ protocol: 0x22eb, sequence: 1 }, concat(header, new Uint8Array(subheader ? 8 : 0), inner));
}

/** VXLAN in UDP (RFC 7348). */
export function vxlan(frame: Content, destinationPort = 4789, flags = 0x08): Layer {
  return udp({ destinationPort }, concat(u32((flags << 24) >>> 0), u32(42 << 8), raw(frame).bytes));
}

/** GENEVE in UDP (RFC 8926). */
export function geneve(content: Content, options: Uint8Array = new Uint8Array(0)): Layer {
  const inner = raw(content);
  const header = concat(Uint8Array.of(options.length / 4, 0), u16(inner.etherType), u32(42 << 8), options);
  return udp({ destinationPort: 6081 }, concat(header, inner.bytes));
}

/** EtherIP (RFC 3378). */
export function etherIp(frame: Content): Layer {
  return layer(concat(u16(0x3000), raw(frame).bytes), { ipProtocol: IP.etherIp });
}

export interface GtpFields {
  readonly sequence?: number;
  /** Extension headers: type and content, which is padded to 4n - 2 bytes. */
  readonly extensions?: readonly { readonly type: number; readonly content: Uint8Array }[];
  readonly messageType?: number;
  readonly length?: number;
}

/** GTP-U in UDP (3GPP TS 29.281, section 5). */
export function gtpU(fields: GtpFields, content: Content): Layer {
  const extensions = fields.extensions ?? [];
  const optional = fields.sequence !== undefined || extensions.length > 0;
  const chain = [...extensions.map((each) => each.type), 0];
  const tail = concat(
    optional ? concat(u16(fields.sequence ?? 0), Uint8Array.of(0, chain[0] ?? 0)) : new Uint8Array(0),
    ...extensions.map((each, i) => {
      const body = concat(each.content, new Uint8Array((4 - ((each.content.length + 2) % 4)) % 4));
      return concat(Uint8Array.of((body.length + 2) / 4), body, Uint8Array.of(chain[i + 1] ?? 0));
    }),
    raw(content).bytes,
  );
  const flags = 0x30 | (extensions.length > 0 ? 4 : 0) | (fields.sequence === undefined ? 0 : 2);
  return udp(
    { sourcePort: 2152, destinationPort: 2152 },
    concat(
      Uint8Array.of(flags, fields.messageType ?? 255),
      u16(fields.length ?? tail.length),
      u32(0x1234),
      tail,
    ),
  );
}

/** L2TP version 2 data message in UDP, with PPP inside (RFC 2661). */
export function l2tp(
  content: Content,
  options: { readonly length?: boolean; readonly sequence?: boolean; readonly offset?: number } = {},
): Layer {
  const inner = ppp(content, { framed: true }).bytes;
  const empty = new Uint8Array(0);
  const flags =
    2 |
    (options.length === true ? 0x4000 : 0) |
    (options.sequence === true ? 0x0800 : 0) |
    (options.offset === undefined ? 0 : 0x0200);
  const tail = concat(
    u32(0x0001_0002),
    options.sequence === true ? u32(0x0005_0000) : empty,
    options.offset === undefined ? empty : concat(u16(options.offset), new Uint8Array(options.offset)),
    inner,
  );
  const length = options.length === true ? u16(4 + tail.length) : empty;
  return udp({ sourcePort: 1701, destinationPort: 1701 }, concat(u16(flags), length, tail));
}
