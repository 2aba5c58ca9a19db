/**
 * The audit as a type: the contract's audit.json ("minesweep.audit/2"), field for field. Fields may be added, none
 * may change meaning. Units: bytes are IP bytes, hashrates are in the row's `unit` per second, times ISO 8601 UTC.
 */

import type { Contact } from '../endpoints/contact.ts';
import type { CounterStructure } from '../evidence/counter/counter.ts';
import { VERDICTS, type Verdict } from '../evidence/verdict.ts';
import {
  INSTITUTIONAL,
  INSTITUTIONAL_WITH_RESEARCH,
  OWNER_CLASSES,
  type OwnerClass,
} from '../owners/answer.ts';
import type { Statement } from '../statements/index.ts';
import type { OpenSession, SessionFacts } from './facts.ts';

export const AUDIT_SCHEMA = 'minesweep.audit/2';
/** Read by report, diff and explain. What it has for merges (`edges`) is passed over. */
export const OLD_AUDIT_SCHEMA = 'minesweep.audit/1';

export { VERDICTS, type Verdict };

export const STRENGTHS = ['proof', 'strong', 'weak', 'hint'] as const;
export type Strength = (typeof STRENGTHS)[number];

export const BASES = ['shares', 'counter', 'self-reported', 'modelled'] as const;
export type Basis = (typeof BASES)[number];

export { INSTITUTIONAL, INSTITUTIONAL_WITH_RESEARCH, OWNER_CLASSES, type OwnerClass };

export type Role = 'miner' | 'proxy' | 'browser-miner' | 'solo' | 'pool' | 'scanner' | 'honeypot';
export type Intent = 'hijacked' | 'deliberate' | 'undetermined';

/** Addresses that one account links, directly or by way of others. */
export interface AuditCluster {
  accounts: string[];
  /** Two or more. */
  addresses: string[];
  /** Workers of these accounts. */
  workers: string[];
  /** Workers seen at several addresses: one machine whose address changed, or machines of one name. */
  sameWorker: { worker: string; addresses: string[] }[];
  pools: string[];
}

export interface Audit {
  schema: typeof AUDIT_SCHEMA;
  tool: { name: string; version: string };
  /** Time of writing. */
  generated: string;
  /** True if the run was interrupted and the rest of the inputs is missing. */
  partial: boolean;
  /** What a reader must know of how the audit was made: old data, lost records, limits that were reached. */
  notes: Statement[];
  /** What the operator's list allows for and is left out here; absent if nothing is. */
  allowed?: { sessions: number; contacts: number };
  /** Data that the audit rests on, with the attribution that its licence asks for. */
  sources: { title: string; attribution: string; date: string | null }[];
  inputs: AuditInput[];
  /** `packets` and `flows` are those of the times asked for; absent if none were: all count. */
  window: {
    start: string | null;
    end: string | null;
    seconds: number;
    packets?: number;
    flows?: number;
  };
  coverage: Coverage;
  totals: Totals;
  hosts: AuditHost[];
  sessions: AuditSession[];
  pools: AuditPool[];
  /** Those of most addresses first. Absent in audits of old. */
  clusters?: AuditCluster[];
  /** What a merge needs beside the rows; absent in audits of old, which cannot be merged. */
  merge?: MergeBasis;
}

/**
 * One kind of damage in one input, as a statement: how often, and where first (byte offset or record number, by kind).
 */
export interface Damage extends Statement {
  kind: string;
  count: number;
  at: number;
}

export interface AuditInput {
  path: string;
  /** 'pcap', 'pcapng', a flow-log format id, or 'unreadable' if nothing of it could be read. */
  kind: string;
  /** Size as stored, compressed where it is. */
  bytes: number;
  sha256: string | null;
  packets?: number;
  flows?: number;
  /** Names of addresses, look-ups and alerts, of logs that hold such. */
  names?: number;
  first: string | null;
  last: string | null;
  damage: Damage[];
}

/** A part of the whole, by bytes and by packets or flows, each 0 to 1. */
export interface Part {
  bytes: number;
  packets: number;
}

export interface Coverage {
  complete: boolean;
  /** Decoded down to TCP, UDP or another transport. */
  decoded: Part;
  /** TCP traffic that was encrypted from the start (TLS), so that no protocol could be parsed. */
  encrypted: Part;
  /** Packets that the snap length cut. */
  truncated: Part;
  sampled: Part;
  /** TCP traffic of connections of which only one direction was seen. */
  oneSided: Part;
  skipped: Part;
  /** How the conversations were judged. Absent in audits before version 3. */
  judged?: Judged;
  /** Why packets were skipped, by reason: counts. */
  skippedReasons: Record<string, number>;
  /** What the parts above are made of. Absent in audits of old. */
  counts?: CoverageCounts;
  /** Of a merge: what only a reader of two parts in one go could know. Absent if nothing. */
  atSeam?: SeamLoss;
}

/** Conversations, and their IP bytes. Records of which no conversation is kept count one each. */
export interface Conversed {
  conversations: number;
  bytes: number;
}

/** What was found out of TCP conversations, by what tells most of each; and why of the others nothing was. */
export interface Judged {
  /** Read as messages. */
  byProtocol: Conversed;
  /** The server has a name, or a list of addresses of its date knows all pools. */
  byEndpoint: Conversed;
  byBehaviour: Conversed;
  notJudged: Partial<Record<NotJudged, Conversed>>;
}

/** Why a conversation was not judged. */
export type NotJudged =
  | 'sampled'
  | 'too-short'
  | 'no-packets'
  | 'no-roles'
  | 'undecided'
  | 'port'
  | 'cut'
  | 'limit'
  | 'tunnel'
  | 'encrypted';

/** Packets and bytes. */
export interface Weight {
  packets: number;
  bytes: number;
}

export interface CoverageCounts {
  all: Weight;
  truncated: Weight;
  /** Bytes of decoded packets that were cut off. */
  cutBytes: number;
  /** Fragments that were decoded once their datagram was whole. */
  recovered: Weight;
  /** Of flow records, all of them and those that were sampled. */
  records: Weight;
  sampled: Weight;
  encrypted: Weight;
  oneSided: Weight;
  /** By skip reason, and 'decoded'. */
  reasons: Record<string, Weight>;
}

export interface SeamLoss {
  /** Connections that were open at both sides of a seam and that neither part could tell, at most. */
  connections: number;
  /** Messages of sessions that were cut in two. */
  messages: number;
  /** Sessions of two parts that were joined. */
  joined: number;
  /** Of these, shares that still waited for their answer: it is in the next part, which does not know what it answers. */
  answers?: number;
}

/** What a merge needs beside the rows. Nothing here is of others than the hosts and pools of the findings. */
export interface MergeBasis {
  since: string | null;
  until: string | null;
  /** Own networks, as CIDR text. */
  local: string[];
  coverageThreshold: number | null;
  /** Pools' names that were learned for addresses; times in us since 1970. */
  names: {
    ip: string;
    name: string;
    /** The client for which it holds; '' for all. */
    client?: string;
    /** True if the client said so itself, and no answer did. */
    isSaid?: boolean;
    timeUs: number;
    record: number;
    input: number;
  }[];
  /** Contacts as captures show them, and as flow records show them. */
  contacts: Contact[];
  records: Contact[];
  /** Connections that nobody could tell: open when the input began, and when it ended. */
  unknown: { start: number; end: number };
}

export interface Traffic {
  bytesOut: number;
  bytesIn: number;
  packetsOut: number;
  packetsIn: number;
  /** Mean over the audit's window; out is miner to pool. */
  mbpsOut: number;
  mbpsIn: number;
}

export interface HashrateRow {
  algorithm: string;
  /** 'H/s', 'Sol/s', 'graphs/s'. */
  unit: string;
  basis: Basis;
  estimate: number;
  low95: number | null;
  high95: number | null;
  headline: boolean;
}

export interface HostHashrateRow extends HashrateRow {
  /** Seconds over which the rate was taken: the union of the sessions' times. Absent in audits of old. */
  activeSeconds?: number;
}

export interface TotalHashrateRow extends HashrateRow {
  /** Hosts that contribute to the row. */
  hosts: number;
}

export interface Power {
  wattsLow: number;
  watts: number;
  wattsHigh: number;
  kwhPerDayLow: number;
  kwhPerDay: number;
  kwhPerDayHigh: number;
  /**
   * How well it is known: A from shares, B from the kind of machine, C modelled if nothing that was read tells, flat
   * by request.
   */
  tier?: 'A' | 'B' | 'C' | 'flat';
}

export interface Totals {
  hosts: Record<Verdict, number>;
  minerAddresses: number;
  rigs: { low: number; high: number };
  traffic: Traffic;
  hashrate: TotalHashrateRow[];
  /** What the modelled rates rest on; the most frequent first. Absent if none was asked for. */
  hashrateAssumptions?: Statement[];
  power: Power | null;
  /** Power of miners of tier C: no part of `power`. Absent if there are none. */
  modelledPower?: Power;
  /** What the power figures rest on; the most frequent first. */
  powerAssumptions: Statement[];
  owners: { class: OwnerClass; addresses: number; share: number }[];
  institutionalShare: number | null;
  /** The same with research bodies. Absent in audits of old. */
  institutionalShareWithResearch?: number | null;
  /** Miner addresses and their energy by city, as far as places are known. */
  cities: {
    country: string | null;
    region: string | null;
    city: string;
    addresses: number;
    /** Adds up to that of `power` where all places are known. */
    kwhPerDay: number;
    /** Of miners of tier C: no part of `kwhPerDay`. Absent if there are none. */
    modelledKwhPerDay?: number;
  }[];
}

export interface Owner {
  class: OwnerClass;
  /** What the owner is as well. Absent if nothing else. */
  secondClass?: OwnerClass;
  name: string | null;
  asn: number | null;
  country: string | null;
  region: string | null;
  city: string | null;
  source: string | null;
  confidence: number | null;
  /** What gave the class: the rule, and who had the address at other times. Absent in old audits. */
  rule?: Statement | null;
  /** Of the operator's own table. */
  department?: string | null;
  contact?: string | null;
  intent: Intent;
  reasons: Statement[];
}

/** Whose a host is, without what its mining says of why it mines. */
export type KnownOwner = Omit<Owner, 'intent' | 'reasons'>;

/** A fact, as a statement. */
export interface Evidence extends Statement {
  kind: string;
  strength: Strength;
  /** How often it was seen. */
  count: number;
  input: string;
  record: number;
  time: string;
}

export interface AuditHost {
  ip: string;
  verdict: Verdict;
  roles: Role[];
  owner: Owner;
  traffic: Traffic;
  /** Number of sessions. */
  sessions: number;
  workers: string[];
  coins: string[];
  algorithms: string[];
  hashrate: HostHashrateRow[];
  /** Active time over the window, 0 to 1; null if nothing was active. */
  duty: number | null;
  /** Machines behind the address, at least and at most. */
  rigs: { low: number; high: number };
  power: Power | null;
  firstSeen: string;
  lastSeen: string;
  /** Pool names, or addresses where no name is known. */
  pools: string[];
  evidence: Evidence[];
}

export interface ShareCounts {
  submitted: number;
  accepted: number;
  rejected: number;
  stale: number;
  unanswered: number;
}

interface SeriesWindow {
  start: string;
  seconds: number;
  shares: number;
  /** Null if the work of a share is unknown. */
  hashrate: number | null;
}

/** The session's rate as its nonces tell it; rates in the algorithm's unit per second. */
interface AuditCounter {
  /** 'clock': the nonces count; 'no-clock': they do not, or too few tell; 'not-read': the run had no time left. */
  verdict: 'clock' | 'no-clock' | 'not-read';
  /** Algorithm of the shares that were read; null if unknown, and then no hashrate row shows the rate. */
  algorithm: string | null;
  /** What was read from what. */
  notes: Statement[];
  /** Chance that random nonces fit as well, at most; null if not read. */
  pValue: number | null;
  /** How nonces are handed out; null without a clock. Size in nonces, spread and outliers relative. */
  structure: CounterStructure | null;
  /** Threads or devices that count; null if they cannot be distinguished. */
  tracks: { low: number; central: number; high: number } | null;
  /** Machines behind the connection, by set nonce bytes; null if the dialect has none. */
  rigs: number | null;
  estimate: number | null;
  low95: number | null;
  high95: number | null;
  /** Shares on the clock. */
  shares: number;
  /** Spans of 15 minutes counted back from the last share; spans without a share are absent. */
  series: {
    start: string;
    end: string;
    shares: number;
    estimate: number;
    low95: number;
    high95: number;
  }[];
}

/** The opening of an encrypted connection. */
export interface AuditTls {
  /** Null if the client names no server. */
  serverName: string | null;
  /** An encrypted client hello travels along (ECH): the name may be an outer one. */
  encryptedHello: boolean;
  /** Protocols that the client offers. */
  alpn: string[];
  ja3: string;
  ja4: string;
  /** Version that the server chose, '1.2'; null if its hello was not seen. */
  version: string | null;
  /** Null if it was not seen: from TLS 1.3 on it is encrypted. */
  certificate: { subject: string; names: string[]; issuer: string; selfSigned: boolean } | null;
  /** The server answered in the clear, so that nothing was encrypted; absent otherwise. */
  refused?: boolean;
}

/** Natural log odds of mining against look-alikes, at as many of the one as of the other (docs/behaviour.md). */
interface AuditLikeness {
  score: number;
  /** From which on it is suspected. */
  threshold: number;
  parts: { id: string; value: number | null; cost: number }[];
}

/** What flow records tell of the connections of two ends; sampling multiplied. */
export interface AuditFlow {
  /** Answered TCP connections, and tries without an answer. */
  connections: number;
  unanswered: number;
  /** Time with a connection open. */
  activeSeconds: number;
  /** Mean length of a connection. */
  meanSeconds: number;
  /** Variance of the packets of a record over that of chance; null if no record tells. */
  scatter: number | null;
  /** The score of its behaviour, with what each feature took from it; null if the records do not let one judge. */
  likeness: AuditLikeness | null;
  /** One packet in so many was looked at, and how many those were. */
  samplingInterval: number;
  observedPackets: number;
  /** 95 % limits of the packets of both directions; absent if every packet was counted. */
  packets95?: { low: number; high: number };
}

/** How a modelled rate was made: shares × hashes per share / seconds. */
export interface AuditModel {
  algorithm: string;
  shares: { low: number; estimate: number; high: number };
  hashesPerShare: { low: number; estimate: number; high: number };
  seconds: number;
  /** The count, the difficulty that was assumed, the size of a share. */
  notes: Statement[];
}

export interface AuditSession {
  miner: { ip: string; port: number };
  /** `kind`: pool, marketplace, browser-miner, malware-proxy or donation; null if the pool is not known. */
  pool: { ip: string; port: number; names: string[]; pool: string | null; kind: string | null };
  via: { ip: string; port: number; kind: string }[];
  /** 'tcp', 'http', 'tls', 'websocket'; 'noise' for encrypted Stratum V2. */
  transport: string;
  /** Contract's dialect id. */
  dialect: string;
  verdict: Verdict;
  /** The rule that gave the verdict. */
  reason?: Statement;
  algorithm: string | null;
  /** From what the algorithm is known (ALGORITHM_SOURCES); null if it is not. */
  algorithmSource: string | null;
  coin: string | null;
  /** What the opening of TLS said in clear; null if there is none, or it was not kept. */
  tls?: AuditTls | null;
  agent: string | null;
  logins: readonly { account: string; worker: string | null }[];
  start: string;
  end: string;
  traffic: Traffic;
  shares: ShareCounts;
  /** Rejected shares by reason class, stale ones left out. */
  rejects: Record<string, number>;
  /** Work in hashes, null if it is only known in difficulty units. */
  work: { hashes: number | null; difficultyUnits: number | null; unpricedShares: number };
  /** Seconds over which the rate was taken. */
  activeSeconds: number;
  difficulty: { time: string; hashesPerShare: number | null; difficultyUnits: number | null }[];
  hashrate: HashrateRow[];
  /** Null if there are fewer than four shares, or a dialect whose nonces are not read. */
  counter?: AuditCounter | null;
  selfReported: { time: string; hashrate: number }[];
  series: SeriesWindow[];
  /** What a later part of the session needs; null if nothing can follow. Absent in audits of old. */
  open?: OpenSession | null;
  /** What a merge needs of a parsed session beside the row; absent of others. */
  facts?: SessionFacts;
  /** Absent if a capture shows the session. */
  flow?: AuditFlow;
  /** Absent if no model was asked for, or nothing could be modelled. */
  modelled?: AuditModel;
}

export interface AuditPool {
  pool: string;
  operator: string | null;
  /** 'host:port' or 'ip:port'. */
  endpoints: string[];
  hosts: number;
  sessions: number;
  traffic: Traffic;
  coins: string[];
}
