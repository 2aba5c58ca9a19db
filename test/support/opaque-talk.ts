/**
 * What encrypted conversations look like from outside: miners of several kinds, and programs that resemble them in one
 * way or another. Sizes are those of TLS 1.3 records: the line and 17 bytes.
 */
import type { Random } from './random.ts';
import type { Sealed } from './tls.ts';

const OVERHEAD = 17;

export interface Miner {
  readonly name: string;
  /** Bytes of a share, its answer, a job: the line. */
  readonly share: number;
  readonly answer: number;
  readonly job: number;
  readonly shareEverySeconds: number;
  readonly jobEverySeconds: number;
  /** Part of the jobs that come by the clock, not by chance. */
  readonly steady: number;
}

/** Sizes as the plain captures of this kind of session show them. */
export const MINERS: readonly Miner[] = [
  { name: 'XMRig', share: 242, answer: 63, job: 296, shareEverySeconds: 8, jobEverySeconds: 60, steady: 0.3 },
  {
    name: 'cpuminer',
    share: 138,
    answer: 36,
    job: 1016,
    shareEverySeconds: 6,
    jobEverySeconds: 30,
    steady: 0.6,
  },
  {
    name: 'ethminer',
    share: 239,
    answer: 40,
    job: 254,
    shareEverySeconds: 10,
    jobEverySeconds: 12,
    steady: 0,
  },
  {
    name: 'a Zcash ASIC',
    share: 2790,
    answer: 37,
    job: 299,
    shareEverySeconds: 9,
    jobEverySeconds: 45,
    steady: 0.2,
  },
  {
    ...{ name: 'a Xelis miner', share: 74, answer: 36, job: 152 },
    ...{ shareEverySeconds: 10, jobEverySeconds: 25, steady: 0.3 },
  },
];

type Talk = (draw: Random, seconds: number) => Sealed[];

function* every(draw: Random, seconds: number, next: (draw: Random) => number): Generator<number> {
  for (let at = next(draw); at < seconds; at += next(draw)) yield at;
}

const clock =
  (period: number, jitter = 0) =>
  (draw: Random): number =>
    period * (1 + jitter * (2 * draw.next() - 1));
const chance =
  (mean: number) =>
  (draw: Random): number =>
    draw.exponential(mean);
const up = (at: number, line: number): Sealed => ({ at, from: 'client', bytes: line + OVERHEAD });
const down = (at: number, line: number): Sealed => ({ at, from: 'server', bytes: line + OVERHEAD });
/** A request and its answer. */
const exchange = (draw: Random, at: number, request: number, answer: number): Sealed[] => [
  up(at, request),
  down(at + 0.03 + draw.next() * 0.04, answer),
];

/** Bytes on the wire, of protocols that put nothing around them. */
const bare = (at: number, from: Sealed['from'], bytes: number): Sealed => ({ at, from, bytes });
const wire = (draw: Random, at: number, request: number, answer: number): Sealed[] => [
  bare(at, 'client', request),
  bare(at + 0.03 + draw.next() * 0.04, 'server', answer),
];

export function mining(miner: Miner): Talk {
  return (draw, seconds) => {
    const said: Sealed[] = [];
    let id = 2;
    for (const at of every(draw, seconds, chance(miner.shareEverySeconds))) {
      const digits = String(id++).length;
      const refusal = draw.chance(0.02) ? 31 : 0;
      said.push(...exchange(draw, at, miner.share + digits, miner.answer + digits + refusal));
    }
    for (const at of every(draw, seconds, (d) =>
      d.chance(miner.steady) ? miner.jobEverySeconds : d.exponential(miner.jobEverySeconds),
    )) {
      said.push(down(at, miner.job + draw.below(3)));
    }
    return said;
  };
}

/** A key pressed: bursts with pauses between. */
const typing = (draw: Random): number =>
  draw.chance(0.9) ? 0.1 + draw.next() * 0.3 : 5 + draw.exponential(40);

/** Encrypted Stratum V2 behind its handshake: bytes on the wire, from the field lists of the specification. */
export interface NoiseMiner {
  readonly name: string;
  readonly share: number;
  /** A job between blocks, and one that waits for its block's hash. */
  readonly job: number;
  readonly futureJob: number;
  readonly shareEverySeconds: number;
  readonly jobEverySeconds: number;
  /** Shares for which the pool answers once. */
  readonly perAnswer?: number;
}

export const NOISE_MINERS: readonly NoiseMiner[] = [
  {
    ...{ name: 'a standard channel of Stratum V2', share: 62, job: 87, futureJob: 83 },
    ...{ shareEverySeconds: 10, jobEverySeconds: 30 },
  },
  {
    ...{ name: 'an extended channel of Stratum V2', share: 71, job: 640, futureJob: 636 },
    ...{ shareEverySeconds: 6, jobEverySeconds: 45 },
  },
  {
    ...{ name: 'a standard channel of Stratum V2 answered by tens', share: 62, job: 87, futureJob: 83 },
    ...{ shareEverySeconds: 6, jobEverySeconds: 30, perAnswer: 10 },
  },
  {
    ...{ name: 'an extended channel of Stratum V2 answered by fives', share: 71, job: 640, futureJob: 636 },
    ...{ shareEverySeconds: 8, jobEverySeconds: 45, perAnswer: 5 },
  },
];

const PREVIOUS_HASH = 86;
const NEW_TARGET = 74;

export function noiseMining(miner: NoiseMiner): Talk {
  return (draw, seconds) => [
    ...[...every(draw, seconds, chance(miner.shareEverySeconds))].flatMap((at, index): Sealed[] => {
      const { perAnswer = 1 } = miner;
      if ((index + 1) % perAnswer !== 0) return [{ at, from: 'client', bytes: miner.share }];
      const answer = perAnswer === 1 && draw.chance(0.02) ? 47 + 'stale-share'.length + 7 : 58;
      return [
        { at, from: 'client', bytes: miner.share },
        { at: at + 0.03 + draw.next() * 0.04, from: 'server', bytes: answer },
      ];
    }),
    ...[
      ...every(draw, seconds, (d) =>
        d.chance(0.5) ? miner.jobEverySeconds : d.exponential(miner.jobEverySeconds),
      ),
    ].map((at): Sealed => ({ at, from: 'server', bytes: miner.job })),
    ...[...every(draw, seconds, chance(600))].map(
      (at): Sealed => ({ at, from: 'server', bytes: miner.futureJob + PREVIOUS_HASH }),
    ),
    ...[...every(draw, seconds, chance(900))].map(
      (at): Sealed => ({ at, from: 'server', bytes: NEW_TARGET }),
    ),
  ];
}

/** Programs that are no miners, by name. */
export const LOOK_ALIKES: Readonly<Record<string, Talk>> = {
  'an MQTT client with keepalives': (draw, seconds) => [
    ...[...every(draw, seconds, clock(60))].flatMap((at) => exchange(draw, at, 2, 2)),
    ...[...every(draw, seconds, chance(20))].map((at) => down(at, draw.between(40, 400))),
  ],
  'an MQTT sensor that publishes by chance and has every message acknowledged': (draw, seconds) => [
    ...[...every(draw, seconds, chance(8))].flatMap((at) => exchange(draw, at, 210, 4)),
    ...[...every(draw, seconds, chance(60))].map((at) => down(at, 300)),
  ],
  'an event source with JSON answers and nothing unasked': (draw, seconds) =>
    [...every(draw, seconds, chance(8))].flatMap((at) => exchange(draw, at, 240, 63)),
  'an event source whose server sends by the clock': (draw, seconds) => [
    ...[...every(draw, seconds, chance(8))].flatMap((at) => exchange(draw, at, 240, 63)),
    ...[...every(draw, seconds, clock(30))].map((at) => down(at, 300)),
  ],
  'an event source that confirms what its server sends': (draw, seconds) => [
    ...[...every(draw, seconds, chance(8))].flatMap((at) => exchange(draw, at, 240, 63)),
    ...[...every(draw, seconds, chance(30))].flatMap((at) => [down(at, 300), up(at + 0.02, 238)]),
  ],
  'a push channel': (draw, seconds) => [
    ...[...every(draw, seconds, clock(240))].flatMap((at) => exchange(draw, at, 12, 12)),
    ...[...every(draw, seconds, chance(45))].flatMap((at) => [
      down(at, draw.between(200, 3000)),
      up(at + 0.02, 30),
    ]),
  ],
  'a mail client that waits for mail': (draw, seconds) => [
    ...[...every(draw, seconds, clock(120))].flatMap((at) => exchange(draw, at, 14, 30)),
    ...[...every(draw, seconds, chance(90))].flatMap((at) => [
      down(at, 18),
      up(at + 0.05, 6),
      down(at + 0.09, 40),
      up(at + 0.1, 32),
      down(at + 0.2, draw.between(300, 9000)),
    ]),
  ],
  'a chat': (draw, seconds) => [
    ...[...every(draw, seconds, typing)].flatMap((at) =>
      draw.chance(0.7) ? [up(at, 95)] : exchange(draw, at, draw.between(120, 900), 60),
    ),
    ...[...every(draw, seconds, chance(15))].map((at) => down(at, draw.between(110, 1200))),
  ],
  'a beacon by the clock': (draw, seconds) => [
    ...[...every(draw, seconds, clock(10, 0.01))].flatMap((at) => exchange(draw, at, 300, 60)),
    ...[...every(draw, seconds, chance(60))].map((at) => down(at, 320)),
  ],
  'a beacon with jitter': (draw, seconds) => [
    ...[...every(draw, seconds, clock(10, 0.4))].flatMap((at) => exchange(draw, at, 242, 63)),
    ...[...every(draw, seconds, chance(60))].map((at) => down(at, 320)),
  ],
  'an Electrum wallet': (draw, seconds) => [
    ...[...every(draw, seconds, clock(60, 0.02))].flatMap((at) => exchange(draw, at, 62, 40)),
    ...[...every(draw, seconds, chance(600))].flatMap((at) => [
      down(at, 260),
      ...exchange(draw, at + 0.05, 110, 41),
      ...exchange(draw, at + 0.2, 95, 400),
    ]),
    ...[...every(draw, seconds, chance(120))].flatMap((at) => [
      down(at, 180),
      ...exchange(draw, at + 0.05, 145, draw.between(200, 4000)),
    ]),
  ],
  'a client that polls over HTTP': (draw, seconds) =>
    [...every(draw, seconds, clock(5, 0.1))].flatMap((at) => exchange(draw, at, 220, draw.between(180, 260))),
  'a trading screen': (draw, seconds) => [
    ...[...every(draw, seconds, chance(10))].flatMap((at) => exchange(draw, at, 210, 320)),
    ...[...every(draw, seconds, chance(0.5))].map((at) => down(at, draw.between(90, 260))),
  ],
  'DNS over TLS with padding': (draw, seconds) =>
    [...every(draw, seconds, chance(6))].flatMap((at) => exchange(draw, at, 130, 470)),
  'a Tor circuit': (draw, seconds) => [
    ...[...every(draw, seconds, chance(5))].flatMap((at) => exchange(draw, at, 514, 514)),
    ...[...every(draw, seconds, chance(9))].map((at) => down(at, 514)),
  ],
  'a log shipper': (draw, seconds) =>
    [...every(draw, seconds, chance(4))].map((at) => up(at, draw.between(120, 400))),
  'a database session with notices': (draw, seconds) => [
    ...[...every(draw, seconds, typing)].flatMap((at) => exchange(draw, at, 190, 62)),
    ...[...every(draw, seconds, chance(40))].map((at) => down(at, draw.between(60, 900))),
  ],
  'an editor that two people share': (draw, seconds) => [
    ...[...every(draw, seconds, typing)].flatMap((at) => exchange(draw, at, draw.between(150, 240), 70)),
    ...[...every(draw, seconds, typing)].map((at) => down(at, draw.between(150, 240))),
  ],
  'a game': (draw, seconds) => [
    ...[...every(draw, seconds, clock(0.5, 0.1))].map((at) => up(at, draw.between(60, 90))),
    ...[...every(draw, seconds, clock(0.5, 0.1))].map((at) => down(at, draw.between(120, 400))),
  ],
  'a runner that asks for work every half minute': (draw, seconds) =>
    [...every(draw, seconds, clock(30, 0.02))].flatMap((at) => exchange(draw, at, 420, 160)),
  'a presence service': (draw, seconds) => [
    ...[...every(draw, seconds, clock(30))].flatMap((at) => exchange(draw, at, 80, 80)),
    ...[...every(draw, seconds, chance(12))].map((at) => down(at, draw.between(150, 420))),
  ],
  'a tunnel of other traffic': (draw, seconds) => [
    ...[...every(draw, seconds, chance(2))].map((at) => up(at, draw.between(60, 1400))),
    ...[...every(draw, seconds, chance(2))].map((at) => down(at, draw.between(60, 1400))),
  ],
};

/** The same of protocols without TLS records: sizes of segments of noise. */
export const BARE_LOOK_ALIKES: Readonly<Record<string, Talk>> = {
  'a shell': (draw, seconds) => [
    ...[...every(draw, seconds, typing)].flatMap((at) => exchange(draw, at, 19, 19)),
    ...[...every(draw, seconds, chance(20))].map((at) => down(at, draw.between(60, 900))),
  ],
  'a shell with keepalives alone': (draw, seconds) =>
    [...every(draw, seconds, clock(15))].flatMap((at) => exchange(draw, at, 35, 11)),
  'a peer-to-peer network': (draw, seconds) => [
    ...[...every(draw, seconds, chance(10))].map((at) => up(at, draw.between(30, 1200))),
    ...[...every(draw, seconds, chance(3))].map((at) => down(at, draw.between(30, 1400))),
  ],
  'a messenger': (draw, seconds) => [
    ...[...every(draw, seconds, clock(28))].flatMap((at) => exchange(draw, at, 40, 40)),
    ...[...every(draw, seconds, typing)].flatMap((at) => exchange(draw, at, draw.between(80, 700), 90)),
    ...[...every(draw, seconds, chance(30))].flatMap((at) => [
      down(at, draw.between(100, 900)),
      up(at + 0.03, 70),
    ]),
  ],
  'a channel of Lightning': (draw, seconds) => [
    ...[...every(draw, seconds, clock(30, 0.05))].flatMap((at) => wire(draw, at, 52, 46)),
    ...[...every(draw, seconds, chance(15))].flatMap((at) =>
      wire(draw, at, draw.pick([1486, 134, 134]), 134),
    ),
    ...[...every(draw, seconds, chance(20))].map((at) => bare(at, 'server', draw.pick([172, 272, 464]))),
  ],
  'a bitcoin peer in its second transport': (draw, seconds) => [
    ...[...every(draw, seconds, clock(120))].flatMap((at) => wire(draw, at, 29, 29)),
    ...[...every(draw, seconds, chance(5))].map((at) => bare(at, 'client', 21 + 36 * draw.between(1, 35))),
    ...[...every(draw, seconds, chance(4))].map((at) => bare(at, 'server', 21 + 36 * draw.between(1, 35))),
    ...[...every(draw, seconds, chance(20))].map((at) => bare(at, 'server', draw.between(200, 900))),
  ],
  'a sensor over Noise whose messages have the size of shares': (draw, seconds) => [
    ...[...every(draw, seconds, clock(10, 0.05))].flatMap((at) => wire(draw, at, 62, 58)),
    ...[...every(draw, seconds, chance(60))].map((at) => bare(at, 'server', 87)),
  ],
  'events of the size of shares with other answers': (draw, seconds) => [
    ...[...every(draw, seconds, chance(10))].flatMap((at) => wire(draw, at, 62, 38)),
    ...[...every(draw, seconds, chance(60))].map((at) => bare(at, 'server', 87)),
  ],
  'events of the size of shares, give or take a few bytes': (draw, seconds) => [
    ...[...every(draw, seconds, chance(10))].flatMap((at) => wire(draw, at, draw.between(62, 70), 58)),
    ...[...every(draw, seconds, chance(60))].map((at) => bare(at, 'server', 87)),
  ],
  'events of the size of shares, some of them answered': (draw, seconds) => [
    ...[...every(draw, seconds, chance(6))].flatMap((at) =>
      draw.chance(0.2) ? wire(draw, at, 62, 58) : [bare(at, 'client', 62)],
    ),
    ...[...every(draw, seconds, chance(60))].map((at) => bare(at, 'server', 87)),
  ],
  'events of the size of shares, answered by the clock': (draw, seconds) => [
    ...[...every(draw, seconds, chance(6))].map((at) => bare(at, 'client', 62)),
    ...[...every(draw, seconds, clock(60))].map((at) => bare(at, 'server', 58)),
    ...[...every(draw, seconds, chance(60))].map((at) => bare(at, 'server', 87)),
  ],
  'events of the size of shares to a server that sends nothing of its own': (draw, seconds) =>
    [...every(draw, seconds, chance(10))].flatMap((at) => wire(draw, at, 62, 58)),
  'a tunnel that pads to one size': (draw, seconds) => [
    ...[...every(draw, seconds, chance(4))].map((at) => bare(at, 'client', 96)),
    ...[...every(draw, seconds, chance(4))].map((at) => bare(at, 'server', 96)),
  ],
};
