/**
 * What is known from night to night: a case for every machine that mined. It follows the machine, not the address, where
 * leases tell which machine that was.
 */
import type { Action } from '../audit/action.ts';
import type { AuditUndecided, Machine, OwnerClass, Verdict } from '../audit/audit.ts';
import type { ReportText } from '../statements/codes.ts';

export const CASES_SCHEMA = 'minesweep.cases/1';
export const NIGHT_SCHEMA = 'minesweep.night/1';

export const CASE_STATES = ['open', 'acknowledged', 'gone', 'back', 'closed'] as const;
export type CaseState = (typeof CASE_STATES)[number];

/** Nights of a case that are kept, and nights of the file. */
export const NIGHTS_KEPT = 400;

export interface CaseMachine extends Machine {
  /** The address that it had last. */
  ip: string;
}

/** What a case mined in one night. */
export interface CaseNight {
  /** Day of the traffic, in the zone of --tz. */
  date: string;
  verdict: Verdict;
  algorithm: string | null;
  /** In `unit` per second, with its 95 % limits; null if it is not known. */
  rate: number | null;
  unit: string | null;
  low95: number | null;
  high95: number | null;
  /** Of this night; null if the power is not known. */
  kwh: number | null;
  pool: string | null;
}

export interface Case {
  id: string;
  machine: CaseMachine;
  /** When it was first and last seen. */
  opened: string;
  lastSeen: string;
  state: CaseState;
  /** When the state last changed: the time of the traffic, or of the command. */
  changed: string;
  /** Of an acknowledgement: the last day that it holds. */
  until: string | null;
  because: string | null;
  by: string | null;
  /** The strongest so far. */
  verdict: Verdict;
  owner: { class: OwnerClass; name: string | null; department: string | null; contact: string | null };
  /** Of all its nights. */
  kwh: number;
  /** In order of date, the last ones. */
  nights: CaseNight[];
  /** Nights since then in which it did not mine, as far as could be judged, and a conversation of it could not. */
  stayedOpen?: string[];
}

/** Kinds of news, the gravest first. */
export const NEWS_KINDS = ['new', 'back', 'worse', 'gone'] as const;
export type NewsKind = (typeof NEWS_KINDS)[number];

/** Why a case is news. */
export type NewsReason = keyof ReportText['night']['reason'];

export interface News {
  kind: NewsKind;
  reason: NewsReason;
  /** The verdict before; null if there was none. */
  before: Verdict | null;
  account: string | null;
  watts: number | null;
  action: Action;
  case: Omit<Case, 'nights'>;
  /** What was seen last. */
  night: CaseNight;
}

/** What a night brought. */
export interface Night {
  schema: typeof NIGHT_SCHEMA;
  tool: { name: string; version: string };
  generated: string;
  date: string;
  window: { start: string | null; end: string | null };
  /** False if mining may have been missed: then no case is closed. */
  complete: boolean;
  damaged: boolean;
  /** The verdict from which on news count for the exit status. */
  threshold: Verdict;
  matched: boolean;
  news: News[];
  /** Pairs of hosts with a conversation that could not be judged: all, those new in this night, and the longest of these. */
  open: { pairs: number; fresh: number; longest: AuditUndecided[] };
  /** Cases that are no news; `weaker` ones were seen, with a verdict below the threshold. */
  rest: { mining: number; weaker: number; acknowledged: number; unseen: number; closed: number };
}

/** A digest that could not be sent. */
export interface Unsent {
  to: string;
  night: Night;
}

export interface Cases {
  schema: typeof CASES_SCHEMA;
  cases: Case[];
  /** Nights that counted; of an incomplete one nobody can say that a machine did not mine. */
  nights: { date: string; complete: boolean }[];
  unsent: Unsent[];
  /** Pairs of hosts of which a conversation could not be judged, 'client server port transport', with the night of the last. */
  pairs?: Record<string, string>;
}

export function noCases(): Cases {
  return { schema: CASES_SCHEMA, cases: [], nights: [], unsent: [] };
}
