/**
 * Query logs of resolvers, as text lines: who asked which name, and if the log says it, the answer. dnsmasq and Pi-hole
 * (`log-queries`, plain and extra), unbound (`log-queries`, `log-replies`), BIND (category queries), PowerDNS recursor,
 * CoreDNS, Windows DNS (debug log). Other lines are skipped. An answer gives a name to its addresses; a question is a
 * look-up by its client.
 */
import { canonicalAddress } from '../../address.ts';
import type { FlowReadResult } from '../flow-reading.ts';
import { toldFormat } from '../format-table.ts';
import { headLines, LineReader } from '../tables/line-reader.ts';
import { cleanName, isNoServer } from '../tables/names.ts';
import { rowFormat } from '../tables/row-reader.ts';

/** What one line says. */
interface LogLine {
  readonly name: string;
  /** Who asked; '' if the line is an answer. */
  readonly client: string;
  /** An address, or '<CNAME>' if another name answers for this one; '' for a question. */
  readonly answer: string;
  /** Number of the question, if its lines have one. */
  readonly serial: string;
  /** Addresses that were answered, if the line of the question has them as well. */
  readonly answers?: readonly string[];
}

interface LineShape {
  readonly program: string;
  readonly pattern: RegExp;
  readonly read: (found: Readonly<Record<string, string | undefined>>) => LogLine | null;
}

const asked = (name = '', client = ''): LogLine => ({ name, client, answer: '', serial: '' });

const SHAPES: readonly LineShape[] = [
  {
    program: 'dnsmasq, Pi-hole',
    pattern:
      /dnsmasq(?:-dhcp)?\[\d+\]:\s+(?:(?<serial>\d+)\s+\S+\/\d+\s+)?(?<what>query\[\w+\]|reply|cached|cached-stale|config)\s+(?<name>\S+)\s+(?:from|is)\s+(?<value>\S+)/,
    read: ({ what = '', name = '', value = '', serial = '' }) =>
      what.startsWith('query[')
        ? { name, client: value, answer: '', serial }
        : { name, client: '', answer: value, serial },
  },
  {
    program: 'Infoblox',
    pattern:
      /\bclient (?<client>[0-9a-f.:]+?)#\d+:?(?: view [^:]+:)? (?:UDP|TCP): query: (?<name>\S+) IN \w+ response: (?<rest>.*)/i,
    read: ({ name, client, rest = '' }) => ({
      ...asked(name, client),
      answers: [...rest.matchAll(/ IN A(?:AAA)? ([0-9a-f.:]+);/gi)].map(([, address]) => address),
    }),
  },
  {
    program: 'BIND',
    pattern:
      /\bclient (?:@0x[0-9a-f]+ )?(?<client>[0-9a-f.:]+)#\d+(?: \([^)]*\))?:(?: view [^:]+:)? query: (?<name>\S+) IN \w+/i,
    read: ({ name, client }) => asked(name, client),
  },
  {
    program: 'unbound',
    // The question has told the same as its reply; if only replies are logged, they are used for both.
    pattern:
      /\bunbound(?:\[[^\]]*\])?:?(?:\s+\[[^\]]*\])?\s+(?<what>info|query|reply):\s+(?<client>[0-9a-f.:]+)\s+(?<name>\S+)\s+[A-Z0-9]+\s+IN(?<rest>\s+[A-Z]+\s+[\d.]+)?/i,
    read: ({ what, name, client, rest }) =>
      what === 'reply' || rest !== undefined
        ? { ...asked(name, client), serial: 'reply' }
        : asked(name, client),
  },
  {
    program: 'PowerDNS recursor',
    pattern: /\bpdns_recursor\[\d+\]:.*\bquestion for '(?<name>[^'|]+)\|\w+' from (?<client>[0-9a-f.:]+)/i,
    read: ({ name, client = '' }) => asked(name, client.replace(/^([\d.]+):\d+$/, '$1')),
  },
  {
    program: 'CoreDNS',
    pattern: /\[INFO\]\s+\[?(?<client>[0-9a-f.:]+?)\]?:\d+ - \d+ "\w+ IN (?<name>\S+) (?:udp|tcp|tls|https)/i,
    read: ({ name, client }) => asked(name, client),
  },
  {
    program: 'Windows DNS',
    pattern:
      /\b(?:UDP|TCP) Rcv (?<client>[0-9a-f.:]+)\s+[0-9a-f]{4}\s+(?<reply>R )?\s*Q \[[^\]]*\]\s+\w+\s+(?<name>(?:\(\d+\)[^()\s]*)+)/i,
    read: ({ name = '', client, reply }) =>
      reply === undefined ? asked(name.replace(/\(\d+\)/g, '.').replace(/^\.|\.+$/g, ''), client) : null,
  },
];

function parseLine(line: string): LogLine | null {
  for (const { pattern, read } of SHAPES) {
    const found = pattern.exec(line);
    if (found !== null) return read(found.groups ?? {});
  }
  return null;
}

class ResolverLogReader extends LineReader {
  /** Names have 253 signs at most; a longer line is none of a resolver's. */
  protected override readonly lineLimit = 4096;
  /** Questions were seen apart from replies. */
  #hasQuestions = false;
  /** Name that another one answers for, and the question that this is of. */
  #alias: { readonly name: string; readonly serial: string } | null = null;

  protected line(text: string): void {
    const parsed = parseLine(text);
    const name = parsed === null ? null : cleanName(parsed.name);
    if (parsed === null || name === null) {
      this.#alias = null;
      return;
    }
    const timeUs = this.time.ofLine(text);
    for (const answer of parsed.answers ?? []) this.#answered({ ...parsed, name, answer }, timeUs);
    if (parsed.client === '') this.#answered({ ...parsed, name }, timeUs);
    else this.#asked({ ...parsed, name }, timeUs);
  }

  /** A name holds for its server whatever the date is: nothing is said of dates that are not clear. */
  override result(): FlowReadResult {
    this.time.withoutYear = 0;
    this.time.unclear = 0;
    return super.result();
  }

  #asked({ name, client, serial }: LogLine, timeUs: number): void {
    const isReply = serial === 'reply';
    this.#hasQuestions ||= !isReply;
    this.#alias = null;
    const who = canonicalAddress(client);
    if (who === null || (isReply && this.#hasQuestions)) return;
    this.question(name, who, timeUs);
  }

  /** An address answers for its name, and for the name that the line right before called an alias of it. */
  #answered({ name, answer, serial }: LogLine, timeUs: number): void {
    if (answer === '<CNAME>') {
      if (this.#alias === null || this.#alias.serial !== serial) this.#alias = { name, serial };
      return;
    }
    const server = canonicalAddress(answer);
    if (server === null || isNoServer(server)) return;
    const names = this.#alias !== null && this.#alias.serial === serial ? [name, this.#alias.name] : [name];
    for (const each of new Set(names)) this.answer(each, server, timeUs);
  }
}

const TOLD = toldFormat('resolver-log');
const title = `${TOLD.facts.title}: ${SHAPES.map(({ program }) => program).join(', ')}`;

export const resolverLog = rowFormat({ ...TOLD, facts: { ...TOLD.facts, title } }, ResolverLogReader, {
  sniff: (head) => headLines(head).some((line) => parseLine(line.slice(0, 1024)) !== null),
  holdsNames: () => true,
});
