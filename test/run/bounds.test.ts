/**
 * The bounds within which a conversation is judged by its row alone (docs/reference/judged.md): each case lies on one side of
 * one of them, by hand. Nobody can read what is said: it is random bytes.
 */
import { describe, expect, it } from 'vitest';
import type { Audit } from '../../src/audit/audit.ts';
import { ethernet, ipv4, tcp, udp } from '../support/packet-builder.ts';
import { random } from '../support/random.ts';
import { scanInputs } from '../support/scanning.ts';
import { writeCapture } from '../support/split.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder('bounds');
let files = 0;

const T0 = 1_760_000_000;
const [FIN, SYN, ACK] = [1, 2, 16];
const DAY = 86_400;

/** Seconds after the beginning, who says something, and how many bytes, or which. */
type Said = readonly [at: number, from: 0 | 1, bytes: number | Uint8Array];

interface Connection {
  readonly said: readonly Said[];
  readonly from?: number;
  readonly port?: number;
  readonly serverPort?: number;
  /** Left out: opened or closed beside the capture. */
  readonly open?: boolean;
  readonly closed?: boolean;
  readonly server?: string;
}

interface Sent {
  readonly timeUs: number;
  readonly linkType: number;
  readonly bytes: Uint8Array;
  readonly wireBytes: number;
}

function sent(at: number, { bytes }: { readonly bytes: Uint8Array }): Sent {
  return { timeUs: (T0 + at) * 1e6, linkType: 1, bytes, wireBytes: bytes.length };
}

const NOISE = random(4711);

function noise(bytes: number): Uint8Array {
  // The first byte is that of no protocol that is known by it.
  return Uint8Array.from({ length: bytes }, (_, i) => (i === 0 ? 0xee : NOISE.below(256)));
}

function connection({
  said,
  from = 0,
  port = 40_000,
  serverPort = 7000,
  open = true,
  closed = true,
  server = '198.51.100.1',
}: Connection): Sent[] {
  const next = [1000, 5000];
  const packets: Sent[] = [];
  const send = (at: number, who: 0 | 1, flags: number, payload: Uint8Array = new Uint8Array(0)): void => {
    const ends =
      who === 0 ? { source: '192.0.2.1', destination: server } : { source: server, destination: '192.0.2.1' };
    const [sourcePort, destinationPort] = who === 0 ? [port, serverPort] : [serverPort, port];
    const numbers = { sequence: next[who], acknowledgement: flags === SYN ? 0 : next[1 - who] };
    packets.push(
      sent(
        from + at,
        ethernet({}, ipv4(ends, tcp({ sourcePort, destinationPort, ...numbers, flags }, payload))),
      ),
    );
    next[who] += payload.length + ((flags & (SYN | FIN)) !== 0 ? 1 : 0);
  };
  if (open) {
    send(0, 0, SYN);
    send(0.01, 1, SYN | ACK);
    send(0.02, 0, ACK);
  }
  for (const [at, who, what] of said) {
    const bytes = typeof what === 'number' ? noise(what) : what;
    for (let from = 0; from < bytes.length; from += 1400)
      send(at, who, ACK, bytes.subarray(from, from + 1400));
    send(at + 0.01, who === 0 ? 1 : 0, ACK);
  }
  const end = (said.at(-1)?.[0] ?? 0) + 0.1;
  if (closed) {
    send(end, 0, FIN | ACK);
    send(end + 0.01, 1, FIN | ACK);
    send(end + 0.02, 0, ACK);
  }
  return packets;
}

/** Frames that are no IP, a day before and behind all else: what lies between was seen whole. */
function seenWhole(packets: readonly Sent[]): Sent[] {
  const arp = ethernet({ etherType: 0x0806 }, new Uint8Array(28));
  const last = packets.reduce((latest, { timeUs }) => Math.max(latest, timeUs), 0) / 1e6 - T0;
  return [sent(-DAY, arp), ...packets, sent(last + DAY, arp)];
}

async function judged(packets: readonly Sent[]): Promise<Record<string, number>> {
  const ordered = [...packets].sort((a, b) => a.timeUs - b.timeUs);
  const audit: Audit = await scanInputs([writeCapture(folder, `${++files}`, ordered)]);
  const { notJudged, ...ways } = audit.coverage.judged;
  return Object.fromEntries(
    Object.entries({ ...ways, ...notJudged })
      .filter(([, { conversations }]) => conversations > 0)
      .map(([way, { conversations }]) => [way, conversations]),
  );
}

/** Something is said each way, so often, so many seconds apart. */
function talk(times: number, every: number, bytes = 150): Said[] {
  return Array.from({ length: times }, (_, i): Said[] => [
    [1 + i * every, 1, bytes],
    [1.5 + i * every, 0, bytes],
  ]).flat();
}

describe('a connection that was seen whole', () => {
  const cases: readonly [string, readonly Connection[], string][] = [
    ['in which nothing is said', [{ said: [] }], 'unlike'],
    [
      'in which the server alone speaks',
      [
        {
          said: [
            [1, 1, 500],
            [400, 1, 500],
            [900, 1, 500],
            [1300, 1, 90],
          ],
        },
      ],
      'unlike',
    ],
    [
      'in which the client alone speaks',
      [
        {
          said: [
            [1, 0, 500],
            [400, 0, 500],
            [900, 0, 500],
            [1300, 0, 90],
          ],
        },
      ],
      'unlike',
    ],
    [
      'in which the client speaks once',
      [{ said: [[1, 0, 300], ...talk(9, 60).filter(([, who]) => who === 1)] }],
      'unlike',
    ],
    [
      'the same, twice',
      [{ said: [[1, 0, 300], ...talk(9, 60).filter(([, who]) => who === 1), [700, 0, 90]] }],
      'encrypted',
    ],
    ['of a minute at 6,100 B/s', [{ said: talk(61, 1, 3050) }], 'unlike'],
    ['of a minute at 5,000 B/s', [{ said: talk(61, 1, 2400) }], 'encrypted'],
    ['with one packet behind the first 30 s', [{ said: [...talk(5, 5), [500, 1, 90]] }], 'unlike'],
    [
      'with two packets behind the first 30 s',
      [{ said: [...talk(5, 5), [500, 1, 90], [501, 0, 90]] }],
      'encrypted',
    ],
    [
      'with four packets in two hours behind the first 30 s',
      [{ said: [...talk(5, 5), ...talk(2, 3600).map(([at, ...rest]): Said => [at + 3600, ...rest])] }],
      'unlike',
    ],
    ['of less than a minute', [{ said: talk(10, 5) }], 'unlike'],
    ['of a minute', [{ said: talk(13, 5) }], 'encrypted'],
  ];
  it.each(cases)('%s', async (_, connections, way) => {
    const packets = connections.flatMap(connection);
    expect(await judged(seenWhole(packets))).toEqual({ [way]: connections.length });
  });
});

describe('short connections of one client with one port of a server', () => {
  const short = (count: number, seconds: number, apart: number): Sent[] =>
    Array.from({ length: count }, (_, i) =>
      connection({ said: talk(seconds / 5, 5), from: i * apart, port: 40_000 + i }),
    ).flat();

  it('are visits, if they are two an hour', async () => {
    expect(await judged(seenWhole(short(2, 50, 1000)))).toEqual({ unlike: 2 });
  });

  it('are not, if they are three of 50 s', async () => {
    expect(await judged(seenWhole(short(3, 50, 1000)))).toEqual({ encrypted: 3 });
  });

  it('are, if they are seven of 10 s, which take 70 s of the hour', async () => {
    expect(await judged(seenWhole(short(7, 10, 300)))).toEqual({ unlike: 7 });
  });

  it('are not, if they are twenty, which take 200 s', async () => {
    expect(await judged(seenWhole(short(20, 10, 60)))).toEqual({ encrypted: 20 });
  });

  it('are counted apart for each port of a server', async () => {
    const packets = [1, 2, 3].flatMap((i) =>
      connection({ said: talk(10, 5), from: i * 600, port: 40_000 + i, serverPort: 7000 + i }),
    );
    expect(await judged(seenWhole(packets))).toEqual({ unlike: 3 });
  });
});

describe('connections in which one side alone speaks', () => {
  /** The same of both sides, in connections of their own. */
  const both = (said: (who: 0 | 1) => readonly Said[], serverPort = 7000): Sent[] =>
    ([0, 1] as const).flatMap((who) => connection({ said: said(who), port: 40_000 + who, serverPort }));
  /** A message each, so many, so many seconds apart, each way in turn, to another port each time. */
  const inTurn = (count: number, every: number, bytes = 150): Sent[] =>
    Array.from({ length: count }, (_, i) =>
      connection({
        said: [[0.1, (i % 2) as 0 | 1, bytes]],
        from: i * every,
        port: 40_000 + i,
        serverPort: 7000 + i,
      }),
    ).flat();

  it('are not judged if both speak so, for ten minutes', async () => {
    const said = (who: 0 | 1): Said[] => Array.from({ length: 21 }, (_, i): Said => [1 + i * 30, who, 150]);
    expect(await judged(seenWhole(both(said)))).toEqual({ encrypted: 2 });
  });

  it('nor if each message has one of its own', async () => {
    expect(await judged(seenWhole(inTurn(40, 16)))).toEqual({ encrypted: 40 });
    expect(await judged(seenWhole(inTurn(36, 16)))).toEqual({ unlike: 36 });
  });

  it('are judged if the same side speaks in all', async () => {
    const packets = Array.from({ length: 60 }, (_, i) =>
      connection({ said: [[0.1, 0, 150]], from: i * 30, port: 40_000 + i }),
    ).flat();
    expect(await judged(seenWhole(packets))).toEqual({ unlike: 60 });
  });

  it('are files that go both ways if they are as long', async () => {
    expect(await judged(seenWhole(inTurn(40, 16, 120_000)))).toEqual({ unlike: 40 });
  });
});

describe('connections of more than a minute in which little is said', () => {
  /** Three messages each way in the first 20 s, closed behind 61 s. */
  const held = (from: number, port: number): Sent[] =>
    connection({ said: [...talk(3, 9), [61, 1, 0]], from, port });

  it('are judged together if they begin in six minutes of an hour', async () => {
    const packets = Array.from({ length: 30 }, (_, i) => held(i * 62, 40_000 + i)).flat();
    expect(await judged(seenWhole(packets))).toEqual({ encrypted: 30 });
  });

  it('also if they overlap', async () => {
    const packets = Array.from({ length: 90 }, (_, i) => held(i * 20, 40_000 + i)).flat();
    expect(await judged(seenWhole(packets))).toEqual({ encrypted: 90 });
  });

  it('are those of a browser if it opens several at a time, now and then', async () => {
    const packets = [0, 700, 1400, 2100, 2800].flatMap((from, i) =>
      Array.from({ length: 6 }, (_, j) => held(from + j / 2, 40_000 + 10 * i + j)),
    );
    expect(await judged(seenWhole(packets.flat()))).toEqual({ unlike: 30 });
  });
});

describe('requests of a web client', () => {
  const request = (body: string): Uint8Array =>
    Buffer.from(`POST /a HTTP/1.1\r\nHost: e.org\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
  const answer = (bytes: number): Uint8Array => {
    const head = `HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nContent-Length: ${bytes}\r\n\r\n`;
    return Buffer.concat([Buffer.from(head), noise(bytes)]);
  };
  /** So many requests on one connection, so many seconds apart. */
  const visit = (
    from: number,
    port: number,
    times: number,
    every: number,
    bytes: number,
    word = '',
  ): Sent[] =>
    connection({
      from,
      port,
      serverPort: 80,
      said: Array.from({ length: times }, (_, i): Said[] => [
        [1 + i * every, 0, request(word === '' ? `v=${from}-${i}` : word)],
        [1.1 + i * every, 1, answer(bytes)],
      ]).flat(),
    });

  it('that bring another message each, on a connection each, are not judged', async () => {
    const packets = Array.from({ length: 60 }, (_, i) => visit(i * 25, 40_000 + i, 1, 1, 300)).flat();
    expect(await judged(seenWhole(packets))).toEqual({ unread: 60 });
  });

  it('nor on connections of less than five minutes each', async () => {
    const packets = Array.from({ length: 8 }, (_, i) => visit(i * 290, 40_000 + i, 11, 25, 300)).flat();
    expect(await judged(seenWhole(packets))).toEqual({ unread: 8 });
  });

  it('are a look at a state if they are the same each time', async () => {
    const packets = Array.from({ length: 60 }, (_, i) =>
      visit(i * 25, 40_000 + i, 1, 1, 300, 'state'),
    ).flat();
    expect(await judged(seenWhole(packets))).toEqual({ read: 60 });
  });

  it('are those for pages if the answers are as long', async () => {
    const packets = Array.from({ length: 60 }, (_, i) => visit(i * 25, 40_000 + i, 1, 1, 9000)).flat();
    expect(await judged(seenWhole(packets))).toEqual({ read: 60 });
  });

  it('are those of a page if they come at one time, on several connections', async () => {
    const packets = Array.from({ length: 6 }, (_, i) => visit(i / 4, 40_000 + i, 15, 0.3, 300)).flat();
    expect(await judged(seenWhole(packets))).toEqual({ read: 6 });
  });
});

describe('a slow miner in bytes that nobody reads stays open', () => {
  it('with a job every two minutes and a share in ten, for 40 minutes', async () => {
    const jobs = Array.from({ length: 21 }, (_, i): Said => [1 + i * 120, 1, 400]);
    const shares = Array.from({ length: 4 }, (_, i): Said[] => [
      [300 + i * 600, 0, 180],
      [300.1 + i * 600, 1, 80],
    ]).flat();
    const said: Said[] = [[0.5, 0, 200], ...[...jobs, ...shares].sort((a, b) => a[0] - b[0])];
    expect(await judged(seenWhole(connection({ said })))).toEqual({ encrypted: 1 });
  });

  it('with jobs every 20 minutes and a share an hour, for eight hours', async () => {
    const jobs = Array.from({ length: 24 }, (_, i): Said => [1 + i * 1200, 1, 400]);
    const shares = Array.from({ length: 8 }, (_, i): Said[] => [
      [1800 + i * 3600, 0, 180],
      [1800.1 + i * 3600, 1, 80],
    ]).flat();
    const said: Said[] = [[0.5, 0, 200], ...[...jobs, ...shares].sort((a, b) => a[0] - b[0])];
    expect(await judged(seenWhole(connection({ said })))).toEqual({ encrypted: 1 });
  });
});

describe('what was not seen whole', () => {
  it.each([
    ['its beginning', { open: false }],
    ['its end', { closed: false }],
  ])('is cut if a bound holds without %s', async (_, lack) => {
    const packets = connection({ said: talk(10, 5), ...lack });
    const arp = sent(60, ethernet({ etherType: 0x0806 }, new Uint8Array(28)));
    expect(await judged([...packets, arp])).toEqual({ cut: 1 });
  });

  it('is not, if no bound holds', async () => {
    expect(await judged(connection({ said: talk(100, 30), open: false, closed: false }))).toEqual({
      encrypted: 1,
    });
  });

  it('is seen in one direction if the other is missing', async () => {
    const half = connection({ said: talk(100, 30) }).filter(
      ({ bytes }) => bytes[26 + 3] === 1 && bytes[26] === 192,
    );
    expect(await judged(seenWhole(half))).toEqual({ 'one-direction': 1 });
  });
});

describe('datagrams', () => {
  const datagram = (
    at: number,
    who: 0 | 1,
    content: Uint8Array,
    { port = 50_000, server = '203.0.113.5', serverPort = 9999 } = {},
  ): Sent => {
    const ends =
      who === 0 ? { source: '192.0.2.1', destination: server } : { source: server, destination: '192.0.2.1' };
    const [sourcePort, destinationPort] = who === 0 ? [port, serverPort] : [serverPort, port];
    return sent(at, ethernet({}, ipv4(ends, udp({ sourcePort, destinationPort }, content))));
  };
  const exchange = (times: number, every: number, bytes: number, ends = {}): Sent[] =>
    Array.from({ length: times }, (_, i) => [
      datagram(i * every, 0, noise(bytes), ends),
      datagram(i * every + 0.2, 1, noise(bytes), ends),
    ]).flat();

  it('that nobody knows stay open', async () => {
    expect(await judged(seenWhole(exchange(40, 30, 120)))).toEqual({ unread: 1 });
  });

  it('are another conversation behind five minutes of silence', async () => {
    const later = exchange(40, 30, 120).map((packet) => ({ ...packet, timeUs: packet.timeUs + 3600e6 }));
    expect(await judged(seenWhole([...exchange(40, 30, 120), ...later]))).toEqual({ unread: 2 });
  });

  it('with one question are none of a miner', async () => {
    expect(await judged(seenWhole(exchange(1, 1, 120)))).toEqual({ unlike: 1 });
  });

  it.each([305, 600])(
    'of one port with silences of %i s are one conversation that goes on',
    async (every) => {
      expect(await judged(seenWhole(exchange(6, every, 120)))).toEqual({ unread: 6 });
      const turned = exchange(6, every, 120).map((packet, i) => ({
        ...packet,
        timeUs: packet.timeUs + (i % 4 === 0 ? 1e6 : 0),
      }));
      expect(await judged(seenWhole(turned))).toEqual({ unread: 6 });
    },
  );

  it('of another port each are questions', async () => {
    const packets = Array.from({ length: 8 }, (_, i) =>
      exchange(1, 1, 120, { port: 50_000 + i }).map((packet) => ({
        ...packet,
        timeUs: packet.timeUs + i * 400e6,
      })),
    ).flat();
    expect(await judged(seenWhole(packets))).toEqual({ unlike: 8 });
  });

  it('that name a share are none of those that one question tells', async () => {
    const share = Buffer.from('{"id":2,"method":"submit","params":{"job_id":"1","nonce":"00c0ffee"}}');
    const packets = [datagram(0, 0, share), datagram(0.1, 1, Buffer.from('{"id":2,"result":true}'))];
    expect(
      await judged(
        seenWhole([...packets, ...packets.map((each) => ({ ...each, timeUs: each.timeUs + 90e6 }))]),
      ),
    ).toEqual({
      unread: 1,
    });
  });

  it('of more than 6,000 B/s may be a tunnel of many', async () => {
    expect(await judged(seenWhole(exchange(700, 0.1, 1000)))).toEqual({ heavy: 1 });
  });

  it('of WireGuard are a tunnel', async () => {
    const opening = Buffer.concat([Buffer.from([1, 0, 0, 0]), noise(144)]);
    const data = (): Uint8Array => Buffer.concat([Buffer.from([4, 0, 0, 0]), noise(124)]);
    const packets = [
      datagram(0, 0, opening),
      ...Array.from({ length: 60 }, (_, i) => datagram(1 + i * 20, i % 2 === 0 ? 0 : 1, data())),
    ];
    expect(await judged(seenWhole(packets))).toEqual({ tunnel: 1 });
  });

  it('from one port to twenty others in ten minutes are of equals', async () => {
    const packets = Array.from({ length: 20 }, (_, i) =>
      exchange(30, 20, 200, { server: `203.0.113.${i + 1}` }),
    ).flat();
    expect(await judged(seenWhole(packets))).toEqual({ unlike: 20 });
    const fewer = packets.filter(({ bytes }) => bytes[33] !== 20 && bytes[29] !== 20);
    expect(await judged(seenWhole(fewer))).toEqual({ unread: 19 });
  });

  describe('of a protocol with a fixed form are read', () => {
    const item = (tag: number, ...parts: Uint8Array[]): Uint8Array => {
      const content = Buffer.concat(parts);
      return Buffer.concat([Buffer.from([tag, 0x82, content.length >> 8, content.length & 255]), content]);
    };
    const number = Buffer.from([2, 1, 1]);
    const snmp = (value: Uint8Array): Uint8Array => {
      const bound = item(0x30, item(6, Buffer.from([0x2b, 6, 1, 4, 1])), item(4, value));
      return item(
        0x30,
        number,
        item(4, Buffer.from('public')),
        item(0xa2, number, number, number, item(0x30, bound)),
      );
    };
    /** Seconds since 1900 of four clocks, and fractions. */
    const ntp = (mode: number, set: number, other: number, arrived: number, sent_: number): Uint8Array => {
      const bytes = Buffer.alloc(48);
      bytes.set([0x20 | mode, 2, 6, 0xec]);
      for (const [i, seconds] of [set, other, arrived, sent_].entries())
        bytes.writeUInt32BE(seconds >>> 0, 16 + 8 * i);
      return bytes;
    };
    const dns = (id: number, name: string): Uint8Array => {
      const labels = name
        .split('.')
        .map((label) => Buffer.from(`${String.fromCharCode(label.length)}${label}`, 'latin1'));
      return Buffer.concat([
        Buffer.from([id >> 8, id & 255, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]),
        ...labels,
        Buffer.from([0, 0, 1, 0, 1]),
      ]);
    };
    const asked = (said: readonly Uint8Array[], every: number, ends: object): Sent[] =>
      said.flatMap((bytes, i) => [
        datagram(i * every, 0, bytes, ends),
        datagram(i * every + 0.1, 1, bytes, ends),
      ]);
    const times = (count: number, of: (i: number) => Uint8Array): Uint8Array[] =>
      Array.from({ length: count }, (_, i) => of(i));

    it('of SNMP within a network, and not what long values say to a server elsewhere', async () => {
      const said = times(40, () => snmp(noise(120)));
      expect(await judged(seenWhole(asked(said, 30, { serverPort: 161, server: '192.0.9.9' })))).toEqual({
        read: 1,
      });
      expect(await judged(seenWhole(asked(said, 30, { serverPort: 161 })))).toEqual({ unread: 1 });
    });

    it('of NTP with the times of a clock, and not with other numbers or at each breath', async () => {
      const ends = { serverPort: 123, port: 123 };
      const clock = times(40, (i) =>
        ntp(4, 3_900_000_000 + i * 64, 77, 3_900_000_100 + i * 64, 3_900_000_100 + i * 64),
      );
      expect(await judged(seenWhole(asked(clock, 64, ends)))).toEqual({ read: 1 });
      expect(await judged(seenWhole(asked(clock, 2, ends)))).toEqual({ unread: 1 });
      const other = times(40, () => Buffer.concat([Buffer.from([0x24, 2, 6, 0xec]), noise(44)]));
      expect(await judged(seenWhole(asked(other, 64, ends)))).toEqual({ unread: 1 });
    });

    it('of DNS, and not with long names of one domain again and again', async () => {
      const letters = 'abcdefghijklmnopqrstuvwxyz234567';
      const label = (): string => Array.from({ length: 40 }, () => letters[NOISE.below(32)]).join('');
      const ends = { serverPort: 53 };
      const plain = times(60, (i) => dns(i, `host-${i}.some-service-of-a-cloud.example.org`));
      expect(await judged(seenWhole(asked(plain, 10, ends)))).toEqual({ read: 1 });
      const few = times(15, (i) => dns(i, `${label()}.example.org`));
      expect(await judged(seenWhole(asked(few, 10, ends)))).toEqual({ read: 1 });
      const many = times(60, (i) => dns(i, `${label()}.example.org`));
      expect(await judged(seenWhole(asked(many, 10, ends)))).toEqual({ unread: 1 });
    });

    it('of ping, and not if both its numbers jump', async () => {
      const echo = (i: number, id: number, sequence: number): Sent => {
        const content = Buffer.concat([
          Buffer.from([8, 0, 0, 0, id >> 8, id & 255, sequence >> 8, sequence & 255]),
          Buffer.alloc(56),
        ]);
        return sent(
          i * 5,
          ethernet({}, ipv4({ protocol: 1, source: '192.0.2.1', destination: '203.0.113.5' }, content)),
        );
      };
      const answer = (each: Sent): Sent => {
        const bytes = Uint8Array.from(each.bytes);
        bytes.set(each.bytes.subarray(26, 30), 30);
        bytes.set(each.bytes.subarray(30, 34), 26);
        bytes[34] = 0;
        return { ...each, timeUs: each.timeUs + 1e5, bytes };
      };
      const pings = (of: (i: number) => [number, number]): Sent[] =>
        Array.from({ length: 60 }, (_, i) => echo(i, ...of(i))).flatMap((each) => [each, answer(each)]);
      expect(await judged(seenWhole(pings((i) => [4711, i])))).toEqual({ read: 1 });
      expect(await judged(seenWhole(pings((i) => [4711 + i, 1])))).toEqual({ read: 1 });
      expect(await judged(seenWhole(pings((i) => [1, i * 1000])))).toEqual({ read: 1 });
      expect(await judged(seenWhole(pings(() => [NOISE.below(65_536), NOISE.below(65_536)])))).toEqual({
        unread: 1,
      });
    });
  });
});
