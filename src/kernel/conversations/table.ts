/** The table of conversations: how much of it is in use, and what is known of the input in hand. */
import { TABLE_AT } from './memory.ts';

@unmanaged
export class ConversationTable {
  /** End of the latest record that was kept, us since 1970: the clock by which conversations are over. */
  keptUs: f64;
  /** Conversations that went to make room: over and unlike mining, and with something left to say. */
  folded: f64;
  evicted: f64;
  /** Of those with something left to say what did not fit the list of such. */
  keptOverflow: f64;
  /** IP bytes of conversations of which nothing was kept, of the first observer. */
  evictedBytes: f64;
  /** Records whose view did not fit; their counters are lost. */
  viewOverflow: f64;
  size: u32;
  maximum: u32;
  /** Places of the index, less one; at most half of them are in use. */
  mask: u32;
  /** Ordinal of the input. */
  input: i32;
  /** Ordinals of exporters and observers up to these are known. */
  ordinals: u32;
  observers: u32;
  /** Views up to here were in use; the first that is free again, plus one. */
  viewsEnd: u32;
  freeView: u32;
}

export const table = changetype<ConversationTable>(TABLE_AT);
