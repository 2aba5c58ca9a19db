/** Captures that lose bytes at their end never have more of their bytes decoded than the whole has. */
import { Choices } from './choices.ts';
import { audit, expectSound } from './oracles.ts';
import { samples } from './samples.ts';

const ALL = samples('', /\.pcap(ng)?$/);

export async function fuzz(data: Buffer): Promise<void> {
  const choices = new Choices(data);
  const whole = choices.pick(ALL);
  const longer = whole.subarray(0, 1 + choices.below(whole.length));
  const shorter = longer.subarray(0, 1 + choices.below(longer.length));
  const [most, least] = [await audit(longer), await audit(shorter)];
  expectSound(most);
  expectSound(least);
  const decoded = ({ coverage: { counts } }: typeof most): number => counts?.reasons.decoded?.bytes ?? 0;
  if (decoded(least) > decoded(most)) {
    throw new Error(`fewer bytes, more decoded: ${decoded(most)}, ${decoded(least)}`);
  }
}
