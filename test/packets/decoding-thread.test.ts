/**
 * Captures that another thread decodes: the tap must not be able to tell, whatever the packets are, and whatever happens
 * to the thread.
 */
import { closeSync, openSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DecodingThread } from '../../src/packets/thread/decoding-thread.ts';
import { STATE } from '../../src/packets/thread/slots.ts';
import { sniffCapture } from '../../src/readers/pcap/reader.ts';
import { threadProgram } from '../../src/thread-program.ts';
import { type WrittenPacket, writePcap, writePcapng } from '../support/capture-writer.ts';
import {
  ACK,
  ethernet,
  FIN,
  ipv4,
  ipv4Fragments,
  ipv6,
  type Layer,
  PSH,
  SYN,
  tcp,
  udp,
  vxlan,
} from '../support/packet-builder.ts';
import { random } from '../support/random.ts';
import { heardBy, newTap, readHere, readInStep, type Times } from '../support/tap-hearing.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
let files = 0;

function write(bytes: Uint8Array): string {
  const file = path.join(folder, `capture-${files++}`);
  writeFileSync(file, bytes);
  return file;
}

async function readThere(thread: DecodingThread, captures: readonly Uint8Array[], times: Times = {}) {
  const { tap, observer } = newTap(times);
  const inputs = [];
  for (const [ordinal, bytes] of captures.entries()) {
    tap.input = ordinal;
    const file = openSync(write(bytes), 'r');
    try {
      const kind = sniffCapture(bytes) ?? 'pcap';
      const read = await thread.read({ kind, file, hash: false }, tap, () => true);
      if (read === null) throw new Error('the thread did not start');
      const { packets, firstUs, lastUs, damage } = read;
      inputs.push({ packets, firstUs, lastUs, damage });
    } finally {
      closeSync(file);
    }
  }
  return { inputs, heard: heardBy(tap, observer) };
}

const START_US = 1_700_000_000e6;
const LOGIN = '{"id":1,"method":"login","params":{"login":"4A","pass":"x"}}\n';

function at(index: number, layer: Layer, linkType = 1): WrittenPacket {
  return { timeUs: START_US + index * 250.25, linkType, bytes: layer.bytes };
}

/** Talks of many hosts over IPv4 and IPv6: with handshake and without, that may be mining and that are not. */
function manyTalks(seed: number, packets: number): WrittenPacket[] {
  const { below: pick } = random(seed);
  return Array.from({ length: packets }, (_, i) => {
    const host = pick(60);
    const up = pick(2) === 0;
    const wide = host % 3 === 0;
    const [client, server] = wide
      ? [`2001:db8::${host + 1}`, '2001:db8:1::9']
      : [`10.0.0.${host}`, '203.0.113.9'];
    const ends = { source: up ? client : server, destination: up ? server : client };
    const ports = up
      ? { sourcePort: 40_000 + host, destinationPort: 3333 }
      : { sourcePort: 3333, destinationPort: 40_000 + host };
    const network = wide ? ipv6 : ipv4;
    const kind = pick(12);
    if (kind === 0)
      return at(i, ethernet({}, network(ends, udp({ sourcePort: 5000, destinationPort: 53 }, `name ${i}`))));
    if (kind === 1)
      return at(i, ethernet({}, network(ends, udp({ sourcePort: 5000, destinationPort: 443 }, 'quic'))));
    if (kind === 2) {
      const header = new Uint8Array(40);
      header[1] = [1, 5, 7, 9, 10][i % 5] ?? 0;
      return at(i, ethernet({}, network(ends, udp({ sourcePort: 5000, destinationPort: 2055 }, header))));
    }
    const flags = kind === 3 ? SYN : kind === 4 ? FIN | ACK : PSH | ACK;
    const content = kind === 3 || kind === 5 ? '' : kind < 9 ? LOGIN : Buffer.alloc(pick(900), i);
    return at(i, ethernet({}, network(ends, tcp({ ...ports, sequence: i * 1000, flags }, content))));
  });
}

/** The same, behind VLAN tags, cut, padded, with bytes changed; and packets of other kinds. */
function strange(seed: number, packets: number): WrittenPacket[] {
  const { below } = random(seed);
  return manyTalks(seed, packets).map((packet, i) => {
    let bytes = Buffer.from(packet.bytes);
    const ends = { source: '::ffff:10.0.0.1', destination: '2001:db8::1' };
    const other = below(20);
    if (other === 0) bytes = Buffer.from(ethernet({}, ipv6(ends, tcp({ sequence: i }, LOGIN))).bytes);
    if (other === 1) {
      const ports = { sourcePort: 7000, destinationPort: [4789, 2152, 8472, 1701, 6081][below(5)] ?? 0 };
      const inner = vxlan(ethernet({}, ipv4({}, tcp({ sequence: i }, 'tunnelled'))));
      bytes = Buffer.from(
        ethernet({}, below(2) === 0 ? ipv4({}, inner) : ipv4({}, udp(ports, Buffer.alloc(30, i)))).bytes,
      );
    }
    if (other === 2) bytes = Buffer.from(ethernet({}, ipv4({}, udp({ destinationPort: 9 }, ''))).bytes);
    for (let tags = [0, 0, 1, 1, 2][below(5)] ?? 0; tags > 0; tags--) {
      bytes = Buffer.concat([
        bytes.subarray(0, 12),
        Buffer.from([0x81, 0, 0, below(256)]),
        bytes.subarray(12),
      ]);
    }
    if (below(4) === 0) bytes = Buffer.concat([bytes, Buffer.alloc(below(20))]);
    if (below(4) === 0) bytes[below(Math.min(bytes.length, 90))] = below(256);
    const captured = below(5) === 0 ? below(bytes.length + 1) : bytes.length;
    return { ...packet, bytes: bytes.subarray(0, captured), wireBytes: bytes.length };
  });
}

describe('packets that another thread decodes', () => {
  let thread: DecodingThread;

  beforeEach(() => {
    const started = DecodingThread.start(threadProgram('decoding') ?? '');
    if (started === null) throw new Error('no thread');
    thread = started;
  });

  afterEach(() => thread.close());

  afterAll(() => rmSync(folder, { recursive: true }));

  it('reach the tap as they do without, over one file and over several', async () => {
    const talks = manyTalks(1, 12_000);
    const whole = [writePcap(talks, { nanoseconds: true })];
    const parts = [0, 1, 2].map((i) =>
      writePcap(talks.slice(i * 4000, (i + 1) * 4000), { littleEndian: i !== 1 }),
    );
    const other = [writePcapng(talks, { sections: 3, extras: true })];
    for (const captures of [whole, parts, other, [...parts, ...other]]) {
      const here = await readHere(captures);
      expect(await readThere(thread, captures)).toEqual(here);
      expect(here.heard.said.length).toBeGreaterThan(2000);
    }
  });

  it('may lie in files that were put one behind the other, each with its own clock and byte order', async () => {
    const talks = manyTalks(7, 9000);
    const part = (i: number) => talks.slice(i * 3000, (i + 1) * 3000);
    const together = Buffer.concat([
      writePcap(part(0)),
      writePcap(part(1), { nanoseconds: true }),
      writePcap(part(2), { littleEndian: false }),
    ]);
    const here = await readHere([together]);
    expect(here.inputs).toEqual([
      { packets: 9000, firstUs: START_US, lastUs: Math.floor(START_US + 8999 * 250.25), damage: [] },
    ]);
    expect(await readThere(thread, [together])).toEqual(here);
  });

  it('count where the time is asked for, and are heard in any case', async () => {
    const captures = [writePcap(manyTalks(2, 5000), { nanoseconds: true })];
    const times = { sinceUs: START_US + 300_000, untilUs: START_US + 900_000 };
    const here = await readHere(captures, times);
    expect(await readThere(thread, captures, times)).toEqual(here);
    expect(here.heard).not.toEqual((await readHere(captures)).heard);
  });

  it('may be fragments, more of them whole at once than there is room for, and over files', async () => {
    const datagrams = Array.from({ length: 12 }, (_, i) => {
      const ends = { source: `10.1.0.${i}`, destination: '203.0.113.9', id: i + 1 };
      const content = `${LOGIN}${'x'.repeat(60_000)}${i}`;
      return ipv4Fragments(
        ends,
        tcp({ sourcePort: 50_000 + i, destinationPort: 3333, flags: PSH | ACK }, content),
        59_992,
      );
    });
    const order = [...datagrams.map(([first]) => first), ...datagrams.map(([, last]) => last)];
    const packets = order.map((layer, i) => at(i, ethernet({}, layer as Layer)));
    for (const cut of [0, 12, 15]) {
      const captures = [packets.slice(0, cut), packets.slice(cut)].filter((part) => part.length > 0);
      const here = await readHere(captures.map((part) => writePcap(part)));
      const fresh = DecodingThread.start(threadProgram('decoding') ?? '') as DecodingThread;
      expect(
        await readThere(
          fresh,
          captures.map((part) => writePcap(part)),
        ),
      ).toEqual(here);
      await fresh.close();
      expect(here.heard.said.filter((line) => line.includes(LOGIN)).length).toBe(12);
    }
  });

  it('may lie behind records that are larger than a block, with more rows than a slot has', async () => {
    const large = {
      timeUs: START_US,
      linkType: 1,
      bytes: ethernet({ etherType: 0x88b5 }, new Uint8Array(3_000_000)).bytes,
    };
    const small = manyTalks(3, 200);
    const shortest = Array.from({ length: 60_000 }, (_, i) =>
      at(
        i,
        ethernet({}, ipv4({ source: '10.0.0.1', destination: '10.0.0.2' }, tcp({ sequence: i, flags: ACK }))),
      ),
    );
    const packets = [...small, large, ...small, large, large, ...shortest, large, ...small];
    const captures = [writePcap(packets, { snapLength: 4_000_000, nanoseconds: true }), writePcap(small)];
    const here = await readHere(captures);
    expect(await readThere(thread, captures)).toEqual(here);
  });

  it('may lie among many blocks that are larger than the slots', async () => {
    const { between } = random(31);
    const packets = Array.from({ length: 20 }, (_, i) => manyTalks(30 + i, 500)).flat();
    const secretsBytes = (index: number): number => (index % 250 === 249 ? between(350_000, 900_000) : 0);
    const captures = [writePcapng(packets, { secretsBytes })];
    const here = await readHere(captures);
    expect(await readThere(thread, captures)).toEqual(here);
    // The slots have their own blocks again: common packets are taken as ever.
    const after = [writePcap(manyTalks(60, 3000))];
    expect(await readThere(thread, after)).toEqual(await readHere(after));
  });

  it('may stand behind many places where footing is lost', async () => {
    const { between } = random(32);
    const filler = Array.from({ length: 9000 }, (_, i) =>
      at(
        i,
        ethernet({}, ipv4({ source: '10.0.0.1' }, tcp({ sequence: i, flags: ACK }, Buffer.alloc(1400, i)))),
      ),
    );
    const bytes = Buffer.from(writePcap(filler));
    const record = 16 + (filler[0]?.bytes.length ?? 0);
    for (let lost = 24 + 200 * record; lost < bytes.length; lost += between(300, 900) * record) {
      bytes.writeUInt32LE(0xffffffff, lost + 8);
    }
    const captures = [bytes, writePcap(manyTalks(33, 2000))];
    const here = await readHere(captures);
    expect(here.inputs[0]?.damage.length).toBeGreaterThan(0);
    expect(await readThere(thread, captures)).toEqual(here);
  });

  it('may stand in damaged files', async () => {
    const whole = Buffer.from(writePcap(manyTalks(4, 4000), { nanoseconds: true }));
    const holed = Buffer.from(whole);
    fillAtRandom(holed.subarray(200_000, 300_000));
    const damaged = [
      new Uint8Array(0),
      whole.subarray(0, 10),
      whole.subarray(0, 24),
      whole.subarray(0, whole.length - 7),
      holed,
      Buffer.concat([whole.subarray(0, 100_000), Buffer.alloc(50_000, 0xff)]),
      Buffer.from('no capture at all, but text that somebody took for one'),
    ];
    expect(await readThere(thread, damaged)).toEqual(await readHere(damaged));
  });

  it('are read no further where nobody wants more', async () => {
    const talks = manyTalks(5, 5000);
    const packets = Array.from({ length: 24 }, () => talks).flat();
    const file = openSync(write(writePcap(packets)), 'r');
    const { tap } = newTap({});
    let blocks = 0;
    const read = await thread.read({ kind: 'pcap', file, hash: true }, tap, () => ++blocks < 3);
    closeSync(file);
    expect(blocks).toBe(3);
    expect(tap.packets).toBeGreaterThan(0);
    expect(read?.packets).toBeGreaterThan(tap.packets - 1);
    expect(read?.packets).toBeLessThan(packets.length);
    expect(read?.sha256).toBeNull();
    // The thread is fit for the next one.
    const captures = [writePcap(manyTalks(6, 500))];
    expect((await readThere(thread, captures)).heard.flows).toEqual((await readHere(captures)).heard.flows);
  });

  it('can be let go amid a reading, while the thread waits for room', async () => {
    const talks = manyTalks(8, 5000);
    const file = openSync(write(writePcap(Array.from({ length: 24 }, () => talks).flat())), 'r');
    const broken = () => {
      throw new Error('nobody reads on');
    };
    await expect(thread.read({ kind: 'pcap', file, hash: false }, newTap({}).tap, broken)).rejects.toThrow(
      'nobody reads on',
    );
    await thread.close();
    closeSync(file);
  });

  it('keep their flows where the thread numbers them anew', async () => {
    const talks = manyTalks(7, 3000);
    const captures = Array.from({ length: 30 }, (_, i) => writePcap(talks.slice(i * 100, (i + 1) * 100)));
    const { heard } = readInStep(captures, { mostKeys: 25 });
    expect(heard).toEqual((await readHere(captures)).heard);
  });
});

describe('packets that the program takes', () => {
  it('are most of what a capture holds', () => {
    const { share } = readInStep([writePcap(manyTalks(11, 800))]);
    expect(share).toBeGreaterThan(0.8);
  });

  it('are read as all others are, whatever is wrong with them', async () => {
    for (const seed of [12, 13, 14, 15]) {
      const captures = Array.from({ length: 12 }, (_, i) =>
        writePcap(strange(100 * seed + i, 500), { nanoseconds: seed % 2 === 0, littleEndian: i !== 5 }),
      );
      const times = seed === 15 ? { sinceUs: START_US + 20_000, untilUs: START_US + 90_000.5 } : {};
      const here = await readHere(captures, times);
      const { inputs, heard, share } = readInStep(captures, { times });
      expect(heard).toEqual(here.heard);
      expect(inputs).toEqual(here.inputs);
      expect(share).toBeGreaterThan(0.4);
    }
  });

  it.each([
    ['microseconds', {}, 0.8],
    ['nanoseconds', { resolution: 9 }, 0.8],
    ['sections in both byte orders', { sections: 4, littleEndian: [true, false, true] }, 0.3],
    [
      'blocks of all kinds, and others between',
      { extras: true, blocks: ['enhanced', 'simple', 'obsolete'] },
      0.2,
    ],
    ['an interface whose number is not the first', { idleInterfaces: 2, extras: true }, 0.8],
    ['a clock with powers of two', { resolution: 0x94 }, 0],
    ['a clock with an offset', { offsetSeconds: 3600 }, 0],
    ['a coarse clock', { resolution: 3 }, 0],
  ] as const)('may lie in blocks of pcapng, with %s', async (_what, options, least) => {
    for (const seed of [21, 22]) {
      const captures = [
        ...Array.from({ length: 4 }, (_, i) => writePcapng(strange(100 * seed + i, 400), options)),
        writePcapng(manyTalks(seed, 800), options),
      ];
      const here = await readHere(captures);
      const { inputs, heard, share } = readInStep(captures);
      expect(inputs).toEqual(here.inputs);
      expect(heard).toEqual(here.heard);
      expect(share).toBeGreaterThanOrEqual(least * 0.7);
    }
  });

  it('may be of interfaces of several kinds, by turns', async () => {
    const talks = manyTalks(23, 3000).map((packet, i) => {
      const raw = { ...packet, linkType: 101, bytes: packet.bytes.subarray(14) };
      return i % 7 === 3 || (i > 1000 && i < 1200) ? raw : packet;
    });
    const captures = [writePcapng(talks.slice(0, 1500)), writePcapng(talks.slice(1500), { resolution: 9 })];
    const here = await readHere(captures);
    const { inputs, heard, share } = readInStep(captures);
    expect(inputs).toEqual(here.inputs);
    expect(heard).toEqual(here.heard);
    expect(share).toBeGreaterThan(0.4);
  });

  it('may lie in damaged pcapng, and have any time', async () => {
    const { below } = random(24);
    const captures = Array.from({ length: 60 }, (_, i) => {
      const bytes = writePcapng(manyTalks(300 + i, 120), i % 2 === 0 ? {} : { resolution: 9 });
      for (let flips = below(5); flips > 0; flips--) bytes[below(bytes.length)] = below(256);
      // Times of some packets, their high words too.
      for (let flips = below(3); flips > 0; flips--) bytes[140 + below(400)] = below(256);
      return bytes;
    });
    const here = await readHere(captures);
    const { inputs, heard } = readInStep(captures);
    expect(inputs).toEqual(here.inputs);
    expect(heard).toEqual(here.heard);
  });

  it('may be of files with damage anywhere', async () => {
    const { below } = random(16);
    const captures = Array.from({ length: 60 }, (_, i) => {
      const bytes = writePcap(manyTalks(200 + i, 120));
      for (let flips = below(4); flips > 0; flips--) bytes[24 + below(bytes.length - 24)] = below(256);
      return bytes;
    });
    const here = await readHere(captures);
    const { inputs, heard } = readInStep(captures);
    expect(inputs).toEqual(here.inputs);
    expect(heard).toEqual(here.heard);
  });
});

describe('a thread that fails', () => {
  const program = (code: string): string => {
    const file = path.join(temporaryFolder(), 'program.cjs');
    writeFileSync(file, code);
    return file;
  };
  const reading = { kind: 'pcap', file: 0, hash: false } as const;

  it('at its start has read nothing, and says so', async () => {
    for (const code of ['throw new Error("no")', 'process.exit(3)', '']) {
      const thread = DecodingThread.start(program(code));
      expect(await thread?.read(reading, newTap({}).tap, () => true)).toBeNull();
      expect(thread?.isGone).toBe(true);
      await thread?.close();
    }
  });

  it('before it was taken over has read nothing either', async () => {
    const worker = new Worker(program('process.exit(1)'));
    await new Promise((resolve) => worker.once('exit', resolve));
    const thread = new DecodingThread(worker);
    expect(await thread.read(reading, newTap({}).tap, () => true)).toBeNull();
    await thread.close();
  });

  it('amid a reading is an error', async () => {
    const code = `const { parentPort } = require('node:worker_threads');
      parentPort.on('message', (order) => {
        if (order.what !== 'begin') process.exit(7);
        const control = new Int32Array(order.slots.control);
        control[${STATE}] = 1;
      });`;
    const thread = DecodingThread.start(program(code));
    await expect(thread?.read(reading, newTap({}).tap, () => true)).rejects.toThrow('it ended with 7');
    await thread?.close();
  });
});

function fillAtRandom(bytes: Uint8Array): void {
  const { below } = random(9);
  for (let i = 0; i < bytes.length; i++) bytes[i] = below(256);
}
