/** Where something stands in the inputs. */
export interface Place {
  /** us since 1970. */
  readonly timeUs: number;
  /** 1-based number of the packet or record within its input. */
  readonly record: number;
  /** Ordinal of the input. */
  readonly input: number;
}
