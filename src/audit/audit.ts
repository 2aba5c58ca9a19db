/**
 * The audit, declared once: audit.json ("minesweep.audit/2"), field for field, in the order in which it is
 * written. Types, JSON Schema, checks, CSV columns and docs/audit.md follow. Fields may be added, none may change
 * meaning. Bytes are IP bytes, out is miner to pool, times are ISO 8601 UTC.
 */

import type { Contact, Likeness } from '../endpoints/contact.ts';
import type { CounterStructure } from '../evidence/counter/counter-input.ts';
import { VERDICTS, type Verdict } from '../evidence/verdict.ts';
import { INSTITUTIONAL, INSTITUTIONAL_WITH_RESEARCH, OWNER_CLASSES, type OwnerClass } from '../owners/answer.ts';
import { amount, as, count, define, field, flag, inUnit, list, map, matching, number, type Of, oneOf, optional, orNull, part, record, type Type, text, within } from '../schema/field.ts';
import { CONTACT, difficulties, OPEN_SESSION, SESSION_FACTS, THIN_PAIR, through } from './merge-fields.ts';
import { algorithmOrNull, port, SAID, statement, time, verdict } from './types.ts';

export const AUDIT_SCHEMA = 'minesweep.audit/3';
/** Read as well (old-versions.ts). */
export const OLD_AUDIT_SCHEMAS = ['minesweep.audit/1', 'minesweep.audit/2'] as const;

export { INSTITUTIONAL, INSTITUTIONAL_WITH_RESEARCH, OWNER_CLASSES, type OwnerClass, VERDICTS, type Verdict };

export const STRENGTHS = ['proof', 'strong', 'weak', 'hint'] as const;
export type Strength = (typeof STRENGTHS)[number];

export const BASES = ['shares', 'counter', 'self-reported', 'modelled'] as const;
export type Basis = (typeof BASES)[number];

const ROLES = ['miner', 'proxy', 'browser-miner', 'solo', 'pool', 'scanner', 'monitor', 'honeypot'] as const;
const INTENTS = ['hijacked', 'deliberate', 'undetermined'] as const;

const NEWER = { since: 2 } as const;
const MERGE = { since: 2, shown: 'merge' } as const;

const bytes = inUnit(count, 'bytes');
const seconds = inUnit(amount, 's');
const watts = inUnit(amount, 'W');
const kwhPerDay = inUnit(amount, 'kWh/day');
const mbps = inUnit(amount, 'Mbit/s');
const hashes = inUnit(amount, 'hashes');
/** In `unit` of its row. */
const rate = inUnit(amount, 'per second');
const ownerClass = oneOf(OWNER_CLASSES, 'ownerClass');
const texts = list(text);
const textOrNull = orNull(text);
const range = (type: Type<number>) => ({ low: field(type, 'At least.'), high: field(type, 'At most.') });
const span = (type: Type<number>) => record({ low: field(type, 'At least.'), central: field(type, 'The likeliest number.'), high: field(type, 'At most.') });
const machines = record(range(count));
/** From when to when. */
const times = (start: string, end: string) => ({ start: field(time, start), end: field(time, end) });

const statements = list(statement);

const share = define('part', 'A part of the whole, by bytes and by packets or flows.', { bytes: field(part, 'Of the bytes.'), packets: field(part, 'Of the packets or flows.') });
const weight = define('weight', '', { packets: field(amount, 'Packets.'), bytes: field(inUnit(amount, 'bytes'), 'Bytes.') });

const damage = define('damage', '', {
  kind: field(text, 'What is wrong.'),
  count: field(within(count, 1), 'How often.'),
  at: field(count, 'Where first: byte offset or record number, by kind.'),
  ...SAID,
});

const input = define('input', '', {
  path: field(text, 'As it was given or found.'),
  kind: field(text, "'pcap', 'pcapng', the id of a flow-log format, or 'unreadable' if nothing of it could be read."),
  bytes: field(bytes, 'Size as stored, compressed if it is.'),
  sha256: field(orNull(matching('^[0-9a-f]{64}$')), 'Of what is stored; null if nobody asked for it.'),
  packets: optional(count, 'Packets that were read; absent of flow logs.'),
  flows: optional(count, 'Flow records that were read; absent of captures.'),
  names: optional(count, 'Names of addresses, look-ups and alerts, of logs that hold such.', NEWER),
  first: field(orNull(time), 'Time of the first record.'),
  last: field(orNull(time), 'Time of the last record.'),
  damage: field(list(damage), 'One row a kind.'),
});

const coverageCounts = define('coverageCounts', 'Packets and bytes that the parts of the coverage are made of.', {
  all: field(weight, 'All that was read.'),
  truncated: field(weight, 'Cut by the snap length.'),
  recovered: field(weight, 'Fragments that were decoded once their datagram was whole.'),
  records: field(weight, 'Of flow records, all of them.'),
  sampled: field(weight, 'Of flow records, those that were sampled.'),
  encrypted: field(weight, 'TCP traffic encrypted from the start.'),
  oneSided: field(weight, 'TCP traffic of connections seen in one direction only.'),
  cutBytes: field(inUnit(number, 'bytes'), 'Bytes of decoded packets that were cut off.'),
  reasons: field(map(weight), "By reason why packets were skipped, and 'decoded'."),
});

const seamLoss = record({
  connections: field(count, 'Connections open at both sides of a seam that neither part could tell, at most.'),
  messages: field(count, 'Messages of sessions that were cut in two.'),
  joined: field(count, 'Sessions of two parts that were joined.'),
  answers: optional(count, 'Shares of joined sessions whose answer is in the next part; they count as unanswered.'),
});

/** Why a conversation was not judged. */
const NOT_JUDGED = ['sampled', 'too-short', 'no-packets', 'no-roles', 'undecided', 'port', 'cut', 'limit', 'tunnel', 'encrypted'] as const;
export type NotJudged = (typeof NOT_JUDGED)[number];

const conversed = define('conversed', 'Conversations and their IP bytes. Records of which no conversation is kept count one each.', {
  conversations: field(count, 'How many.'),
  bytes: field(inUnit(amount, 'bytes'), 'IP bytes of them.'),
});

const judged = define('judged', 'What was found out of TCP conversations, by what tells most of each; and why of the others nothing was.', {
  byProtocol: field(conversed, 'Read as messages.'),
  byEndpoint: field(conversed, 'The server has a name, or a list of addresses of its date knows all pools.'),
  byBehaviour: field(conversed, 'By how they behave.'),
  notJudged: field(as<Partial<Record<NotJudged, Of<typeof conversed>>>>(map(conversed)), `By reason: ${NOT_JUDGED.join(', ')}.`),
});

const coverage = record({
  complete: field(flag, 'False if too little was decoded or judged for silence to mean anything.'),
  decoded: field(share, 'Decoded down to TCP, UDP or another transport.'),
  encrypted: field(share, 'TCP traffic that was encrypted from the start (TLS), so that no protocol could be parsed.'),
  truncated: field(share, 'Packets that the snap length cut.'),
  sampled: field(share, 'Known from sampled records only.'),
  oneSided: field(share, 'TCP traffic of connections of which only one direction was seen.'),
  skipped: field(share, 'Not decoded.'),
  judged: optional(judged, 'How the conversations were judged.', { since: 3 }),
  skippedReasons: field(map(count), 'Packets skipped, by reason.'),
  counts: optional(coverageCounts, 'What the parts above are made of.', NEWER),
  atSeam: optional(seamLoss, 'Of a merge: what only a reader of two parts in one go could know. Absent if nothing.', NEWER),
});

const traffic = define('traffic', 'IP bytes of pool conversations; Mbit/s are means over the window.', {
  bytesOut: field(bytes, 'Miner to pool.'),
  bytesIn: field(bytes, 'Pool to miner.'),
  packetsOut: field(count, 'Miner to pool.'),
  packetsIn: field(count, 'Pool to miner.'),
  mbpsOut: field(mbps, 'Miner to pool, mean of the window.'),
  mbpsIn: field(mbps, 'Pool to miner, mean of the window.'),
});

const RATE = {
  algorithm: field(text, 'Id of the algorithm, or of its family.'),
  unit: field(oneOf(['H/s', 'Sol/s', 'graphs/s'], 'unit'), 'Of the rates.'),
  basis: field(oneOf(BASES, 'basis'), 'What the rate rests on.'),
  estimate: field(rate, 'The likeliest rate.'),
  low95: field(orNull(rate), 'Lower limit, 95 %; null if there is none.'),
  high95: field(orNull(rate), 'Upper limit, 95 %; null if there is none.'),
} as const;
const headline = field(flag, 'True of the one row of the algorithm that stands for it.');
const hashrate = define('hashrate', '', { ...RATE, headline });
const hostHashrate = define('hostHashrate', '', {
  ...RATE,
  headline,
  activeSeconds: optional(seconds, 'Over which the rate was taken: the union of the times of the sessions that it is of.'),
});
const totalHashrate = define('totalHashrate', '', { ...RATE, hosts: field(count, 'Hosts that contribute to the row.'), headline });

const power = define('power', '', {
  wattsLow: field(watts, 'While mining, at least.'),
  watts: field(watts, 'While mining.'),
  wattsHigh: field(watts, 'While mining, at most.'),
  kwhPerDayLow: field(kwhPerDay, 'At least.'),
  kwhPerDay: field(kwhPerDay, 'Power times the part of the window that was mined.'),
  kwhPerDayHigh: field(kwhPerDay, 'At most.'),
  tier: optional(oneOf(['A', 'B', 'C', 'flat']), 'How well it is known: A from shares, B from the kind of machine, C modelled if nothing that was read tells, flat by request.', NEWER),
});

const verdictCounts = Object.fromEntries(VERDICTS.map((each) => [each, field(count, `Hosts that are ${each}.`)])) as Record<Verdict, ReturnType<typeof field<number>>>;

const totals = record({
  hosts: field(record(verdictCounts), 'Hosts by verdict.'),
  minerAddresses: field(count, 'Addresses confirmed or probable.'),
  rigs: field(machines, 'Distinct machines behind them.'),
  traffic: field(traffic, 'Of these.'),
  hashrate: field(list(totalHashrate), 'One row per algorithm and basis; one headline per algorithm.'),
  hashrateAssumptions: optional(statements, 'What the modelled rates rest on; the most frequent first. Absent if none was asked for.', NEWER),
  modelledPower: optional(power, 'Power of miners of tier C: no part of power. Absent if there are none.', NEWER),
  power: field(orNull(power), 'Null if nothing is known of it.'),
  powerAssumptions: field(statements, 'What the power figures rest on; the most frequent first.'),
  owners: field(
    list(
      record({
        class: field(ownerClass, 'Of the owner.'),
        addresses: field(count, 'Miner addresses.'),
        share: field(part, 'Of all miner addresses.'),
      }),
    ),
    'Whose the miner addresses are.',
  ),
  institutionalShare: field(orNull(part), 'Share of miner addresses owned by government, education or enterprise; null if there are none.'),
  institutionalShareWithResearch: optional(orNull(part), 'Share of miner addresses owned by government, education, enterprise or research bodies.', NEWER),
  cities: field(
    list(
      record({
        country: field(textOrNull, 'ISO 3166 alpha-2.'),
        region: field(textOrNull, 'Province or state.'),
        city: field(text, 'Name.'),
        addresses: field(count, 'Miner addresses.'),
        kwhPerDay: field(kwhPerDay, 'Adds up to that of power if all places are known.'),
        modelledKwhPerDay: optional(kwhPerDay, 'Of miners of tier C: no part of kwhPerDay. Absent if there are none.', NEWER),
      }),
    ),
    'Miner addresses and their energy by city, as far as places are known.',
  ),
});

const owner = define('owner', '', {
  class: field(ownerClass, 'What kind of owner.'),
  name: field(textOrNull, 'Of the organisation.'),
  asn: field(orNull(count), 'AS number of the network.'),
  country: field(textOrNull, 'ISO 3166 alpha-2.'),
  region: field(textOrNull, 'Province or state.'),
  city: field(textOrNull, 'City.'),
  source: field(textOrNull, 'What gave the class: a file or database.'),
  secondClass: optional(ownerClass, 'What the owner is as well: another kind of institution, by another answer. Absent if nothing else.', NEWER),
  confidence: field(orNull(part), 'Of the class; null if it is unknown.'),
  rule: optional(orNull(statement), 'What gave the class: the rule, and who had the address at other times.'),
  department: optional(textOrNull, "Of the operator's own table."),
  contact: optional(textOrNull, "Of the operator's own table."),
  intent: field(oneOf(INTENTS), 'What its mining is consistent with.'),
  reasons: field(statements, 'Signs of the intent, and what it lacks.'),
});

const evidence = define('evidence', '', {
  kind: field(text, 'What kind of fact (docs/reading-an-audit.md).'),
  strength: field(oneOf(STRENGTHS), 'What it is worth alone.'),
  ...SAID,
  count: field(within(count, 1), 'How often it was seen.', NEWER),
  input: field(text, 'Path of the input.'),
  record: field(count, '1-based number of the packet or record within its input; 0 if there is none.'),
  time: field(time, 'When it was first seen.'),
});

const machine = define('machine', 'Who had an address, as a lease tells.', {
  mac: field(textOrNull, 'Hardware address: lower case, with colons.'),
  hostname: field(textOrNull, 'Name of the host.'),
  user: field(textOrNull, 'Who was logged in.'),
  from: field(orNull(time), 'When it had the address; null if the lease does not tell.'),
  to: field(orNull(time), 'When it had the address; null if the lease does not tell.'),
  source: field(text, 'Format of the lease.'),
});

export const HOST = define('host', '', {
  ip: field(text, 'Canonical text, RFC 5952.'),
  verdict: field(verdict, 'The strongest of its sessions and contacts.'),
  roles: field(list(oneOf(ROLES)), 'What the host does.'),
  owner: field(owner, 'Whose it is.'),
  traffic: field(traffic, 'Of its pool conversations.'),
  sessions: field(count, 'Number of sessions.'),
  workers: field(texts, 'Names of workers.'),
  coins: field(texts, 'Tickers.'),
  algorithms: field(texts, 'Ids.'),
  hashrate: field(list(hostHashrate), 'One row per algorithm and basis; one headline per algorithm.'),
  duty: field(orNull(part), 'Active time over the window; null if nothing was active.'),
  rigs: field(machines, 'Machines behind the address, at least and at most.'),
  power: field(orNull(power), 'Null if nothing is known of it.'),
  firstSeen: field(time, 'First time of its sessions and contacts.'),
  lastSeen: field(time, 'Last time of its sessions and contacts.'),
  pools: field(texts, 'Pool names, or addresses if no name is known.'),
  machines: optional(list(machine), 'Who had the address while it was seen, in order; several if it changed hands. Absent if no lease tells.', { since: 3 }),
  through: optional(through, 'Tunnels and exporters that what is known of it came through; absent if there were none.', { since: 3 }),
  evidence: field(list(evidence), 'What the verdict rests on, the strongest first.'),
});

const tls = define('tls', 'The opening of an encrypted connection.', {
  serverName: field(textOrNull, 'Null if the client names no server.'),
  encryptedHello: field(flag, 'An encrypted client hello travels along (ECH): the name may be an outer one.'),
  alpn: field(texts, 'Protocols that the client offers.'),
  ja3: field(text, 'Fingerprint of the client hello.'),
  ja4: field(text, 'Fingerprint of the client hello.'),
  version: field(textOrNull, "Version that the server chose, '1.2'; null if its hello was not seen."),
  certificate: field(
    orNull(
      define('certificate', '', {
        subject: field(text, 'Whom it names.'),
        names: field(texts, 'Names of hosts.'),
        issuer: field(text, 'Who issued it.'),
        selfSigned: field(flag, 'Issued by its subject.'),
      }),
    ),
    "The server's own; null if it was not seen: from TLS 1.3 on it is encrypted.",
  ),
  refused: optional(flag, 'True if the server answered in the clear, so that nothing was encrypted; absent otherwise.'),
});

const counter = define('counter', "The session's rate as its nonces tell it.", {
  verdict: field(oneOf(['clock', 'no-clock', 'not-read']), 'clock: the nonces count; no-clock: they do not, or too few tell; not-read: the run had no time left.'),
  algorithm: field(algorithmOrNull, 'Of the shares that were read; null if unknown: then no hashrate row shows the rate.'),
  notes: field(statements, 'What was read from what.', NEWER),
  pValue: field(orNull(part), 'Chance that random nonces fit as well, at most; null if not read.'),
  structure: field(
    orNull(
      as<CounterStructure>(
        record({
          kind: field(text, 'How nonces are handed out.'),
          size: field(orNull(amount), 'Nonces of a chunk or lane, hashes of a unit.'),
          spread: field(amount, 'Of one share about the clock, relative.'),
          outliers: field(amount, 'Part of the shares that are off the clock.'),
        }),
      ),
    ),
    'How nonces are handed out; null without a clock.',
  ),
  tracks: field(orNull(span(amount)), 'Threads or devices that count; null if they cannot be distinguished.'),
  rigs: field(orNull(count), 'Machines behind the connection, by set nonce bytes; null if the dialect has none.'),
  estimate: field(orNull(rate), "The likeliest rate, in the algorithm's unit."),
  low95: field(orNull(rate), 'Lower limit, 95 %.'),
  high95: field(orNull(rate), 'Upper limit, 95 %.'),
  shares: field(count, 'Shares on the clock.'),
  series: field(
    list(
      record({
        ...times('Begin of the span.', 'End of the span.'),
        shares: field(count, 'Shares on the clock.'),
        estimate: field(rate, 'The likeliest rate.'),
        low95: field(rate, 'Lower limit, 95 %.'),
        high95: field(rate, 'Upper limit, 95 %.'),
      }),
    ),
    'Spans of 15 minutes counted back from the last share; spans without a share are absent.',
  ),
});

const flow = record({
  connections: field(count, 'Answered TCP connections.'),
  unanswered: field(count, 'Tries without an answer.'),
  activeSeconds: field(seconds, 'Time with a connection open.'),
  meanSeconds: field(seconds, 'Mean length of a connection.'),
  scatter: field(orNull(amount), 'Variance of the packets of a record over that of chance: about 0 for a clock, 1 to 5 for shares, more for bursts; null if no record tells.'),
  likeness: field(
    as<Likeness | null>(
      orNull(
        record({
          score: field(number, 'Natural log odds of mining against look-alikes, at as many of the one as of the other.'),
          threshold: field(number, 'Suspected from here on.'),
          parts: field(
            list(
              record({
                id: field(text, 'Of the feature (docs/behaviour.md).'),
                value: field(orNull(number), 'Null if the records do not tell it.'),
                cost: field(amount, 'What it took from the score.'),
              }),
            ),
            'One a feature.',
          ),
        }),
      ),
    ),
    'Score of the behaviour (docs/behaviour.md); null if the records do not let one judge.',
  ),
  samplingInterval: field(within(amount, 1), 'One packet in so many was looked at.'),
  observedPackets: field(amount, 'How many those were.'),
  packets95: optional(record(range(amount)), '95 % limits of the packets of both directions, sampling multiplied; absent if every packet was counted.'),
});

const modelledSpan = define('modelledSpan', '', {
  low: field(amount, 'At least.'),
  estimate: field(amount, 'The likeliest number.'),
  high: field(amount, 'At most.'),
});

const sharesSeen = define('sharesSeen', '', {
  submitted: field(span(count), 'By the client.'),
  accepted: field(count, 'By the server; at most, if acceptedLow is there.'),
  acceptedLow: optional(count, 'At least, where one answer stands for several shares. Absent if each share has its own.'),
  rejected: field(count, 'By the server, stale ones included.'),
  firstAt: field(orNull(time), 'When the first was sent; null if none was.'),
  lastAt: field(orNull(time), 'When the last was sent; null if none was.'),
  pacePerMinute: field(inUnit(amount, 'per minute'), 'Shares over the active time.'),
  activeSeconds: field(seconds, 'Over which connections were watched, without times of ten minutes and more in which shares had come otherwise.'),
  newTargets: optional(count, 'Of encrypted Stratum V2: how often the pool set a target, which does not show. Absent of anything else.'),
  channels: optional(count, 'Of encrypted Stratum V2: channels that were opened while it was watched, one each time that the miner asked. Absent of anything else.'),
  connections: field(list(record(times('Since when it was watched.', 'Its last message.'))), 'In the order of time, 256 at most.'),
  series: field(
    list(record({ start: field(time, 'Begin of the window.'), seconds: field(inUnit(within(amount, 1), 's'), 'Length of the window.'), shares: field(count, 'Sent in it.') })),
    'Windows with shares, of 60 s aligned to UTC, doubled until at most 1,440 remain.',
  ),
  silences: field(list(record(times('Since when.', 'Until when.'))), 'When a connection was watched but for long no share came.'),
});

const tcpEnd = { ip: field(text, 'Canonical text.'), port: field(port, 'TCP port.') } as const;

export const SESSION = define('session', '', {
  miner: field(record(tcpEnd), 'The miner.'),
  pool: field(
    record({
      ...tcpEnd,
      names: field(texts, 'Names that the address was called by.'),
      pool: field(textOrNull, 'The pool; null if it is not known.'),
      kind: field(textOrNull, 'pool, marketplace, browser-miner, malware-proxy or donation; null if not known.'),
    }),
    'The pool; with a proxy the target.',
  ),
  via: field(list(record({ ...tcpEnd, kind: field(text, 'Of the proxy.') })), 'Proxies between them.'),
  transport: field(text, "'tcp', 'http', 'tls', 'websocket'; 'noise' for encrypted Stratum V2."),
  dialect: field(matching('^[a-z0-9][a-z0-9.-]*$'), 'Id (docs/dialects.md).'),
  verdict: field(verdict, 'Of this session.'),
  reason: optional(statement, 'The rule that gave the verdict.', NEWER),
  attempts: optional(within(count, 2), 'Connections of the miner to this endpoint with this outcome on which nothing was served, from start to end less than ten minutes apart. Absent if the row is of one session.', { since: 3 }),
  algorithm: field(algorithmOrNull, 'Id; null if it is not known.'),
  algorithmSource: field(textOrNull, 'From what the algorithm is known; null if it is not.'),
  coin: field(textOrNull, 'Ticker; null if it is not known.'),
  tls: optional(orNull(tls), 'What the opening of TLS said in clear; null if there is none, or it was not kept.'),
  agent: field(textOrNull, 'Miner software as it names itself.'),
  logins: field(
    as<readonly { account: string; worker: string | null }[]>(
      list(
        record({
          account: field(text, 'Wallet or user.'),
          worker: field(textOrNull, 'Null if none was named.'),
        }),
      ),
    ),
    'Never with the password.',
  ),
  ...times('First packet or record.', 'Last packet or record.'),
  traffic: field(traffic, 'Of the session.'),
  shares: field(
    record({
      submitted: field(count, 'By the miner.'),
      accepted: field(count, 'By the pool.'),
      rejected: field(count, 'By the pool, stale ones left out.'),
      stale: field(count, 'Too late for their job.'),
      unanswered: field(count, 'No answer was seen.'),
    }),
    'Shares of work.',
  ),
  rejects: field(map(count), 'Rejected shares by reason class, stale ones left out.'),
  work: field(
    record({
      hashes: field(orNull(hashes), 'Null if the work is only known in difficulty units.'),
      difficultyUnits: field(orNull(amount), 'Work in units of difficulty.'),
      unpricedShares: field(count, 'Shares whose work is not known.'),
    }),
    'Accepted, stale and unanswered shares.',
  ),
  sharesSeen: optional(
    orNull(sharesSeen),
    'Shares of a session that nobody can read, counted by the sizes and times of its messages (docs/sealed.md); no part of a verdict. Of encrypted Stratum V2 whose handshake was seen, those of `shares` once more. Null if it was not watched; absent of sessions that were read, and of flow records.',
    { since: 3 },
  ),
  activeSeconds: field(seconds, 'Over which the rate was taken.'),
  difficulty: field(list(record({ time: field(time, 'Since when.'), ...difficulties(amount) })), 'In force, each time it changed.'),
  hashrate: field(list(hashrate), 'One row per algorithm and basis; one headline per algorithm.'),
  counter: optional(orNull(counter), 'The rate as the nonces of the shares tell it; null if there are fewer than four shares, or a dialect whose nonces are not read.'),
  selfReported: field(list(record({ time: field(time, 'When it was said.'), hashrate: field(rate, 'As the miner reports it.') })), "The miner's own words."),
  series: field(
    list(
      record({
        start: field(time, 'Begin of the window.'),
        seconds: field(inUnit(within(amount, 1), 's'), 'Length of the window.'),
        shares: field(count, 'Counted as work.'),
        hashrate: field(orNull(rate), 'Null if the work of a share is not known.'),
      }),
    ),
    'Windows of 60 s aligned to UTC, doubled until at most 1,440 remain.',
  ),
  flow: optional(flow, 'What flow records tell of the connections of the two ends, sampling multiplied. Absent if a capture shows the session.', NEWER),
  modelled: optional(
    record({
      algorithm: field(text, 'That was assumed.'),
      shares: field(modelledSpan, 'Counted from bytes or times.'),
      hashesPerShare: field(modelledSpan, 'Assumed.'),
      seconds: field(seconds, 'Active time.'),
      notes: field(statements, 'The count, the difficulty that was assumed, the size of a share.'),
    }),
    'How a modelled rate was made: shares × hashes per share / seconds. Absent if no model was asked for, or nothing could be modelled.',
    NEWER,
  ),
  machine: optional(machine, "Who had the miner's address at the time. Absent if no lease tells.", { since: 3 }),
  open: optional(orNull(OPEN_SESSION), 'What a later part of the session needs; null if nothing can follow.', {
    since: 2,
    shown: 'json',
  }),
  facts: optional(SESSION_FACTS, 'What a merge needs of a parsed session beside the row; absent of others.', MERGE),
});

export const POOL = define('pool', '', {
  pool: field(text, 'Name, or address if none is known.'),
  operator: field(textOrNull, 'The company behind it.'),
  endpoints: field(texts, "'host:port' or 'ip:port'."),
  hosts: field(count, 'Hosts that mine there.'),
  sessions: field(count, 'With it.'),
  traffic: field(traffic, 'With it.'),
  coins: field(texts, 'Tickers.'),
});

const cluster = record({
  accounts: field(texts, 'That link the addresses.'),
  addresses: field(texts, 'Two or more.'),
  workers: field(texts, 'Of these accounts.'),
  sameWorker: field(list(record({ worker: field(text, 'Its name.'), addresses: field(texts, 'Where it was seen.') })), 'Workers seen at several addresses: one machine whose address changed, or machines of one name.'),
  pools: field(texts, 'Where they mine.'),
});

const mergeBasis = define('merge', 'What a merge needs beside the rows; nothing for people, and of nobody but the hosts and pools of the findings.', {
  since: field(orNull(time), 'Times that were asked for.'),
  until: field(orNull(time), 'Times that were asked for.'),
  local: field(texts, 'Own networks, as CIDR text.'),
  coverageThreshold: field(orNull(number), 'That was asked for.'),
  names: field(
    list(
      record({
        ip: field(text, 'Address.'),
        name: field(text, "A pool's name."),
        client: optional(text, "The client for which it holds; '' for all."),
        isSaid: optional(flag, 'True if the client said so itself, and no answer did.'),
        timeUs: field(inUnit(number, 'us since 1970'), 'Since when.'),
        record: field(number, 'Where it was learned.'),
        input: field(number, 'Where it was learned.'),
      }),
    ),
    "Pools' names that were learned for addresses.",
  ),
  contacts: field(list(as<Contact>(CONTACT)), 'Contacts as captures show them.'),
  records: field(list(as<Contact>(CONTACT)), 'Contacts as flow records show them.'),
  pairs: optional(list(THIN_PAIR), 'Pairs that a merge may tell.', { since: 3 }),
  pairsLeft: optional(count, 'More such pairs, which did not fit.', { since: 3 }),
  unknown: field(
    record({
      start: field(count, 'Open when the input began.'),
      end: field(count, 'Open when it ended.'),
    }),
    'Connections that nobody could tell.',
  ),
});

const filter = define('filter', 'Which hosts an audit was narrowed to: all that are asked for at once. Empty lists and null: any.', {
  hosts: field(texts, 'Networks, as CIDR or address.'),
  departments: field(texts, "Of the operator's table, in any case; '' is a host without one."),
  verdict: field(orNull(verdict), 'The weakest.'),
  pool: field(textOrNull, "Part of a pool's name or of an endpoint, in any case."),
});

export const AUDIT = define('audit', 'One audit: what was looked at, what was found, how sure it is and why. Fields may be added; none changes meaning. Times are ISO 8601 UTC, bytes are IP bytes, out is miner to pool.', {
  schema: field(oneOf([AUDIT_SCHEMA]), 'Version of this schema.'),
  tool: field(record({ name: field(text, 'minesweep'), version: field(text, 'Its version.') }), 'Who wrote it.'),
  generated: field(time, 'Time of writing.'),
  partial: field(flag, 'True if the run was interrupted and the rest of the inputs is missing.'),
  unread: optional(count, 'Inputs that the interrupted run did not come to. Absent if none.', { since: 3 }),
  filter: optional(filter, 'Hosts, sessions, pools and totals are of these alone; inputs, window and coverage of the run. Absent of whole audits.', { since: 3 }),
  notes: field(statements, 'What a reader must know of how the audit was made: old data, lost records, limits that were reached.'),
  allowed: optional(record({ sessions: field(count, 'Left out.'), contacts: field(count, 'Left out.') }), "Sessions, and contacts without one, that the operator's list allows for and that are left out here; absent if nothing is.", NEWER),
  sources: field(
    list(
      record({
        title: field(text, 'Of the data.'),
        attribution: field(text, 'As its licence asks for.'),
        date: field(textOrNull, 'Of the data; null if it is not known.'),
      }),
    ),
    'Data that the audit rests on.',
  ),
  inputs: field(list(input), 'What was read.'),
  window: field(
    record({
      start: field(orNull(time), 'First record.'),
      end: field(orNull(time), 'Last record.'),
      seconds: field(seconds, 'Between them.'),
      packets: optional(amount, 'Packets of captures in it; absent if no times were asked for: all count.', NEWER),
      flows: optional(amount, 'Flow records in it; absent if no times were asked for: all count.', NEWER),
    }),
    'From the first to the last record of all inputs, of the times asked for. Flow records that reach into it count as a whole.',
  ),
  coverage: field(coverage, 'What could be looked at.'),
  totals: field(totals, 'All hosts together.'),
  hosts: field(list(HOST), 'The miner side, and pool servers inside the own networks.'),
  sessions: field(list(SESSION), 'One conversation with one pool each.'),
  pools: field(list(POOL), 'Pools of the sessions.'),
  clusters: optional(list(cluster), 'Addresses that one account links, directly or by way of others; those of most addresses first.'),
  merge: optional(mergeBasis, 'What a merge needs beside the rows.', MERGE),
});

export type Audit = Of<typeof AUDIT>;
export type AuditInput = Of<typeof input>;
/** One kind of damage in one input, as a statement. */
export type Damage = Of<typeof damage>;
export type Part = Of<typeof share>;
/** Packets and bytes. */
export type Weight = Of<typeof weight>;
export type Coverage = Of<typeof coverage>;
export type Judged = Of<typeof judged>;
export type Conversed = Of<typeof conversed>;
export type CoverageCounts = Of<typeof coverageCounts>;
export type SeamLoss = Of<typeof seamLoss>;
export type MergeBasis = Of<typeof mergeBasis>;
export type Traffic = Of<typeof traffic>;
export type HashrateRow = Of<typeof hashrate>;
export type HostHashrateRow = Of<typeof hostHashrate>;
export type TotalHashrateRow = Of<typeof totalHashrate>;
export type Power = Of<typeof power>;
export type Totals = Of<typeof totals>;
export type Owner = Of<typeof owner>;
/** Whose a host is, without what its mining says of why it mines. */
export type KnownOwner = Omit<Owner, 'intent' | 'reasons'>;
/** A fact, as a statement. */
export type Evidence = Of<typeof evidence>;
export type AuditHost = Of<typeof HOST>;
export type Role = AuditHost['roles'][number];
export type Intent = Owner['intent'];
export type AuditSession = Of<typeof SESSION>;
export type ShareCounts = AuditSession['shares'];
export type AuditTls = Of<typeof tls>;
export type AuditModel = NonNullable<AuditSession['modelled']>;
export type AuditPool = Of<typeof POOL>;
/** Which hosts an audit was narrowed to. */
export type AuditFilter = Of<typeof filter>;
export type LeasedMachine = Of<typeof machine>;
/** Who had an address, as a lease tells. */
export type Machine = Pick<LeasedMachine, 'mac' | 'hostname' | 'user'>;
/** Addresses that one account links, directly or by way of others. */
export type AuditCluster = Of<typeof cluster>;
