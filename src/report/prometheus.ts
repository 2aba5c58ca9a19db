/**
 * The audit as a file for node_exporter's textfile collector (Prometheus text format 0.0.4). Totals only: an address as a
 * label would make a new time series for each host that ever mined.
 */

import type { Audit } from '../audit/audit.ts';
import { judgedParts } from '../audit/judged.ts';
import { machinesOf } from '../audit/machines.ts';
import { minersOf } from '../audit/miners.ts';
import { filterIn, pseudonymsIn } from '../audit/pseudonyms.ts';
import { distinct } from '../order.ts';

interface Metric {
  readonly name: string;
  readonly help: string;
  readonly samples: readonly {
    readonly labels?: Readonly<Record<string, string>>;
    readonly value: number | null;
  }[];
}

export function* renderPrometheus(audit: Audit): Generator<string> {
  const [pseudonyms, filter] = [pseudonymsIn(audit), filterIn(audit)];
  // A comment, as the textfile format has no other place for text.
  if (pseudonyms !== null) yield `# pseudonyms: ${pseudonyms}\n`;
  for (const { name, help, samples } of metricsOf(audit)) {
    const known = samples.filter(({ value }) => value !== null);
    if (known.length === 0) continue;
    yield `# HELP ${name} ${help}\n# TYPE ${name} gauge\n`;
    // Files of several departments on one machine are several series.
    for (const { labels, value } of known)
      yield `${name}${labelText({ ...labels, ...(filter === null ? {} : { filter }) })} ${value}\n`;
  }
}

function metricsOf(audit: Audit): Metric[] {
  const { generated, window, coverage, totals, inputs } = audit;
  const leased = minersOf(audit)
    .flatMap(machinesOf)
    .flatMap(({ mac, hostname, user }) => mac ?? hostname ?? user ?? []);
  const one = (value: number | null): Metric['samples'] => [{ value }];
  const seconds = (time: string | null): number | null => (time === null ? null : Date.parse(time) / 1000);
  const damage = inputs.reduce((sum, input) => sum + input.damage.length, 0);
  return [
    {
      name: 'minesweep_generated_timestamp_seconds',
      help: 'When the audit was made.',
      samples: one(seconds(generated)),
    },
    {
      name: 'minesweep_window_end_timestamp_seconds',
      help: 'Last packet or flow.',
      samples: one(seconds(window.end)),
    },
    { name: 'minesweep_window_seconds', help: 'Length of the audited window.', samples: one(window.seconds) },
    {
      name: 'minesweep_coverage_complete',
      help: '1 if enough was decoded and judged to call the network clean, else 0.',
      samples: one(coverage.complete ? 1 : 0),
    },
    {
      name: 'minesweep_judged_ratio',
      help: 'Share of conversations, and of their bytes, that could be judged.',
      samples: Object.entries(coverage.judged === undefined ? {} : judgedParts(coverage.judged)).map(
        ([of, value]) => ({ labels: { of }, value }),
      ),
    },
    {
      name: 'minesweep_decoded_bytes_ratio',
      help: 'Share of bytes decoded.',
      samples: one(coverage.decoded.bytes),
    },
    { name: 'minesweep_damage_kinds', help: 'Kinds of damage in all inputs.', samples: one(damage) },
    {
      name: 'minesweep_hosts',
      help: 'Hosts by verdict.',
      samples: Object.entries(totals.hosts).map(([verdict, value]) => ({ labels: { verdict }, value })),
    },
    {
      name: 'minesweep_miner_addresses',
      help: 'Addresses confirmed or probable.',
      samples: one(totals.minerAddresses),
    },
    {
      name: 'minesweep_miner_machines',
      help: 'Machines that had these addresses, as far as leases tell.',
      samples: one(leased.length === 0 ? null : distinct(leased).length),
    },
    {
      name: 'minesweep_pool_traffic_bytes',
      help: 'IP bytes with pools in the window, of hosts confirmed or probable.',
      samples: [
        { labels: { direction: 'out' }, value: totals.traffic.bytesOut },
        { labels: { direction: 'in' }, value: totals.traffic.bytesIn },
      ],
    },
    {
      name: 'minesweep_hashrate',
      help: 'Headline hashrate by algorithm, in its unit per second. Never add algorithms.',
      samples: totals.hashrate
        .filter((row) => row.headline)
        .map(({ algorithm, unit, basis, estimate }) => ({
          labels: { algorithm, unit, basis },
          value: estimate,
        })),
    },
    {
      name: 'minesweep_power_watts',
      help: 'Central estimate while mining.',
      samples: one(totals.power?.watts ?? null),
    },
    {
      name: 'minesweep_institutional_share_ratio',
      help: 'Share of miner addresses at government, education or enterprise.',
      samples: one(totals.institutionalShare),
    },
  ];
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
