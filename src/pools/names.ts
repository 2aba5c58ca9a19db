/**
 * Host names as they come from traffic and files: brought to one spelling, or refused. Underscores occur in real
 * pool names; everything beyond ASCII travels as punycode and is refused in any other form.
 */

const MAX_NAME = 253;

/** Lower case, without the trailing dot; null if the text is not a host name (length, characters, labels). */
export function normaliseName(text: string): string | null {
  if (text.length === 0 || text.length > MAX_NAME + 1) return null;
  const name = (text.endsWith('.') ? text.slice(0, -1) : text).toLowerCase();
  if (name.length === 0 || name.length > MAX_NAME) return null;
  let label = 0;
  for (let at = 0; at < name.length; at++) {
    const code = name.charCodeAt(at);
    if (code === 0x2e) {
      if (label === 0) return null;
      label = 0;
      continue;
    }
    if (!isNameCharacter(code) || ++label > 63) return null;
  }
  return label === 0 ? null : name;
}

/** The same for names that operators type: no top-level domain is a number (RFC 3696 section 2), so `010.0.0.1` is no name. */
export function typedName(text: string): string | null {
  const name = normaliseName(text);
  return name === null || /(?:^|\.)(?:\d+|0x[\da-f]*)$/.test(name) ? null : name;
}

function isNameCharacter(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x30 && code <= 0x39) || code === 0x2d || code === 0x5f;
}
