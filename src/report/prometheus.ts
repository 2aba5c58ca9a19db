/**
 * The audit as a file for node_exporter's textfile collector (Prometheus text format 0.0.4). Totals only: an address as a
 * label would make a new time series for each host that ever mined.
 */
import metrics from '../../data/metrics.tsv?raw';
import type { Audit } from '../audit/audit.ts';
import { judgedParts, reasonsOf, waysOf } from '../audit/judged.ts';
import { minersOfAlgorithm } from '../audit/miners.ts';
import { filterIn, pseudonymsIn } from '../audit/pseudonyms.ts';
import { totalOf } from '../order.ts';
import { note, table, text } from '../schema/table.ts';
import { supportedPower, supportedRate } from './digits.ts';

type Samples = readonly {
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number | null;
}[];

/** Of audits, and of days those with a figure. */
export const METRICS = table('metrics.tsv', metrics, { metric: text, help: text, figure: note, label: note });

export function* renderPrometheus(audit: Audit): Generator<string> {
  const [pseudonyms, filter] = [pseudonymsIn(audit), filterIn(audit)];
  // A comment, as the textfile format has no other place for text.
  if (pseudonyms !== null) yield `# pseudonyms: ${pseudonyms}\n`;
  const samples = samplesOf(audit);
  for (const { metric, help } of METRICS().filter(({ figure }) => figure === '')) {
    const known = samples[metric].filter(({ value }) => value !== null);
    if (known.length === 0) continue;
    yield `# HELP ${metric} ${help}\n# TYPE ${metric} gauge\n`;
    // Files of several departments on one machine are several series.
    for (const { labels, value } of known)
      yield `${metric}${labelText({ ...labels, ...(filter === null ? {} : { filter }) })} ${value}\n`;
  }
}

function samplesOf(audit: Audit): Readonly<Record<string, Samples>> {
  const { generated, window, coverage, totals, inputs } = audit;
  const { judged } = coverage;
  const power = totals.power === null ? null : supportedPower(totals.power);
  const rates = totals.hashrate
    .filter((row) => row.headline)
    .map((row) => ({
      ...supportedRate(row),
      labels: { algorithm: row.algorithm, unit: row.unit, basis: row.basis },
    }));
  const one = (value: number | null): Samples => [{ value }];
  const by = (label: string, values: object): Samples =>
    Object.entries(values).map(([of, value]) => ({ labels: { [label]: of }, value }));
  const seconds = (time: string | null): number | null => (time === null ? null : Date.parse(time) / 1000);
  return {
    minesweep_generated_timestamp_seconds: one(seconds(generated)),
    minesweep_window_end_timestamp_seconds: one(seconds(window.end)),
    minesweep_window_seconds: one(window.seconds),
    minesweep_window_watched_seconds: one(window.observedSeconds),
    minesweep_coverage_complete: one(coverage.complete ? 1 : 0),
    minesweep_judged_ratio: by('of', judgedParts(judged)),
    minesweep_conversations: by('judgement', Object.fromEntries([...waysOf(judged), ...reasonsOf(judged)])),
    minesweep_decoded_bytes_ratio: one(coverage.decoded.bytes),
    minesweep_damage_kinds: one(totalOf(inputs, (input) => input.damage.length)),
    minesweep_hosts: by('verdict', totals.hosts),
    minesweep_miner_addresses: one(totals.minerAddresses),
    minesweep_miner_machines_low: one(totals.machines.low),
    minesweep_miner_machines_high: one(totals.machines.high),
    minesweep_pool_traffic_bytes: by('direction', {
      out: totals.traffic.bytesOut,
      in: totals.traffic.bytesIn,
    }),
    minesweep_hashrate: rates.map(({ labels, estimate }) => ({ labels, value: estimate })),
    minesweep_hashrate_low: rates.map(({ labels, low95 }) => ({ labels, value: low95 })),
    minesweep_hashrate_high: rates.map(({ labels, high95 }) => ({ labels, value: high95 })),
    minesweep_hashrate_hosts: rates.map(({ labels, algorithm, hosts }) => ({
      labels: { ...labels, of: String(minersOfAlgorithm(audit, algorithm)) },
      value: hosts,
    })),
    minesweep_power_watts: one(power?.watts ?? null),
    minesweep_power_watts_low: one(power?.wattsLow ?? null),
    minesweep_power_watts_high: one(power?.wattsHigh ?? null),
    minesweep_energy_kwh_per_day: one(power?.kwhPerDay ?? null),
    minesweep_energy_kwh_per_day_low: one(power?.kwhPerDayLow ?? null),
    minesweep_energy_kwh_per_day_high: one(power?.kwhPerDayHigh ?? null),
    minesweep_institutional_share_ratio: one(totals.institutionalShare),
  };
}

export function labelText(labels: Readonly<Record<string, string>> = {}): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escaped(value: string): string {
  return value
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll(/[\r\n]/g, '\\n');
}
