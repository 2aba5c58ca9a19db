/** Each host is told of once: when it appears, rises and ends, whatever happens to the program in between. */
import { appendFileSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { AlertLedger, type LedgerOptions } from '../../src/alerts/ledger.ts';
import type { Audit, Verdict } from '../../src/audit/audit.ts';
import { sampleAudit } from '../support/sample-audit.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const BASE: Audit = sampleAudit();
const [HOST] = BASE.hosts;
const FIRST = Date.parse(HOST.firstSeen);

/** The audit of a moment: one host of this verdict, last observed so many minutes in; `isOpen`: its session goes on. */
function audit(verdict: Verdict, minutes: number, { isOpen = true, endMinutes = minutes } = {}): Audit {
  const time = (after: number): string => new Date(FIRST + after * 60_000).toISOString();
  return {
    ...BASE,
    window: {
      start: HOST.firstSeen,
      end: time(endMinutes),
      seconds: endMinutes * 60,
      observed: [],
      observedSeconds: endMinutes * 60,
    },
    hosts: [{ ...HOST, verdict, lastSeen: time(minutes), roles: ['miner'] }],
    sessions: BASE.sessions.slice(0, 1).map((session) => ({
      ...session,
      miner: { ...session.miner, ip: HOST.ip },
      open: isOpen
        ? { hashesPerShare: null, difficultyUnits: null, jobs: [], unanswered: [], unfinished: 0 }
        : null,
    })),
  };
}

function ledger(options: Partial<LedgerOptions> = {}): AlertLedger {
  return new AlertLedger({ least: 'probable', repeatUs: null, journal: null, ...options });
}

const told = (events: ReturnType<AlertLedger['take']>): string[] =>
  [...events].map(({ kind, verdict }) => `${kind} ${verdict}`);

describe('a ledger', () => {
  it('tells when a host appears, rises and ends, each once', () => {
    const book = ledger();
    expect(told(book.take(audit('suspected', 1)))).toEqual([]);
    expect(told(book.take(audit('probable', 2)))).toEqual(['appeared probable']);
    expect(told(book.take(audit('probable', 3)))).toEqual([]);
    expect(told(book.take(audit('confirmed', 4)))).toEqual(['raised confirmed']);
    expect(told(book.take(audit('probable', 5)))).toEqual([]);
    expect(told(book.take(audit('confirmed', 5, { isOpen: false, endMinutes: 10 })))).toEqual([]);
    const over = audit('confirmed', 5, { isOpen: false, endMinutes: 30 });
    expect(told(book.take(over))).toEqual(['ended confirmed']);
    expect(told(book.take(over))).toEqual([]);
  });

  it('tells of a host that comes back after its end', () => {
    const book = ledger();
    const [first] = book.take(audit('confirmed', 1));
    told(book.take(audit('confirmed', 1, { isOpen: false, endMinutes: 30 })));
    const back = { ...audit('confirmed', 90) };
    back.hosts = [{ ...back.hosts[0], firstSeen: new Date(FIRST + 80 * 60_000).toISOString() }];
    const [again] = book.take(back);
    expect(again.kind).toBe('appeared');
    expect(again.id).not.toBe(first.id);
  });

  it('tells apart what comes back within a period, whose first time stays', () => {
    const book = ledger();
    const ids = [1, 90, 180].flatMap((minutes) =>
      [
        ...book.take(audit('confirmed', minutes)),
        ...book.take(audit('confirmed', minutes, { isOpen: false, endMinutes: minutes + 30 })),
      ].map(({ id }) => id),
    );
    expect(ids.length).toBe(6);
    expect(new Set(ids).size).toBe(6);
  });

  it('tells of the end of a host that the next period does not know', () => {
    const book = ledger();
    const [appeared] = book.take(audit('confirmed', 1));
    const [ended] = book.take({ ...audit('confirmed', 1, { endMinutes: 60 }), hosts: [], sessions: [] });
    expect(ended).toMatchObject({ kind: 'ended', ip: HOST.ip, first: appeared.first });
  });

  it('takes no end from the audit of the period before, written again for a late file', () => {
    const book = ledger();
    told(book.take(audit('confirmed', 90)));
    expect(told(book.take(audit('confirmed', 1, { isOpen: false, endMinutes: 60 })))).toEqual([]);
    expect(told(book.take(audit('confirmed', 91)))).toEqual([]);
  });

  it('repeats if that is asked for', () => {
    const book = ledger({ repeatUs: 3_600e6 });
    const ids = [1, 30, 62, 70, 125].flatMap((minutes) =>
      [...book.take(audit('confirmed', minutes))].map(({ id }) => id),
    );
    expect(ids.length).toBe(3);
    expect(new Set(ids).size).toBe(3);
  });

  it('says nothing twice after a restart, though its journal was torn', () => {
    const journal = path.join(temporaryFolder('ledger'), 'state.alerts');
    const before = ledger({ journal });
    expect(told(before.take(audit('probable', 2)))).toEqual(['appeared probable']);
    before.close();
    appendFileSync(journal, '{"ip":"192.0.2.');
    const after = ledger({ journal });
    // The run is repeated from an older state: what it finds first was told before.
    expect(told(after.take(audit('probable', 1)))).toEqual([]);
    expect(told(after.take(audit('confirmed', 3)))).toEqual(['raised confirmed']);
    after.close();
    expect(told(ledger({ journal }).take(audit('confirmed', 4)))).toEqual([]);
  });

  it('brings again what could not be sent, also after a restart', () => {
    const journal = path.join(temporaryFolder('ledger'), 'state.alerts');
    const book = ledger({ journal });
    const failing = (minutes: number): void => {
      for (const _ of book.take(audit('confirmed', minutes))) {
        book.takeBack();
        return;
      }
    };
    failing(1);
    expect(readFileSync(journal, 'utf8')).toBe('');
    expect(told(book.take(audit('probable', 2)))).toEqual(['appeared probable']);
    failing(3);
    book.close();
    expect(told(ledger({ journal }).take(audit('confirmed', 4)))).toEqual(['raised confirmed']);
  });
});
