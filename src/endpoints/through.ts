/**
 * Through whom a finding came: outer ends of tunnels, and exporters of flow records. Whoever sends such packets can write
 * any address into them, so that what an outside sender wrapped is no more than suspected.
 */
import { type Doubt, type Judged, judged, type Verdict } from '../evidence/verdict.ts';

export interface Through {
  readonly kind: 'tunnel' | 'export';
  /** Sender of the outer packets, or the exporter; null if the tunnels were too many to know. */
  readonly source: string | null;
  /** Where the outer packets went; null for an export. */
  readonly destination: string | null;
  /** Why it is not believed; null if it is. */
  readonly doubt: Doubt | null;
}

export const THROUGH_NOBODY: readonly Through[] = Object.freeze([]);
/** So many are named of a finding. */
const MOST_NAMED = 32;

const DOUBTS: readonly (Doubt | null)[] = ['outside', 'unknown', 'one-way', null];

/** Both lists, each way once; those that are believed least come first. */
export function joinThrough(a: readonly Through[], b: readonly Through[]): readonly Through[] {
  if (b.length === 0) return a;
  const all = new Map([...a, ...b].map((one) => [keyOf(one), one]));
  return [...all.values()]
    .sort((x, y) => DOUBTS.indexOf(x.doubt) - DOUBTS.indexOf(y.doubt) || (keyOf(x) < keyOf(y) ? -1 : 1))
    .slice(0, MOST_NAMED);
}

function keyOf({ kind, source, destination, doubt }: Through): string {
  return `${kind} ${source} ${destination} ${doubt}`;
}

/** The first that is not believed; null if all are. */
export function doubtful(through: readonly Through[]): Through | null {
  return through.find(({ doubt }) => doubt !== null) ?? null;
}

/** What a pool connection amounts to that was judged without a look at whom it came through. */
export function believed<V extends Verdict>(
  found: Judged<V>,
  through: readonly Through[],
): Judged<V | 'suspected'> {
  const doubt = doubtful(through);
  if (doubt?.doubt == null || found.verdict !== 'probable') return found;
  return judged('suspected', doubt.kind === 'export' ? 'export-outside' : `tunnel-${doubt.doubt}`);
}
