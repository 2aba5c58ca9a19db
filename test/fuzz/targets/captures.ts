/** Captures with edits, through the whole scan: mining ones must give a sound audit, harmless ones accuse nobody; threads and compression change nothing. */
import { gzipSync } from 'node:zlib';
import { comparable, essence } from '../../support/scanning.ts';
import { Choices, edited } from './choices.ts';
import { audit, expectNobodyAccused, expectSame, expectSound } from './oracles.ts';
import { samples } from './samples.ts';

const CAPTURE = /\.pcap(ng)?$/;
const HARMLESS = samples('look-alikes', CAPTURE);
const ALL = samples('', CAPTURE);

export async function fuzz(data: Buffer): Promise<void> {
  const choices = new Choices(data);
  const isHarmless = choices.byte() % 2 === 0;
  const threads = choices.byte() % 16 === 0;
  const mutant = edited(choices.pick(isHarmless ? HARMLESS : ALL), choices);
  const found = await audit(mutant);
  expectSound(found);
  if (isHarmless) expectNobodyAccused(found);
  if (threads) {
    const again = await audit(mutant, { thread: 'always', jobs: 4 });
    expectSame('--jobs', comparable(found), comparable(again));
    // What was not read weighs as much as is stored.
    expectSame('gzip', essence(found), essence(await audit(gzipSync(mutant))));
  }
}
