/**
 * Miner software by the name it gives itself (docs/protocols.md 1.3): who made the message, on what kind of machine, and
 * the algorithm if the program or the machine has one only. The user can set any name, so it is a sign, not a
 * proof. Matching is by whole words, without case.
 */
import agents from '../../data/agents.tsv?raw';
import antminers from '../../data/antminers.tsv?raw';
import { list, oneOf, optional, table, text } from '../schema/table.ts';
import { algorithmId } from './algorithm.ts';
import { printable, remembered } from './shared-text.ts';

export interface Agent {
  /** Name of the program in its usual spelling; the text before version or blank if it is not known. */
  readonly software: string;
  readonly vendorClass: (typeof PROGRAMS)[number]['kind'] | 'unknown';
  readonly algorithm: string | null;
}

const LONGEST_AGENT = 256;

const PROGRAMS = table('agents.tsv', agents, {
  name: text,
  kind: oneOf('proxy', 'marketplace', 'cpu', 'gpu', 'asic'),
  algorithm: optional(algorithmId),
  spellings: list('; '),
})();

/** Antminer series by the letters of the model. */
const SERIES = table('antminers.tsv', antminers, { series: text, algorithm: algorithmId });

const NAMES = new Map(
  PROGRAMS.flatMap((program) =>
    [program.name, ...program.spellings].map((word) => [word.toLowerCase(), program] as const),
  ),
);
/** A name as a word of its own; a version may follow at once: 'name6', 'namev2'. Of several at one place the longest. */
const NAMED = new RegExp(
  `(?<![0-9a-z])(?:${[...NAMES.keys()]
    .sort((a, b) => b.length - a.length)
    .map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('|')})(?=$|[^0-9a-z]|v?\\d)`,
);

function antminerAlgorithm(lower: string): string | null {
  const series = /antminer[\s_-]{0,2}([a-z]{1,2})\d/.exec(lower)?.[1];
  return SERIES().find((row) => row.series === series)?.algorithm ?? null;
}

/** Names itself as a program or a market that gathers miners: nobody knows how many are behind it. */
export function gathersMiners(agent: string | null): boolean {
  return agent !== null && /^(?:proxy|marketplace)$/.test(identifyAgent(agent)?.vendorClass ?? '');
}

/**
 * Who an agent string names. Null for an empty text; software that is not known is returned with class 'unknown'. Only
 * the first 256 characters are looked at.
 */
export const identifyAgent: (text: string) => Agent | null = remembered(findAgent);

function findAgent(text: string): Agent | null {
  const shown = printable(text, LONGEST_AGENT);
  if (shown === '') return null;
  const lower = shown.toLowerCase();
  const program = NAMES.get(NAMED.exec(lower)?.[0] ?? '');
  if (program === undefined)
    return { software: /^[^\s/(]+/.exec(shown)?.[0] ?? shown, vendorClass: 'unknown', algorithm: null };
  const { name, kind, algorithm } = program;
  return { software: name, vendorClass: kind, algorithm: algorithm ?? antminerAlgorithm(lower) };
}
