/** Where something stands in the inputs. */
export interface PacketRef {
  /** us since 1970. */
  readonly timeUs: number;
  /** 1-based number of the packet or record within its input. */
  readonly record: number;
  /** Ordinal of the input. */
  readonly input: number;
}

/** The first in time of places, of which there is one at least. */
export function earliest(places: readonly PacketRef[]): PacketRef {
  const { timeUs, record, input } = places.reduce((a, b) => (b.timeUs < a.timeUs ? b : a));
  return { timeUs, record, input };
}
