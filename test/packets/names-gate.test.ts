/** Which DNS messages, hosts and server names are told of: those of names that concern somebody, and all below them. */
import { describe, expect, it } from 'vitest';
import type { WrittenPacket } from '../support/capture-writer.ts';
import { engineOf, Listening } from '../support/engine-hearing.ts';
import { ACK, ethernet, ipv4, PSH, SYN, tcp, udp } from '../support/packet-builder.ts';
import { clientHelloMessage, extension, records } from '../support/tls.ts';

const DOMAINS = Array.from({ length: 3000 }, (_, i) => `pool-${i}.example`);

function labels(name: string): Buffer {
  const parts = name.split('.').filter((part) => part !== '');
  return Buffer.concat([
    ...parts.map((part) => Buffer.from([part.length, ...Buffer.from(part)])),
    Buffer.of(0),
  ]);
}

/** A question, or an answer with this alias. */
function message(name: string, alias?: string): Buffer {
  const head = Buffer.alloc(12);
  head.writeUInt16BE(alias === undefined ? 0x0100 : 0x8180, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(alias === undefined ? 0 : 1, 6);
  const question = Buffer.concat([labels(name), Buffer.from([0, 1, 0, 1])]);
  if (alias === undefined) return Buffer.concat([head, question]);
  const target = labels(alias);
  const record = Buffer.from([0xc0, 12, 0, 5, 0, 1, 0, 0, 0, 60, 0, target.length]);
  return Buffer.concat([head, question, record, target]);
}

function packetOf(frame: Uint8Array, i: number): WrittenPacket {
  return { timeUs: 1.7e15 + i, linkType: 1, bytes: frame };
}

async function told(messages: readonly Uint8Array[], names = DOMAINS): Promise<boolean[]> {
  const observer = new Listening(names);
  const packets = messages.map((payload, i) =>
    packetOf(
      ethernet({}, ipv4({}, udp({ sourcePort: 1024 + (i % 60_000), destinationPort: 53 }, payload))).bytes,
      i,
    ),
  );
  await engineOf(packets, observer);
  const observed = new Set(observer.said);
  return messages.map((payload) => observed.has(`dns: ${Buffer.from(payload).toString('latin1')}`));
}

describe('messages of DNS', () => {
  it('are told of for these names and all below them, and for hardly any other', async () => {
    expect(await told(DOMAINS.map((name) => message(name)))).not.toContain(false);
    expect(await told(DOMAINS.map((name) => message(`eu.${name.toUpperCase()}`)))).not.toContain(false);
    // Every question is told of: only its answer shows if the name is an alias of a pool's.
    const others = DOMAINS.map((_, i) => message(`web-${i}.pool-${i}x.other`, `host-${i}.other`));
    expect((await told(others)).filter(Boolean).length).toBeLessThan(120);
    expect(await told([message('example', 'other')])).toEqual([false]);
  });

  it('are told of for an alias in the answer', async () => {
    const answers = [message('cdn.other', 'pool-7.example'), message('cdn.other', 'host-7.other')];
    expect(await told(answers, ['pool-7.example'])).toEqual([true, false]);
  });

  it('end nowhere, however broken', async () => {
    const whole = message('eu.pool-1.example', 'pool-2.example');
    const cut = Array.from({ length: whole.length }, (_, to) => whole.subarray(0, to));
    const bent = Array.from(whole.keys(), (at) => {
      const copy = Buffer.from(whole);
      copy[at] = 0xc0;
      return copy;
    });
    expect((await told([...cut, ...bent])).length).toBe(2 * whole.length);
  });
});

describe('a question and its answer over TCP', () => {
  const framed = (payload: Buffer): Buffer => {
    const length = Buffer.alloc(2);
    length.writeUInt16BE(payload.length);
    return Buffer.concat([length, payload]);
  };
  /** What is said of a connection whose server answers so to this question. */
  async function said(question: Uint8Array, answer: Uint8Array): Promise<string[]> {
    const ports = { sourcePort: 53, destinationPort: 2000 };
    const ends = { source: '198.51.100.1', destination: '192.0.2.1' };
    const frame = (flags: number, content: Uint8Array, sequence: number): WrittenPacket =>
      packetOf(ethernet({}, ipv4(ends, tcp({ ...ports, flags, sequence }, content))).bytes, 3);
    const asked = opening(0, question, 53, { source: ends.destination, destination: ends.source });
    const answered = [frame(SYN | ACK, new Uint8Array(0), 500), frame(PSH | ACK, answer, 501)];
    const observer = new Listening(DOMAINS);
    await engineOf([asked[0], answered[0], asked[1], answered[1]], observer);
    return observer.said.map((text) => text.slice(0, 4));
  }

  it('are told of as messages, and the connection is not heard', async () => {
    const plain = framed(message('www.other'));
    expect(await said(plain, framed(message('www.other', 'cdn.other')))).toEqual([]);
    expect(await said(plain, framed(message('www.other', 'pool-1.example')))).toEqual(['dns:']);
    const named = framed(message('pool-1.example'));
    expect(await said(named, framed(message('pool-1.example', 'cdn.other')))).toEqual(['dns:', 'dns:']);
  });

  it('are heard from the answer on if that needs more than a segment', async () => {
    const part = framed(message('www.other', 'pool-1.example')).subarray(0, 30);
    expect(await said(framed(message('www.other')), part)).toEqual(['flow', 'flow']);
  });
});

/** A connection whose client opens with this. */
function opening(
  i: number,
  payload: Uint8Array,
  destinationPort = 443,
  ends: Parameters<typeof ipv4>[0] = {},
): WrittenPacket[] {
  const ports = { sourcePort: 2000 + i, destinationPort };
  const frame = (flags: number, sequence: number, content: Uint8Array): WrittenPacket =>
    packetOf(ethernet({}, ipv4(ends, tcp({ ...ports, flags, sequence }, content))).bytes, i);
  return [frame(SYN, 100, new Uint8Array(0)), frame(PSH | ACK, 101, payload)];
}

describe('the first payload of a connection', () => {
  const hello = (
    name: string,
    ...more: Parameters<typeof clientHelloMessage>[0]['extensions'][number][]
  ): Uint8Array =>
    records(
      22,
      clientHelloMessage({
        ciphers: [0x1301],
        extensions: [...(name === '' ? [] : [extension.serverName(name)]), ...more],
      }),
    );
  const cases = [
    { name: 'of the web, to nobody of ours', payload: hello('www.other', extension.alpn('h2')), said: [] },
    {
      name: 'of the web, to one of ours',
      payload: hello('pool-1.example', extension.alpn('h2')),
      said: ['opens as plain'],
    },
    // These two are kept in case that something asks for them (test/survey/handshake.test.ts).
    { name: 'without protocols, to nobody of ours', payload: hello('www.other'), said: [] },
    { name: 'without a name', payload: hello('', extension.alpn('h2')), said: [] },
    {
      name: 'that visits nobody of ours',
      payload: Buffer.from('GET / HTTP/1.1\r\nHost: www.other\r\n\r\n'),
      said: [],
    },
    {
      name: 'that visits one of ours',
      payload: Buffer.from('GET / HTTP/1.1\r\nhost: EU.pool-1.example:80\r\n\r\n'),
      said: ['lane 0 visits EU.pool-1.example'],
    },
    {
      name: 'of another program than a browser',
      payload: Buffer.from('GET / HTTP/1.1\r\nHost: www.other\r\nUser-Agent: miner/1\r\n\r\n'),
      said: [],
    },
    {
      name: 'of WebDAV',
      payload: Buffer.from('PROPFIND /a HTTP/1.1\r\nHost: www.other\r\nContent-Length: 9\r\n\r\n<?xml ...'),
      said: [],
    },
    {
      name: 'of a form',
      payload: Buffer.from('POST /a HTTP/1.1\r\nHost: www.other\r\nContent-Length: 3\r\n\r\na=1'),
      said: [],
    },
    {
      name: 'with a body that comes later',
      payload: Buffer.from('POST /a HTTP/1.1\r\nHost: www.other\r\nContent-Length: 3\r\n\r\n'),
      said: ['opens as plain'],
    },
    {
      name: 'with an object as its body',
      payload: Buffer.from('POST /a HTTP/1.1\r\nHost: www.other\r\nContent-Length: 3\r\n\r\n {}'),
      said: ['opens as plain'],
    },
    {
      name: 'with a body that is packed',
      payload: Buffer.from('POST / HTTP/1.1\r\nContent-Length: 3\r\nContent-Encoding: gzip\r\n\r\nabc'),
      said: ['opens as plain'],
    },
    {
      name: 'that becomes a WebSocket',
      payload: Buffer.from('GET / HTTP/1.1\r\nHost: www.other\r\nUpgrade: websocket\r\n\r\n'),
      said: ['opens as plain'],
    },
    { name: 'of RTSP', payload: Buffer.from('OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n'), said: [] },
    {
      name: 'of a tunnel',
      payload: Buffer.from('CONNECT a:3333 HTTP/1.1\r\n\r\n'),
      said: ['opens as plain'],
    },
    { name: 'of a mailbox', payload: Buffer.from('CAPABILITY\r\n'), said: [] },
    { name: 'of a batch', payload: Buffer.from('[ {"id":1}]'), said: ['opens as plain'] },
    { name: 'of a list', payload: Buffer.from('[1,2]'), said: [] },
    { name: 'of SOCKS 5', payload: Buffer.of(5, 1, 0), said: ['opens as plain'] },
    { name: 'of SOCKS 5, its answer first', payload: Buffer.of(5, 0), said: ['opens as plain'] },
    { name: 'of a 5 alone', payload: Buffer.of(5, 0x7f), said: [] },
    {
      name: 'of SOCKS 4, its answer first',
      payload: Buffer.of(0, 0x5a, 0x0d, 5, 10, 0, 0, 1),
      said: ['opens as plain'],
    },
    { name: 'of a frame of Stratum V2', payload: Buffer.of(0, 0, 0, 9, 0, 0), said: ['opens as plain'] },
    { name: 'of a number', payload: Buffer.of(0, 0x9c, 0, 1, 0x1a, 0x2b, 0x3c), said: [] },
    { name: 'of a proxy', payload: Buffer.from('\r\n\r\n\0\r\nQUIT\n!'), said: ['opens as plain'] },
    { name: 'of an empty line', payload: Buffer.from('\r\n'), said: [] },
    { name: 'of an object behind an empty line', payload: Buffer.from('\r\n{"'), said: ['opens as plain'] },
    {
      name: 'that asks for what miners poll',
      payload: Buffer.from('GET /getheight?a=1 HTTP/1.1\r\nHost: www.other\r\n\r\n'),
      said: ['opens as plain'],
    },
    {
      name: 'that says more than it asks',
      payload: Buffer.from('GET / HTTP/1.1\r\nHost: www.other\r\nContent-Length: 4\r\n\r\n'),
      said: ['opens as plain'],
    },
  ];
  it.each(cases)('$name', async ({ payload, said }) => {
    const observer = new Listening(DOMAINS, () => 'mining', ['/getheight']);
    await engineOf(opening(0, payload), observer);
    const openings = observer.said.filter((text) => /opens|visits/.test(text));
    expect(openings.map((text) => text.replace('flow 0 ', ''))).toEqual(said);
  });
});

describe('a request in several segments', () => {
  const head = 'GET /a HTTP/1.1\r\nHost: www.other\r\nAccept: text/html\r\n';
  /** What is told of a connection whose client says these, each in a segment of its own. */
  async function said(...texts: readonly string[]): Promise<string[]> {
    const packets = opening(0, Buffer.from(texts[0]));
    let sequence = 101 + texts[0].length;
    for (const text of texts.slice(1)) {
      const ports = { sourcePort: 2000, destinationPort: 443 };
      const frame = tcp({ ...ports, flags: PSH | ACK, sequence }, Buffer.from(text));
      packets.push(packetOf(ethernet({}, ipv4({}, frame)).bytes, packets.length));
      sequence += text.length;
    }
    const observer = new Listening(DOMAINS, () => 'mining', ['/getheight']);
    await engineOf(packets, observer);
    return observer.said;
  }

  it('is told of if it is not plain, from its first segment on', async () => {
    const texts = [head, 'Upgrade: ', 'websocket\r\n', '\r\n'];
    const observed = texts.map((text) => `flow 0 lane 0: ${text}`);
    expect(await said(...texts)).toEqual(['flow 0 opens as plain', ...observed]);
    expect(await said('GE', 'T /getheight HTTP/1.1\r\n')).toEqual([
      'flow 0 opens as plain',
      'flow 0 lane 0: GE',
      'flow 0 lane 0: T /getheight HTTP/1.1\r\n',
    ]);
  });

  it('is nobody’s business otherwise', async () => {
    expect(await said(head, 'Cookie: ', 'a=1', '\r\n\r\n')).toEqual([]);
    expect(await said(head, 'Cookie: ', `${'a'.repeat(4000)}\r\n\r\n`)).toEqual([]);
  });

  it('is heard as far as it goes if its end does not come', async () => {
    expect(await said(head)).toEqual(['flow 0 opens as plain', `flow 0 lane 0: ${head}`]);
  });

  it('is heard if there is no room for it', async () => {
    expect(await said(head, 'a'.repeat(4000), 'a'.repeat(4000))).toHaveLength(4);
    expect(await said(...Array.from('GET /a HTTP/1.1\r\nHost: www.other\r\n\r\n'))).toContain(
      'flow 0 opens as plain',
    );
  });

  it('is looked at behind others on the same connection', async () => {
    const visit = `${head}\r\n`;
    expect(await said(visit, visit, 'GET /b HTTP/1.1\r\n', '\r\n')).toEqual([]);
    for (const [first, ...rest] of [
      ['GET /getheight HTTP/1.1\r\n\r\n'],
      ['POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}'],
      ['GET / HTTP/1.1\r\n', 'Upgrade: websocket\r\n\r\n'],
    ]) {
      const observed = [first, ...rest].map((text) => `flow 0 lane 0: ${text}`);
      expect(await said(visit, first, ...rest)).toEqual(['flow 0 opens as plain', ...observed]);
    }
  });
});

describe('a tunnel through a proxy', () => {
  const asks = (host: string): string => `CONNECT ${host}:443 HTTP/1.1\r\nHost: ${host}\r\n\r\n`;
  const AGREES = 'HTTP/1.1 200 Connection established\r\n\r\n';
  const hello = (...more: Parameters<typeof clientHelloMessage>[0]['extensions'][number][]): Buffer =>
    Buffer.from(
      records(
        22,
        clientHelloMessage({ ciphers: [0x1301], extensions: [extension.serverName('www.other'), ...more] }),
      ),
    );
  const web = hello(extension.alpn('h2'));

  /** What is told of a connection on which client (even) and proxy (odd) say these in turn. */
  async function said(...turns: readonly (string | Uint8Array)[]): Promise<string[]> {
    const ends = [
      { ip: '192.0.2.1', port: 2000 },
      { ip: '198.51.100.1', port: 8080 },
    ] as const;
    const next = [101, 501];
    const frame = (direction: number, flags: number, sequence: number, content: Uint8Array, i: number) => {
      const [from, to] = direction === 0 ? ends : [ends[1], ends[0]];
      const segment = tcp({ sourcePort: from.port, destinationPort: to.port, flags, sequence }, content);
      return packetOf(ethernet({}, ipv4({ source: from.ip, destination: to.ip }, segment)).bytes, i);
    };
    const none = new Uint8Array(0);
    const packets = [frame(0, SYN, 100, none, 0), frame(1, SYN | ACK, 500, none, 1)];
    for (const [i, turn] of turns.entries()) {
      const bytes = typeof turn === 'string' ? Buffer.from(turn) : turn;
      if (bytes.length > 0) packets.push(frame(i % 2, PSH | ACK, next[i % 2] ?? 0, bytes, i + 2));
      next[i % 2] = (next[i % 2] ?? 0) + bytes.length;
    }
    const observer = new Listening(DOMAINS, () => 'mining');
    await engineOf(packets, observer);
    return observer.said.map((text) => text.slice(7, 30));
  }

  it('is nobody’s business if the client speaks TLS of the web in it', async () => {
    expect(await said(asks('www.other'), AGREES, web)).toEqual([]);
    expect(await said(asks('www.other'), AGREES, web.subarray(0, 60), '', web.subarray(60))).toEqual([]);
  });

  it('is heard from its request on otherwise', async () => {
    for (const inside of ['{"id":1}', hello(), web.subarray(0, 60)]) {
      const told = await said(asks('www.other'), AGREES, inside);
      expect(told.map((text) => text.slice(0, 7))).toEqual(['opens a', 'lane 0:', 'lane 1:', 'lane 0:']);
    }
    for (const answer of ['HTTP/1.1 407 No\r\n\r\n', `${AGREES}{`]) {
      expect(await said(asks('www.other'), answer, web)).toHaveLength(4);
    }
    expect(await said(asks('eu.pool-1.example'), AGREES, web)).toHaveLength(4);
    expect(await said(`${asks('www.other')}{`, AGREES, web)).toHaveLength(4);
  });
});
