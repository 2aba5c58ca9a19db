/**
 * One MISP event (the format of MISP 2.4): ends of pools, their names and accounts as attributes, and the hosts that mined.
 * Only what other networks can look for has `to_ids`; the own hosts and whatever a warninglist holds have not.
 */
import type { Audit } from '../audit/audit.ts';
import { type Indicator, indicatorsOf } from '../audit/indicators.ts';
import { isCountedMiner } from '../audit/miners.ts';
import { marksText } from '../audit/pseudonyms.ts';
import { escapeJson } from '../escape.ts';
import { catalogueOf } from '../statements/catalogue.ts';
import { OWN_UUIDS, uuidOf } from './uuid.ts';

/** The attack pattern by its name in the galaxy of MISP: a tag of this form joins an event to it. */
const TAGS = ['misp-galaxy:mitre-attack-pattern="Resource Hijacking - T1496"', 'tlp:amber'];

/** Coins whose wallets have a type of their own. */
const WALLETS: Readonly<Record<string, string>> = { BTC: 'btc', XMR: 'xmr', DASH: 'dash' };

export function* renderMisp(audit: Audit): Generator<string> {
  const { window, generated } = audit;
  const { finding, verdict: verdicts } = catalogueOf('en');
  const miners = audit.hosts.filter(isCountedMiner);
  const uuid = uuidOf(`event ${window.start} ${window.end} ${miners.map(({ ip }) => ip).join()}`, OWN_UUIDS);
  const timestamp = String(Math.floor(Date.parse(generated) / 1000));
  const attribute = (type: string, category: string, value: string, toIds: boolean, comment: string) => ({
    uuid: uuidOf(`${uuid} ${type} ${value}`, OWN_UUIDS),
    type,
    category,
    value,
    to_ids: toIds,
    distribution: '5',
    timestamp,
    comment,
  });
  const shared = indicatorsOf(audit).map((indicator) => {
    const [type, category] = typeOf(indicator);
    const value = indicator.kind === 'endpoint' ? `${indicator.value}|${indicator.port}` : indicator.value;
    return attribute(type, category, value, indicator.isTelling, commentOf(indicator));
  });
  const own = miners.map(({ ip, verdict, owner, firstSeen, lastSeen }) =>
    attribute(
      'ip-src',
      'Network activity',
      ip,
      false,
      finding.miner(verdicts[verdict], owner.class, firstSeen, lastSeen),
    ),
  );
  const event = {
    Event: {
      uuid,
      info: finding.event(miners.length, marksText(audit)),
      date: (window.start ?? generated).slice(0, 10),
      timestamp,
      threat_level_id: '3',
      analysis: '1',
      distribution: '0',
      published: false,
      Tag: TAGS.map((name) => ({ name })),
      Attribute: [...shared, ...own],
    },
  };
  yield `${escapeJson(JSON.stringify(event, null, 2))}\n`;
}

function typeOf({ kind, coin, walletOf, isTelling }: Indicator): [type: string, category: string] {
  if (kind === 'endpoint') return ['ip-dst|port', 'Network activity'];
  if (kind === 'name') return [isTelling ? 'hostname' : 'text', isTelling ? 'Network activity' : 'Other'];
  // Coins share forms of addresses: that of the session counts. Services pay in others than are mined.
  const [paid = ''] = coin !== null && walletOf.includes(coin) ? [coin] : walletOf;
  return [WALLETS[paid] ?? 'text', 'Financial fraud'];
}

function commentOf({ kind, pool, coin, confirmed, first, last }: Indicator): string {
  const { indicator } = catalogueOf('en').finding;
  return indicator(kind, pool.pool || null, coin || null, confirmed, first, last);
}
