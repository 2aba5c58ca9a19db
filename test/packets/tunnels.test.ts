import { describe, expect, it } from 'vitest';
import { SKIP_REASONS } from '../../src/packets/skip-reason.ts';
import { type Decoded, decodeFrame } from '../support/decode-frame.ts';
import {
  ACK,
  concat,
  erspan,
  etherIp,
  ethernet,
  geneve,
  gre,
  gtpU,
  hex,
  ipv4,
  ipv6,
  type Layer,
  l2tp,
  mpls,
  PSH,
  ppp,
  pptpGre,
  raw,
  tcp,
  udp,
  vxlan,
  wifi,
} from '../support/packet-builder.ts';

/** The packet inside, between private hosts; the tunnel's own ends are 192.0.2.1 and 198.51.100.1. */
const LOGIN = tcp({ destinationPort: 3333, sequence: 7, flags: PSH | ACK }, 'login');
const INNER = ipv4({ source: '10.0.0.1', destination: '10.0.0.2' }, LOGIN);
const INNER_SIX = ipv6({ source: 'fd00::1', destination: 'fd00::2' }, LOGIN);
const FRAME = ethernet({}, INNER);

const FOUR: Decoded = {
  source: '10.0.0.1 port 40000',
  destination: '10.0.0.2 port 3333',
  transport: 'tcp',
  tcp: [PSH | ACK, 7, 0],
  ipBytes: 45,
  payload: 'login',
  payloadBytes: 5,
  tunnels: 1,
};
const SIX: Decoded = {
  ...FOUR,
  source: 'fd00:0:0:0:0:0:0:1 port 40000',
  destination: 'fd00:0:0:0:0:0:0:2 port 3333',
  ipBytes: 65,
};

/** The same as a plain UDP packet from the tunnel's own end. */
function plain(destinationPort: number, payload: Uint8Array, sourcePort = 40000): Decoded {
  return {
    source: `192.0.2.1 port ${sourcePort}`,
    destination: `198.51.100.1 port ${destinationPort}`,
    transport: 'udp',
    tcp: [0, 0, 0],
    ipBytes: 28 + payload.length,
    payload: String.fromCharCode(...payload),
    payloadBytes: payload.length,
    tunnels: 0,
  };
}

/** UDP that carries a header, and what it announces. */
function within(destinationPort: number, header: string, content: Layer, sourcePort = 40000): Layer {
  return ipv4({}, udp({ sourcePort, destinationPort }, concat(hex(header), content.bytes)));
}

function swapped({ bytes, ...rest }: Layer): Layer {
  return { ...rest, bytes: concat(bytes.slice(0, 2).reverse(), bytes.slice(2)) };
}

interface Case {
  readonly name: string;
  readonly outer: Layer;
  readonly expected: Decoded;
}

const TUNNELS: readonly Case[] = [
  { name: 'IPv4 in IPv4', outer: ipv4({}, INNER), expected: FOUR },
  { name: 'IPv6 in IPv4', outer: ipv4({}, INNER_SIX), expected: SIX },
  { name: 'IPv4 in IPv6', outer: ipv6({}, INNER), expected: FOUR },
  { name: 'IPv6 in IPv6', outer: ipv6({}, INNER_SIX), expected: SIX },
  { name: 'GRE', outer: ipv4({}, gre({}, INNER)), expected: FOUR },
  { name: 'GRE in IPv6', outer: ipv6({}, gre({}, INNER_SIX)), expected: SIX },
  {
    name: 'GRE with checksum, key and sequence',
    outer: ipv4({}, gre({ checksum: true, key: 7, sequence: 9 }, INNER)),
    expected: FOUR,
  },
  {
    name: 'GRE with routing',
    outer: ipv4({}, gre({ routing: hex('08 00 00 04 c0 00 02 63'), sequence: 1 }, INNER)),
    expected: FOUR,
  },
  { name: 'GRE with Ethernet (NVGRE)', outer: ipv4({}, gre({ key: 0x1234_5600 }, FRAME)), expected: FOUR },
  { name: 'GRE with MPLS', outer: ipv4({}, gre({}, mpls([16, 17], INNER))), expected: FOUR },
  {
    name: 'PPTP',
    outer: ipv4({}, pptpGre({ sequence: 1, acknowledgement: 2 }, ppp(INNER, { framed: true }))),
    expected: FOUR,
  },
  {
    name: 'PPTP with a compressed protocol field',
    outer: ipv4({}, pptpGre({ sequence: 1 }, ppp(INNER, { compressed: true }))),
    expected: FOUR,
  },
  { name: 'ERSPAN of type I', outer: ipv4({}, erspan(1, FRAME)), expected: FOUR },
  { name: 'ERSPAN of type II', outer: ipv4({}, erspan(2, FRAME)), expected: FOUR },
  { name: 'ERSPAN of type III', outer: ipv4({}, erspan(3, FRAME)), expected: FOUR },
  { name: 'ERSPAN of type III with a subheader', outer: ipv4({}, erspan(3, FRAME, true)), expected: FOUR },
  {
    name: 'ERSPAN of type III without Ethernet',
    outer: ipv4(
      {},
      gre({ protocol: 0x22eb, sequence: 1 }, concat(hex('20 01 00 01 00000000 0000 0800'), INNER_SIX.bytes)),
    ),
    expected: SIX,
  },
  { name: 'VXLAN', outer: ipv4({}, vxlan(ethernet({ vlans: [5] }, INNER))), expected: FOUR },
  { name: 'VXLAN on its old port in IPv6', outer: ipv6({}, vxlan(FRAME, 8472)), expected: FOUR },
  { name: 'VXLAN with a group policy', outer: ipv4({}, vxlan(FRAME, 4789, 0x88)), expected: FOUR },
  { name: 'GENEVE with Ethernet', outer: ipv4({}, geneve(FRAME)), expected: FOUR },
  {
    name: 'GENEVE with options and IPv6',
    outer: ipv4({}, geneve(INNER_SIX, hex('0102 80 01 00000001'))),
    expected: SIX,
  },
  { name: 'EtherIP', outer: ipv4({}, etherIp(FRAME)), expected: FOUR },
  { name: 'MPLS in IP', outer: ipv4({}, mpls([16], INNER)), expected: FOUR },
  { name: 'GTP-U', outer: ipv4({}, gtpU({}, INNER)), expected: FOUR },
  { name: 'GTP-U with a sequence number', outer: ipv4({}, gtpU({ sequence: 5 }, INNER_SIX)), expected: SIX },
  {
    name: 'GTP-U with extension headers',
    outer: ipv4(
      {},
      gtpU(
        {
          extensions: [
            { type: 0x85, content: hex('10 01') },
            { type: 0xc0, content: new Uint8Array(6) },
          ],
        },
        INNER,
      ),
    ),
    expected: FOUR,
  },
  { name: 'L2TP', outer: ipv4({}, l2tp(INNER)), expected: FOUR },
  { name: 'VXLAN-GPE with IPv4', outer: within(4790, '0c 0000 01 00002a 00', INNER), expected: FOUR },
  { name: 'VXLAN-GPE with IPv6', outer: within(4790, '0c 0000 02 00002a 00', INNER_SIX), expected: SIX },
  { name: 'VXLAN-GPE with Ethernet', outer: within(4790, '0c 0000 03 00002a 00', FRAME), expected: FOUR },
  { name: 'LISP with a nonce', outer: within(4341, '80 0a0b0c 00000001', INNER), expected: FOUR },
  { name: 'LISP with an instance', outer: within(4341, '88 0a0b0c 00002a01', INNER_SIX), expected: SIX },
  // RFC 7510: a label stack, whose last entry has the bottom bit.
  { name: 'MPLS in UDP', outer: within(6635, '00064 0 ff 00065 1 ff', INNER), expected: FOUR },
  { name: 'Teredo', outer: within(3544, '', INNER_SIX), expected: SIX },
  {
    name: 'Teredo with authentication and origin, from the server',
    outer: within(50000, '0001 00 00 0102030405060708 00 0000 9c40 c0000201', INNER_SIX, 3544),
    expected: SIX,
  },
  { name: 'TZSP', outer: within(37008, '01 00 0001 01', FRAME), expected: FOUR },
  {
    name: 'TZSP with tags',
    outer: within(37008, '01 01 0001 00 0a 01 c5 28 04 00000007 01', FRAME),
    expected: FOUR,
  },
  { name: 'TZSP with 802.11', outer: within(37008, '01 00 0012 01', wifi(INNER)), expected: FOUR },
  { name: 'CAPWAP with Ethernet', outer: within(5247, '00 10 02 00 0000 0000', FRAME), expected: FOUR },
  {
    name: 'CAPWAP with 802.11 and the address of a radio, to the access point',
    outer: within(50000, '00 20 43 10 0000 0000 06 0a0b0c0d0e0f 00', wifi(INNER, { qos: true }), 5247),
    expected: FOUR,
  },
  {
    name: 'CAPWAP with the first bytes of 802.11 swapped',
    outer: within(5247, '00 10 03 00 0000 0000', swapped(wifi(INNER))),
    expected: FOUR,
  },
  {
    name: 'L2TP with length, sequence and offset',
    outer: ipv4({}, l2tp(INNER, { length: true, sequence: true, offset: 3 })),
    expected: FOUR,
  },
  {
    name: 'GRE in VXLAN in GTP-U',
    outer: ipv4({}, gtpU({}, ipv4({}, vxlan(ethernet({}, ipv6({}, gre({}, INNER))))))),
    expected: { ...FOUR, tunnels: 3 },
  },
];

describe('tunnels', () => {
  it.each(TUNNELS)('shows the packet inside $name', ({ outer, expected }) => {
    expect(decodeFrame(ethernet({ minimum: 400 }, outer).bytes)).toEqual(expected);
  });

  it.each(TUNNELS)('gives a reason, the packet or the plain one, for every cut of $name', (each) => {
    const frame = ethernet({}, each.outer).bytes;
    for (let captured = 0; captured < frame.length; captured++) {
      const seen = decodeFrame(frame.slice(0, captured), { wireBytes: frame.length });
      if (typeof seen === 'string') expect(SKIP_REASONS).toContain(seen);
      else if (seen.tunnels > 0 && seen.transport === 'tcp') {
        expect({ ...seen, payload: '' }).toEqual({ ...each.expected, payload: '' });
      } else expect(seen.transport).toBe('udp');
    }
  });

  it('shows what a truncating mirror port left of a longer packet', () => {
    const long = ethernet(
      {},
      ipv4({ source: '10.0.0.1', destination: '10.0.0.2' }, tcp({ flags: ACK }, 'x'.repeat(1000))),
    );
    for (const outer of [vxlan(long.bytes.slice(0, 60)), erspan(2, long.bytes.slice(0, 60))]) {
      expect(decodeFrame(ethernet({}, ipv4({}, outer)).bytes)).toEqual({
        ...FOUR,
        tcp: [ACK, 1, 0],
        ipBytes: 1040,
        payload: 'xxxxxx',
        payloadBytes: 1000,
      });
    }
  });

  it('follows eight tunnels and no ninth', () => {
    let outer = INNER;
    for (let i = 0; i < 8; i++) outer = ipv4({}, outer);
    expect(decodeFrame(ethernet({}, outer).bytes)).toEqual({ ...FOUR, tunnels: 8 });
    expect(decodeFrame(ethernet({}, ipv4({}, outer)).bytes)).toBe('too many layers');
  });

  const inside = [
    { name: 'ICMP in GRE', outer: gre({}, ipv4({ protocol: 1 }, 'ping')), reason: 'other transport' },
    {
      name: 'ICMP in VXLAN',
      outer: vxlan(ethernet({}, ipv4({ protocol: 1 }, 'ping'))),
      reason: 'other transport',
    },
    {
      name: 'ARP in GRE',
      outer: gre({}, ethernet({ etherType: 0x0806 }, new Uint8Array(28))),
      reason: 'not IP',
    },
    { name: 'a GRE keepalive', outer: gre({}, ipv4({}, gre({ protocol: 0 }, ''))), reason: 'not IP' },
    {
      name: 'GRE of an unknown version',
      outer: raw({ ...gre({}, INNER), bytes: hex('00 02 08 00') }),
      reason: 'not IP',
    },
    { name: 'PPTP that only acknowledges', outer: pptpGre({ acknowledgement: 3 }), reason: 'not IP' },
    {
      name: 'PPTP with encrypted PPP',
      outer: pptpGre({ sequence: 3 }, hex('ff 03 00 fd 90 00 11 22')),
      reason: 'not IP',
    },
    {
      name: 'EtherIP of another version',
      outer: { ...etherIp(FRAME), bytes: hex('40 00') },
      reason: 'not IP',
    },
    {
      name: 'ERSPAN of another version',
      outer: gre({ protocol: 0x88be, sequence: 1 }, hex('30 00 00 00 00 00 00 00')),
      reason: 'not IP',
    },
    {
      name: 'a GRE route without an end',
      outer: gre({ protocol: 0x0800, routing: new Uint8Array(80).fill(1) }, ''),
      reason: 'link header cut',
    },
    {
      name: 'a version that GRE does not announce',
      outer: gre({ protocol: 0x86dd }, INNER),
      reason: 'bad ip header',
    },
  ] as const;

  it.each(inside)('skips $name: $reason', ({ outer, reason }) => {
    expect(decodeFrame(ethernet({}, ipv4({}, outer)).bytes)).toBe(reason);
  });

  /** Its checksum does not fit: with one that does, a packet is found behind any head. */
  const spoilt = (bytes: Uint8Array, ipAt: number): Uint8Array => bytes.with(ipAt + 8, 1);

  const impostors = [
    { name: 'text on the VXLAN port', port: 4789, payload: raw('{"id":1,"method":"login"}').bytes },
    { name: 'VXLAN flags before noise', port: 4789, payload: hex(`08 000000 000001 00 ${'5a'.repeat(60)}`) },
    {
      name: 'VXLAN with a reserved byte set',
      port: 4789,
      payload: concat(hex('08 000000 000001 01'), spoilt(FRAME.bytes, 14)),
    },
    {
      name: 'VXLAN without its flag',
      port: 8472,
      payload: concat(hex('00 000000 000001 00'), spoilt(FRAME.bytes, 14)),
    },
    { name: 'GTP version 2', port: 2152, payload: hex('48 01 00 04 00 00 00 00') },
    { name: 'a GTP echo request', port: 2152, payload: hex('32 01 00 04 00 00 00 00 00 01 00 00') },
    {
      name: 'GTP whose length is not that of UDP',
      port: 2152,
      payload: concat(hex('30 ff 00 2e 00 00 00 01'), spoilt(INNER.bytes, 0)),
    },
    {
      name: 'GTP with an extension header of no length',
      port: 2152,
      payload: hex('34 ff 00 08 00 00 00 01 00 00 00 85 00 00 00 00'),
    },
    {
      name: 'GTP with something that is no IP',
      port: 2152,
      payload: hex('30 ff 00 04 00 00 00 01 00 00 00 00'),
    },
    { name: 'an L2TP control message', port: 1701, payload: hex('c8 02 00 0c 00 00 00 00 00 00 00 00') },
    { name: 'L2TP of version 3', port: 1701, payload: hex('00 03 00 00 00 00 00 01 45 00') },
    {
      name: 'GENEVE of another version',
      port: 6081,
      payload: concat(hex('40 00 65 58 00 00 01 00'), spoilt(FRAME.bytes, 14)),
    },
    {
      name: 'GENEVE with options past the end',
      port: 6081,
      payload: concat(hex('3f 00 65 58 00 00 01 00'), spoilt(FRAME.bytes, 14)),
    },
    { name: 'nothing at all', port: 4789, payload: new Uint8Array(0) },
  ];

  it.each(impostors)('leaves $name the plain UDP packet that it is', ({ port, payload }) => {
    const frame = ethernet({ minimum: 60 }, ipv4({}, udp({ destinationPort: port }, payload))).bytes;
    expect(decodeFrame(frame)).toEqual(plain(port, payload));
  });

  it('falls back to the UDP packet around a broken tunnel in a good tunnel', () => {
    const noise = raw('no tunnel').bytes;
    const inner = ipv4({}, udp({ destinationPort: 2152 }, noise));
    const frame = ethernet({}, ipv4({}, vxlan(ethernet({}, inner)))).bytes;
    expect(decodeFrame(frame)).toEqual({ ...plain(2152, noise), tunnels: 1 });
  });
});

describe('CAPWAP that is not read', () => {
  it.each([
    {
      name: 'encrypted',
      header: '01 000000 17 fefd 0001 000000000001 0010',
      content: raw(new Uint8Array(16)),
    },
    { name: 'in pieces', header: '00 10 02 80 0001 0000', content: FRAME },
  ])('is counted if it is $name', ({ header, content }) => {
    expect(decodeFrame(ethernet({}, within(5247, header, content)).bytes)).toBe('sealed tunnel');
  });
});
