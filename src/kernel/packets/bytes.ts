/** Numbers of several bytes, as they stand on the wire (network order), and as files have them (either order). */

export function be16(at: usize): u32 {
  return <u32>bswap<u16>(load<u16>(at));
}

export function be24(at: usize): u32 {
  return ((<u32>load<u8>(at)) << 16) | be16(at + 1);
}

export function be32(at: usize): u32 {
  return bswap<u32>(load<u32>(at));
}

export function u16At(at: usize, little: bool): u32 {
  return little ? <u32>load<u16>(at) : be16(at);
}

export function u32At(at: usize, little: bool): u32 {
  return little ? load<u32>(at) : be32(at);
}

/** Where the bytes in memory [from, to) go on behind blanks, line ends and what else may separate JSON texts (RFC 7464 2.2: 0x1e). */
export function afterBlanks(from: u32, to: u32): u32 {
  let at = from;
  while (at < to) {
    const byte = <u32>load<u8>(at);
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09 && !separatesTexts(byte)) break;
    at++;
  }
  return at;
}

/** Vertical tab, form feed, and the separators of ASCII, 0x1c to 0x1f (RFC 7464 2.2 uses 0x1e). */
export function separatesTexts(byte: u32): bool {
  return byte === 0x0b || byte === 0x0c || (byte >= 0x1c && byte <= 0x1f);
}

/** True if the bytes in memory [from, to) are this text of lower case in any case, as far as they go. */
export function beginsInAnyCase(from: usize, to: usize, text: string): bool {
  const length = min(to - from, <usize>text.length);
  for (let i: usize = 0; i < length; i++) {
    const byte = <i32>load<u8>(from + i);
    if ((byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte) !== text.charCodeAt(<i32>i)) return false;
  }
  return true;
}

/** True if the bytes in memory [from, to) are this text, as far as they go. */
export function begins(from: usize, to: usize, text: string): bool {
  const length = min(to - from, <usize>text.length);
  for (let i: usize = 0; i < length; i++) {
    if (<u32>load<u8>(from + i) !== <u32>text.charCodeAt(<i32>i)) return false;
  }
  return true;
}
