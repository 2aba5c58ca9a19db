/** The numbers by which the kernel knows how a conversation was judged (JUDGEMENTS). */
import { JUDGEMENTS } from '../schema/packets-memory.ts';

export type Judgement = (typeof JUDGEMENTS)[number];

export const JUDGEMENT = Object.fromEntries(JUDGEMENTS.map((name, number) => [name, number])) as Readonly<
  Record<Judgement, number>
>;
