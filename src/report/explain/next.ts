/** How an explanation ends: what to do next, and what to look for at the machine, by what was seen of it. */
import { endpointText } from '../../address.ts';
import { actionOf } from '../../audit/action.ts';
import type { AuditHost, AuditSession } from '../../audit/audit.ts';
import { machinesOf, machineWords } from '../../audit/machines.ts';
import { poolEnd } from '../../audit/pool-end.ts';
import type { ReportText } from '../../statements/codes.ts';
import { type Phrase, wires } from '../phrase.ts';
import { item, type Line, paragraph } from './lines.ts';

const NAMED = 5;

/** What to do next. */
export function* nextLines(host: AuditHost, { explain, comma }: ReportText): Iterable<Line> {
  yield paragraph([explain.next[actionOf(host)]]);
  const { contact = null, department = null } = host.owner;
  const whom = [contact, department].filter((part) => part !== null).join(comma);
  if (contact !== null) yield paragraph(explain.askWhom({ contact: whom }));
}

/** What to look for at the machine. */
export function* lookForLines(
  host: AuditHost,
  sessions: readonly AuditSession[],
  { explain: { lookFor } }: ReportText,
): Iterable<Line> {
  const own = sessions.filter(({ miner }) => miner.ip === host.ip);
  const names = machinesOf(host).map(machineWords);
  const ends = own.flatMap(({ pool, via }) => [
    poolEnd(pool),
    ...via.map(({ ip, port }) => endpointText(ip, port)),
  ]);
  const agents = own.flatMap(({ agent }) => agent ?? []);
  const accounts = own.flatMap(({ logins }) => logins.map(({ account }) => account));
  const isBrowser = own.some(({ dialect }) => dialect === 'websocket-miner');
  const named = (words: readonly string[], sentence: (words: Phrase) => Phrase): Phrase[] =>
    words.length === 0 ? [] : [sentence(list([...new Set(words)]))];
  const phrases: readonly Phrase[] = [
    ...named(names, (names) => lookFor.machine({ names })),
    ...named(ends, (ends) => lookFor.process({ ends })),
    ...named(agents, (agents) => lookFor.agent({ agents })),
    ...named(accounts, (accounts) => lookFor.account({ accounts })),
    [lookFor.start],
    lookFor.since({ time: host.firstSeen }),
    ...(isBrowser ? [[lookFor.browser]] : []),
    [lookFor.load],
  ];
  for (const phrase of phrases) yield item('-', phrase);
}

function list(words: readonly string[]): Phrase {
  return [...wires(words.slice(0, NAMED)), words.length > NAMED ? ` +${words.length - NAMED}` : ''];
}
