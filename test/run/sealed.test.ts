/**
 * Shares of sessions that nobody can read, counted: plain captures with known truth are sealed, and what is counted then is
 * compared with the truth. How the records are cut, and where the capture begins, must not matter.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Audit, AuditSession } from '../../src/audit/audit.ts';
import { auditProblem } from '../../src/audit/schema.ts';
import { renderExplanation } from '../../src/report/explain/explain.ts';
import { renderAudit } from '../../src/report/index.ts';
import type { ScanOptions } from '../../src/scan.ts';
import type { CapturedPacket } from '../support/capture-reader.ts';
import { mergeAll, scanParts } from '../support/merging.ts';
import { LOOK_ALIKES, MINERS, mining, NOISE_MINERS, noiseMining } from '../support/opaque-talk.ts';
import { type Line, plainLines } from '../support/plain-lines.ts';
import { random } from '../support/random.ts';
import { scanInputs } from '../support/scanning.ts';
import { writeCapture } from '../support/split.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { noise, plainHello, type Sealed, type SealedOptions, sealedPackets } from '../support/tls.ts';
import { FIXTURES } from '../support/truth.ts';

const folder = temporaryFolder();
const NAME = 'xmr.pool.lab.example';
/** What a record of TLS 1.3 adds to its content (RFC 8446 5.2). */
const TLS_13 = 17;
let files = 0;

/** Scans what goes to a listed pool. */
async function scanned(
  packets: readonly CapturedPacket[],
  options: Partial<ScanOptions> = {},
): Promise<Audit> {
  const pools = path.join(folder, 'pools.txt');
  writeFileSync(pools, `${NAME}:443\n`);
  const capture = writeCapture(folder, `sealed-${++files}`, packets);
  const audit = await scanInputs([capture], { poolFiles: [pools], ...options });
  expect(auditProblem(audit)).toBeNull();
  return audit;
}

type Seen = NonNullable<AuditSession['sharesSeen']>;

async function seen(said: readonly Sealed[], options: SealedOptions = {}): Promise<Seen> {
  const { sessions } = await scanned(sealedPackets(said, random(3), { hello: plainHello(NAME), ...options }));
  const [found] = sessions.map(({ sharesSeen }) => sharesSeen ?? null);
  if (found == null) throw new Error('nothing was counted');
  return found;
}

const counts = ({ submitted, accepted, rejected }: Seen): unknown => [submitted.central, accepted, rejected];
const sealing =
  (overhead: number) =>
  (lines: readonly Line[]): Sealed[] =>
    lines.map((line) => ({ ...line, bytes: line.bytes + overhead }));
const isShare = ({ text }: Line): boolean =>
  /"(?:method": ?"(?:mining\.submit|submit|eth_submitWork))"/.test(text);

/** File, connection, and what its truth file says of it. */
const CAPTURES: readonly (readonly [file: string, shares: number, accepted: number, rejected: number])[] = [
  ['cryptonote/xmr-plain-vardiff.pcap', 23, 21, 2],
  ['cryptonote/xmr-many-shares.pcap', 156, 151, 5],
  ['ethereum/eth-nicehash.pcap', 41, 38, 3],
  ['equihash/zec-zip301.pcap', 44, 40, 4],
  ['stratum-v1/btc-minerd.pcap', 35, 33, 2],
];
const linesOf = (file: string): readonly Line[] => plainLines(path.join(FIXTURES, file))[0] ?? [];

describe('shares of a sealed session', () => {
  it.each(CAPTURES)(
    'of %s are counted as they were submitted: %i',
    async (file, shares, accepted, rejected) => {
      const lines = linesOf(file);
      expect(lines.filter(isShare)).toHaveLength(shares);
      expect(counts(await seen(sealing(TLS_13)(lines)))).toEqual([shares, accepted, rejected]);
    },
  );

  it.each([
    ['with the records of TLS 1.2', sealing(24)],
    ['with those of TLS 1.2 and a block cipher', (lines: readonly Line[]) => sealing(0)(lines).map(inBlocks)],
    ['in frames of WebSocket', (lines: readonly Line[]) => sealing(TLS_13 + 8)(lines)],
    ['cut in two anywhere', (lines: readonly Line[]) => sealing(TLS_13)(lines).flatMap(cutAnywhere)],
    ['cut in halves', (lines: readonly Line[]) => sealing(TLS_13)(lines).flatMap(cutInHalves)],
    ['with two shares in some records', joinShares],
  ])('%s are the same', async (_, shape) => {
    const lines = linesOf('cryptonote/xmr-many-shares.pcap');
    expect(counts(await seen(shape(lines)))).toMatchObject([156, expect.any(Number), expect.any(Number)]);
  });

  it.each(CAPTURES)(
    'of %s are counted where padding leaves them apart, and not where it does not: %i',
    async (file, shares) => {
      const padded = (block: number): Sealed[] =>
        linesOf(file).map((line) => ({ ...line, bytes: Math.ceil((line.bytes + 1) / block) * block + 16 }));
      const { submitted, accepted, acceptedLow, rejected } = await seen(padded(32));
      expect(Math.abs(submitted.central / shares - 1)).toBeLessThan(0.03);
      expect([acceptedLow, accepted, rejected]).toEqual([0, submitted.central, 0]);
      for (const block of [256, 512]) {
        const talk = sealedPackets(padded(block), random(3), { hello: plainHello(NAME) });
        const { sessions } = await scanned(talk);
        expect(sessions.map((row) => [row.sharesSeen, row.sharesUncounted])).toEqual([[null, 'padded']]);
      }
    },
  );

  it.each([[['h2', 'http/1.1']], [['http/1.1']]])('are the same if the client offers %s', async (alpn) => {
    const lines = linesOf('cryptonote/xmr-many-shares.pcap');
    const hello = plainHello('www.office.example', alpn);
    expect(counts(await seen(sealing(TLS_13)(lines), { hello }))).toEqual([156, 151, 5]);
  });

  const name = Buffer.from(NAME);
  it.each([
    [
      'SOCKS5',
      [
        Uint8Array.of(5, 1, 0),
        Uint8Array.of(5, 0),
        Uint8Array.of(5, 1, 0, 3, name.length, ...name, 1, 187),
        Uint8Array.of(5, 0, 0, 1, 0, 0, 0, 0, 0, 0),
      ],
    ],
    [
      'an HTTP proxy',
      [
        Buffer.from(`CONNECT ${NAME}:443 HTTP/1.1\r\nHost: ${NAME}:443\r\n\r\n`),
        Buffer.from('HTTP/1.1 200 Connection established\r\n\r\n'),
      ],
    ],
  ])('behind %s are the same', async (_, before) => {
    const lines = linesOf('cryptonote/xmr-plain-vardiff.pcap');
    const packets = sealedPackets(sealing(TLS_13)(lines), random(3), { before, hello: plainHello(null) });
    const { sessions } = await scanned(packets);
    expect(
      sessions.map(({ sharesSeen, via }) => [sharesSeen && counts(sharesSeen), via.map(({ port }) => port)]),
    ).toEqual([[[23, 21, 2], [443]]]);
  });

  it('over WebSocket, which is asked for inside TLS, are the same', async () => {
    const lines = linesOf('cryptonote/xmr-plain-vardiff.pcap');
    const first = lines[0]?.at ?? 0;
    // RFC 6455 5.2: two bytes, two more for a length of 126 and above, four of the mask in what clients send.
    const framed = lines.map((line): Sealed => {
      const header = 2 + (line.bytes < 126 ? 0 : 2) + (line.from === 'client' ? 4 : 0);
      return { ...line, at: line.at + 0.2, bytes: line.bytes + header + TLS_13 };
    });
    const upgrade: Sealed[] = [
      { at: first, from: 'client', bytes: 214 + TLS_13 },
      { at: first + 0.05, from: 'server', bytes: 129 + TLS_13 },
    ];
    expect(counts(await seen([...upgrade, ...framed]))).toEqual([23, 21, 2]);
  });

  it('from the middle on are those of the rest, and what is first is no login', async () => {
    const all = linesOf('cryptonote/xmr-many-shares.pcap');
    const lines = all.slice(all.findIndex((line, i) => i >= 100 && isShare(line)));
    const packets = sealedPackets(sealing(TLS_13)(lines), random(1), { hello: null });
    // An acknowledgement without content may come long before.
    const acks = sealedPackets([], random(1))
      .slice(2, 3)
      .map((packet) => ({ ...packet, timeUs: packet.timeUs - 30_000_000 }));
    for (const begin of [[], acks]) {
      const { sessions } = await scanned([...begin, ...packets]);
      expect(sessions.map(({ sharesSeen }) => sharesSeen?.submitted.central)).toEqual([
        lines.filter(isShare).length,
      ]);
    }
  });

  it('are a range where they are few', async () => {
    const { submitted } = await seen(sealing(TLS_13)(linesOf('cryptonote/xmr-quiet-keepalive.pcap')));
    expect(submitted.low).toBeLessThanOrEqual(1);
    expect(submitted.high).toBeGreaterThanOrEqual(1);
  });

  it('are counted over a day, by the minute, with the times in which none came', async () => {
    const draw = random(9);
    const [kind] = MINERS;
    if (kind === undefined) throw new Error('no miner is known');
    const [first, second] = [mining(kind)(draw, 14_400), mining(kind)(draw, 14_400)];
    const said = [...first, ...second.map((each) => ({ ...each, at: each.at + 43_200 }))];
    const shares = said.filter(({ from }) => from === 'client').length;
    const found = await seen(said);
    expect(found.submitted).toEqual({ low: shares, central: shares, high: shares });
    expect(found.series.reduce((sum, each) => sum + each.shares, 0)).toBe(shares);
    expect(found.silences).toHaveLength(1);
    expect(found.activeSeconds).toBeGreaterThan(28_000);
    expect(found.activeSeconds).toBeLessThan(29_500);
  });

  it('of one client with one server are one count, in several connections, and in several parts', async () => {
    const said = sealing(TLS_13)(linesOf('cryptonote/xmr-plain-vardiff.pcap'));
    const packets = [0, 1].flatMap((hour) =>
      sealedPackets(said, random(hour), {
        hello: plainHello(NAME),
        client: `192.0.2.77:${50_001 + hour}`,
        startUs: 1_795_560_000_000_000 + hour * 3_600_000_000,
      }),
    );
    const { sessions } = await scanned(packets);
    expect(
      sessions.map(({ sharesSeen }) => [sharesSeen?.submitted.central, sharesSeen?.connections.length]),
    ).toEqual([[46, 2]]);
    const cut = packets.findIndex(({ timeUs }) => timeUs >= 1_795_563_000_000_000);
    const pools = path.join(folder, 'pools.txt');
    const parts = await scanParts(folder, packets, [cut], { poolFiles: [pools] });
    const merged = await mergeAll(parts);
    expect(merged.sessions.map(({ sharesSeen }) => sharesSeen)).toEqual(
      sessions.map(({ sharesSeen }) => sharesSeen),
    );
  });

  it('that have no room are not counted, and that is said', async () => {
    const draw = random(2);
    const [kind] = MINERS;
    if (kind === undefined) throw new Error('no miner is known');
    const { notes } = await scanned(
      sealedPackets(mining(kind)(draw, 20_000), draw, { hello: plainHello(NAME) }),
      { limits: { pushes: 10 } },
    );
    expect(notes.map(({ code }) => code)).toContain('limit-in-step');
  });

  it('accuse nobody', async () => {
    for (const talk of Object.values(LOOK_ALIKES)) {
      const draw = random(5);
      const { hosts } = await scanned(sealedPackets(talk(draw, 900), draw));
      expect(hosts).toEqual([]);
    }
  });
});

describe('a fast miner', () => {
  it.each([0.15, 0.4, 0.8])(
    'with a share each %f s is suspected, though its last messages hold few jobs',
    async (gap) => {
      const draw = random(6);
      const [, kind] = MINERS;
      if (kind === undefined) throw new Error('no miner is known');
      const said = mining({ ...kind, shareEverySeconds: gap })(draw, 400);
      const { hosts, sessions } = await scanned(sealedPackets(said, draw));
      expect(hosts.map(({ verdict }) => verdict)).toEqual(['suspected']);
      const shares = said.filter(({ from }) => from === 'client').length;
      expect(Math.abs((sessions[0]?.sharesSeen?.submitted.central ?? 0) - shares)).toBeLessThan(
        0.01 * shares,
      );
    },
  );
});

/** What opens channels at these times, and what answers it (sizes by the field lists of sv2-spec 05); and what is said at others. */
function withChannels(said: readonly Sealed[], share: number, times: readonly number[]): Sealed[] {
  const isStandard = share === 62;
  return [
    ...said.filter((each) => times.every((at) => Math.abs(each.at - at) > 0.4)),
    ...times.flatMap((at): Sealed[] => [
      { at, from: 'client', bytes: 22 + (isStandard ? 41 : 43) + 'account.rig1'.length + 16 },
      { at: at + 0.05, from: 'server', bytes: 22 + (isStandard ? 45 : 47) + 4 + 16 },
    ]),
  ];
}

describe('Stratum V2 whose handshake was not seen', () => {
  it.each(NOISE_MINERS)('shows its shares, and accepted ones as a range: $name', async (miner) => {
    const draw = random(7);
    const said = withChannels(noiseMining(miner)(draw, 1200), miner.share, [700]);
    const { sessions } = await scanned(sealedPackets(said, draw, { hello: null, bare: true }));
    const shares = said.filter(({ from, bytes }) => from === 'client' && bytes === miner.share).length;
    const answers = said.filter(({ from, bytes }) => from === 'server' && bytes === 58).length;
    const [found] = sessions.map(({ sharesSeen }) => sharesSeen);
    expect(found?.submitted.central).toBe(shares);
    expect(found?.acceptedLow ?? found?.accepted).toBe(answers);
    expect(found?.newTargets).toBe(said.filter(({ bytes }) => bytes === 74).length);
    expect(found?.channels).toBe(1);
  });
});

describe('Stratum V2 whose handshake was seen', () => {
  /** Its shares are as long as what opens a channel. */
  const long = { name: 'an extended channel of long shares', share: 91, job: 640, futureJob: 636 };
  const miners = [...NOISE_MINERS, { ...long, shareEverySeconds: 6, jobEverySeconds: 45, perAnswer: 5 }];

  it.each(miners)('shows them beside those of the session, and each once: $name', async (miner) => {
    const draw = random(8);
    const isStandard = miner.share === 62;
    const said = withChannels(noiseMining(miner)(draw, 1200), miner.share, [0.2, 0.6, 1, 300]);
    const packets = sealedPackets([{ at: 0.02, from: 'server', bytes: 44 }, ...said], draw, {
      ...{ hello: noise(draw, 64), serverFlight: noise(draw, 234), bare: true },
    });
    const whole = await scanned(packets);
    const shares = said.filter(({ from, bytes }) => from === 'client' && bytes === miner.share);
    const answers = said.filter(({ from, bytes }) => from === 'server' && bytes === 58).length;
    const [{ transport, verdict, shares: told, sharesSeen: found } = raise()] = whole.sessions;
    expect({ transport, verdict, sessions: whole.sessions.length }).toEqual({
      ...{ transport: 'noise', verdict: 'suspected', sessions: 1 },
    });
    // A size that is not sure counts from its third time on where a verdict rests on it.
    expect(told.submitted).toBe(shares.length - (isStandard ? 0 : 2));
    expect(found?.submitted.central).toBe(shares.length);
    expect(found?.series.reduce((sum, each) => sum + each.shares, 0)).toBe(shares.length);
    const first = 1_795_560_000_050 + (shares[0]?.at ?? 0) * 1000;
    expect(Math.abs(Date.parse(found?.firstAt ?? '') - first)).toBeLessThan(20);
    // Answers that left with a job of any size do not show.
    const least = found?.acceptedLow ?? found?.accepted ?? 0;
    expect(least).toBeLessThanOrEqual(answers);
    expect(least).toBeGreaterThan(0.95 * answers);
    expect(found?.accepted).toBeGreaterThanOrEqual(answers);
    expect(found?.newTargets).toBe(said.filter(({ bytes }) => bytes === 74).length);
    expect(found?.channels).toBe(4);
    const merged = await mergeAll(await scanParts(folder, packets, [packets.length]));
    expect(merged.sessions.map(({ sharesSeen }) => sharesSeen)).toEqual([found]);
    const later = await scanned(packets, { sinceUs: 1_795_560_600_050_000 });
    expect(later.sessions[0]?.sharesSeen?.submitted.central).toBe(shares.filter(({ at }) => at > 600).length);
    expect(later.sessions[0]?.sharesSeen?.channels).toBe(0);
    const rated = await scanned(packets, { assume: ['port=443 hashes=16384'] });
    expect(rated.sessions[0]?.hashrate).toMatchObject([
      { basis: 'modelled', estimate: (shares.length * 16384) / (found?.activeSeconds ?? 0) },
    ]);
    expect(rated.sessions[0]?.verdict).toBe(verdict);
  });
});

describe('xmr-tls, recorded with real TLS', () => {
  const capture = path.join(FIXTURES, 'encrypted/xmr-tls.pcap');

  it('shows all its shares and refusals', async () => {
    const { sessions } = await scanInputs([capture]);
    expect(sessions.map(({ sharesSeen }) => sharesSeen && counts(sharesSeen))).toEqual([[27, 25, 2]]);
  });

  it('has a rate once its difficulty is stated, with little width and the true rate inside', async () => {
    const audit = await scanInputs([capture], {
      assume: ['port=443 algorithm=argon2/chukwav2 difficulty=1300..4200'],
    });
    const [rate] = audit.hosts[0]?.hashrate ?? [];
    expect(rate).toMatchObject({ basis: 'modelled', algorithm: 'argon2/chukwav2' });
    const [low, high] = [rate?.low95 ?? 0, rate?.high95 ?? 0];
    expect(high / low).toBeLessThan(7);
    const truth: { readonly true_hashrate: number } = JSON.parse(
      readFileSync(capture.replace('.pcap', '.truth.json'), 'utf8'),
    );
    expect(truth.true_hashrate).toBeGreaterThan(low);
    expect(truth.true_hashrate).toBeLessThan(high);
  });

  it('has none by a rule for another place, and the audit says that the rule holds for nothing', async () => {
    const audit = await scanInputs([capture], {
      assume: ['port=443 hashes=16384', 'port=444 hashes=16384'],
    });
    const unused = audit.notes.filter(({ code }) => code === 'rules-unused');
    expect(unused.map(({ params }) => params)).toEqual([{ rules: 1, of: 2 }]);
    const other = await scanInputs([capture], { assume: ['port=444 hashes=16384'] });
    expect(other.hosts[0]?.hashrate).toEqual([]);
  });

  it('states the assumption behind its rate in words, on the page and in explain', async () => {
    const audit = await scanInputs([capture], { assume: ['port=443 hashes=16384'] });
    const { submitted, activeSeconds } = audit.sessions[0]?.sharesSeen ?? raise();
    const rate = (submitted.central * 16384) / activeSeconds / 1000;
    const said = `${rate.toPrecision(3)} kH/s if a share is worth 16,384 hashes.`;
    const [host] = audit.hosts;
    const page = { width: 200, color: false, zone: 'UTC', language: 'en', compare: [] } as const;
    const texts = [await renderAudit('html', audit, page), renderExplanation(audit, host ?? raise(), page)];
    for (const text of texts) expect([...text].join('').replaceAll(/\s+/g, ' ')).toContain(said);
  });
});

function raise(): never {
  throw new Error('no session was found');
}

/** TLS 1.2 with AES-CBC and SHA-1 (RFC 5246 6.2.3.2): an IV, content, a MAC, and at least one byte to whole blocks. */
function inBlocks(line: Sealed): Sealed {
  return { ...line, bytes: 16 + Math.ceil((line.bytes + 20 + 1) / 16) * 16 };
}

const cuts = random(4);
function cutAnywhere(line: Sealed): Sealed[] {
  const first = 30 + cuts.below(Math.max(1, line.bytes - TLS_13 - 40));
  return [
    { ...line, bytes: first + TLS_13 },
    { ...line, bytes: line.bytes - first },
  ];
}

function cutInHalves(line: Sealed): Sealed[] {
  const half = (line.bytes - TLS_13) >> 1;
  return [
    { ...line, bytes: half + TLS_13 },
    { ...line, bytes: line.bytes - half },
  ];
}

/** Every tenth share leaves with the one after it. */
function joinShares(lines: readonly Line[]): Sealed[] {
  const said: Sealed[] = [];
  let [held, count]: [number, number] = [0, 0];
  for (const line of lines) {
    const bytes = line.bytes + held;
    const isHeld = isShare(line) && held === 0 && ++count % 10 === 0;
    if (line.from === 'client' && isHeld) held = line.bytes;
    else {
      said.push({ ...line, bytes: (line.from === 'client' ? bytes : line.bytes) + TLS_13 });
      if (line.from === 'client') held = 0;
    }
  }
  return said;
}
