/**
 * Miner software by the name it gives itself (docs/protocols.md 1.3): who made the message, on what kind of machine, and
 * the algorithm if the program or the machine has one only. The user can set any name, so it is a sign, not a
 * proof. Matching is by whole words, without case.
 */
import agents from '../../data/agents.tsv?raw';
import antminers from '../../data/antminers.tsv?raw';
import { list, oneOf, optional, table, text } from '../schema/table.ts';
import { algorithmId } from './algorithm.ts';
import { remembered } from './shared-text.ts';

type VendorClass = 'cpu' | 'gpu' | 'asic' | 'proxy' | 'marketplace' | 'unknown';

export interface Agent {
  /** Name of the program in its usual spelling; the text before version or blank if it is not known. */
  readonly software: string;
  readonly version: string | null;
  readonly vendorClass: VendorClass;
  readonly algorithm: string | null;
}

const LONGEST_AGENT = 256;

const PROGRAMS = table('agents.tsv', agents, {
  name: text,
  kind: oneOf('proxy', 'marketplace', 'cpu', 'gpu', 'asic'),
  algorithm: optional(algorithmId),
  spellings: list('; '),
})().map((row) => ({ ...row, spellings: [row.name, ...row.spellings].map((word) => word.toLowerCase()) }));

type Program = (typeof PROGRAMS)[number];

/** Antminer series by the letters of the model. */
const SERIES = table('antminers.tsv', antminers, { series: text, algorithm: algorithmId });

function isWordCharacter(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 97 && code <= 122);
}

/** Where `word` stands in `line` as a word of its own (a version may follow at once: 'name6', 'namev2'); −1 if not. */
function wordAt(line: string, word: string): number {
  for (let at = line.indexOf(word); at >= 0; at = line.indexOf(word, at + 1)) {
    const end = at + word.length;
    const opens = at === 0 || !isWordCharacter(line.charCodeAt(at - 1));
    const closes =
      end === line.length || !isWordCharacter(line.charCodeAt(end)) || /^v?\d/.test(line.slice(end, end + 2));
    if (opens && closes) return at;
  }
  return -1;
}

/** The program that is named first; of several at one place the one with the longest name. */
function firstNamed(lower: string): { program: Program; end: number } | null {
  let best: { program: Program; at: number; end: number } | null = null;
  for (const program of PROGRAMS) {
    for (const word of program.spellings) {
      const at = wordAt(lower, word);
      if (at < 0) continue;
      const end = at + word.length;
      if (best === null || at < best.at || (at === best.at && end > best.end)) best = { program, at, end };
    }
  }
  return best;
}

/** Version after the name: digits and dots, with a suffix such as 'beta' or '-nicehash'. */
function versionAfter(text: string): string | null {
  return /^[\s/_(-]{0,3}v?(\d[0-9a-z.+-]{0,31})/i.exec(text)?.[1]?.replace(/[.+-]+$/, '') ?? null;
}

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
  const shown = text
    .slice(0, LONGEST_AGENT)
    .replace(/[^ -~\u00a0-\u{10ffff}]+/gu, ' ')
    .trim();
  if (shown === '') return null;
  const lower = shown.toLowerCase();
  // Lower case can change the length of exotic letters; then only the lower-case text has the right offsets.
  const source = lower.length === shown.length ? shown : lower;
  const found = firstNamed(lower);
  if (found !== null) {
    return {
      software: found.program.name,
      version: versionAfter(source.slice(found.end)),
      vendorClass: found.program.kind,
      algorithm: found.program.algorithm ?? antminerAlgorithm(lower),
    };
  }
  const name = /^[^\s/(]+/.exec(source)?.[0] ?? source;
  return {
    software: name,
    version: versionAfter(source.slice(name.length)),
    vendorClass: 'unknown',
    algorithm: null,
  };
}
