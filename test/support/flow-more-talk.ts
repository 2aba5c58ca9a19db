/**
 * Further connections for fitting and testing the model of behaviour: miners that find few shares, and more programs
 * that hold one thin connection open for long. Sizes and paces follow the protocols' documentation.
 */

import { byChance, byClock, inBursts, mining, ordinary, type Talk, type Wire } from './flow-talk.ts';
import { JOBS, SUBMITS } from './miner-messages.ts';
import type { Random } from './random.ts';

/** ASICs with long jobs, of which a profile of its own is fitted. */
export const FEW_SHARES = 'an ASIC of few shares';

/** Miners that send a share every few minutes, and other coins' sizes. */
export const MORE_MINERS: readonly Talk[] = [
  mining('XMRig on a slow machine', {
    ...{ share: [215, 260], answer: 66, job: [330, 480] },
    ...{ shareEvery: [90, 400], jobEvery: [30, 70], keepAlive: 60 },
  }),
  mining('XMRig at a middling pace', {
    ...{ share: [190, 260], answer: 66, job: [250, 480] },
    ...{ shareEvery: [40, 100], jobEvery: [25, 90] },
  }),
  mining('an ASIC of scrypt', {
    ...{ share: [110, 160], answer: 42, job: [600, 1300] },
    ...{ shareEvery: [5, 25], jobEvery: [20, 60] },
  }),
  mining('a kHeavyHash rig', {
    ...{ share: [110, 150], answer: 44, job: [180, 260] },
    ...{ shareEvery: [5, 20], jobEvery: [2, 12] },
  }),
  mining(FEW_SHARES, {
    ...{ share: [105, 190], answer: 42, job: [1100, 1500] },
    ...{ shareEvery: [15, 40], jobEvery: [25, 35] },
  }),
];

const MONERO = { share: SUBMITS.xmrig, answer: 66, job: JOBS.monero };
const ASIC = { share: SUBMITS.bmminer, answer: 38, job: JOBS.bitcoin };

/** Miners whose messages are those of their programs. The first two profiles are not fitted to them. */
export const DEVICES: readonly Talk[] = [
  mining('XMRig', { ...MONERO, shareEvery: [8, 45], jobEvery: [15, 60], keepAlive: 60 }),
  mining('XMRig, slow', { ...MONERO, shareEvery: [90, 400], jobEvery: [30, 70], keepAlive: 60 }),
  mining('a small proxy', { ...MONERO, shareEvery: [2, 4], jobEvery: [15, 40] }),
  mining('xmr-stak', {
    ...{ share: SUBMITS.xmrStak, answer: 66, job: JOBS.cryptonote },
    ...{ shareEvery: [40, 100], jobEvery: [25, 90] },
  }),
  mining('cpuminer', {
    ...{ share: SUBMITS.cpuminer, answer: 38, job: JOBS.litecoin },
    ...{ shareEvery: [8, 45], jobEvery: [20, 60] },
  }),
  mining('cgminer, an ASIC of scrypt', {
    ...{ share: SUBMITS.cgminer, answer: 38, job: JOBS.litecoin },
    ...{ shareEvery: [5, 25], jobEvery: [20, 60] },
  }),
  mining('an Antminer', { ...ASIC, shareEvery: [4, 15], jobEvery: [25, 35] }),
  mining('an Antminer of few shares', { ...ASIC, shareEvery: [15, 40], jobEvery: [25, 35] }),
  mining('a Bitaxe', { ...ASIC, share: SUBMITS.espMiner, shareEvery: [4, 20], jobEvery: [25, 35] }),
  mining('ethminer', {
    ...{ share: SUBMITS.ethminer, answer: 38, job: JOBS.ethash },
    ...{ shareEvery: [8, 30], jobEvery: [8, 14], keepAlive: 60 },
  }),
  mining('kawpowminer', {
    ...{ share: SUBMITS.kawpowminer, answer: 38, job: JOBS.kawpow },
    ...{ shareEvery: [8, 30], jobEvery: [20, 60] },
  }),
  mining('kaspa-miner', {
    ...{ share: SUBMITS.kaspa, answer: 38, job: JOBS.kaspa },
    ...{ shareEvery: [5, 20], jobEvery: [2, 12] },
  }),
];

/** An ASIC behind a pool's usual difficulty: a share in 15 to 30 s, with or without bits of the version. */
export function drawnAsic(rng: Random): Talk {
  const share = rng.chance(0.5) ? SUBMITS.bmminer : SUBMITS.cgminer;
  return mining(FEW_SHARES, { ...ASIC, share, shareEvery: [15, 30], jobEvery: [27, 33] });
}

/** A connection with a keep-alive of its own, drawn from what is usual. */
function beats(
  wire: Wire,
  rng: Random,
  seconds: number,
  every: readonly number[],
  up: number,
  down: number,
): void {
  for (const at of byClock(rng, seconds, rng.pick(every), 0.03)) wire.ask(at, true, up, down);
}

export const MORE_LOOK_ALIKES: readonly Talk[] = [
  ordinary('IRC in a busy channel', (wire, rng, seconds) => {
    beats(wire, rng, seconds, [60, 90, 120, 180], 30, 60);
    for (const at of inBursts(rng, seconds, rng.between(30, 300), 6, 5))
      wire.push(at, false, rng.between(70, 250));
    for (const at of inBursts(rng, seconds, rng.between(300, 2400), 12, 4))
      wire.push(at, true, rng.between(40, 200));
  }),
  ordinary('presence of a messenger', (wire, rng, seconds) => {
    beats(wire, rng, seconds, [30, 55, 60, 300], rng.between(2, 60), rng.between(2, 60));
    for (const at of inBursts(rng, seconds, rng.between(100, 900), 2, 4))
      wire.push(at, false, rng.between(90, 500));
  }),
  ordinary('mail that waits (IMAP IDLE)', (wire, rng, seconds) => {
    beats(wire, rng, seconds, [120, 240, 540, 1740], 40, 60);
    for (const at of inBursts(rng, seconds, rng.between(300, 3600), 0.3, 4))
      wire.ask(at, true, rng.between(40, 90), rng.between(100, 4000));
  }),
  ordinary('IoT keep-alives', (wire, rng, seconds) => {
    beats(wire, rng, seconds, [10, 20, 30, 40, 60, 120, 240], rng.between(2, 120), rng.between(2, 120));
    for (const at of byChance(rng, seconds, rng.between(900, 7200)))
      wire.ask(at, false, rng.between(80, 400), rng.between(40, 300));
  }),
  ordinary('sensors that report changes', (wire, rng, seconds) => {
    beats(wire, rng, seconds, [30, 60], 2, 2);
    for (const at of inBursts(rng, seconds, rng.between(60, 600), 3, 4))
      wire.ask(at, true, rng.between(60, 220), 4);
  }),
  ordinary('MQTT of a smart home', (wire, rng, seconds) => {
    beats(wire, rng, seconds, [15, 30, 60], 2, 2);
    for (const at of byClock(rng, seconds, rng.between(20, 90))) wire.push(at, true, rng.between(60, 240));
    for (const at of inBursts(rng, seconds, rng.between(600, 3000), 1, 4))
      wire.push(at, false, rng.between(50, 180));
  }),
  ordinary('ticks of a market', (wire, rng, seconds) => {
    for (const at of inBursts(rng, seconds, rng.between(2, 20), 0.4, 4))
      wire.push(at, false, rng.between(90, 300));
    beats(wire, rng, seconds, [15, 20, 30, 60], 12, 12);
  }),
  ordinary('a slow market feed', (wire, rng, seconds) => {
    for (const at of byChance(rng, seconds, rng.between(10, 60))) wire.push(at, false, rng.between(150, 600));
    beats(wire, rng, seconds, [15, 30, 60], rng.between(6, 30), rng.between(6, 30));
  }),
  ordinary('candles of a market each minute', (wire, rng, seconds) => {
    for (const at of byClock(rng, seconds, rng.pick([30, 60]), 0.02))
      wire.push(at, false, rng.between(200, 600));
    beats(wire, rng, seconds, [20, 30], 8, 8);
  }),
  ordinary('a VPN with little in it', (wire, rng, seconds) => {
    beats(wire, rng, seconds, [10, 25, 60], rng.between(40, 120), rng.between(40, 120));
    for (const at of inBursts(rng, seconds, rng.between(60, 600), 0.1, 25)) {
      if (rng.chance(0.5)) wire.ask(at, true, rng.between(60, 500), rng.between(80, 1300));
      else wire.push(at, false, rng.between(60, 1300));
    }
  }),
  ordinary('backups that look for work', (wire, rng, seconds) => {
    beats(wire, rng, seconds, [30, 60, 300], rng.between(150, 500), rng.between(100, 400));
    for (const at of inBursts(rng, seconds, rng.between(1200, 3600), 0.02, 60)) wire.push(at, true, 1448);
  }),
  ordinary('a game with moves and chat', (wire, rng, seconds) => {
    for (const at of inBursts(rng, seconds, rng.between(20, 120), 2, 8)) {
      if (rng.chance(0.5)) wire.ask(at, true, rng.between(30, 120), rng.between(40, 200));
      else wire.push(at, false, rng.between(40, 250));
    }
    beats(wire, rng, seconds, [5, 10, 30], rng.between(4, 30), rng.between(4, 30));
  }),
  ordinary('a lobby of a game', (wire, rng, seconds) => {
    beats(wire, rng, seconds, [15, 20, 30, 60], rng.between(10, 80), rng.between(10, 200));
    for (const at of byChance(rng, seconds, rng.between(40, 200))) wire.push(at, false, rng.between(60, 800));
  }),
  ordinary('polls of a device (Modbus)', (wire, rng, seconds) => {
    beats(wire, rng, seconds, [1, 2, 5, 10, 30], 12, rng.between(13, 120));
  }),
  ordinary('SSH with a terminal multiplexer', (wire, rng, seconds) => {
    for (const at of byClock(rng, seconds, rng.pick([5, 15, 60]), 0.02))
      wire.push(at, false, rng.between(60, 300));
    for (const at of inBursts(rng, seconds, rng.between(200, 1500), 0.3, 40))
      wire.ask(at, true, 36, rng.between(36, 200));
  }),
  ordinary('SSH that a person works in', (wire, rng, seconds) => {
    for (const at of inBursts(rng, seconds, rng.between(20, 90), 0.25, 25))
      wire.ask(at, true, 36, rng.between(36, 120));
    for (const at of inBursts(rng, seconds, rng.between(60, 300), 0.05, 6))
      wire.push(at, false, rng.between(100, 1448));
  }),
  ordinary('push notifications with keep-alives', (wire, rng, seconds) => {
    beats(wire, rng, seconds, [60, 240, 300, 900], rng.between(2, 85), rng.between(2, 85));
    for (const at of byChance(rng, seconds, rng.between(300, 2400)))
      wire.ask(at, false, rng.between(200, 1400), rng.between(20, 60));
  }),
  ordinary('HTTP/2 that polls', (wire, rng, seconds) => {
    beats(wire, rng, seconds, [10, 15, 30, 45], rng.between(60, 400), rng.between(60, 900));
    beats(wire, rng, seconds, [30, 45], 17, 17);
  }),
  ordinary('a page that asks by chance', (wire, rng, seconds) => {
    for (const at of inBursts(rng, seconds, rng.between(20, 180), 1.5, 4))
      wire.ask(at, true, rng.between(80, 700), rng.between(100, 6000));
    beats(wire, rng, seconds, [30, 45], 17, 17);
  }),
  ordinary('a socket of a web application', (wire, rng, seconds) => {
    beats(wire, rng, seconds, [20, 25, 30, 41.25], rng.between(2, 60), rng.between(2, 60));
    for (const at of inBursts(rng, seconds, rng.between(30, 400), 1, 5))
      wire.push(at, false, rng.between(60, 1200));
    for (const at of inBursts(rng, seconds, rng.between(200, 1200), 3, 3))
      wire.ask(at, true, rng.between(60, 500), rng.between(40, 400));
  }),
  ordinary('editing one text together', (wire, rng, seconds) => {
    beats(wire, rng, seconds, [25, 30], 4, 4);
    for (const at of inBursts(rng, seconds, rng.between(30, 240), 1, 20)) {
      if (rng.chance(0.6)) wire.ask(at, true, rng.between(80, 260), rng.between(40, 120));
      else wire.push(at, false, rng.between(80, 260));
    }
  }),
  ordinary('a peer of a blockchain', (wire, rng, seconds) => {
    for (const at of inBursts(rng, seconds, rng.between(3, 20), 1, 4))
      wire.push(at, rng.chance(0.5), rng.between(61, 600));
    beats(wire, rng, seconds, [60, 120], 32, 32);
  }),
  ordinary('a torrent that waits', (wire, rng, seconds) => {
    for (const at of byClock(rng, seconds, 120)) wire.push(at, rng.chance(0.5), 4);
    for (const at of byChance(rng, seconds, rng.between(60, 400)))
      wire.push(at, rng.chance(0.5), rng.pick([9, 17, 5, 60]));
  }),
  ordinary('routes of BGP', (wire, rng, seconds) => {
    for (const isOut of [true, false])
      for (const at of byClock(rng, seconds, rng.pick([30, 60]))) wire.push(at, isOut, 19);
    for (const at of inBursts(rng, seconds, rng.between(20, 300), 2, 5))
      wire.push(at, false, rng.between(50, 400));
  }),
  ordinary('a directory that is asked', (wire, rng, seconds) => {
    for (const at of inBursts(rng, seconds, rng.between(20, 400), 0.1, 6))
      wire.ask(at, true, rng.between(80, 350), rng.between(60, 2500));
  }),
  ordinary('a cache that clients ask', (wire, rng, seconds) => {
    for (const at of inBursts(rng, seconds, rng.between(2, 60), 0.05, 10))
      wire.ask(at, true, rng.between(30, 200), rng.between(5, 800));
  }),
  ordinary('metrics that are pulled', (wire, rng, seconds) => {
    beats(wire, rng, seconds, [15, 30, 60], rng.between(150, 300), rng.between(4000, 40_000));
  }),
  ordinary('an agent of management', (wire, rng, seconds) => {
    beats(wire, rng, seconds, [30, 60, 120, 300], rng.between(100, 600), rng.between(60, 300));
    for (const at of inBursts(rng, seconds, rng.between(900, 3600), 0.5, 10))
      wire.ask(at, false, rng.between(100, 900), rng.between(100, 1400));
  }),
  ordinary('telephony that registers', (wire, rng, seconds) => {
    beats(wire, rng, seconds, [60, 120, 300], rng.between(450, 800), rng.between(350, 600));
    beats(wire, rng, seconds, [20, 30], 4, 2);
  }),
  ordinary('till and payment terminal', (wire, rng, seconds) => {
    beats(wire, rng, seconds, [30, 60], 30, 30);
    for (const at of inBursts(rng, seconds, rng.between(120, 900), 8, 3))
      wire.ask(at, true, rng.between(150, 500), rng.between(100, 400), 0.8);
  }),
  ordinary('vehicles that report where they are', (wire, rng, seconds) => {
    for (const at of byClock(rng, seconds, rng.pick([5, 10, 30, 60]), 0.2))
      wire.ask(at, true, rng.between(60, 250), rng.between(4, 40));
  }),
  ordinary('a remote desktop that idles', (wire, rng, seconds) => {
    for (const at of byClock(rng, seconds, rng.pick([10, 30, 60]), 0.05))
      wire.push(at, false, rng.between(60, 400));
    for (const at of inBursts(rng, seconds, rng.between(200, 1500), 0.1, 80))
      wire.push(at, rng.chance(0.3), rng.between(60, 1448));
  }),
  ordinary('a bot that is told by chance', (wire, rng, seconds) => {
    beats(wire, rng, seconds, [30, 45, 60, 600], rng.between(40, 300), rng.between(20, 200));
    for (const at of byChance(rng, seconds, rng.between(1200, 7200)))
      wire.ask(at, false, rng.between(100, 900), rng.between(100, 900));
  }),
  // Orders and what becomes of them, as FIX has it: one reply at once, another when the order is filled.
  ordinary('orders at an exchange (FIX)', (wire, rng, seconds) => {
    const isBusy = rng.chance(0.5);
    for (const isOut of [true, false])
      for (const at of byClock(rng, seconds, 30)) wire.push(at, isOut, rng.between(70, 110));
    for (const at of byChance(rng, seconds, isBusy ? rng.between(4, 30) : rng.between(30, 240))) {
      wire.ask(at, true, rng.between(150, 280), rng.between(200, 360));
      if (rng.chance(0.7)) wire.push(at + rng.exponential(20), false, rng.between(220, 380));
    }
  }),
  ordinary('quotes that are made and hit (FIX)', (wire, rng, seconds) => {
    for (const isOut of [true, false])
      for (const at of byClock(rng, seconds, rng.pick([10, 30]))) wire.push(at, isOut, rng.between(70, 110));
    for (const at of byChance(rng, seconds, rng.between(2, 40))) wire.push(at, false, rng.between(140, 420));
    for (const at of byChance(rng, seconds, rng.between(5, 120)))
      wire.ask(at, true, rng.between(120, 320), rng.between(110, 300));
  }),
  ordinary('calls over MQTT', (wire, rng, seconds) => {
    beats(wire, rng, seconds, [30, 60], 2, 2);
    const [request, reply] = [rng.between(80, 320), rng.between(60, 420)];
    for (const at of byChance(rng, seconds, rng.between(4, 90))) {
      wire.ask(at, true, request + rng.below(24), 4);
      wire.push(at + rng.exponential(0.5) + 0.1, false, reply + rng.below(40));
    }
    for (const at of byChance(rng, seconds, rng.between(20, 300))) wire.push(at, false, rng.between(80, 400));
  }),
  ordinary('notes that are shared', (wire, rng, seconds) => {
    beats(wire, rng, seconds, [20, 25, 30], rng.between(4, 30), rng.between(4, 30));
    for (const at of inBursts(rng, seconds, rng.between(40, 600), rng.between(1, 6), rng.between(2, 12)))
      wire.ask(at, true, rng.between(90, 420), rng.between(40, 180));
    for (const at of inBursts(rng, seconds, rng.between(40, 600), rng.between(1, 6), rng.between(2, 8)))
      wire.push(at, false, rng.between(90, 500));
  }),
  ordinary('a worker at a queue of jobs', (wire, rng, seconds) => {
    beats(wire, rng, seconds, [15, 30, 60], rng.between(8, 40), rng.between(8, 40));
    const [job, result] = [rng.between(150, 900), rng.between(60, 400)];
    for (const at of byChance(rng, seconds, rng.between(6, 120))) {
      wire.push(at, false, job + rng.below(60));
      wire.ask(at + rng.exponential(rng.between(1, 30)), true, result + rng.below(30), rng.between(8, 70));
    }
  }),
  ordinary('a chat over WebSocket', (wire, rng, seconds) => {
    beats(wire, rng, seconds, [20, 25, 30, 45], rng.between(2, 8), rng.between(2, 8));
    for (const at of inBursts(rng, seconds, rng.between(30, 400), rng.between(3, 15), rng.between(2, 8)))
      wire.push(at, false, rng.between(120, 520));
    for (const at of inBursts(rng, seconds, rng.between(60, 900), rng.between(4, 20), rng.between(1, 5)))
      wire.ask(at, true, rng.between(80, 320), rng.between(40, 160));
  }),
  ordinary('a VPN over TCP', (wire, rng, seconds) => {
    for (const isOut of [true, false])
      for (const at of byClock(rng, seconds, rng.pick([10, 15, 25, 60])))
        wire.push(at, isOut, rng.between(40, 120));
    for (const at of byChance(rng, seconds, rng.between(5, 120)))
      wire.ask(at, true, rng.between(90, 180), rng.between(110, 320));
    for (const at of inBursts(rng, seconds, rng.between(60, 900), 0.2, rng.between(4, 30)))
      wire.push(at, rng.chance(0.4), rng.between(60, 1300));
  }),
];
