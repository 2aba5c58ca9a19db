/**
 * The rows that reports for people print, computed once: one per host, one per algorithm and basis of the totals. Cells are phrases: figures are ours and ready, names still carry what the wire said, unescaped.
 */

import { actionOf } from '../audit/action.ts';
import { contradictedSessions } from '../audit/agreement.ts';
import type {
  Audit,
  AuditHost,
  AuditSession,
  Evidence,
  HashrateRow,
  Machine,
  TotalHashrateRow,
  Traffic,
} from '../audit/audit.ts';
import { machineNames, machinesOf } from '../audit/machines.ts';
import { isAtLeast, minersOfAlgorithm } from '../audit/miners.ts';
import { overlap } from '../audit/rate-rows.ts';
import { strongestFirst } from '../audit/strength.ts';
import { groupBy, push, totalOf } from '../order.ts';
import { HIDDEN } from '../secret.ts';
import type { ReportText } from '../statements/codes.ts';
import { bitrate, clock, grouped } from '../statements/figures.ts';
import type { Phrase } from './phrase.ts';
import { joined, wire, wires } from './phrase.ts';

/** A cell in one or more forms, longest first, for narrower and narrower pages. */
export type Forms = readonly [Phrase, ...Phrase[]];

export type HostRow = ReturnType<typeof hostRow>;
export type TotalRateRow = ReturnType<typeof totalRateRows>[number];

/** The rows of hosts, in their order. */
export function hostRows(
  audit: Audit,
  hosts: readonly AuditHost[],
  text: ReportText,
  zone: string,
): HostRow[] {
  const sessions = sessionsByAddress(audit);
  return hosts.map((host) => hostRow(host, sessions.get(host.ip) ?? [], text, zone));
}

/** The totals' rates, algorithms in the audit's order, the headline figure of each first. */
export function totalRateRows(audit: Audit, text: ReportText) {
  const rows = audit.totals.hashrate;
  const algorithms = [...new Set(rows.map(({ algorithm }) => algorithm))];
  return algorithms.flatMap((algorithm) => {
    const own = rows.filter((row) => row.algorithm === algorithm);
    return [...own]
      .sort((a, b) => Number(b.headline) - Number(a.headline))
      .map((row) => ({
        algorithm: [wire(algorithm)] as Phrase,
        isHeadline: row.headline,
        rate: text.figures.hashrate(row),
        hosts: hostsOf(row, audit, text),
        basis: text.basis[row.basis],
        remark: contradiction(row, own, audit, text),
      }));
  });
}

/** Of how many hosts a total is, and of how many of those that mine the algorithm. */
function hostsOf({ hosts, algorithm }: TotalHashrateRow, audit: Audit, { count }: ReportText): string {
  const all = minersOfAlgorithm(audit, algorithm);
  return hosts < all ? count.hostsOf(hosts, all) : count.hosts(hosts);
}

/** The basis of a total in one cell, with what is to be known of it. */
export function basisText({ basis, remark }: TotalRateRow, semicolon: string): string {
  return remark === '' ? basis : `${basis}${semicolon}${remark}`;
}

/** What is to be known of a total from nonces that shares contradict, as a whole or in some sessions; else ''. */
function contradiction(
  row: TotalHashrateRow,
  own: readonly TotalHashrateRow[],
  audit: Audit,
  { contradicted, semicolon, count }: ReportText,
): string {
  if (row.basis !== 'counter') return '';
  const { tested, contradicted: sessions } = contradictedSessions(audit, row.algorithm);
  const shares = own.find(({ basis }) => basis === 'shares');
  // Totals over different hosts need not agree.
  const isExcluded = shares !== undefined && shares.hosts === row.hosts && !overlap(shares, row);
  if (sessions === 0 && !isExcluded) return '';
  const remark =
    sessions > 0 ? contradicted.inSessions(sessions, count.sessions(tested)) : contradicted.asTotal;
  return shares?.headline === true ? `${remark}${semicolon}${contradicted.sharesStand}` : remark;
}

/** One host. What is not known is empty. */
function hostRow(host: AuditHost, sessions: readonly AuditSession[], text: ReportText, zone: string) {
  const { department, contact } = host.owner;
  return {
    verdict: host.verdict,
    ip: [wire(host.ip)] as Phrase,
    /** Name, user and hardware address of whoever had it. */
    machine: machineForms(machinesOf(host)),
    since: timeForms(host.firstSeen, zone),
    last: timeForms(host.lastSeen, zone),
    role: [host.roles.map((role) => text.role[role]).join('+')],
    traffic: [trafficRate(host.traffic)],
    hashrate: rateForms(host, text),
    /** Algorithms and coins. */
    work: workForms(host),
    pool: [wires(host.pools), firstOf(host.pools)] as Forms,
    account: accountForms(sessions),
    owner: ownerCell(host, text),
    department: department == null ? [] : [wire(department)],
    contact: contact == null ? [] : [wire(contact)],
    action: [text.action[actionOf(host)]],
    /** Power while mining, W. */
    power: powerForms(host, text),
    evidence: evidenceForms(host.evidence, text),
  };
}

/** Whoever had the address; of several the first, and how many more. */
export function machineForms(machines: readonly Machine[]): Forms {
  const [first] = machines;
  if (first === undefined) return [[]];
  const all = machines.map((machine) => wires(machineNames(machine), ' '));
  const name = [...wires(machineNames(first).slice(0, 1)), more(machines.length)];
  // A part of a hardware address names nothing.
  return [joined(all, '; '), name, ...(machineNames(first)[0] === first.mac ? [[]] : [])];
}

/** A time to the minute, or its day. */
export function timeForms(time: string, zone: string): Forms {
  const shown = clock(time, zone);
  return [[shown.slice(0, 16)], [shown.slice(0, 10)]];
}

/** Rates of different algorithms never add up, so they stand side by side, or the first with a count of the rest. */
function rateForms(host: AuditHost, text: ReportText): Forms {
  const headline = host.hashrate.filter((row) => row.headline);
  const rates = headline.length > 0 ? headline : host.hashrate.slice(0, 1);
  const [first] = rates;
  if (first === undefined) {
    return [[isAtLeast(host.verdict, 'suspected') && host.sessions > 0 ? text.unknown : '']];
  }
  const basis = (row: HashrateRow): string => (row.basis === 'shares' ? '' : ` ${text.basis[row.basis]}`);
  const rest = more(rates.length);
  return [
    [rates.map((row) => text.figures.hashrate(row) + basis(row)).join(text.semicolon)],
    [text.figures.hashrate(first), basis(first), rest],
    [text.figures.shortRate(first), basis(first), rest],
    [text.figures.shortRate(first), rest],
  ];
}

function workForms(host: AuditHost): Forms {
  const { algorithms, coins } = host;
  const coinsAfter: Phrase = coins.length === 0 ? [] : [' (', ...wires(coins), ')'];
  const whole: Phrase = algorithms.length === 0 ? wires(coins) : [...wires(algorithms), ...coinsAfter];
  return [whole, firstOf(algorithms.length === 0 ? coins : algorithms)];
}

export function trafficRate(traffic: Traffic): string {
  return bitrate(traffic.mbpsOut + traffic.mbpsIn);
}

/** A worker's name, or in words that it was hidden because it is the password as well. */
export function workerName(worker: string, text: ReportText): string {
  return worker === HIDDEN ? text.hiddenWorker : worker;
}

/** Accounts of the host's logins with their workers, each once, in order of appearance. */
function accountForms(sessions: readonly AuditSession[]): Forms {
  const byAccount = groupBy(
    sessions.flatMap(({ logins }) => logins),
    ({ account }) => account,
  );
  const accounts = [...byAccount].map(([account, logins]) => {
    return { account, workers: [...new Set(logins.flatMap(({ worker }) => worker ?? []))] };
  });
  const [first] = accounts;
  if (first === undefined) return [[]];
  const rest = more(accounts.length);
  const whole = accounts.map(
    ({ account, workers }): Phrase => [wire(account), ...inBrackets(wires(workers))],
  );
  return [
    joined(whole, ', '),
    [...ends(first.account), ...inBrackets(firstOf(first.workers)), rest],
    [...ends(first.account), rest],
  ];
}

function inBrackets(phrase: Phrase): Phrase {
  return phrase.length === 0 ? [] : [' (', ...phrase, ')'];
}

/** Both ends of a long account: what people compare. */
export function ends(account: string): Phrase {
  if (account.length <= 16) return [wire(account)];
  const characters = [...account.slice(0, 32)];
  const last = [...account.slice(-16)];
  return [wire(characters.slice(0, 6).join('')), '…', wire(last.slice(-4).join(''))];
}

/** The first of several names, and how many more there are. */
function firstOf(texts: readonly string[]): Phrase {
  const [first] = texts;
  return first === undefined ? [] : [wire(first), more(texts.length)];
}

function more(count: number): string {
  return count > 1 ? ` +${grouped(count - 1)}` : '';
}

function ownerCell({ owner }: AuditHost, text: ReportText): Phrase {
  // That an address is private says nothing of whose it is.
  const isUnnamed = owner.name === null || owner.source === 'reserved';
  if (owner.class === 'unknown' && isUnnamed) return [];
  const ownerClass = text.ownerClass[owner.class];
  return owner.name === null ? [ownerClass] : [wire(text.word(owner.name)), text.bracketed(ownerClass)];
}

function powerForms({ power }: AuditHost, { basis, figures }: ReportText): Forms {
  if (power === null) return [['']];
  // Power without a measured rate is not in the totals.
  const remark = power.tier === 'C' ? ` ${basis.modelled}` : '';
  return [[`${figures.watts(power)}${remark}`], [`${figures.shortWatts(power)}${remark}`]];
}

/** What was found, strongest first, each said once. */
function evidenceForms(evidence: readonly Evidence[], text: ReportText): Forms {
  const distinct = [...new Set(strongestFirst(evidence).map(text.translate))];
  const dialects = evidence.flatMap(({ params }) =>
    typeof params.dialect === 'string' ? [params.dialect] : [],
  );
  const forms: [Phrase, ...Phrase[]] = [wires(distinct, text.semicolon), wires(distinct.slice(0, 1))];
  if (dialects.length === 0) return forms;
  const shares = totalOf(evidence, ({ kind, count }) => (kind === 'share' ? count : 0));
  const named = wires([...new Set(dialects)]);
  return [...forms, shares === 0 ? named : [`${text.count.shares(shares)}${text.comma}`, ...named]];
}

/** Sessions by the address of either side, since a pool server inside the own networks is a host as well. */
export function sessionsByAddress(audit: Audit): Map<string, AuditSession[]> {
  const byAddress = new Map<string, AuditSession[]>();
  for (const session of audit.sessions) {
    push(byAddress, session.miner.ip, session);
    if (session.pool.ip !== session.miner.ip) push(byAddress, session.pool.ip, session);
  }
  return byAddress;
}

/** Tunnels and exporters that a host was found through. */
export function waysOf({ through = [] }: AuditHost, text: ReportText): string[] {
  return through.map(({ kind, source, destination, doubt }) => text.way(kind, source, destination, doubt));
}

/** Part of the time watched in which a host was active, with the limits that sampling leaves; null if it was not. */
export function dutyOf({ duty, dutyLimits }: AuditHost, text: ReportText): string | null {
  if (duty === null) return null;
  const { figures } = text;
  if (dutyLimits === undefined) return figures.percent(duty);
  return `${figures.percent(duty)}${text.bracketed(figures.percentRange(dutyLimits.low, dutyLimits.high))}`;
}
