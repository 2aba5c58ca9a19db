import { describe, expect, it } from 'vitest';
import {
  blockHeader,
  headerHash,
  headerJob,
  ShareProver,
  shareDifficulty,
} from '../../src/evidence/share-proof.ts';
import { random } from '../support/random.ts';
import { MINERD, ROLLED } from './laboratory-shares.ts';

/** The full vector of docs/reference/protocols.md 1.5. */
const JOB = {
  previousHash: '22334455e8f90011a4b5c6d760718293e95b2d4f0001a7c30000000000000000',
  coinbase1:
    '01000000010000000000000000000000000000000000000000000000000000000000000000ffffffff1c03a3cf0d2f6d696e6573776565702d746573742f',
  coinbase2: 'ffffffff01205fa01200000000160014aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa00000000',
  branches: ['11'.repeat(32), '22'.repeat(32)],
  version: '20000000',
  nbits: '17034219',
};
const SHARE = { extranonce2: '00000007', ntime: '68a1b2c3', nonce: '0000148f', versionBits: null };
const HEADER =
  '00000020554433221100f9e8d7c6b5a4938271604f2d5be9c3a701000000000000000000febdd54090a29502cf8145382f75996c637a8d0d24afdab57884aefb04ab1d0fc3b2a168194203178f140000';

/** Block of a test of the scrypt coins' own programs, and its published hash in display order. */
const SCRYPT_HEADER =
  '020000004c1271c211717198227392b029a64a7971931d351b387bb80db027f270411e398a07046f7d4a08dd815412a8712f874a7ebf0507e3878bd24e20a3b73fd750a667d2f451eac7471b00de6659';
const SCRYPT_HASH = '00000000002bef4107f882f6115e0b01f348d21195dacd3582aa2dabd7985806';

/** Of Bitcoin: its hash reaches a difficulty of 2,536. */
const FIRST_BLOCK = `01000000${'00'.repeat(32)}3ba3edfd7a7b12b27ac72c3e67768f617fc81bc3888a51323a9fb8aa4b1e5e4a29ab5f49ffff001d1dac2b7c`;

const hex = (bytes: Uint8Array | null): string => Buffer.from(bytes ?? []).toString('hex');
const display = (bytes: Uint8Array): string => Buffer.from(bytes).reverse().toString('hex');

describe('the header of a share', () => {
  it('is rebuilt from job, extranonces and share', () => {
    expect(hex(blockHeader(headerJob(JOB), '5e0a11c7', SHARE, null))).toBe(HEADER);
  });
  it('takes the rolled bits of the version under the mask', () => {
    const header = blockHeader(headerJob(JOB), '5e0a11c7', { ...SHARE, versionBits: '00c0e000' }, '1fffe000');
    expect(hex(header).slice(0, 8)).toBe('00e0c020');
    // Bits outside the mask are the job's.
    const foreign = blockHeader(
      headerJob(JOB),
      '5e0a11c7',
      { ...SHARE, versionBits: 'ffffffff' },
      '1fffe000',
    );
    expect(hex(foreign).slice(0, 8)).toBe('00e0ff3f');
  });
  it('does not exist with rolled bits without a mask', () => {
    const share = { ...SHARE, versionBits: '00c0e000' };
    expect(blockHeader(headerJob(JOB), '5e0a11c7', share, null)).toBeNull();
  });
});

describe('the hash of a header', () => {
  it('is SHA256d with the difficulty of the vector', () => {
    const header = Buffer.from(HEADER, 'hex');
    expect(display(headerHash(header, 'sha256d'))).toBe(
      '0000bf951181aa73245d757407dfb10e37510e3d20145ee521bd723bd5d0b5d2',
    );
    expect(shareDifficulty(header, 'sha256d')).toBe(2.0389098723756425e-5);
  });
  it('is scrypt as the scrypt coins have it', () => {
    const header = Buffer.from(SCRYPT_HEADER, 'hex');
    expect(display(headerHash(header, 'scrypt'))).toBe(SCRYPT_HASH);
    // 0xffff·2^208 / hash on the Bitcoin scale, 65536 times that in scrypt's units.
    const onBitcoinScale = Number((0xffffn << 272n) / BigInt(`0x${SCRYPT_HASH}`)) / 2 ** 64;
    expect(shareDifficulty(header, 'scrypt')).toBeCloseTo(onBitcoinScale * 65536, 4);
  });
  it('has no difficulty where the header is none', () => {
    expect(shareDifficulty(new Uint8Array(79), 'sha256d')).toBeNull();
  });
});

describe('the proof of an algorithm', () => {
  const minerd = MINERD.shares.map((share) =>
    blockHeader(headerJob(MINERD.job), MINERD.extranonce1, share, null),
  );

  it('comes from the shares of a SHA256d miner', () => {
    for (const header of minerd) {
      expect(shareDifficulty(header ?? new Uint8Array(), 'sha256d')).toBeGreaterThanOrEqual(
        MINERD.difficulty,
      );
    }
    const prover = new ShareProver();
    const proofs = minerd.map((header) => prover.add(header ?? new Uint8Array(), MINERD.difficulty));
    expect(proofs[0]).toBeNull();
    expect(proofs[1]).toMatchObject({ algorithm: 'sha256d', met: 2, tried: 2 });
    // 2·(1/(0.99·0.006·2^32))².
    expect(proofs[1]?.chance).toBeCloseTo(2 * (1 / (0.99 * 0.006 * 2 ** 32)) ** 2, 20);
    expect(prover.isOpen).toBe(false);
  });
  it('comes from shares with a rolled version', () => {
    const header = blockHeader(headerJob(ROLLED.job), ROLLED.extranonce1, ROLLED.share, ROLLED.mask);
    expect(shareDifficulty(header ?? new Uint8Array(), 'sha256d')).toBeGreaterThanOrEqual(ROLLED.difficulty);
  });
  it('comes from one hard scrypt share', () => {
    expect(new ShareProver().add(Buffer.from(SCRYPT_HEADER, 'hex'), 90_000)).toMatchObject({
      algorithm: 'scrypt',
      met: 1,
      tried: 1,
    });
  });
  it.each([
    [3, 'scrypt'],
    [4, undefined],
  ])('behind %i shares that miss is %s: scrypt is slow', (misses, algorithm) => {
    const prover = new ShareProver();
    for (let miss = 0; miss < misses; miss += 1) prover.add(new Uint8Array(80).fill(miss), 900_000);
    expect(prover.add(Buffer.from(SCRYPT_HEADER, 'hex'), 900_000)?.algorithm).toBe(algorithm);
  });
  it.each([
    [7, 'sha256d'],
    [8, undefined],
  ])('behind %i shares that miss is %s: nothing else is worth the work', (misses, algorithm) => {
    const prover = new ShareProver();
    for (let miss = 0; miss < misses; miss += 1) prover.add(new Uint8Array(80).fill(miss), 1000, true);
    expect(prover.add(Buffer.from(FIRST_BLOCK, 'hex'), 1000, true)?.algorithm).toBe(algorithm);
  });
  it('does not come from one share sent again and again', () => {
    const prover = new ShareProver();
    for (let copy = 0; copy < 100; copy += 1) {
      expect(prover.add(minerd[0] ?? new Uint8Array(), MINERD.difficulty)).toBeNull();
    }
    expect(prover.isOpen).toBe(true);
  });
  it('does not come from shares that chance lets pass', () => {
    const draw = random(99);
    for (let session = 0; session < 30; session += 1) {
      const prover = new ShareProver();
      // Every third header passes as scrypt, every hundred thousandth as SHA256d.
      while (prover.isOpen) {
        const header = Uint8Array.from({ length: 80 }, () => draw.below(256));
        expect(prover.add(header, 3 / 65536)).toBeNull();
      }
    }
  });
  it('takes no nonsense', () => {
    const prover = new ShareProver();
    for (const difficulty of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(prover.add(Buffer.from(HEADER, 'hex'), difficulty)).toBeNull();
    }
    expect(prover.add(new Uint8Array(3), 1)).toBeNull();
  });
});
