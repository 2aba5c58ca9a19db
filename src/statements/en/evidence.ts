/**
 * Every kind of evidence that an audit cites, and how evidence reads. A new kind is one entry in EVIDENCE_KINDS, and its
 * title in zh/evidence.ts; it reads as the others do unless it has a text of its own in EVIDENCE.
 */
import { chance, counted, digits, grouped, range, wholePercent } from '../figures.ts';
import type { Statement } from '../statement.ts';

export interface EvidenceKind {
  /** What it is worth alone; the verdict rests on sessions (evidence/verdict.ts). */
  readonly strength: 'proof' | 'strong' | 'weak' | 'hint';
  readonly title: string;
  /** Where the rule comes from. */
  readonly rule: string;
  /** The innocent, or different, thing that shows the same. */
  readonly lookAlike: string;
}

export const EVIDENCE_KINDS = {
  session: {
    strength: 'proof',
    title: 'pool session parsed from both sides',
    rule: 'login accepted or job received, and shares submitted and answered, or a login, a stream of jobs and shares',
    lookAlike: 'a laboratory or honeypot that acts as a pool',
  },
  'share-hash': {
    strength: 'proof',
    title: 'share recomputed: its hash meets the difficulty',
    rule: 'the block header is rebuilt and hashed (Stratum v1 of Slush’s pool, BIP 310)',
    lookAlike: 'replay of a recorded session',
  },
  share: {
    strength: 'strong',
    title: 'shares submitted',
    rule: 'a valid submit message of the dialect',
    lookAlike: 'a simulator',
  },
  answer: {
    strength: 'strong',
    title: 'shares accepted by the pool',
    rule: 'answer paired with its submit by id and order',
    lookAlike: 'a simulator',
  },
  rejection: {
    strength: 'strong',
    title: 'shares rejected by the pool',
    rule: 'answer paired with its submit; reason from the text, then the code',
    lookAlike: 'a simulator',
  },
  job: {
    strength: 'strong',
    title: 'jobs sent by the pool',
    rule: 'a valid job message of the dialect',
    lookAlike: 'a page or chat that quotes one, but never as a message of its own',
  },
  admission: {
    strength: 'strong',
    title: 'login accepted',
    rule: 'answer paired with the login',
    lookAlike: 'other services accept logins too: counts only together with a job',
  },
  refusal: {
    strength: 'weak',
    title: 'login refused',
    rule: 'answer paired with the login',
    lookAlike: 'other services refuse logins too',
  },
  denial: {
    strength: 'weak',
    title: 'server does not know the method: it is no pool',
    rule: 'error of the answer: JSON-RPC codes -32601, -32600, -32700, or words for them',
    lookAlike: 'a pool that lacks an optional method',
  },
  echo: {
    strength: 'strong',
    title: 'server echoes what it receives: it is no pool',
    rule: 'the server sends at least half as many logins and shares as the client',
    lookAlike: 'none is known',
  },
  conflict: {
    strength: 'strong',
    title: 'different data at the same sequence numbers: one of the two was injected',
    rule: 'a segment that starts where an earlier one did, with other bytes (RFC 9293 3.10.7)',
    lookAlike: 'a middlebox that changes what it forwards; a miner that sends noise to hide',
  },
  reset: {
    strength: 'strong',
    title: 'host resets the connection and keeps sending: its packets may be forged',
    rule: 'a reset with the sequence number that the other end expects, then data (RFC 9293 3.5.2)',
    lookAlike: 'a device on the way that resets connections without effect',
  },
  stall: {
    strength: 'strong',
    title: 'host never acknowledges what it answers: its packets may be forged',
    rule: 'three or more segments with one acknowledgement number, and the other end sent no packet, or data that was not acknowledged',
    lookAlike: 'a capture of one direction in which the other end said nothing',
  },
  login: {
    strength: 'weak',
    title: 'login to a pool',
    rule: 'the login or authorize message of the dialect',
    lookAlike: 'games, chats and device consoles with a login method',
  },
  request: {
    strength: 'weak',
    title: 'pool session requested',
    rule: 'the subscribe, hello or poll message of the dialect',
    lookAlike: 'crawlers that look for pools',
  },
  service: {
    strength: 'weak',
    title: 'message from a pool',
    rule: 'messages that only a pool sends',
    lookAlike: 'a honeypot',
  },
  difficulty: {
    strength: 'weak',
    title: 'difficulty set by the pool',
    rule: 'set_difficulty, set_target or the target of a job',
    lookAlike: 'a honeypot',
  },
  agent: {
    strength: 'weak',
    title: 'mining software identifies itself',
    rule: 'names that mining programs send, from their source code and from captures',
    lookAlike: 'the user can set any name',
  },
  algorithm: {
    strength: 'weak',
    title: 'algorithm identified',
    rule: 'in this order: share hash, shape of the job, account, software, catalogue',
    lookAlike: 'software, account or pool may be used for another algorithm than usual',
  },
  coin: {
    strength: 'weak',
    title: 'coin named',
    rule: 'the job or login',
    lookAlike: 'a sister coin with the same job; a pool that pays in another coin than the one that is mined',
  },
  'self-reported': {
    strength: 'weak',
    title: 'hashrate reported by the miner',
    rule: 'the hashrate report of the dialect',
    lookAlike: 'the miner can report any figure',
  },
  'device-report': {
    strength: 'strong',
    title: 'what the device says of itself',
    rule: 'answers of cgminer’s API, AxeOS, Antminer’s CGI or XMRig’s summary, with a pool or a rate',
    lookAlike: 'a simulator of devices; a device that is switched on and mines nothing',
  },
  passthrough: {
    strength: 'strong',
    title: 'the sessions of several miners on one connection',
    rule: 'the number of a client in messages of Stratum v1, as ckpool passes its miners on',
    lookAlike: 'one miner behind a proxy',
  },
  counter: {
    strength: 'strong',
    title: 'nonces count up with the time since their job',
    rule: 'Bayes factor of 1,000 or more against random nonces',
    lookAlike: 'a simulator that counts as a miner does',
  },
  'counter-disagrees': {
    strength: 'hint',
    title: 'hashrate from nonces and hashrate from shares disagree',
    rule: '95 % intervals do not overlap',
    lookAlike: 'pauses, rejected shares, or threads and machines that could not be told apart',
  },
  'implausible-rate': {
    strength: 'hint',
    title: 'hashrate is too high for the machines behind the address',
    rule: 'it is above what that many machines of the kind, or the whole network of the algorithm, can do',
    lookAlike: 'a farm behind a proxy that does not name itself',
  },
  reconnect: {
    strength: 'weak',
    title: 'pool redirects the miner',
    rule: 'client.reconnect',
    lookAlike: 'an attacker on the path who diverts the work',
  },
  target: {
    strength: 'hint',
    title: 'host name that the miner asks for',
    rule: 'subscribe or hello parameters, HTTP Host',
    lookAlike: 'any name can be sent',
  },
  'pool-name': {
    strength: 'weak',
    title: 'endpoint has the name of a pool',
    rule: 'pool catalogue, by TLS server name, HTTP host or DNS answer',
    lookAlike: 'a shared address; a visit to the pool’s web pages under the same name',
  },
  'pool-address': {
    strength: 'weak',
    title: 'endpoint is on the operator’s list',
    rule: '--pools',
    lookAlike: 'an address that has changed hands',
  },
  'dns-lookup': {
    strength: 'hint',
    title: 'host name of a pool was looked up',
    rule: 'pool catalogue, names that serve miners',
    lookAlike: 'resolvers, mail scanners and researchers look names up',
  },
  'sensor-alert': {
    strength: 'hint',
    title: 'a rule of the sensor fired',
    rule: 'alerts of mining rules in the log',
    lookAlike: 'rules match words and addresses, so they also fire on pages that quote them',
  },
  'device-asked': {
    strength: 'hint',
    title: 'mining device was asked for its state',
    rule: 'the device answered',
    lookAlike: 'monitoring, and who looks for devices: neither mines',
  },
  behaviour: {
    strength: 'hint',
    title: 'connection behaves like mining',
    rule: 'duration, pushes and bytes each way, as DeCrypto (2022) measures them',
    lookAlike: 'chats, push channels, message queues',
  },
  'mining-marks': {
    strength: 'weak',
    title: 'unreadable conversation whose timing and sizes match mining',
    rule: 'sizes and times of messages: shares at random times, short answers, unsolicited jobs, as in captures of miners',
    lookAlike:
      'a program that reports events of one size to a server that answers each one and also sends messages of its own',
  },
  'shares-seen': {
    strength: 'hint',
    title: 'messages counted that look like shares of a session that cannot be read',
    rule: 'messages of one size at random moments, with short answers (docs/sealed.md); it counts the work of a miner and is no sign of one',
    lookAlike: 'any program that reports events of one size to a server that answers each',
  },
  'in-step': {
    strength: 'strong',
    title: 'server pushes when new blocks are found',
    rule: 'pushes follow at least 60 % of the blocks; by chance this happens in at most one of 1,000 scans, all tests counted (docs/in-step.md)',
    lookAlike:
      'a wallet, an explorer or a node that also receives new blocks; but it does not behave like a miner',
  },
  'noise-handshake': {
    strength: 'weak',
    title: 'handshake of encrypted Stratum V2, by sizes and order of its messages',
    rule: '64 random bytes, 234 back, a setup, 44 back (Stratum V2 specification, 04)',
    lookAlike: 'another protocol over Noise with messages of the same four sizes',
  },
  'sealed-share': {
    strength: 'weak',
    title: 'messages of the size of a share',
    rule: '62 bytes, or 63 and one extranonce throughout, after the handshake (Stratum V2 specification, 05)',
    lookAlike: 'any message of the same length; its content is not visible',
  },
  'tls-hello': {
    strength: 'hint',
    title: 'start of an encrypted connection',
    rule: 'client hello: server name, ALPN, JA3, JA4; a server name may be absent or hidden (ECH)',
    lookAlike: 'every program with the same TLS library looks the same',
  },
  certificate: {
    strength: 'weak',
    title: 'server certificate names a pool',
    rule: 'subject and alternative names up to TLS 1.2, only if they belong to one owner',
    lookAlike: 'a pool’s web site; anybody can sign a certificate for any name',
  },
  scan: {
    strength: 'hint',
    title: 'many pools tried, no share submitted to any',
    rule: '5 or more endpoints, each left soon or all open at once, and no share seen',
    lookAlike: 'a miner that no pool accepts, or that never finds a share',
  },
  honeypot: {
    strength: 'hint',
    title: 'answers strangers like a pool, and never judges their shares',
    rule: 'a server in --local, 5 or more clients of 3 or more foreign networks, no share answered, no pool of its own',
    lookAlike: 'your own pool, if nobody has mined there yet',
  },
  unanswered: {
    strength: 'hint',
    title: 'connection attempt without an answer',
    rule: 'SYN without SYN+ACK',
    lookAlike: 'a port scan',
  },
} as const satisfies Record<string, EvidenceKind>;

export type EvidenceKindId = keyof typeof EVIDENCE_KINDS;

/** A session: what it speaks, and with which pool. */
export type With = { dialect: string; pool: string };
/** With the words of the wire; `varies`: later ones said something else. */
export type Sighted = With & { said: string | null; varies: boolean };
type Rate = { estimate: number; low95: number | null; high95: number | null; unit: string };
export type Counted = Rate & { algorithm: string; nonces: number };
type Sampling = { interval: number; observed: number; low: number | null; high: number | null };

const seen = (kind: EvidenceKindId, { dialect, pool }: With): string =>
  `${EVIDENCE_KINDS[kind].title}, ${dialect} with ${pool}`;
const sighted =
  (kind: EvidenceKindId) =>
  (p: Sighted): string =>
    `${seen(kind, p)}${p.said === null ? '' : `: ${p.said}${p.varies ? ' …' : ''}`}`;
const measured = (p: Counted): string =>
  `${p.algorithm} at ${range(p, 'to')} from ${counted(p.nonces, 'nonce')}`;
const joined = (parts: readonly (Statement | null)[]): string =>
  parts.flatMap((part) => (part === null ? [] : [part.text])).join('; ');

/** Kinds that read as title, dialect and pool, and what the wire said. */
const SIGHTED = [
  'share',
  'answer',
  'job',
  'admission',
  'refusal',
  'denial',
  'echo',
  'conflict',
  'reset',
  'stall',
  'login',
  'request',
  'service',
  'difficulty',
  'agent',
  'coin',
  'self-reported',
  'device-report',
  'passthrough',
  'reconnect',
  'target',
  'noise-handshake',
  'sealed-share',
] as const satisfies readonly EvidenceKindId[];
type SightedKind = (typeof SIGHTED)[number];

/** An entry of a catalogue for each of these kinds. */
export function ofSighted<T>(entry: (kind: SightedKind) => T): Readonly<Record<SightedKind, T>> {
  // The keys are those of the list.
  return Object.fromEntries(SIGHTED.map((kind) => [kind, entry(kind)])) as Record<SightedKind, T>;
}

/** The kind, if it is one of these. */
export function sightedKind(name: string): SightedKind | null {
  return SIGHTED.find((kind) => kind === name) ?? null;
}

export const EVIDENCE = {
  ...ofSighted(sighted),
  session: (p: With & { reason: Statement }) => `${p.dialect} with ${p.pool}: ${p.reason.text}`,
  'share-hash': (p: With & { algorithm: string; met: number; tried: number }) =>
    `${seen('share-hash', p)}: ${p.algorithm}, ${p.met} of ${p.tried} recomputed shares meet their difficulty`,
  rejection: (p: Sighted & { reason: string }) =>
    `${seen('rejection', p)}: ${p.reason}${p.said === null ? '' : `: ${p.said}`}`,
  algorithm: (p: With & { algorithm: string | null; source: string | null }) =>
    `${seen('algorithm', p)}: ${p.algorithm ?? 'unknown'} (source: ${p.source ?? 'none'})`,

  counter: (
    p: Counted & { shares: 'none' | 'contradict' | 'agree-wider' | 'agree-narrower'; structure: Statement },
  ) => {
    const relation = {
      none: '',
      contradict: '; the share-based rate disagrees',
      'agree-wider': '; agrees with the share-based rate and is more precise',
      'agree-narrower': '; agrees with the share-based rate, which is more precise',
    }[p.shares];
    return `${measured(p)}${relation}. ${p.structure.text}`;
  },
  'counter-disagrees': (
    p: Counted & {
      sharesEstimate: number;
      sharesLow95: number | null;
      sharesHigh95: number | null;
      cause: Statement;
    },
  ) => {
    const shares = { estimate: p.sharesEstimate, low95: p.sharesLow95, high95: p.sharesHigh95, unit: p.unit };
    return `${measured(p)}, ${range(shares, 'to')} from shares. ${p.cause.text}`;
  },
  'implausible-rate': (p: {
    algorithm: string;
    rate: number;
    highest: number;
    unit: string;
    machine: string | null;
    machines: number;
  }) => {
    const kind = p.machine === null ? '' : ` of the kind ${p.machine}`;
    const machines = `${counted(p.machines, 'machine')}${kind}`;
    return (
      `${p.algorithm}: ${digits(p.rate, 3)} ${p.unit}, more than the ${digits(p.highest, 3)} ${p.unit} ` +
      `that ${machines} can do; not used as headline, because the difficulty, the algorithm or the shares must be wrong`
    );
  },
  'packets-missing':
    'Nonces give a higher rate than shares: packets, and shares in them, are missing from the capture.',
  'nonces-faster':
    'Nonces give a higher rate than shares: pauses, rejected shares, or shares submitted elsewhere.',
  'nonces-slower': 'Nonces give a lower rate than shares: more machines or threads than could be told apart.',

  'pool-name': (p: { name: string; pool: string; rule: string }) => `${p.name} is ${p.pool} (${p.rule})`,
  'pool-address': (p: { endpoint: string; pool: string; rule: string }) =>
    `${p.endpoint} is ${p.pool} (${p.rule})`,
  'pool-contact': (p: {
    name: string;
    endpoint: string;
    lookUp?: Statement | null;
    reason: Statement;
    sampling: Statement | null;
  }) =>
    `${p.name} at ${p.endpoint}${p.lookUp == null ? '' : ` (${p.lookUp.text})`}: ${joined([p.reason, p.sampling])}`,
  'address-of-name': (p: { name: string; day: string; isShared: boolean; isFar: boolean }) =>
    `address of ${p.name} on ${p.day}${p.isShared ? ', shared with others' : ''}${p.isFar ? ', too far from this traffic to be proof' : ''}`,
  'dns-lookup': (p: { name: string; pool: string; reason: Statement }) =>
    `${p.name} (${p.pool}): ${p.reason.text}`,
  'device-asked': (p: { endpoint: string }) => `asked the device at ${p.endpoint}`,
  'sensor-alert': (p: { signature: string; endpoint: string }) => `${p.signature}, with ${p.endpoint}`,
  unanswered: (p: { endpoint: string }) => `no answer from ${p.endpoint}`,
  'tls-hello': (p: {
    endpoint: string;
    serverName: string | null;
    refused: boolean;
    encryptedHello: boolean;
    alpn: readonly string[];
    ja3: string;
    ja4: string;
    subject: string | null;
    issuer: string | null;
  }) => {
    const answer = p.refused ? ', answered by the server in clear text,' : '';
    const name = p.serverName === null ? 'without a server name' : `for ${p.serverName}`;
    const hidden = p.encryptedHello
      ? ' (the client sent an encrypted hello, or what looks like one: the real name may differ)'
      : '';
    const alpn = p.alpn.length === 0 ? 'no ALPN' : `ALPN ${p.alpn.join(' ')}`;
    const certificate =
      p.subject === null
        ? ''
        : `; certificate of ${p.subject === '' ? 'nobody' : p.subject}, ${p.issuer === null ? 'self-signed' : `issued by ${p.issuer}`}`;
    return `TLS${answer} ${name}${hidden} with ${p.endpoint}, ${alpn}, JA3 ${p.ja3}, JA4 ${p.ja4}${certificate}`;
  },

  'flow-figures': (p: {
    endpoint: string;
    connections: number;
    meanSeconds: number;
    activeMinutes: number | null;
    minutes: number | null;
    packetsPerMinuteOut: number;
    bytesPerPacketOut: number;
    packetsPerMinuteIn: number;
    bytesPerPacketIn: number;
    scatter: number | null;
    likeness: Statement | null;
    reason: Statement | null;
    sampling: Statement | null;
  }) => {
    const active =
      p.activeMinutes === null
        ? ''
        : `; active in ${grouped(p.activeMinutes)} of ${grouped(p.minutes ?? 0)} minutes`;
    const scatter =
      p.scatter === null ? '' : `; counts scatter ${digits(p.scatter, 3)} times as much as chance`;
    const figures =
      `${counted(p.connections, 'connection')} of ${digits(p.meanSeconds, 3)} s${p.connections === 1 ? '' : ' on average'} with ${p.endpoint}${active}; ` +
      `per minute ${digits(p.packetsPerMinuteOut, 3)} packets of ${digits(p.bytesPerPacketOut, 3)} B out, ` +
      `${digits(p.packetsPerMinuteIn, 3)} of ${digits(p.bytesPerPacketIn, 3)} B in${scatter}`;
    return [p.reason?.text, figures, p.likeness?.text, p.sampling?.text]
      .filter((part) => part !== undefined)
      .join('; ');
  },
  likeness: (p: { score: number; threshold: number; costs: readonly string[] }) =>
    `likeness ${p.score.toFixed(1)} (suspected from ${p.threshold.toFixed(1)})${p.costs.length === 0 ? '' : `, reduced by ${p.costs.join(', ')}`}`,
  sampling: (p: Sampling) => {
    const limits = p.low === null ? '' : `: ${digits(p.low, 3)} to ${digits(p.high ?? 0, 3)} packets (95 %)`;
    return `sampled 1 in ${digits(p.interval, 3)}, ${grouped(p.observed)} packets observed${limits}`;
  },
  behaviour: (p: {
    endpoint: string;
    seconds: number;
    bytesOut: number;
    bytesIn: number;
    activeMinutes: number | null;
    minutes: number | null;
    marks: readonly Statement[];
  }) => {
    const marks = p.marks.length === 0 ? '' : `; matches mining in: ${joined(p.marks)}${active(p)}`;
    return `${p.seconds} s, ${p.bytesOut} B out, ${p.bytesIn} B in with ${p.endpoint}${marks}`;
  },
  'mining-marks': (p: {
    endpoint: string;
    activeMinutes: number | null;
    minutes: number | null;
    marks: readonly Statement[];
  }) => `${joined(p.marks)}${active(p)}; with ${p.endpoint}`,

  'shares-seen': (p: {
    endpoint: string;
    low: number;
    central: number;
    high: number;
    acceptedLow: number;
    accepted: number;
    rejected: number;
    activeSeconds: number;
  }) =>
    `${counted(p.central, 'share')}${p.low === p.high ? '' : ` (${grouped(p.low)} to ${grouped(p.high)})`} sent to ${p.endpoint} in ${grouped(Math.round(p.activeSeconds / 60))} min, ${p.acceptedLow === p.accepted ? grouped(p.accepted) : `${grouped(p.acceptedLow)} to ${grouped(p.accepted)}`} accepted and ${grouped(p.rejected)} rejected, counted by sizes and times of messages; what a share is worth does not show`,

  'in-step': (p: {
    endpoint: string;
    coin: string | null;
    source: 'file' | 'sessions' | 'unreadable';
    blocks: number;
    followed: number;
    tests: number;
    chance: number;
  }) => {
    const whose = {
      file: `blocks of ${p.coin ?? 'an unknown coin'} in --blocks`,
      sessions: `new blocks in readable jobs of ${p.coin ?? 'an unknown coin'}`,
      unreadable:
        'moments at which an unreadable session of another host with an unrelated server had pushes',
    }[p.source];
    const odds = chance(p.chance, (count) => `1 in ${count}`);
    return `pushes of ${p.endpoint} followed ${grouped(p.followed)} of ${grouped(p.blocks)} ${whose}, within 3 s; by chance ${odds}, after ${counted(p.tests, 'test')}`;
  },

  'mark-tls': 'TLS records',
  'mark-hidden': (p: { part: number }) => `of ${wholePercent(p.part)} of segments only headers were captured`,
  'mark-random': (p: { part: number }) => `${wholePercent(p.part)} of segments look random`,
  'mark-sizes': (p: { families: readonly string[]; share: number; answer: number; job: number }) =>
    p.families.length === 0
      ? 'sizes match no dialect'
      : `sizes of ${p.families.join(' or ')}: ${p.share} B out, ${p.answer} B answered, ${p.job} B unsolicited`,
  'mark-shares': (p: { count: number; bytes: number; seconds: number; part: number }) =>
    `${p.count} messages of ${p.bytes} B out in ${p.seconds} s, ${wholePercent(p.part)} of all`,
  'mark-answers': (p: { part: number; bytes: number; seconds: number; perAnswer: number }) =>
    `${wholePercent(p.part)} answered by ${p.bytes} B after ${digits(p.seconds, 2)} s${p.perAnswer > 1 ? `, one answer for ${p.perAnswer}` : ''}`,
  'mark-jobs': (p: { count: number; bytes: number; seconds: number; variation: number; heeded: number }) =>
    `${p.count} unsolicited messages of ${p.bytes} B, every ${digits(p.seconds, 2)} s (variation ${digits(p.variation, 2)}), ${wholePercent(p.heeded)} replied to`,
  'mark-chance': (p: { seconds: number; variation: number; misfit: number }) =>
    `random gaps, ${digits(p.seconds, 2)} s on average (variation ${digits(p.variation, 2)}, misfit ${digits(p.misfit, 2)})`,

  scan: (p: { endpoints: number; atOnce: number | null }) =>
    `${counted(p.endpoints, 'endpoint')} tried as pools${p.atOnce === null ? '' : `, ${p.atOnce} of them at the same time`}, no share submitted to any`,
  honeypot: (p: { clients: number; networks: number; shares: number }) =>
    `${counted(p.clients, 'address', 'addresses')} of ${counted(p.networks, 'foreign network')} answered like a pool; ${
      p.shares === 0 ? 'no share was submitted' : `none of ${counted(p.shares, 'submitted share')} was judged`
    }`,

  'counts-single':
    'The nonce counts up from 0 with each job: its value divided by the seconds since the job is the rate.',
  'counts-pooled':
    'All nonces are taken in batches from one counter that starts at 0 with each job: its value divided by the seconds since the job is the rate.',
  'counts-chunks': (p: { size: number }) =>
    `Tracks take chunks of ${grouped(p.size)} nonces from one counter that starts at 0 with each job: the position in the chunk over time is the rate of one track.`,
  'counts-lanes': (p: { size: number }) =>
    `Each track counts up in its own part of the nonce range (${grouped(p.size)} nonces) with each job: the position in it over time is the rate of one track.`,
  'counts-base-job':
    'Nonces count up from a start chosen once, again with each job: the slope of nonce over time is the rate.',
  'counts-base-session':
    'Nonces count up through the whole session: the slope of nonce over time is the rate.',
  'counts-units': (p: { exponent: number }) =>
    `Extranonce2 (with version bits or time, if they are rolled) counts units of work; the number of shares shows that a unit has 2^${p.exponent} hashes. Its advance over time is the rate.`,
  'counter-tracks': (p: { low: number; high: number }) =>
    `${p.low === p.high ? p.low : `${p.low} to ${p.high}`} ${p.high === 1 ? 'track (thread or device) counts' : 'tracks (threads or devices) count'}.`,
  'counter-rigs': (p: { rigs: number }) =>
    p.rigs === 1
      ? 'The fixed nonce byte has 1 value: one machine.'
      : `The fixed nonce byte has ${p.rigs} values: one for each machine.`,
  'counter-fit': (p: { shares: number; chance: number }) =>
    `${counted(p.shares, 'share')} fit steady counting; the chance that random nonces fit as well is at most ${chance(p.chance, (n) => `1 in ${n}`)}.`,
  'counter-outliers': (p: { part: number }) =>
    `${wholePercent(p.part)} of the shares do not fit (pauses, donation minutes, slow spells); if nonces do not tell which, the interval covers both cases.`,
  'counter-unseen-pauses': (p: { part: number }) =>
    `The interval includes ${wholePercent(p.part)} for what nonces cannot show: pauses between two scans, while the miner fetches work.`,
  'counter-unseen-donation': (p: { part: number }) =>
    `The interval includes ${wholePercent(p.part)} for what nonces cannot show: minutes in which the miner works for others, as XMRig does for its authors.`,
  'counter-newest': (p: { unread: number }) =>
    `The ${grouped(p.unread)} shares before these were not read: this is the rate of the newest part of the session, not of the whole.`,
  'counter-not-read': 'Nonces not read: the run has too many sessions with shares.',
  'no-clock-few': (p: { shares: number }) =>
    `No rate from nonces: ${counted(p.shares, 'share with a nonce', 'shares with a nonce')} ${p.shares === 1 ? 'is' : 'are'} too few.`,
  'no-clock-unsteady': 'No rate from nonces: they count up, but too unsteadily.',
  'no-clock-timed':
    'No rate from nonces: they rise through the session, but with time, jobs or the number of shares, not with work.',
  'no-clock-timer':
    'A timer does this, or a start value taken from the time of day. A miner that never changes its speed looks the same.',
  'no-clock-random': (p: { chance: number }) =>
    `No rate from nonces: random nonces explain the shares as well (chance of such a fit ${chance(p.chance, (n) => `1 in ${n}`)}).`,
};

function active({
  activeMinutes,
  minutes,
}: {
  activeMinutes: number | null;
  minutes: number | null;
}): string {
  return activeMinutes === null
    ? ''
    : `; active in ${grouped(activeMinutes)} of ${grouped(minutes ?? 0)} minutes with one server`;
}
