/**
 * HOT. The frame that all pcapng blocks share (draft-ietf-opsawg-pcapng, section 3.1), and the test by which a
 * reader that has lost its footing knows a block when it sees one.
 */

export const SECTION_HEADER = 0x0a0d0d0a;
export const INTERFACE = 1;
export const OBSOLETE_PACKET = 2;
export const SIMPLE_PACKET = 3;
export const ENHANCED_PACKET = 6;
const NAME_RESOLUTION = 4;
const STATISTICS = 5;
const SECRETS = 10;
const CUSTOM = 0x0bad;
const CUSTOM_NOT_COPIED = 0x40000bad;

/** Type, length, length again. */
export const FRAME_BYTES = 12;
/** The smallest section header block. */
export const SECTION_HEADER_BYTES = 28;
/** While footing is lost, larger blocks than this are not looked for: it bounds the look-ahead. */
export const REGAIN_LIMIT = 512 * 1024;

/** True where a block of a known type whose two lengths agree lies at `at`, whole before `to`. */
export function isBlockAt(view: DataView, at: number, to: number, littleEndian: boolean): boolean {
  let little = littleEndian;
  switch (view.getUint32(at, little)) {
    case SECTION_HEADER:
      if (at + SECTION_HEADER_BYTES > to) return false;
      // A section brings its own byte order.
      if (view.getUint32(at + 8) === 0x4d3c2b1a) little = true;
      else if (view.getUint32(at + 8) === 0x1a2b3c4d) little = false;
      else return false;
      break;
    case INTERFACE:
    case OBSOLETE_PACKET:
    case SIMPLE_PACKET:
    case NAME_RESOLUTION:
    case STATISTICS:
    case ENHANCED_PACKET:
    case SECRETS:
    case CUSTOM:
    case CUSTOM_NOT_COPIED:
      break;
    default:
      return false;
  }
  const total = view.getUint32(at + 4, little);
  if (total < FRAME_BYTES || total % 4 !== 0 || total > REGAIN_LIMIT || at + total > to) return false;
  return view.getUint32(at + total - 4, little) === total;
}
