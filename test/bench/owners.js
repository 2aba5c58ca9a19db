/**
 * What the look-up of owners adds to a scan. `node test/bench/owners.js [--addresses N] [--runs N] [--captures LIST]`
 * Three captures of 200,000 addresses, drawn over the whole of IPv4: `ordinary`, web connections, of which one in a
 * hundred is a session with a pool; `mining`, one in ten is; `probes`, every address tries a pool and gets no answer:
 * one packet each, and every address is reported, the worst case that there can be. Each is scanned as it ships and
 * with a book of owners that opens nothing and knows nobody, in turns, each run in a process of its own. Medians of
 * wall time and CPU time of all threads; printing is left out.
 * 25 November 2026, two busy cores of a Xeon, Node.js 20.20, CPU time: ordinary 4.52 s and 4.4 % more with owners, mining
 * 20.9 s and 2.1 % more, probes 14.8 s and 6.5 % more (0.8 s for 200,000 look-ups).
 */
import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { cpus } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { runnerImport } from 'vite';
import { TEXTS } from '../../bin/shipped.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const { values } = parseArgs({
  options: {
    addresses: { type: 'string', default: '200000' },
    runs: { type: 'string', default: '7' },
    captures: { type: 'string', default: 'ordinary,mining,probes' },
    folder: { type: 'string', default: path.join(ROOT, '.cache', 'owners') },
  },
});
const ADDRESSES = Number(values.addresses);
const RUNS = Number(values.runs);
const FOLDER = path.resolve(values.folder);
const POOL = '203.0.113.10:3333';
const START_US = 1_760_000_000_000_000;
/** First octets of unicast space without private networks. */
const SPACES = Array.from({ length: 222 }, (_, i) => i + 1).filter(
  (octet) => ![10, 127, 172, 192].includes(octet),
);
/** Where the client's address is filled in: 192.0.2.1 in both directions. */
const CLIENT = Buffer.from([192, 0, 2, 1]);

/** A book of owners that opens nothing and knows nobody. */
const NOBODY = `
  const owner = {
    class: 'unknown', name: null, asn: null, country: null, region: null, city: null, department: null, contact: null,
    source: null, confidence: null, rule: null, answers: [],
  };
  export async function openOwnerBook() {
    return { ownerOf: () => owner, ownerThrough: () => owner, sources: () => [], ageWarnings: () => [] };
  }
`;

mkdirSync(FOLDER, { recursive: true });
const { conversation, random } = await support();
const captures = values.captures.split(',').map((name) => [name, writeCapture(name)]);
const programs = { with: await program('with'), without: await program('without') };
console.log(`machine  ${cpus()[0]?.model ?? 'unknown CPU'}, node ${process.version}, ${ADDRESSES} addresses`);
for (const [name, file] of captures) {
  const results = { with: [], without: [] };
  for (let run = 0; run < RUNS; run++) {
    for (const side of run % 2 === 0 ? ['with', 'without'] : ['without', 'with']) {
      results[side].push(measure(programs[side], file));
    }
  }
  const median = (side, figure) => {
    const sorted = results[side].map((result) => result[figure]).sort((a, b) => a - b);
    return sorted[Math.floor(sorted.length / 2)];
  };
  const added = (figure) => ((median('with', figure) / median('without', figure) - 1) * 100).toFixed(1);
  const [{ hosts, known }] = results.with;
  console.log(
    `${name.padEnd(9)}${(statSync(file).size / 1e6).toFixed(0)} MB, ${hosts} hosts reported, ${known} with an owner; ` +
      `CPU ${median('with', 'cpu').toFixed(2)} s with, ${median('without', 'cpu').toFixed(2)} s without: +${added('cpu')} %; ` +
      `wall ${median('with', 'wall').toFixed(2)} s, ${median('without', 'wall').toFixed(2)} s: +${added('wall')} %`,
  );
}
rmSync(FOLDER, { recursive: true, force: true });

/** One scan in a process of its own. */
function measure(file, capture) {
  const child = spawnSync(process.execPath, ['--max-old-space-size=6000', file, capture], {
    encoding: 'utf8',
  });
  if (child.status !== 0) throw new Error(child.stderr);
  return JSON.parse(child.stdout);
}

/** The engine with a main of our own; `without`, its book of owners is replaced. */
async function program(side) {
  const outfile = path.join(ROOT, 'dist', `bench-owners-${side}.mjs`);
  const main = `
    import { scan } from ${JSON.stringify(path.join(ROOT, 'src', 'scan.ts'))};
    const begun = performance.now();
    const used = process.cpuUsage();
    const audit = await scan({
      inputs: [process.argv[2]], local: [], poolFiles: [], allowFile: null, hash: false, sinceUs: null, untilUs: null,
      inputFormat: null, signal: new AbortController().signal,
    });
    const { user, system } = process.cpuUsage(used);
    const known = audit.hosts.filter(({ owner }) => owner.asn !== null).length;
    const wall = (performance.now() - begun) / 1000;
    console.log(JSON.stringify({ hosts: audit.hosts.length, known, wall, cpu: (user + system) / 1e6 }));
  `;
  const nobody = {
    name: 'nobody',
    setup: (builder) => {
      builder.onLoad({ filter: /owners[\\/]book\.ts$/ }, () => ({ contents: NOBODY, loader: 'ts' }));
    },
  };
  await build({
    stdin: { contents: main, resolveDir: ROOT, loader: 'ts' },
    loader: TEXTS,
    ...{ bundle: true, format: 'esm', platform: 'node', target: 'node20', packages: 'external' },
    ...{ outfile, logLevel: 'error', plugins: side === 'without' ? [nobody] : [] },
  });
  process.on('exit', () => rmSync(outfile, { force: true }));
  return outfile;
}

async function support() {
  const load = async (file) =>
    (await runnerImport(path.join(ROOT, 'test', 'support', file), { configFile: false, logLevel: 'error' }))
      .module;
  const [talk, draw] = [await load('conversation.ts'), await load('random.ts')];
  return { conversation: talk.conversation, random: draw.random };
}

/** Packets of one address, as ever: the client's address and the times are put in for each. */
function template(kind) {
  const ends = {
    miner: '192.0.2.1:40000',
    pool: kind === 'web' ? '198.51.100.7:443' : POOL,
    startUs: START_US,
  };
  const said = conversation(ends);
  if (kind === 'probe') return said.connect().toPackets().slice(0, 1);
  said.connect();
  if (kind === 'web') {
    for (let turn = 0; turn < 4; turn++) {
      said.minerSays(Buffer.alloc(180, 0x17)).poolSays(Buffer.alloc(1300, 0x17)).after(0.1);
    }
    return said.close().toPackets();
  }
  const job = (id) => ({
    id: null,
    method: 'mining.notify',
    params: [
      id,
      'a1'.repeat(32),
      '01000000010000',
      'ffffffff01',
      [],
      '20000000',
      '170e2632',
      '615e6000',
      true,
    ],
  });
  said
    .minerSays({ id: 1, method: 'mining.subscribe', params: ['cgminer/4.9.0'] })
    .poolReplies({ result: [[['mining.notify', 'a6']], '5e0a11c7', 4], error: null })
    .minerSays({ id: 2, method: 'mining.authorize', params: ['farm.rack7', 'x'] })
    .poolReplies({ result: true, error: null })
    .poolSays({ id: null, method: 'mining.set_difficulty', params: [512] }, job('1a'))
    .after(9)
    .minerSays({
      id: 3,
      method: 'mining.submit',
      params: ['farm.rack7', '1a', '00000001', '615e6001', 'a1b2c3d4'],
    })
    .poolReplies({ result: true, error: null });
  return said.close().toPackets();
}

/** A capture in which each address runs its template once, a thousand of them at a time. */
function writeCapture(name) {
  const file = path.join(FOLDER, `${name}.pcap`);
  const draw = random(7);
  const descriptor = openSync(file, 'w');
  const [web, mine, probe] = [template('web'), template('mine'), template('probe')];
  const header = Buffer.alloc(24);
  header.writeUInt32LE(0xa1b2c3d4, 0);
  header.writeUInt32LE(0x0004_0002, 4);
  header.writeUInt32LE(262_144, 16);
  header.writeUInt32LE(1, 20);
  writeSync(descriptor, header);
  writeSync(
    descriptor,
    Buffer.concat(dnsAnswer().map((packet) => record(packet.bytes, START_US - 1_000_000))),
  );
  const taken = new Set();
  for (let first = 0; first < ADDRESSES; first += 1000) {
    const events = [];
    for (let i = first; i < Math.min(first + 1000, ADDRESSES); i++) {
      let address;
      do address = (draw.pick(SPACES) * 2 ** 24 + draw.below(2 ** 24)) >>> 0;
      while (taken.has(address));
      taken.add(address);
      const packets = name === 'probes' ? probe : i % (name === 'mining' ? 10 : 100) === 0 ? mine : web;
      const shiftUs = (first / 1000) * 12e6 + draw.below(10e6);
      for (const packet of packets) events.push({ timeUs: packet.timeUs + shiftUs, packet, address });
    }
    events.sort((a, b) => a.timeUs - b.timeUs);
    writeSync(
      descriptor,
      Buffer.concat(
        events.map(({ timeUs, packet, address }) => record(withClient(packet.bytes, address), timeUs)),
      ),
    );
  }
  closeSync(descriptor);
  return file;
}

/** The frame with another client; checksums stay as they were, as with checksum offload. */
function withClient(bytes, address) {
  const copy = Buffer.from(bytes);
  const at = copy.compare(CLIENT, 0, 4, 26, 30) === 0 ? 26 : 30;
  copy.writeUInt32BE(address, at);
  return copy;
}

function record(bytes, timeUs) {
  const whole = Buffer.alloc(16 + bytes.length);
  whole.writeUInt32LE(Math.floor(timeUs / 1e6), 0);
  whole.writeUInt32LE(Math.floor(timeUs % 1e6), 4);
  whole.writeUInt32LE(bytes.length, 8);
  whole.writeUInt32LE(bytes.length, 12);
  whole.set(bytes, 16);
  return whole;
}

/** The answer that names the pool's address: Ethernet, IPv4, UDP, DNS. */
function dnsAnswer() {
  const name = Buffer.concat(
    ['stratum', 'f2pool', 'com'].flatMap((label) => [Buffer.from([label.length]), Buffer.from(label)]),
  );
  const dns = Buffer.concat([
    Buffer.from([0, 1, 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0]),
    ...[name, Buffer.from([0, 0, 1, 0, 1])],
    Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 1, 44, 0, 4, 203, 0, 113, 10]),
  ]);
  const frame = Buffer.alloc(42 + dns.length);
  frame.writeUInt16BE(0x0800, 12);
  frame[14] = 0x45;
  frame.writeUInt16BE(28 + dns.length, 16);
  frame[22] = 64;
  frame[23] = 17;
  frame.set([198, 51, 100, 53, 198, 51, 100, 1], 26);
  frame.writeUInt16BE(53, 34);
  frame.writeUInt16BE(40_000, 36);
  frame.writeUInt16BE(8 + dns.length, 38);
  frame.set(dns, 42);
  return [{ bytes: frame }];
}
