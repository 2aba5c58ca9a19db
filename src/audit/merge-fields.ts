/**
 * The part of an audit that only a merge needs: of sessions facts that their rows do not show and what is open at the end of
 * the input, and contacts that made no session. Declared as the rest of the audit is; times are us since 1970 if their
 * name ends in Us.
 */
import type { SharesSeen } from '../endpoints/shares-seen.ts';
import type { Through } from '../endpoints/through.ts';
import type { AlgorithmClaim, CoinClaim, Difficulty, Outcome } from '../evidence/fact.ts';
import { amount, as, count, define, field, flag, inUnit, list, map, number, type Of, oneOf, optional, orNull, record, type Type, text } from '../schema/field.ts';
import type { Sighting } from '../sessions/sightings.ts';
import type { Span } from '../sessions/span.ts';
import type { Voices } from '../sessions/voices.ts';
import { algorithmOrNull, port, statement, time, verdict } from './types.ts';

const us = inUnit(number, 'us since 1970');
const usOrNull = orNull(us);
const numberOrNull = orNull(number);
const texts = list(text);
const textOrNull = orNull(text);

const countSpan = record({ low: field(number, 'At least.'), central: field(number, 'The likeliest number.'), high: field(number, 'At most.') });

/** A difficulty as rows have it. */
export function difficulties(type: Type<number>) {
  return {
    hashesPerShare: field(inUnit(orNull(type), 'hashes'), 'Null if it is only known in units of difficulty.'),
    difficultyUnits: field(orNull(type), 'Null if it came in hashes.'),
  } as const;
}

export const OPEN_SESSION = define('openSession', 'Of a session that may go on: the difficulty in force, jobs that shares may be for, shares without an answer.', {
  ...difficulties(number),
  jobs: field(
    list(
      record({
        id: field(text, 'As the pool calls it.'),
        time: field(time, 'When it came.'),
        algorithm: field(algorithmOrNull, 'That it names.'),
        ...difficulties(number),
      }),
    ),
    'That shares may still be for, the newest last.',
  ),
  unanswered: field(
    list(
      record({
        time: field(time, 'When it was submitted.'),
        jobId: field(textOrNull, 'Its job.'),
        hashesPerShare: field(numberOrNull, 'Its worth.'),
      }),
    ),
    'Shares whose answer has not come.',
  ),
  unfinished: field(count, 'Messages that had begun and whose end has not come.'),
});

const difficulty = as<Difficulty>(
  define('difficulty', '', {
    scale: field(oneOf(['hashes', 'units']), 'Expected hashes of a share, or units of Stratum difficulty.'),
    value: field(number, 'In that scale.'),
  }),
);

const span = as<Readonly<Span>>(
  define('span', 'Work of one algorithm over one stretch, and the difficulty in force with its integral over time.', {
    algorithm: field(algorithmOrNull, "That the jobs name; null if the session's own holds."),
    startUs: field(us, 'Begin.'),
    endUs: field(us, 'End.'),
    shares: field(number, 'Counted as work.'),
    hashes: field(number, 'Work of shares whose difficulty is in hashes.'),
    hashesSquared: field(number, 'Sum of its squares.'),
    units: field(number, 'Work of shares whose difficulty is in units.'),
    unitsSquared: field(number, 'Sum of its squares.'),
    hashesInForce: field(number, 'Integral of the difficulty in force over time, in us.'),
    unitsInForce: field(number, 'Integral of the difficulty in force over time, in us.'),
    hasUnits: field(flag, 'Some difficulty came in units.'),
    difficulty: field(difficulty, 'In force.'),
    difficultySinceUs: field(us, 'Since when.'),
  }),
);

const host = { host: field(text, 'Name or address.'), port: field(number, 'TCP port.') } as const;

const earlyShare = record({
  timeUs: field(us, 'When it was submitted.'),
  jobId: field(textOrNull, 'Its job.'),
  jobTimeUs: field(usOrNull, 'When that came.'),
  algorithm: field(algorithmOrNull, 'Of the job.'),
  difficulty: field(orNull(difficulty), 'Of the job.'),
  outcome: field(as<Outcome | 'unanswered'>(text), 'What the pool answered.'),
  span: field(orNull(as<number>({ kind: 'whole' })), 'Number of its span; null if it is in none.'),
  assumed: field(flag, 'Priced by the difficulty in force, as its job was not seen.'),
});

/** A share near the beginning of the input, whose job an earlier part may have seen. */
export type EarlyShare = Of<typeof earlyShare>;

export const through = as<readonly Through[]>(
  list(
    define('through', 'A tunnel or exporter that a finding came through.', {
      kind: field(oneOf(['tunnel', 'export']), 'What it is.'),
      source: field(textOrNull, 'Sender of the outer packets, or the exporter; null if there were too many tunnels to know.'),
      destination: field(textOrNull, 'Where the outer packets went; null of an export.'),
      doubt: field(orNull(oneOf(['outside', 'one-way', 'unknown'])), 'Why it is not believed: a stranger sent it, one sender speaks for both sides, or there were too many to know. Null if it is.'),
    }),
  ),
);

export const SESSION_FACTS = define('sessionFacts', 'What a merge needs of a parsed session beside its row.', {
  startUs: field(us, 'First packet.'),
  endUs: field(us, 'Last packet.'),
  firstHeardUs: field(usOrNull, 'First message.'),
  heardUs: field(usOrNull, 'Last message.'),
  certain: field(flag, 'A message that only this dialect has was seen whole.'),
  opened: field(flag, 'Seen from its beginning.'),
  openedByLogin: field(flag, 'The first message was a login.'),
  fromStart: field(flag, 'The connection was seen from its first packet on.'),
  admitted: field(orNull(flag), 'The pool accepted a login, refused it, or neither was seen.'),
  refusal: field(text, 'Its words.'),
  poolName: field(textOrNull, 'Name by which a proxy was asked for the pool.'),
  names: field(as<readonly string[]>(texts), 'Of the connection.'),
  algorithms: field(
    as<readonly AlgorithmClaim[]>(
      list(
        record({
          algorithm: field(text, 'Id.'),
          source: field(text, 'From what it is known.'),
          detail: field(text, 'In words.'),
          side: field(oneOf(['miner', 'pool']), 'Who said it.'),
        }),
      ),
    ),
    'That were named.',
  ),
  coins: field(
    as<readonly CoinClaim[]>(
      list(
        record({
          coin: field(text, 'Ticker.'),
          source: field(text, 'From what it is known.'),
          side: field(oneOf(['miner', 'pool']), 'Who said it.'),
        }),
      ),
    ),
    'That were named.',
  ),
  targets: field(as<readonly { readonly host: string; readonly port: number }[]>(list(record(host))), 'Of a proxy.'),
  reconnects: field(as<readonly { readonly host: string; readonly port: number; readonly timeUs: number }[]>(list(record({ ...host, timeUs: field(us, 'When it was said.') }))), 'Where the pool sent the miner.'),
  jobAlgorithm: field(algorithmOrNull, 'That the jobs name.'),
  jobs: field(number, 'That the pool sent.'),
  wholeAnswers: field(number, 'Answers to shares whose job was visible.'),
  assumed: field(number, 'Shares priced by the difficulty in force, as their job was not seen.'),
  missed: field(inUnit(number, 'bytes'), 'That were sent and not captured.'),
  overflow: field(number, 'Claims and jobs that were too many to keep.'),
  logged: field(number, 'Shares that were kept one by one.'),
  bareShares: field(number, 'Shares of jobs that came before any difficulty.'),
  bareJobUs: field(usOrNull, 'The first such job.'),
  reached: field(
    orNull(
      record({
        shares: field(number, 'How many.'),
        least: field(number, 'The least difficulty that they reach.'),
      }),
    ),
    'Shares that carry their hash.',
  ),
  voices: field(
    as<Readonly<Voices>>(
      record({
        miner: field(number, "What miners say, by the miner's end."),
        minerByPool: field(number, "What miners say, by the pool's end."),
        pool: field(number, "What pools say, by the pool's end."),
        poolByMiner: field(number, "What pools say, by the miner's end."),
        denials: optional(number, "Answers that the pool's end does not know the method."),
        hollow: optional(number, "Answers of the pool's end that are an error in plain text, or give back what was sent."),
        relays: optional(number, "Lines with which the pool's end passes on what others sent."),
        torn: optional(number, "Places in what the pool's end says at which bytes are missing."),
        resets: optional(number, 'By an end that sent on in the connection.'),
        conflicts: optional(number, 'Data that differed from what had been sent at its place.'),
        stalls: optional(number, 'Ends that acknowledge nothing of what they answer.'),
      }),
    ),
    'Messages by who sent them.',
  ),
  spans: field(as<readonly Readonly<Span>[]>(list(span)), 'Stretches of work.'),
  windows: field(
    as<{ readonly seconds: number; readonly rows: readonly (readonly number[])[] }>(
      record({
        seconds: field(inUnit(number, 's'), 'Length.'),
        rows: field(list(list(number)), 'Index, shares, hashes, difficulty units, shares without a price.'),
      }),
    ),
    'Work over time.',
  ),
  evidence: field(
    as<readonly Sighting[]>(
      list(
        record({
          kind: field(text, 'Kind of fact.'),
          detail: field(text, 'Words of the first.'),
          timeUs: field(us, 'Of the first.'),
          record: field(number, 'Of the first.'),
          input: field(number, 'Of the first.'),
          count: field(number, 'How often.'),
          isMixed: optional(flag, 'Others had other words.'),
          proof: optional(
            record({
              algorithm: field(text, 'Id.'),
              met: field(number, 'Shares that meet their difficulty.'),
              tried: field(number, 'Shares that were recomputed.'),
            }),
            'Of an algorithm that shares prove.',
          ),
        }),
      ),
    ),
    'What was sighted.',
  ),
  fixesNonce: field(flag, 'The pool sets part of the nonce.'),
  roundTripUs: field(inUnit(numberOrNull, 'us'), 'Between the capture and the pool.'),
  counter: field(
    orNull(
      record({
        rigs: field(number, 'Machines by set nonce bytes, at most.'),
        leastRigs: field(number, 'The same at least.'),
        unreadShares: field(number, 'Before those that were read.'),
        clockRigs: field(numberOrNull, 'Machines on the clock.'),
      }),
    ),
    'What the nonces told beside the row.',
  ),
  isDuplicate: field(flag, 'It submits what another session does at the same time.'),
  through: optional(through, 'Tunnels that its packets came through; absent if there were none.', { since: 3 }),
  early: field(as<readonly EarlyShare[]>(list(earlyShare)), 'Shares near the beginning whose job an earlier part may have seen.'),
});

export type SessionFacts = Of<typeof SESSION_FACTS>;
/** What a later part needs to price what it sees of a session that goes on. */
export type OpenSession = Of<typeof OPEN_SESSION>;

const addable = inUnit(number, 's');
const pulse = define('pulse', 'How packets of one direction are spread over records of 20 s and more: sums.', {
  squares: field(number, 'Of squares of packets, over the seconds.'),
  packets: field(number, 'Of packets.'),
  seconds: field(addable, 'Of seconds.'),
  records: field(number, 'Of records.'),
});

/** A pair of ends that a merge may tell. */
export const THIN_PAIR = define('thinPair', 'Two ends of which the input shows too little to judge them. Two audits that have it tell the ends, one alone does not.', {
  tag: field(text, 'The same in all audits of this pair.'),
  share: field(text, 'Part of the secret that the ends are.'),
  why: field(oneOf(['too-short', 'cut', 'undecided']), 'As what it was counted in coverage.judged.'),
  conversations: field(count, 'As how many.'),
  sum: field(
    record({
      firstPort: field(number, 'Of the client, first.'),
      lastPort: field(number, 'Of the client, last.'),
      firstUs: field(us, 'Begin.'),
      lastUs: field(us, 'End.'),
      input: field(number, 'Of the first record.'),
      record: field(number, 'The first.'),
      roles: field(oneOf(['sure', 'likely', 'undecided']), 'How sure it is which end is the server.'),
      connections: field(number, 'That were answered.'),
      unanswered: field(number, 'That were not.'),
      denied: field(flag, 'All were blocked.'),
      busyMinutes: field(number, 'In which something was said.'),
      heldSeconds: field(addable, 'Length of all connections.'),
      traffic: field(as<{ bytesOut: number; bytesIn: number; packetsOut: number; packetsIn: number }>(map(amount)), 'Sampling multiplied.'),
      pulseOut: field(pulse, 'Client to server.'),
      pulseIn: field(pulse, 'Server to client.'),
      smallestMean: field(number, 'Least mean of the packets of a record, IP bytes.'),
      sampling: field(record({ interval: field(number, 'One packet in so many.'), isKnown: field(flag, 'Somebody said so.'), observedPackets: field(number, 'Looked at.') }), 'How packets were chosen.'),
      stretches: field(list(record({ startUs: field(us, 'Begin.'), endUs: field(us, 'End.') })), 'Times of the connections.'),
      spannedUs: field(number, 'Of all of them, us.'),
    }),
    'What adds up.',
  ),
});

const place = define('place', '', {
  timeUs: field(us, 'When.'),
  record: field(amount, 'Number of the packet or record.'),
  input: field(count, 'Number of the input.'),
});
const end = define('end', '', { ip: field(text, 'Canonical text.'), port: field(port, 'TCP or UDP port.') });

/** What `Contact` of endpoints/ says, as far as a merge relies on it. */
export const CONTACT = define('contact', "A contact with a pool's endpoint in which nothing could be read, or a look-up of its name.", {
  namedBy: field(oneOf(['client', 'dns', 'certificate', 'list']), 'Who gives the endpoint to a pool.'),
  tls: field(
    orNull(
      record({
        serverName: field(text, "'' if the client names none."),
        alpn: field(texts, 'Protocols that the client offers.'),
        ja3: field(text, 'Fingerprint of the client hello.'),
        ja4: field(text, 'Fingerprint of the client hello.'),
        version: field(numberOrNull, 'That the server chose.'),
        certificate: field(orNull(record({})), "The server's."),
        place: field(place, "Where the client's hello was seen."),
      }),
    ),
    'What TLS said in clear.',
  ),
  marks: field(list(record({})), 'Marks of mining that its sizes and times have or lack.'),
  duty: field(
    orNull(
      record({
        activeMinutes: field(number, 'In which something was said.'),
        minutes: field(number, 'That were measured.'),
      }),
    ),
    'How much of its time it was active.',
  ),
  watchedFrom: field(orNull(place), 'Where the watch over its sizes and times began.'),
  kind: field(oneOf(['connection', 'dns-lookup', 'alert', 'asked']), 'What it is.'),
  client: field(end, 'Who asked.'),
  server: field(orNull(end), 'Null for a look-up.'),
  match: field(
    record({
      pool: field(textOrNull, 'Its name.'),
      operator: field(textOrNull, 'The company behind it.'),
      kind: field(textOrNull, 'Of the pool.'),
      names: field(texts, 'Names of the address.'),
      name: field(textOrNull, 'That gave the pool.'),
      use: field(textOrNull, 'What the name is for.'),
      dedicated: field(flag, 'It serves miners and nobody else.'),
      portListed: field(flag, 'The port is known of the pool.'),
      coins: field(texts, 'Tickers.'),
      algorithm: field(algorithmOrNull, 'That the port tells.'),
      rule: field(text, 'What matched.'),
      by: field(textOrNull, 'What named it.'),
    }),
    'The endpoint as the catalogue and lists know it.',
  ),
  ownName: field(text, "Name in the client's own words."),
  isEncrypted: field(flag, 'From the start.'),
  place: field(place, 'Where it was first seen.'),
  verdict: field(verdict, 'Of the contact.'),
  reason: field(statement, 'The rule that gave the verdict.'),
  startUs: field(us, 'First packet or record.'),
  endUs: field(us, 'Last packet or record.'),
  count: field(count, 'How often.'),
  sharesSeen: optional(
    as<SharesSeen>(
      define('seenShares', '', {
        submitted: field(countSpan, 'By the client.'),
        accepted: field(countSpan, 'By the server.'),
        rejected: field(number, 'By the server.'),
        newTargets: field(numberOrNull, 'That a pool of Stratum V2 set.'),
        channels: optional(numberOrNull, 'Of Stratum V2, that were opened.'),
        firstUs: field(usOrNull, 'When the first was sent.'),
        lastUs: field(usOrNull, 'When the last was sent.'),
        connections: field(list(record({ startUs: field(us, 'Since when it was watched.'), endUs: field(us, 'Its last message.') })), 'In the order of time.'),
        seconds: field(number, 'Length of a window.'),
        windows: field(list(list(number)), 'With shares: number of the window since 1970, and shares.'),
      }),
    ),
    'Shares that were counted by sizes and times; absent if it was not watched.',
    { since: 3 },
  ),
  through: optional(through, 'Tunnels and exporters that it came through; absent if there were none.', { since: 3 }),
  traffic: field(
    define('trafficSum', '', {
      bytesOut: field(inUnit(amount, 'bytes'), 'Client to server.'),
      bytesIn: field(inUnit(amount, 'bytes'), 'Server to client.'),
      packetsOut: field(amount, 'Client to server.'),
      packetsIn: field(amount, 'Server to client.'),
    }),
    'Of all of them.',
  ),
});
