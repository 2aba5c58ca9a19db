/** Records of nfcapd, layout 2, with whatever may be unusual about one. */
import { v3Record } from './flow-writer.ts';
import { random } from './random.ts';

/** When they begin, ms since 1970. */
export const T0 = 1_700_000_000_000;
export const HOUR = 3_600_000;

/** Records of which each may have anything that makes it more, or less, than one that only counts. */
export function anyRecords(seed: number, count: number, little: boolean): Uint8Array[] {
  const draw = random(seed);
  const times = (): { firstMs: number; lastMs: number } => {
    const firstMs = T0 + draw.below(2 * HOUR);
    const lastMs = firstMs + draw.below(120_000);
    if (draw.chance(0.97)) return { firstMs, lastMs };
    return draw.pick([
      { firstMs: 0, lastMs: 0 },
      { firstMs: lastMs, lastMs: firstMs },
      { firstMs, lastMs: firstMs + 60 * 24 * HOUR },
      { firstMs: 1000, lastMs },
      { firstMs, lastMs: 9_999_999_999_999 },
    ]);
  };
  const number = (most: number): number | bigint =>
    draw.chance(0.01) ? draw.pick([0, 2n ** 33n, 2n ** 63n]) : 1 + draw.below(most);
  const extra = (): { type: number; payload: Uint8Array }[] =>
    draw.chance(0.9)
      ? []
      : [
          draw.pick([
            { type: 3, payload: Uint8Array.from({ length: 32 }, () => draw.below(256)) },
            { type: 1, payload: new Uint8Array(44) },
            { type: 2, payload: Uint8Array.of(9, 0, 0, 10, 20, 100, 51, 198) },
            { type: 2, payload: new Uint8Array(4) },
            { type: 18, payload: Uint8Array.of(7, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0) },
            { type: 19, payload: Uint8Array.from({ length: 16 }, (_, i) => (i === 14 ? 3 : 0)) },
            { type: 34, payload: new Uint8Array(8) },
            { type: 600, payload: new Uint8Array(12) },
          ]),
        ];
  return Array.from({ length: count }, () => {
    const record = v3Record(
      {
        ...times(),
        source: `10.0.${draw.below(4)}.${draw.below(250)}`,
        destination: `198.51.100.${draw.below(40)}`,
        sourcePort: draw.chance(0.02) ? 0 : 30_000 + draw.below(30_000),
        destinationPort: draw.pick([443, 443, 80, 53, 3333, 4444, 0]),
        protocol: draw.pick([6, 6, 6, 6, 17, 17, 1, 0, 58]),
        packets: number(2000),
        bytes: number(900_000),
        exporter: draw.below(6),
        ...(draw.chance(0.3) ? { direction: draw.below(2) } : {}),
        ...(draw.chance(0.1) ? { reverse: { packets: draw.below(9), bytes: draw.below(9000) } } : {}),
        marks: draw.chance(0.05) ? draw.pick([1, 2, 4]) : 0,
        version: draw.pick([5, 9, 10]),
        extra: extra(),
      },
      little,
    );
    // Elements that are not there, or more than the record says.
    if (draw.chance(0.01)) record[little ? 4 : 5] += draw.pick([1, -1]);
    return record;
  });
}
