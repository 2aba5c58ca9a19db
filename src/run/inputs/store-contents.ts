/**
 * What the stores of a scan hold in the times asked for: all of it was compared there, and only what may concern mining was
 * read. So it counts, and is judged, without having been a record here.
 */
import type { Weight } from '../../audit/audit.ts';
import type { JudgedSum } from '../../audit/judged.ts';
import type { StoreContent } from '../../stores/clickhouse/read.ts';

type Kind = StoreContent['kind'];

/** What was read is taken off in this order: pairs that were looked at closely have many rows. */
const KINDS: readonly Kind[] = ['byBehaviour', 'too-short', 'sampled', 'limit', 'no-packets'];

export class StoreContents {
  private readonly held = new Map<Kind, { rows: number; bytes: number; packets: number }>();
  private readonly taken = { records: 0, bytes: 0, packets: 0 };
  /** us since 1970; NaN if there is nothing. */
  firstUs = Number.NaN;
  lastUs = Number.NaN;

  add({ kind, rows, bytes, packets, firstUs, lastUs }: StoreContent): void {
    const sum = this.held.get(kind) ?? { rows: 0, bytes: 0, packets: 0 };
    this.held.set(kind, { rows: sum.rows + rows, bytes: sum.bytes + bytes, packets: sum.packets + packets });
    if (!(firstUs >= this.firstUs)) this.firstUs = firstUs;
    if (!(lastUs <= this.lastUs)) this.lastUs = lastUs;
  }

  addTaken({ records, bytes, packets }: { records: number; bytes: number; packets: number }): void {
    this.taken.records += records;
    this.taken.bytes += bytes;
    this.taken.packets += packets;
  }

  /** Rows, bytes and packets that were left in the stores. */
  left(kinds = KINDS): Weight & { readonly rows: number } {
    const left = { rows: 0, bytes: 0, packets: 0 };
    for (const [kind, sum] of this.remaining()) {
      if (!kinds.includes(kind)) continue;
      left.rows += sum.rows;
      left.bytes += sum.bytes;
      left.packets += sum.packets;
    }
    return left;
  }

  /** Adds how what was left was judged: pairs of few rows, which may be short conversations, are not. */
  judge(judged: JudgedSum): void {
    for (const [kind, { rows, bytes }] of this.remaining())
      judged.add(kind === 'byBehaviour' ? 'unlike' : kind === 'too-short' ? 'undecided' : kind, bytes, rows);
  }

  private *remaining(): Generator<[Kind, { rows: number; bytes: number; packets: number }]> {
    let { records, bytes, packets } = this.taken;
    for (const kind of KINDS) {
      const sum = this.held.get(kind);
      if (sum === undefined) continue;
      yield [
        kind,
        {
          rows: Math.max(0, sum.rows - records),
          bytes: Math.max(0, sum.bytes - bytes),
          packets: Math.max(0, sum.packets - packets),
        },
      ];
      records = Math.max(0, records - sum.rows);
      bytes = Math.max(0, bytes - sum.bytes);
      packets = Math.max(0, packets - sum.packets);
    }
  }
}
