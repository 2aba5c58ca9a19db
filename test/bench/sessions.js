/**
 * Writes a capture of many Stratum sessions to standard output: each logs in, gets a job and submits a share, a step a second.
 * When the last has done so, all of them are still open and get another job; then each submits a share, is answered and gets
 * the next job, as often as `rounds` says, every 10 s. `node test/bench/sessions.js [100000 [rounds [an address]]] | minesweep scan -`
 */
import { writeSync } from 'node:fs';

const [count = 100_000, rounds = 0, anAddress = 50] = process.argv.slice(2).map(Number);
const START_SECONDS = 1_795_000_000;
/** So many sessions begin at each second. */
const A_SECOND = 1000;
const POOL = [203, 0, 113, 7];
const POOL_PORT = 3333;
const [MINER_SAYS, POOL_SAYS] = [0, 1];
const [SYN, PSH, ACK] = [2, 8, 16];

const hex = (number, digits) => number.toString(16).padStart(digits, '0');
const branch = (i) => hex((i * 2654435761) % 2 ** 32, 8).repeat(8);
const job = (i, n, clean) =>
  JSON.stringify({
    id: null,
    method: 'mining.notify',
    params: [
      hex(n * 1_000_000 + i, 8),
      branch(n + 1),
      `01000000010000000000000000000000000000000000000000000000000000000000000000ffffffff2a03a0bb0c${hex(START_SECONDS + n, 8)}`,
      '0a2f7372632f706f6f6c2f0000000001f5f2a012000000001976a91489893957178347e87e2bb3850e6f6937de7372b288ac00000000',
      [branch(n + 2), branch(n + 3), branch(n + 4), branch(n + 5)],
      '20000000',
      '17053894',
      hex(START_SECONDS + n, 8),
      clean,
    ],
  });

/** Anywhere among all nonces, as an ASIC finds them: multiples of a number lie as evenly as a counter's. */
function nonce(i, n) {
  let mixed = Math.imul(n * 1_000_003 + i, 0x9e3779b1);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

const share = (i, n) =>
  `{"id":${n + 2},"method":"mining.submit","params":["farm.rig${i}","${hex(n * 1_000_000 + i, 8)}","${hex(i, 16)}","${hex(START_SECONDS + n, 8)}","${hex(nonce(i, n), 8)}"]}\n`;
const answer = (n) => `{"id":${n + 2},"result":true,"error":null}\n`;

/** What session `i` says in each step. */
const STEPS = [
  [MINER_SAYS, SYN, () => ''],
  [POOL_SAYS, SYN | ACK, () => ''],
  [MINER_SAYS, PSH | ACK, () => '{"id":1,"method":"mining.subscribe","params":["cgminer/4.12.1"]}\n'],
  [
    POOL_SAYS,
    PSH | ACK,
    (i) =>
      `{"id":1,"result":[[["mining.set_difficulty","1"],["mining.notify","1"]],"${hex(i, 8)}",8],"error":null}\n`,
  ],
  [MINER_SAYS, PSH | ACK, (i) => `{"id":2,"method":"mining.authorize","params":["farm.rig${i}","x"]}\n`],
  [
    POOL_SAYS,
    PSH | ACK,
    (i) =>
      `{"id":2,"result":true,"error":null}\n{"id":null,"method":"mining.set_difficulty","params":[65536]}\n${job(i, 1, true)}\n`,
  ],
  [MINER_SAYS, PSH | ACK, (i) => share(i, 1)],
  [POOL_SAYS, PSH | ACK, () => answer(1)],
  [POOL_SAYS, PSH | ACK, (i) => `${job(i, 2, false)}\n`],
];

const block = Buffer.alloc(4 << 20);
let filled = 0;
function flush() {
  for (let at = 0; at < filled; ) at += writeSync(1, block, at, filled - at);
  filled = 0;
}

block.writeUInt32LE(0xa1b2c3d4, 0);
block.writeUInt16LE(2, 4);
block.writeUInt16LE(4, 6);
block.writeUInt32LE(262_144, 16);
block.writeUInt32LE(101, 20); // raw IP
filled = 24;

const next = [new Uint32Array(count).fill(1000), new Uint32Array(count).fill(5000)];

/** One step of one session, so many us after the beginning. */
function take(step, i, us) {
  const [direction, flags, text] = STEPS[step];
  say(direction, flags, text(i), i, us);
}

function say(direction, flags, payload, i, us) {
  const bytes = 40 + payload.length;
  if (filled + 16 + bytes > block.length) flush();
  block.writeUInt32LE(START_SECONDS + Math.floor(us / 1e6), filled);
  block.writeUInt32LE(us % 1_000_000, filled + 4);
  block.writeUInt32LE(bytes, filled + 8);
  block.writeUInt32LE(bytes, filled + 12);
  const ip = filled + 16;
  block.fill(0, ip, ip + 40);
  block[ip] = 0x45;
  block.writeUInt16BE(bytes, ip + 2);
  block[ip + 8] = 64;
  block[ip + 9] = 6;
  const address = Math.floor(i / anAddress);
  const miner = [10, (address >> 16) & 255, (address >> 8) & 255, address & 255];
  block.set(direction === MINER_SAYS ? miner : POOL, ip + 12);
  block.set(direction === MINER_SAYS ? POOL : miner, ip + 16);
  const minerPort = 20_000 + (i % anAddress);
  block.writeUInt16BE(direction === MINER_SAYS ? minerPort : POOL_PORT, ip + 20);
  block.writeUInt16BE(direction === MINER_SAYS ? POOL_PORT : minerPort, ip + 22);
  block.writeUInt32BE(next[direction][i], ip + 24);
  block.writeUInt32BE((flags & ACK) === 0 ? 0 : next[1 - direction][i], ip + 28);
  block[ip + 32] = 0x50;
  block[ip + 33] = flags;
  block.writeUInt16BE(65_535, ip + 34);
  block.write(payload, ip + 40, 'latin1');
  next[direction][i] += payload.length + ((flags & SYN) === 0 ? 0 : 1);
  filled = ip + bytes;
}

const last = STEPS.length - 1;
const seconds = Math.ceil(count / A_SECOND) + last;
for (let second = 0; second < seconds; second++) {
  for (let step = 0; step < last; step++) {
    const from = (second - step) * A_SECOND;
    for (let i = Math.max(0, from); i < Math.min(count, from + A_SECOND); i++) {
      take(step, i, second * 1e6 + step * 100_000 + (i - from) * 100);
    }
  }
}
for (let i = 0; i < count; i++) take(last, i, seconds * 1e6 + i * 100);
for (let round = 2; round < rounds + 2; round++) {
  const us = seconds * 1e6 + (round - 1) * 10e6;
  for (let turn = 0; turn < count; turn++) {
    // Each time in another order, so that shares of a session have all ages.
    const i = (turn + nonce(0, round)) % count;
    const at = us + Math.floor((turn * 9e6) / count);
    say(MINER_SAYS, PSH | ACK, share(i, round), i, at);
    say(POOL_SAYS, PSH | ACK, answer(round), i, at + 50);
    say(POOL_SAYS, PSH | ACK, `${job(i, round + 1, false)}\n`, i, at + 60);
  }
}
flush();
