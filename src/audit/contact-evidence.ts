/** The facts of a contact, in which no protocol could be read, as rows of evidence. */
import type { Contact, ContactFlow, Likeness } from '../endpoints/contact.ts';
import { greetingText } from '../endpoints/tls-facts.ts';
import { bearsAllMarks } from '../evidence/mining-marks.ts';
import type { EvidenceRow } from './evidence-row.ts';
import { sampledPackets } from './sampled.ts';

/** Evidence rows of one contact. */
export function* contactRows(contact: Contact): Iterable<EvidenceRow> {
  const { match, server, because, place, verdict, tls } = contact;
  const count = Math.max(1, contact.count);
  const name = match.name ?? '';
  if (contact.kind === 'dns-lookup' || server === null) {
    yield { kind: 'dns-lookup', detail: `${name} (${match.pool}): ${because}`, count, ...place };
    return;
  }
  const endpoint = ` at ${server.ip === '' ? contact.ownName : server.ip}:${server.port}`;
  if (contact.kind === 'alert') {
    yield { kind: 'sensor-alert', detail: `${because}, with ${server.ip}:${server.port}`, count, ...place };
    return;
  }
  if (match.by !== null) {
    // Else it stands with the figures of its behaviour.
    const isJudged = verdict === 'probable' || verdict === 'suspected';
    const sampled = contact.flow === undefined ? '' : samplingWords(contact.flow, contact.traffic);
    const byName = contact.namedBy === 'certificate' ? 'certificate' : 'pool-name';
    yield {
      kind: match.by === 'address' ? 'pool-address' : byName,
      detail: `${name === '' ? (match.pool ?? '') : name}${endpoint}: ${because}${isJudged ? '' : sampled}`,
      count,
      ...place,
    };
  }
  if (tls !== null)
    yield { kind: 'tls-hello', detail: `${greetingText(tls)}${endpoint}`, count: 1, ...tls.place };
  const unanswered = contact.flow?.unanswered ?? (verdict === 'attempted' ? count : 0);
  if (unanswered > 0)
    yield { kind: 'unanswered', detail: `no answer${endpoint}`, count: unanswered, ...place };
  if (contact.flow !== undefined) yield* flowRows(contact, contact.flow, endpoint);
  else yield* behaviourRows(contact, endpoint);
}

/** What flow records tell of a client and its server over the whole of the input, as far as it is like mining. */
function* flowRows(contact: Contact, flow: ContactFlow, endpoint: string): Iterable<EvidenceRow> {
  const { duty, place, verdict, because, match, traffic } = contact;
  if (verdict !== 'probable' && verdict !== 'suspected') return;
  const minutes = Math.max(1, flow.activeSeconds) / 60;
  const figure = (value: number): string => String(Number(value.toPrecision(3)));
  const { bytesOut, bytesIn, packetsOut, packetsIn } = traffic;
  const parts = [
    ...(match.by === null ? [because] : []),
    `${flow.connections} ${flow.connections === 1 ? 'connection' : 'connections'} of ${figure(flow.meanSeconds)} s${endpoint}`,
    ...(duty === null ? [] : [`active in ${duty.activeMinutes} of ${duty.minutes} minutes`]),
    `a minute ${figure(packetsOut / minutes)} packets of ${figure(bytesOut / Math.max(1, packetsOut))} B up, ` +
      `${figure(packetsIn / minutes)} of ${figure(bytesIn / Math.max(1, packetsIn))} B down`,
    ...(flow.scatter === null
      ? []
      : [`counts scatter ${figure(flow.scatter)} times as much as chance makes them`]),
  ];
  if (flow.likeness !== null) parts.push(likenessWords(flow.likeness));
  const detail = `${parts.join('; ')}${samplingWords(flow, traffic)}`;
  yield { kind: 'behaviour', detail, count: 1, ...place };
}

function likenessWords({ score, threshold, parts }: Likeness): string {
  const odd = parts.filter(({ cost }) => cost >= 0.05).map(({ id, cost }) => `${id} ${cost.toFixed(1)}`);
  const costs = odd.length === 0 ? '' : `, less than full for ${odd.join(', ')}`;
  return `likeness ${score.toFixed(1)} (suspected from ${threshold.toFixed(1)} on)${costs}`;
}

/** Empty where every packet was counted. */
function samplingWords(flow: ContactFlow, traffic: Contact['traffic']): string {
  if (flow.samplingInterval <= 1) return '';
  const limits = sampledPackets(flow, traffic);
  const figure = (value: number): string => String(Number(value.toPrecision(3)));
  const range = limits === null ? '' : `: ${figure(limits.low)} to ${figure(limits.high)} packets (95 %)`;
  return `; one packet in ${figure(flow.samplingInterval)} was looked at, ${flow.observedPackets} in all${range}`;
}

function* behaviourRows(contact: Contact, endpoint: string): Iterable<EvidenceRow> {
  const { marks, duty, place, verdict } = contact;
  const from = contact.watchedFrom ?? place;
  const active =
    duty === null ? '' : `; active in ${duty.activeMinutes} of ${duty.minutes} minutes with one server`;
  if (marks.length > 0 && bearsAllMarks(marks)) {
    const figures = marks.map((mark) => mark.detail).join('; ');
    yield { kind: 'mining-marks', detail: `${figures}${active}${endpoint}`, count: 1, ...from };
    return;
  }
  if (verdict !== 'probable') return;
  const seconds = Math.round((contact.endUs - contact.startUs) / 1e6);
  const { bytesOut, bytesIn } = contact.traffic;
  const bears = marks.filter((mark) => mark.holds).map((mark) => mark.detail);
  const figures = bears.length === 0 ? '' : `; of the marks of mining it bears: ${bears.join('; ')}${active}`;
  yield {
    kind: 'behaviour',
    detail: `${seconds} s, ${bytesOut} B out, ${bytesIn} B in${endpoint}${figures}`,
    count: 1,
    ...place,
  };
}
