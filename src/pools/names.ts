/**
 * Host names as they come from traffic and files: brought to one spelling, or refused. Underscores occur in real
 * pool names; everything beyond ASCII travels as punycode and is refused in any other form.
 */

const MAX_NAME = 253;
const NAME = /^[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*$/;

/** Lower case, without the trailing dot; null if the text is not a host name (length, characters, labels). */
export function normaliseName(text: string): string | null {
  if (text.length > MAX_NAME + 1) return null;
  const name = (text.endsWith('.') ? text.slice(0, -1) : text).toLowerCase();
  return name.length <= MAX_NAME && NAME.test(name) ? name : null;
}

/**
 * The same for names that operators type: no top-level domain is without a letter (RFC 3696 section 2), so `010.0.0.1` and
 * `192.0.2.5-9` are no names.
 */
export function typedName(text: string): string | null {
  const name = normaliseName(text);
  return name === null || /(?:^|\.)(?:[\d_-]+|0x[\da-f]*)$/.test(name) ? null : name;
}
