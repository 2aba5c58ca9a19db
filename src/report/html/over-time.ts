/**
 * Traffic, active addresses and hashrate over the window. The audit holds shares and rates by steps of a minute or
 * more, and bytes by session only: those are spread evenly over the watched time of the session, and the page says so.
 * Of a step that nobody watched nothing is drawn.
 */
import type { Audit, AuditSession } from '../../audit/audit.ts';
import { isAtLeast } from '../../audit/miners.ts';
import { groupBy } from '../../order.ts';
import type { ReportText } from '../../statements/codes.ts';
import { clock, grouped, si } from '../../statements/figures.ts';
import {
  gapsBetween,
  type Span,
  type Steps,
  secondsWithin,
  spread,
  spreadOver,
  stepsOver,
  touched,
  withoutPartialEnds,
} from '../steps.ts';
import { type Curve, timeCard } from './chart.ts';
import { html, type Markup } from './markup.ts';

const STEPS_AT_MOST = 96;
/** The shortest window of a session's series. */
const SERIES_SECONDS = 60;
/** Algorithms that get a chart, those with most sessions first. */
const ALGORITHMS_DRAWN = 4;

/** The section; it says so if there is nothing to draw. */
export function overTime(audit: Audit, zone: string, text: ReportText): Markup {
  const words = text.page.time;
  const steps = stepsOf(audit, 1);
  const open = html`<section id="time"><h2>${words.title}</h2>`;
  if (steps === null || steps.count < 2 || audit.sessions.length === 0) {
    return html`${open}<p>${words.nothing}</p></section>
`;
  }
  const { charts, undrawn } = hashrateCharts(audit, zone, text);
  return html`${open}<p class="note">${words.zone(zone, text.figures.duration(steps.stepMs / 1000))}</p>
<div class="grid">${trafficChart(audit, steps, zone, text)}${minersChart(audit, steps, zone, text)}${charts}</div>${
    undrawn > 0 ? html`<p class="note">${words.moreAlgorithms(undrawn)}</p>` : null
  }</section>
`;
}

/** Labels of the steps: the hour, the day where the steps are days, both in between. */
export function stepLabels(steps: Steps, zone: string): string[] {
  const spanMs = steps.stepMs * steps.count;
  const labels: string[] = [];
  for (let i = 0; i < steps.count; i++) {
    const time = new Date(steps.startMs + i * steps.stepMs);
    const shown = Number.isNaN(time.getTime()) ? '' : clock(time.toISOString(), zone);
    if (spanMs < 36 * 3_600_000) labels.push(shown.slice(11, steps.stepMs < 60_000 ? 19 : 16));
    else labels.push(steps.stepMs < 86_400_000 ? shown.slice(5, 16) : shown.slice(0, 10));
  }
  return labels;
}

function spanOf({ start, end }: AuditSession): Span {
  return [Date.parse(start), Date.parse(end)];
}

function trafficChart(audit: Audit, steps: Steps, zone: string, text: ReportText): Markup {
  const words = text.page.time;
  const watched = watchedOf(audit);
  const out = new Float64Array(steps.count);
  const into = new Float64Array(steps.count);
  for (const session of audit.sessions) {
    const [from, to] = spanOf(session);
    spreadOver(out, steps, watched, from, to, session.traffic.bytesOut * 8);
    spreadOver(into, steps, watched, from, to, session.traffic.bytesIn * 8);
  }
  const seconds = secondsWithin(steps, watched);
  const rate = (bits: Float64Array): Curve['values'] => perSecond(bits, seconds);
  const curves: Curve[] = [
    { name: words.out, color: 1, values: rate(out) },
    { name: words.into, color: 2, values: rate(into) },
  ];
  const axis = (value: number): string => short(si(value, 'bps'));
  return timeCard(
    words.traffic,
    { steps: stepLabels(steps, zone), curves, drawn: 'area', gaps: gapsBetween(steps, watched), axis },
    words.trafficNote,
    text,
  );
}

function minersChart(audit: Audit, steps: Steps, zone: string, text: ReportText): Markup {
  const words = text.page.time;
  const seen = Array.from({ length: steps.count }, () => new Set<string>());
  for (const session of audit.sessions) {
    if (!isAtLeast(session.verdict, 'suspected')) continue;
    const range = touched(steps, ...spanOf(session));
    if (range === null) continue;
    for (let i = range[0]; i <= range[1]; i++) seen[i]?.add(session.miner.ip);
  }
  const watched = watchedOf(audit);
  const seconds = secondsWithin(steps, watched);
  const values = seen.map(({ size }, i) => (seconds[i] === 0 ? null : size));
  const curves: Curve[] = [{ name: words.miners, color: 3, values }];
  const chart = {
    steps: stepLabels(steps, zone),
    curves,
    drawn: 'area',
    gaps: gapsBetween(steps, watched),
    axis: grouped,
    whole: true,
  } as const;
  return timeCard(words.miners, chart, words.minersNote, text);
}

function hashrateCharts(
  audit: Audit,
  zone: string,
  text: ReportText,
): { readonly charts: Markup[]; readonly undrawn: number } {
  const words = text.page.time;
  const steps = stepsOf(audit, SERIES_SECONDS);
  const drawable = [...groupBy(audit.sessions, (session) => session.algorithm)]
    .flatMap(([algorithm, sessions]) =>
      algorithm === null ? [] : { algorithm, sessions, priced: sessions.filter(hasRate).length },
    )
    .filter(({ priced }) => priced > 0)
    .sort((a, b) => b.priced - a.priced);
  if (steps === null || steps.count < 2) return { charts: [], undrawn: 0 };
  const watched = watchedOf(audit);
  const seconds = secondsWithin(steps, watched);
  const gaps = gapsBetween(steps, watched);
  const charts = drawable.slice(0, ALGORITHMS_DRAWN).map(({ algorithm, sessions, priced }) => {
    const hashes = new Float64Array(steps.count);
    for (const session of sessions) {
      const [begun, ended] = spanOf(session);
      for (const { start, seconds: length, hashrate } of session.series) {
        // A rate is that of the time in which the session was open.
        const from = Math.max(begun, Date.parse(start));
        const to = Math.min(ended, Date.parse(start) + length * 1000);
        if (hashrate !== null && to > from) spread(hashes, steps, from, to, (hashrate * (to - from)) / 1000);
      }
    }
    const unit = unitOf(audit, algorithm);
    const title = words.hashrate(algorithm);
    const curves: Curve[] = [{ name: title, color: 4, values: perSecond(hashes, seconds) }];
    const axis = (value: number): string => short(si(value, unit));
    const note = words.hashrateNote(grouped(priced), text.count.sessions(sessions.length));
    return timeCard(title, { steps: stepLabels(steps, zone), curves, drawn: 'area', gaps, axis }, note, text);
  });
  return { charts, undrawn: drawable.length - charts.length };
}

function hasRate({ series }: AuditSession): boolean {
  return series.some((each) => each.hashrate !== null);
}

/** Steps over the window; null if there is none. */
function stepsOf(audit: Audit, leastSeconds: number): Steps | null {
  const [from, to] = windowOf(audit);
  const steps = stepsOver(from, to, STEPS_AT_MOST, leastSeconds);
  return steps && withoutPartialEnds(steps, from, to);
}

/** Times that were watched; the window if they are not known. */
function watchedOf(audit: Audit): readonly Span[] {
  const { observed } = audit.window;
  return observed.length === 0
    ? [windowOf(audit)]
    : observed.map(({ start, end }) => [Date.parse(start), Date.parse(end)]);
}

/** Amounts of steps by their watched time; null where nothing was watched. */
function perSecond(amounts: Float64Array, seconds: Float64Array): Curve['values'] {
  return [...amounts].map((sum, i) => (seconds[i] ? sum / seconds[i] : null));
}

/** NaN twice if there is none. */
function windowOf({ window: { start, end } }: Audit): Span {
  return [Date.parse(start ?? ''), Date.parse(end ?? '')];
}

function unitOf(audit: Audit, algorithm: string): string {
  return audit.totals.hashrate.find((row) => row.algorithm === algorithm)?.unit ?? 'H/s';
}

/** '2.00 kbps' as '2 kbps'. */
function short(shown: string): string {
  return shown.replace(/(\.\d*?)0+(?= )/, '$1').replace(/\.(?= )/, '');
}
