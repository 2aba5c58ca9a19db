/**
 * In which of the observed time a host was watched. Captures of two probes see different hosts: what one of them watched while
 * the other one was off tells nothing of a host that only the other one sees.
 */
import type { AuditInput } from '../audit/audit.ts';
import { push, under } from '../order.ts';
import type { PacketRef } from '../packet-ref.ts';
import { lengthUs, ROTATION_US, type TimeInterval, unionOf, within, without } from '../time-interval.ts';
import { timesOf } from './observed.ts';

/** Clocks of two probes may differ by so much, and a packet at the edge of a capture be out of order. */
const EDGE_US = 1_000_000;

/** Probes that are started one after another do not begin and end at once: what one of them lacks is no shorter watch. */
const NEARLY_ALL = 0.99;

/** Captures of one probe, which follow each other. */
interface Probe {
  readonly inputs: ReadonlySet<number>;
  readonly times: readonly TimeInterval[];
}

export class Watched {
  /** Probes that watched at the same time as others, and share no packet with them. */
  private readonly probes: readonly Probe[];
  /** By the probes that do not see a host: what the others watched. */
  private readonly others = new Map<string, readonly TimeInterval[]>();

  /** @param all What was watched, in order and apart; empty if nothing is known of it. */
  constructor(
    private readonly inputs: readonly AuditInput[],
    readonly all: readonly TimeInterval[],
  ) {
    this.probes = [...atOnce(probesOf(inputs))];
  }

  /**
   * When a host was watched that is shown at these places: not by a probe that shows it nowhere, though it watched when another one
   * showed it, and not at times that are `unseen` in flow records. `all` itself if no probe is left out.
   */
  of(places: readonly PacketRef[], unseen: readonly TimeInterval[] = []): readonly TimeInterval[] {
    if (unseen.length > 0) return this.nearly(without(this.all, unseen));
    const showing = places.filter(({ input }) => this.probes.some(({ inputs }) => inputs.has(input)));
    const blind = this.probes.filter(
      ({ inputs, times }) =>
        !places.some(({ input }) => inputs.has(input)) &&
        showing.some(({ timeUs }) =>
          times.some(({ startUs, endUs }) => startUs + EDGE_US < timeUs && timeUs < endUs - EDGE_US),
        ),
    );
    if (blind.length === 0) return this.all;
    const left = new Set(blind.flatMap(({ inputs }) => [...inputs]));
    return under(this.others, [...left].join(' '), () => {
      const seeing = this.inputs.filter((_, at) => !left.has(at));
      return this.nearly(within(unionOf(seeing.flatMap(timesOf), ROTATION_US), this.all));
    });
  }

  private nearly(own: readonly TimeInterval[]): readonly TimeInterval[] {
    return lengthUs(own) < NEARLY_ALL * lengthUs(this.all) ? own : this.all;
  }
}

/**
 * Captures by their probe: files of one name but for numbers that follow each other are of one, and each other file stands for
 * itself. Those with packets that others have shown are left out: which probe they are of is not known.
 */
function probesOf(inputs: readonly AuditInput[]): Probe[] {
  const series = new Map<string, number[]>();
  for (const [at, input] of inputs.entries())
    if (timesOf(input).length > 0) push(series, input.path.replace(/(?<![A-Za-z])\d+/g, '#'), at);
  return [...series.values()]
    .filter((files) => files.every((at) => inputs[at].copies === undefined && (inputs[at].packets ?? 0) > 0))
    .flatMap((files) => {
      const alone = files.map((at) => probeOf(inputs, [at]));
      return atOnce(alone).size > 0 ? alone : [probeOf(inputs, files)];
    });
}

function probeOf(inputs: readonly AuditInput[], files: readonly number[]): Probe {
  return {
    inputs: new Set(files),
    times: unionOf(
      files.flatMap((at) => timesOf(inputs[at])),
      ROTATION_US,
    ),
  };
}

/** Those that watched at the same time as another one. */
function atOnce(probes: readonly Probe[]): ReadonlySet<Probe> {
  const found = new Set<Probe>();
  const all = probes.flatMap((probe) => probe.times.map((time) => ({ probe, ...time })));
  all.sort((a, b) => a.startUs - b.startUs);
  let [last] = all;
  for (const next of all) {
    if (next.probe !== last.probe && next.startUs + EDGE_US < last.endUs)
      found.add(next.probe).add(last.probe);
    if (next.endUs > last.endUs) last = next;
  }
  return found;
}
