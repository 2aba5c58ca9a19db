/**
 * Miner software by the name it gives itself (docs/reference/protocols.md 1.3): who made the message, on what kind of machine, and
 * the algorithm if the program or the machine has one only. The user can set any name, so it is a sign, not a
 * proof. Matching is by whole words, without case.
 */
import agents from '../../data/agents.tsv?raw';
import antminers from '../../data/antminers.tsv?raw';
import { each, list, number, oneOf, optional, table, text } from '../schema/table.ts';
import { algorithmId } from './algorithm.ts';
import { printable, remembered } from './shared-text.ts';

const KINDS = [
  'proxy',
  'marketplace',
  'monitor',
  'browser',
  'library',
  'cpu',
  'gpu',
  'asic',
  'board',
] as const;
type Kind = (typeof KINDS)[number];

export interface Agent {
  /** Name of the program in its usual spelling; the text before version or blank if it is not known. */
  readonly software: string;
  readonly vendorClass: Kind | 'unknown';
  readonly algorithm: string | null;
}

const LONGEST_AGENT = 256;

const PROGRAMS = table('agents.tsv', agents, {
  name: text,
  kinds: each(oneOf(...KINDS)),
  algorithms: each(algorithmId),
  setup: optional(oneOf('stock-xmrig', 'altered-or-old', 'rig-system', 'firmware', 'asic-program')),
  oldBelow: optional(number(1, 1000)),
  spellings: list('; '),
})();
type Program = (typeof PROGRAMS)[number];

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
  'g',
);

function antminerAlgorithm(lower: string): string | null {
  const series = /antminer[\s_-]{0,2}([a-z]{1,2})\d/.exec(lower)?.[1];
  return SERIES().find((row) => row.series === series)?.algorithm ?? null;
}

/** Programs that a text names, in its order. Only the first 256 characters are looked at. */
const programsNamed: (text: string) => readonly Program[] = remembered((text) =>
  [...printable(text, LONGEST_AGENT).toLowerCase().matchAll(NAMED)].flatMap(
    ([name]) => NAMES.get(name) ?? [],
  ),
);

/** Names itself as a program or a market that gathers miners: nobody knows how many are behind it. */
export function gathersMiners(agent: string | null): boolean {
  return agent !== null && /^(?:proxy|marketplace)$/.test(identifyAgent(agent)?.vendorClass ?? '');
}

/** Names itself as a program that mines, or gathers miners. */
export function namesMiner(agent: string): boolean {
  return !/^(?:unknown|monitor|browser|library)$/.test(identifyAgent(agent)?.vendorClass ?? 'unknown');
}

type MachineKind = 'cpu' | 'gpu' | 'asic' | 'board';

/** Kinds of machine that the program runs on, the usual one first; none if nothing tells. */
export function kindsOfAgent(agent: string): readonly MachineKind[] {
  const named = programsNamed(agent).find(({ kinds }) => kinds.some(isMachine));
  return named?.kinds.filter(isMachine) ?? [];
}

function isMachine(kind: Kind): kind is MachineKind {
  return kind === 'cpu' || kind === 'gpu' || kind === 'asic' || kind === 'board';
}

/** What the name shows of who set the machine up; '' is a program that hides its name. */
export function setupOfAgent(agent: string): NonNullable<Program['setup']> | 'other' {
  if (agent.trim() === '') return 'altered-or-old';
  const named = programsNamed(agent);
  const [program] = named.some(({ setup }) => setup === 'rig-system')
    ? named.filter(({ setup }) => setup === 'rig-system')
    : named;
  if (program === undefined) return 'other';
  if (program.oldBelow !== null && versionIn(agent) < program.oldBelow) return 'altered-or-old';
  return program.setup ?? 'other';
}

/** The number behind the first slash; infinite without one. */
function versionIn(agent: string): number {
  const [, version] = /\/v?(\d{1,4})\b/.exec(agent) ?? [];
  return version === undefined ? Number.POSITIVE_INFINITY : Number(version);
}

/** The part of a text that is the name of a known program: it is public, whatever secret is spelt alike. */
export function programNameIn(text: string): string {
  const lower = text.slice(0, LONGEST_AGENT).toLowerCase();
  const [first] = lower.matchAll(NAMED);
  return first === undefined ? '' : text.slice(first.index, first.index + first[0].length);
}

/**
 * Who an agent string names. Null for an empty text; software that is not known is returned with class 'unknown'. Only
 * the first 256 characters are looked at.
 */
export const identifyAgent: (text: string) => Agent | null = remembered(findAgent);

function findAgent(text: string): Agent | null {
  const shown = printable(text, LONGEST_AGENT);
  if (shown === '') return null;
  const [program] = programsNamed(text);
  if (program === undefined)
    return { software: /^[^\s/(]+/.exec(shown)?.[0] ?? shown, vendorClass: 'unknown', algorithm: null };
  const { name, kinds, algorithms } = program;
  const [algorithm = antminerAlgorithm(shown.toLowerCase())] = algorithms.length === 1 ? algorithms : [];
  return { software: name, vendorClass: kinds[0] ?? 'unknown', algorithm };
}
