/** Notes on what was found through tunnels and exporters that are not believed. */
import type { Contact } from '../endpoints/contact.ts';
import { doubtful, type Through } from '../endpoints/through.ts';
import type { SettledSession } from '../sessions/settle.ts';
import { type Statement, statement } from '../statements/index.ts';

const MOST_NAMED = 3;

/** One note a reason, with the packets of the findings and who sent them. */
export function throughNotes(sessions: readonly SettledSession[], contacts: readonly Contact[]): Statement[] {
  const found = new Map<ReturnType<typeof codeOf>, Found>();
  const findings = [
    ...sessions.map(({ session, verdict }) => ({ ...session.connections, verdict: verdict.verdict })),
    ...contacts,
  ];
  for (const { through = [], traffic, verdict } of findings) {
    if (verdict !== 'suspected') continue;
    const doubt = doubtful(through);
    if (doubt === null) continue;
    const code = codeOf(doubt);
    const row = found.get(code) ?? { packets: 0, senders: new Set() };
    found.set(code, row);
    row.packets += traffic.packetsOut + traffic.packetsIn;
    if (doubt.source !== null) row.senders.add(doubt.source);
  }
  return [...found].map(([code, { packets, senders }]) => {
    const named = [...senders].sort().slice(0, MOST_NAMED);
    return statement(code, { packets, senders: named, more: senders.size - named.length });
  });
}

interface Found {
  packets: number;
  readonly senders: Set<string>;
}

function codeOf({ kind, doubt }: Through) {
  return kind === 'export' ? 'through-exporter' : (`through-${doubt ?? 'unknown'}` as const);
}
