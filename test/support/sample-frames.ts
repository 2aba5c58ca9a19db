/**
 * A good frame for each link layer, extension and tunnel that the packet decoder knows, for tests that mutate
 * frames or hand them to a second decoder.
 */
import { LINKTYPE } from './decode-frame.ts';
import {
  ACK,
  authentication,
  authenticationExtension,
  type Content,
  ciscoHdlc,
  controlWord,
  erspan,
  etherIp,
  ethernet,
  ethernetSnap,
  extension,
  fragmentHeader,
  geneve,
  gre,
  gtpU,
  hex,
  ipv4,
  ipv4Fragments,
  ipv6,
  ipv6Fragments,
  type Layer,
  l2tp,
  loopback,
  mpls,
  nflog,
  PSH,
  ppp,
  pppoe,
  pptpGre,
  radiotap,
  sll,
  sll2,
  tcp,
  udp,
  vxlan,
  wifi,
} from './packet-builder.ts';

export interface SampleFrame {
  readonly name: string;
  readonly linkType: number;
  readonly frame: Uint8Array;
}

const FIELDS = { sequence: 0x7fff_fff0, acknowledgement: 0xffff_fffe, flags: PSH | ACK };
const LOGIN = tcp(
  { ...FIELDS, options: hex('01 01 08 0a 00 00 00 01 00 00 00 02') },
  '{"id":1,"method":"login"}\n',
);
const FOUR = ipv4({ source: '10.0.0.5', destination: '198.51.100.7' }, LOGIN);
const SIX = ipv6({ source: 'fd00::5', destination: '2001:db8::7' }, LOGIN);
const FRAME = ethernet({}, FOUR);
const EXTENSIONS = [extension(0), extension(43, new Uint8Array(22)), extension(60)];

const LINKS: readonly (readonly [string, number, (content: Content) => Layer])[] = [
  ['Ethernet', LINKTYPE.ethernet, (content) => ethernet({}, content)],
  ['802.1Q', LINKTYPE.ethernet, (content) => ethernet({ vlans: [{ id: 1, etherType: 0x88a8 }, 2] }, content)],
  ['802.3', LINKTYPE.ethernet, ethernetSnap],
  ['MPLS', LINKTYPE.ethernet, (content) => ethernet({}, mpls([16, 17], content))],
  ['PPPoE', LINKTYPE.ethernet, (content) => ethernet({}, pppoe(content))],
  [
    'pseudowire',
    LINKTYPE.ethernet,
    (content) => ethernet({}, mpls([16], controlWord(ethernet({}, content)))),
  ],
  ['raw', LINKTYPE.raw, (content) => ipv4({ ttl: 9 }, content)],
  ['SLL', LINKTYPE.sll, sll],
  ['SLL2', LINKTYPE.sll2, sll2],
  ['PPP', LINKTYPE.ppp, (content) => ppp(content, { framed: true })],
  ['Cisco HDLC', LINKTYPE.ciscoHdlc, ciscoHdlc],
  ['802.11', LINKTYPE.wifi, (content) => wifi(content, { qos: true })],
  ['radiotap', LINKTYPE.radiotap, (content) => radiotap(wifi(content))],
];

const PACKETS: readonly (readonly [string, Layer])[] = [
  ['UDP', ipv4({}, udp({ destinationPort: 53 }, 'query'))],
  ['UDP on the port of a tunnel', ipv4({}, udp({ destinationPort: 2152 }, 'no tunnel at all'))],
  ['IPv4 options', ipv4({ options: hex('94 04 00 00') }, LOGIN)],
  ['IPv6 extensions', ipv6({ extensions: [...EXTENSIONS, fragmentHeader(1, 0, false)] }, LOGIN)],
  ['IPv6 authentication', ipv6({ extensions: [authenticationExtension()] }, LOGIN)],
  ['IPv4 authentication', ipv4({}, authentication(LOGIN))],
  ['6in4', ipv4({}, SIX)],
  ['4in6', ipv6({}, FOUR)],
  ['GRE', ipv4({}, gre({ checksum: true, key: 1, sequence: 2 }, FOUR))],
  ['NVGRE', ipv4({}, gre({ key: 1 }, FRAME))],
  ['PPTP', ipv4({}, pptpGre({ sequence: 1, acknowledgement: 1 }, ppp(FOUR, { framed: true })))],
  ['ERSPAN I', ipv4({}, erspan(1, FRAME))],
  ['ERSPAN II', ipv4({}, erspan(2, FRAME))],
  ['ERSPAN III', ipv4({}, erspan(3, FRAME, true))],
  ['EtherIP', ipv4({}, etherIp(FRAME))],
  ['VXLAN', ipv4({}, vxlan(FRAME))],
  ['GENEVE', ipv4({}, geneve(FRAME, hex('01 02 00 01 00 00 00 01')))],
  ['GTP-U', ipv4({}, gtpU({ extensions: [{ type: 0x85, content: hex('10 01') }] }, FOUR))],
  ['L2TP', ipv4({}, l2tp(FOUR, { length: true }))],
  ['GRE in VXLAN', ipv4({}, vxlan(ethernet({}, ipv6({}, gre({}, SIX)))))],
];

const FRAGMENTS = [
  ...ipv4Fragments({ id: 1 }, LOGIN, 24),
  ...ipv6Fragments({ extensions: [extension(0)] }, 2, LOGIN, 24),
];

export const SAMPLE_FRAMES: readonly SampleFrame[] = [
  ...LINKS.flatMap(([name, linkType, wrap]) => [
    { name: `IPv4 in ${name}`, linkType, frame: wrap(FOUR).bytes },
    { name: `IPv6 in ${name}`, linkType, frame: wrap(SIX).bytes },
  ]),
  { name: 'NULL', linkType: LINKTYPE.null, frame: loopback(2, true, FOUR).bytes },
  { name: 'LOOP', linkType: LINKTYPE.loop, frame: loopback(24, false, SIX).bytes },
  { name: 'NFLOG', linkType: LINKTYPE.nflog, frame: nflog(2, true, FOUR).bytes },
  ...PACKETS.map(([name, content]) => ({
    name,
    linkType: LINKTYPE.ethernet,
    frame: ethernet({ minimum: 60 }, content).bytes,
  })),
  ...FRAGMENTS.map((content, i) => ({
    name: `fragment ${i + 1}`,
    linkType: LINKTYPE.ethernet,
    frame: ethernet({}, content).bytes,
  })),
];
