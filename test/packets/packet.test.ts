import { describe, expect, it } from 'vitest';
import { FrameDecoder } from '../../src/packets/frame-decoder.ts';
import { SKIP_REASONS } from '../../src/packets/skip-reason.ts';
import { type Decoded, decodeFrame, LINKTYPE } from '../support/decode-frame.ts';
import {
  ACK,
  authentication,
  authenticationExtension,
  ciscoHdlc,
  concat,
  controlWord,
  ethernet,
  ethernetSnap,
  extension,
  fragmentHeader,
  hex,
  ipv4,
  ipv6,
  type Layer,
  loopback,
  mpls,
  nflog,
  PSH,
  ppp,
  pppoe,
  radiotap,
  raw,
  sll,
  sll2,
  tcp,
  udp,
  wifi,
} from '../support/packet-builder.ts';
import { random } from '../support/random.ts';

/** What every good frame below carries: a login of seven bytes. */
const FOUR: Decoded = {
  source: '192.0.2.1 port 40000',
  destination: '198.51.100.1 port 3333',
  transport: 'tcp',
  tcp: [PSH | ACK, 1000, -2],
  ipBytes: 47,
  payload: '{"id":1',
  payloadBytes: 7,
  tunnels: 0,
};
const SIX: Decoded = {
  ...FOUR,
  source: '2001:db8:0:0:0:0:0:1 port 40000',
  destination: '2001:db8:0:0:0:0:0:2 port 3333',
  ipBytes: 67,
};
const LOGIN = tcp({ sequence: 1000, acknowledgement: 0xffff_fffe, flags: PSH | ACK }, '{"id":1');
const IN_FOUR = ipv4({}, LOGIN);
const IN_SIX = ipv6({}, LOGIN);

describe('Packet on annotated bytes', () => {
  it('reads TCP in IPv4 in Ethernet, and not the padding of a short frame', () => {
    const frame = hex(`
      02 00 00 00 00 02  02 00 00 00 00 01  08 00         # Ethernet: destination, source, IPv4
      45 00 00 2a  1c 46 40 00  40 06 00 00               # 20 byte header, total length 42, DF, TCP
      0a 00 00 05  c6 33 64 07                            # 10.0.0.5 to 198.51.100.7
      e1 f4 0d 05  ff ff ff fe  00 00 00 10               # ports 57844 and 3333, sequence -2, acknowledgement 16
      50 18 01 f6  00 00 00 00                            # 20 byte header, PSH and ACK
      6f 6b                                               # "ok"
      00 00 00 00                                         # padding to 60 bytes`);
    expect(frame.length).toBe(60);
    expect(decodeFrame(frame)).toEqual({
      source: '10.0.0.5 port 57844',
      destination: '198.51.100.7 port 3333',
      transport: 'tcp',
      tcp: [0x18, -2, 16],
      ipBytes: 42,
      payload: 'ok',
      payloadBytes: 2,
      tunnels: 0,
    });
  });

  it('reads UDP in IPv6 behind a VLAN tag and a hop-by-hop header', () => {
    const frame = hex(`
      33 33 00 00 00 fb  02 00 00 00 00 01  81 00 20 07  86 dd   # priority 1, VLAN 7, IPv6
      60 00 00 00  00 13 00 ff                                   # payload length 19, hop-by-hop first
      fe 80 00 00 00 00 00 00  00 00 00 00 00 00 00 01
      ff 02 00 00 00 00 00 00  00 00 00 00 00 00 00 fb
      11 00  05 02 00 00 01 00                                   # UDP next, 8 bytes, router alert, padding
      14 e9 00 35  00 0b 00 00  61 62 63                         # ports 5353 and 53, length 11, "abc"`);
    expect(decodeFrame(frame)).toEqual({
      source: 'fe80:0:0:0:0:0:0:1 port 5353',
      destination: 'ff02:0:0:0:0:0:0:fb port 53',
      transport: 'udp',
      tcp: [0, 0, 0],
      ipBytes: 59,
      payload: 'abc',
      payloadBytes: 3,
      tunnels: 0,
    });
  });

  it('reads TCP in IPv4 in PPPoE behind two VLAN tags', () => {
    const frame = hex(`
      02 00 00 00 00 02  02 00 00 00 00 01
      88 a8 00 64  81 00 00 c8                            # 802.1ad 100, 802.1Q 200
      88 64  11 00 00 2a 00 2e  00 21                     # PPPoE session 42, 46 bytes, PPP: IPv4
      46 00 00 2c  00 00 00 00  3f 06 00 00               # header with one option word, total length 44
      64 40 00 01  c0 00 02 09  94 04 00 00               # 100.64.0.1 to 192.0.2.9, router alert
      c0 00 01 bb  00 00 00 01  00 00 00 00               # ports 49152 and 443
      50 02 fa f0  00 00 00 00                            # SYN`);
    expect(decodeFrame(frame)).toEqual({
      source: '100.64.0.1 port 49152',
      destination: '192.0.2.9 port 443',
      transport: 'tcp',
      tcp: [2, 1, 0],
      ipBytes: 44,
      payload: '',
      payloadBytes: 0,
      tunnels: 0,
    });
  });
});

interface Case {
  readonly name: string;
  readonly linkType?: number;
  readonly frame: Layer;
  readonly expected: Decoded;
}

const LINKS: readonly Case[] = [
  { name: 'Ethernet', frame: ethernet({}, IN_FOUR), expected: FOUR },
  { name: 'padded Ethernet', frame: ethernet({ minimum: 128 }, IN_FOUR), expected: FOUR },
  { name: '802.1Q', frame: ethernet({ vlans: [5] }, IN_SIX), expected: SIX },
  {
    name: 'a stack of 802.1ad, 9100, 9200 and 802.1Q tags',
    frame: ethernet(
      {
        vlans: [{ id: 1, etherType: 0x88a8 }, { id: 2, etherType: 0x9100 }, { id: 3, etherType: 0x9200 }, 4],
      },
      IN_FOUR,
    ),
    expected: FOUR,
  },
  { name: '802.3 with LLC and SNAP', frame: ethernetSnap(IN_FOUR), expected: FOUR },
  { name: 'MPLS', frame: ethernet({}, mpls([16, 17, 18], IN_SIX)), expected: SIX },
  {
    name: 'MPLS multicast',
    frame: ethernet({ etherType: 0x8848 }, mpls([16], IN_FOUR)),
    expected: FOUR,
  },
  {
    name: 'Ethernet over MPLS with a control word',
    frame: ethernet({}, mpls([16], controlWord(ethernet({ vlans: [9] }, IN_FOUR)))),
    expected: { ...FOUR, tunnels: 1 },
  },
  {
    name: 'Ethernet over MPLS without a control word',
    frame: ethernet({}, mpls([16], ethernet({}, IN_SIX))),
    expected: { ...SIX, tunnels: 1 },
  },
  {
    name: 'Ethernet over MPLS whose first address looks like IPv4',
    frame: ethernet({}, mpls([16], ethernet({ destination: '45:00:00:00:00:07' }, IN_FOUR))),
    expected: { ...FOUR, tunnels: 1 },
  },
  { name: 'PPPoE', frame: ethernet({ vlans: [7] }, pppoe(IN_SIX)), expected: SIX },
  { name: 'PPPoE with MPLS', frame: ethernet({}, pppoe(mpls([16], IN_FOUR))), expected: FOUR },
  { name: 'raw IPv4', linkType: LINKTYPE.raw, frame: IN_FOUR, expected: FOUR },
  { name: 'raw IPv6', linkType: LINKTYPE.raw, frame: IN_SIX, expected: SIX },
  { name: 'raw IP as 12', linkType: 12, frame: IN_SIX, expected: SIX },
  { name: 'raw IP as 14', linkType: 14, frame: IN_FOUR, expected: FOUR },
  { name: 'IPv4 by link type', linkType: LINKTYPE.ipv4, frame: IN_FOUR, expected: FOUR },
  { name: 'IPv6 by link type', linkType: LINKTYPE.ipv6, frame: IN_SIX, expected: SIX },
  { name: 'Linux cooked', linkType: LINKTYPE.sll, frame: sll(IN_FOUR), expected: FOUR },
  { name: 'Linux cooked, version 2', linkType: LINKTYPE.sll2, frame: sll2(IN_SIX), expected: SIX },
  {
    name: 'BSD loopback of a little-endian host',
    linkType: LINKTYPE.null,
    frame: loopback(2, true, IN_FOUR),
    expected: FOUR,
  },
  {
    name: 'BSD loopback of a big-endian host',
    linkType: LINKTYPE.null,
    frame: loopback(2, false, IN_FOUR),
    expected: FOUR,
  },
  ...[10, 24, 28, 30].map((family) => ({
    name: `BSD loopback with IPv6 as family ${family}`,
    linkType: LINKTYPE.null,
    frame: loopback(family, true, IN_SIX),
    expected: SIX,
  })),
  { name: 'LOOP', linkType: LINKTYPE.loop, frame: loopback(24, false, IN_SIX), expected: SIX },
  { name: 'PPP', linkType: LINKTYPE.ppp, frame: ppp(IN_FOUR), expected: FOUR },
  { name: 'PPP framed', linkType: LINKTYPE.ppp, frame: ppp(IN_SIX, { framed: true }), expected: SIX },
  {
    name: 'PPP in HDLC with a compressed protocol field',
    linkType: LINKTYPE.pppHdlc,
    frame: ppp(IN_FOUR, { framed: true, compressed: true }),
    expected: FOUR,
  },
  { name: 'Cisco HDLC as PPP', linkType: LINKTYPE.pppHdlc, frame: ciscoHdlc(IN_FOUR), expected: FOUR },
  { name: 'Cisco HDLC', linkType: LINKTYPE.ciscoHdlc, frame: ciscoHdlc(IN_SIX), expected: SIX },
  { name: 'PPPoE by link type', linkType: LINKTYPE.pppoe, frame: pppoe(IN_FOUR), expected: FOUR },
  { name: '802.11', linkType: LINKTYPE.wifi, frame: wifi(IN_FOUR), expected: FOUR },
  { name: '802.11 with QoS', linkType: LINKTYPE.wifi, frame: wifi(IN_SIX, { qos: true }), expected: SIX },
  {
    name: '802.11 with QoS and padding, under radiotap',
    linkType: LINKTYPE.radiotap,
    frame: radiotap(wifi(IN_FOUR, { qos: true, padded: true })),
    expected: FOUR,
  },
  { name: 'NFLOG', linkType: LINKTYPE.nflog, frame: nflog(2, true, IN_FOUR), expected: FOUR },
  {
    name: 'NFLOG of a big-endian host',
    linkType: LINKTYPE.nflog,
    frame: nflog(10, false, IN_SIX),
    expected: SIX,
  },
];

const IP: readonly Case[] = [
  {
    name: 'IPv4 options',
    frame: ethernet({}, ipv4({ options: hex('94 04 00 00 01 01') }, LOGIN)),
    expected: { ...FOUR, ipBytes: 55 },
  },
  {
    name: 'TCP options',
    frame: ethernet(
      {},
      ipv4({}, tcp({ flags: ACK, options: hex('01 01 08 0a 00 00 00 01 00 00 00 02') }, 'x')),
    ),
    expected: { ...FOUR, tcp: [ACK, 1, 0], ipBytes: 53, payload: 'x', payloadBytes: 1 },
  },
  {
    name: 'every extension header that is no fragment',
    frame: ethernet(
      {},
      ipv6(
        {
          extensions: [
            extension(0),
            extension(43, new Uint8Array(22)),
            extension(60),
            extension(135, new Uint8Array(14)),
            authenticationExtension(),
          ],
        },
        LOGIN,
      ),
    ),
    expected: { ...SIX, ipBytes: 67 + 8 + 24 + 8 + 16 + 24 },
  },
  {
    name: 'a fragment header on a whole packet',
    frame: ethernet({}, ipv6({ extensions: [fragmentHeader(7, 0, false)] }, LOGIN)),
    expected: { ...SIX, ipBytes: 75 },
  },
  {
    name: 'the authentication header in IPv4',
    frame: ethernet({}, ipv4({}, authentication(LOGIN))),
    expected: { ...FOUR, ipBytes: 71 },
  },
  {
    name: 'a total length of 0, from the wire length (segmentation offload)',
    frame: ethernet({ vlans: [3] }, ipv4({ totalLength: 0 }, LOGIN)),
    expected: FOUR,
  },
  {
    name: 'a payload length of 0, from the wire length (jumbogram)',
    frame: ethernet(
      {},
      ipv6({ payloadLength: 0, extensions: [extension(0, hex('c2 04 00 00 00 23'))] }, LOGIN),
    ),
    expected: { ...SIX, ipBytes: 75 },
  },
  {
    name: 'UDP that ends before IP does',
    frame: ethernet({}, ipv4({}, udp({ length: 10 }, 'hello'))),
    expected: {
      ...FOUR,
      destination: '198.51.100.1 port 53',
      transport: 'udp',
      tcp: [0, 0, 0],
      ipBytes: 33,
      payload: 'he',
      payloadBytes: 2,
    },
  },
  {
    name: 'UDP with a length of 0, up to the end of IP',
    frame: ethernet({ minimum: 60 }, ipv4({}, udp({ length: 0 }, 'hello'))),
    expected: {
      ...FOUR,
      destination: '198.51.100.1 port 53',
      transport: 'udp',
      tcp: [0, 0, 0],
      ipBytes: 33,
      payload: 'hello',
      payloadBytes: 5,
    },
  },
];

describe('Packet', () => {
  it.each(LINKS)('decodes $name', ({ linkType, frame, expected }) => {
    expect(decodeFrame(frame.bytes, { linkType })).toEqual(expected);
  });

  it.each(IP)('reads $name', ({ linkType, frame, expected }) => {
    expect(decodeFrame(frame.bytes, { linkType })).toEqual(expected);
  });

  it.each([...LINKS, ...IP])('gives a reason, or less payload, for every cut of $name', (each) => {
    // The wire length stays, as with a snap length; then it shrinks too, as in a file that lies.
    for (const lies of [false, true]) {
      for (let captured = 0; captured < each.frame.bytes.length; captured++) {
        const wireBytes = lies ? captured : each.frame.bytes.length;
        const seen = decodeFrame(each.frame.bytes.slice(0, captured), { linkType: each.linkType, wireBytes });
        if (typeof seen === 'string') expect(SKIP_REASONS).toContain(seen);
        else if (!lies) {
          expect({ ...seen, payload: '' }).toEqual({ ...each.expected, payload: '' });
          expect(each.expected.payload.startsWith(seen.payload)).toBe(true);
        }
      }
    }
  });

  it('counts payload that the snap length cut, to the last byte', () => {
    const frame = ethernet({}, IN_FOUR).bytes;
    const seen = decodeFrame(frame.slice(0, 57), { wireBytes: frame.length });
    expect(seen).toEqual({ ...FOUR, payload: '{"i' });
  });

  it('decodes a packet whose TCP options were cut', () => {
    const frame = ethernet(
      {},
      ipv4({}, tcp({ options: hex('01 01 08 0a 00 00 00 01 00 00 00 02') }, 'text')),
    );
    const seen = decodeFrame(frame.bytes.slice(0, 60), { wireBytes: frame.bytes.length });
    expect(seen).toEqual({ ...FOUR, tcp: [ACK, 1, 0], ipBytes: 56, payload: '', payloadBytes: 4 });
  });

  it('takes the segment length from the wire where offloading left it out and the snap length cut it', () => {
    const frame = ethernet({}, ipv4({ totalLength: 0 }, LOGIN)).bytes;
    const seen = decodeFrame(frame, { wireBytes: 14 + 70_000 });
    expect(seen).toEqual({ ...FOUR, ipBytes: 70_000, payloadBytes: 69_960 });
  });

  it('reads the commonest frame in one piece just as it does layer by layer, whatever its header says', () => {
    const draw = random(31);
    const frame = ethernet({}, IN_FOUR).bytes;
    const tag = hex('81 00 00 01');
    let decoded = 0;
    for (let round = 0; round < 20_000; round++) {
      const changed = Uint8Array.from(frame);
      for (let changes = draw.below(3); changes > 0; changes--) {
        changed[draw.between(14, 50)] = draw.chance(0.5)
          ? draw.below(256)
          : draw.pick([0, 5, 6, 0x45, 0x50, 0xff]);
      }
      const captured = draw.chance(0.8) ? frame.length : draw.between(14, frame.length);
      const wireBytes = frame.length;
      const seen = decodeFrame(changed.subarray(0, captured), { wireBytes });
      // A tag makes the same packet one for the layers.
      const tagged = Buffer.concat([changed.subarray(0, 12), tag, changed.subarray(12, captured)]);
      expect(seen).toEqual(decodeFrame(tagged, { wireBytes: wireBytes + 4 }));
      if (typeof seen === 'object') decoded++;
    }
    expect(decoded).toBeGreaterThan(10_000);
  });

  it('forgets the packet before', () => {
    const decoder = new FrameDecoder();
    decodeFrame(ethernet({ vlans: [1] }, IN_SIX).bytes, { decoder });
    const seen = decodeFrame(ethernet({}, ipv4({}, udp({}, 'q'))).bytes, { decoder });
    expect(seen).toEqual({
      ...FOUR,
      destination: '198.51.100.1 port 53',
      transport: 'udp',
      tcp: [0, 0, 0],
      ipBytes: 29,
      payload: 'q',
      payloadBytes: 1,
    });
  });

  const skipped = [
    { name: 'a link type it does not know', linkType: 147, frame: IN_FOUR, reason: 'unknown link type' },
    { name: 'ARP', frame: ethernet({ etherType: 0x0806 }, new Uint8Array(28)), reason: 'not IP' },
    { name: 'LLDP', frame: ethernet({ etherType: 0x88cc }, new Uint8Array(46)), reason: 'not IP' },
    {
      name: 'spanning tree',
      frame: ethernet({ etherType: 38 }, hex('42 42 03 00 00 00 00 00')),
      reason: 'not IP',
    },
    { name: 'PPPoE discovery', frame: ethernet({ etherType: 0x8863 }, pppoe(IN_FOUR, 9)), reason: 'not IP' },
    { name: 'PPPoE that ends a session', frame: ethernet({}, pppoe(IN_FOUR, 0xa7)), reason: 'not IP' },
    { name: 'PPP link control', frame: ethernet({}, pppoe(raw('link'))), reason: 'not IP' },
    {
      name: 'a pseudowire channel',
      frame: ethernet({}, mpls([16], hex('10 00 00 07 00'))),
      reason: 'not IP',
    },
    {
      name: 'protected 802.11',
      linkType: LINKTYPE.wifi,
      frame: wifi(IN_FOUR, { protected: true }),
      reason: 'not IP',
    },
    {
      name: 'an 802.11 beacon',
      linkType: LINKTYPE.wifi,
      frame: raw(hex(`80 00 ${'00'.repeat(40)}`)),
      reason: 'not IP',
    },
    {
      name: 'a loopback family it does not know',
      linkType: 0,
      frame: loopback(7, true, IN_FOUR),
      reason: 'not IP',
    },
    { name: 'an empty record', frame: raw(''), reason: 'link header cut' },
    {
      name: 'labels without a bottom',
      frame: ethernet({ etherType: 0x8847 }, new Uint8Array(12)),
      reason: 'link header cut',
    },
    {
      name: 'IPv4 that calls itself version 5',
      frame: ethernet({}, ipv4({ version: 5 }, LOGIN)),
      reason: 'bad ip header',
    },
    {
      name: 'IPv6 that calls itself version 4',
      frame: ethernet({}, ipv6({ version: 4 }, LOGIN)),
      reason: 'bad ip header',
    },
    {
      name: 'an IPv4 header of 16 bytes',
      frame: ethernet({}, ipv4({ words: 4 }, LOGIN)),
      reason: 'bad ip header',
    },
    {
      name: 'a total length below the header',
      frame: ethernet({}, ipv4({ totalLength: 19 }, LOGIN)),
      reason: 'bad ip header',
    },
    { name: 'raw bytes that are no IP', linkType: LINKTYPE.raw, frame: raw('text'), reason: 'bad ip header' },
    {
      name: 'an extension header past the end of IP',
      frame: ethernet({ minimum: 80 }, ipv6({ nextHeader: 0 }, hex('06 00'))),
      reason: 'bad ip header',
    },
    { name: 'ICMP', frame: ethernet({}, ipv4({ protocol: 1 }, IN_FOUR.bytes)), reason: 'other transport' },
    {
      name: 'ICMPv6',
      frame: ethernet({}, ipv6({ nextHeader: 58 }, IN_SIX.bytes)),
      reason: 'other transport',
    },
    { name: 'SCTP', frame: ethernet({}, ipv4({ protocol: 132 }, LOGIN.bytes)), reason: 'other transport' },
    { name: 'ESP', frame: ethernet({}, ipv6({ nextHeader: 50 }, LOGIN.bytes)), reason: 'other transport' },
    { name: 'no next header', frame: ethernet({}, ipv6({ nextHeader: 59 }, '')), reason: 'other transport' },
    {
      name: 'a fragment of ICMP',
      frame: ethernet({}, ipv4({ protocol: 1, moreFragments: true }, new Uint8Array(8))),
      reason: 'other transport',
    },
    {
      name: 'a TCP header of 16 bytes',
      frame: ethernet({}, ipv4({}, tcp({ words: 4 }, 'text'))),
      reason: 'bad transport header',
    },
    {
      name: 'a TCP header longer than IP',
      frame: ethernet({}, ipv4({}, tcp({ words: 15 }, 'text'))),
      reason: 'bad transport header',
    },
    {
      name: 'TCP in 19 bytes',
      frame: ethernet({ minimum: 60 }, ipv4({ protocol: 6 }, new Uint8Array(19))),
      reason: 'bad transport header',
    },
    {
      name: 'a UDP length of 7',
      frame: ethernet({}, ipv4({}, udp({ length: 7 }, 'text'))),
      reason: 'bad transport header',
    },
    {
      name: 'seventeen tags',
      frame: ethernet({ vlans: new Array<number>(17).fill(1) }, IN_FOUR),
      reason: 'too many layers',
    },
    {
      name: 'seventeen labels',
      frame: ethernet({}, mpls(new Array<number>(17).fill(16), IN_FOUR)),
      reason: 'too many layers',
    },
    {
      name: 'seventeen extension headers',
      frame: ethernet({}, ipv6({ extensions: new Array(17).fill(extension(60)) }, LOGIN)),
      reason: 'too many layers',
    },
    {
      name: 'a chain of authentication headers in IPv4',
      frame: ethernet(
        {},
        ipv4({ protocol: 51 }, concat(...new Array<Uint8Array>(500).fill(hex('33 00 00 00 00 00 00 00')))),
      ),
      reason: 'too many layers',
    },
  ] as const;

  it.each(skipped)('skips $name: $reason', (each) => {
    const linkType = 'linkType' in each ? each.linkType : LINKTYPE.ethernet;
    expect(decodeFrame(each.frame.bytes, { linkType })).toBe(each.reason);
  });

  it('does not believe a segment larger than offloading makes', () => {
    const frame = ethernet({}, ipv4({ totalLength: 0 }, LOGIN)).bytes;
    expect(decodeFrame(frame, { wireBytes: 0xffff_ffff })).toBe('bad ip header');
    expect(decodeFrame(frame, { wireBytes: 14 + 524_281 })).toBe('bad ip header');
  });

  it('says that 16 tags are decoded, since nothing else is wrong with them', () => {
    const frame = ethernet({ vlans: new Array<number>(16).fill(1) }, IN_FOUR).bytes;
    expect(decodeFrame(frame)).toEqual(FOUR);
  });

  it('does not pair IPv4 with the words of an IPv6 address', () => {
    const decoder = new FrameDecoder();
    decodeFrame(ethernet({}, IN_SIX).bytes, { decoder });
    decodeFrame(ethernet({}, IN_FOUR).bytes, { decoder });
    const { packet } = decoder;
    expect([packet.source0, packet.source1, packet.source2, packet.source3]).toEqual([
      0, 0, 0xffff, -1073741311,
    ]);
  });
});
