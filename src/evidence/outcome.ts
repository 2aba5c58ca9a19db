/**
 * A pool's answer to a share, in any form, as one of a few outcomes: text first, code
 * second, because pools send stale codes with low-difficulty texts (docs/protocols.md 1.4). The pool's words are kept,
 * bounded and without control characters.
 */
import type { Outcome } from './fact.ts';

export interface Answer {
  readonly outcome: Outcome;
  /** The pool's own words, at most 200 characters; '' if it gave none. */
  readonly text: string;
}

const LONGEST_TEXT = 200;

/** In the order of the tests: the code 21 of a stale share comes with a text of low difficulty from some pools. */
const TEXTS: readonly [Outcome, RegExp][] = [
  ['low-difficulty', /low.?diff|above target|difficulty too low|high[- ]?hash|invalid difficulty|bad nonce/i],
  ['duplicate', /duplicate/i],
  ['stale', /stale|job not found|expired|too late|old job|invalid job ?id|outdated/i],
  [
    'unauthorised',
    /unauthori[sz]ed|not authori[sz]ed|unauthenticated|not subscribed|login first|invalid (?:login|payment)|banned|blacklist|permission denied/i,
  ],
  [
    'malformed',
    /malformed|invalid nonce|incorrect size|ntime out of range|invalid solution|failed to validate/i,
  ],
];

const CODES: Readonly<Record<number, Outcome>> = {
  20: 'malformed',
  21: 'stale',
  22: 'duplicate',
  23: 'low-difficulty',
  24: 'unauthorised',
  25: 'unauthorised',
  [-1]: 'malformed',
  // Grin.
  [-32500]: 'unauthorised',
  [-32501]: 'low-difficulty',
  [-32502]: 'malformed',
  [-32503]: 'stale',
  // JSON-RPC: invalid request, unknown method, invalid parameters.
  [-32600]: 'malformed',
  [-32601]: 'malformed',
  [-32602]: 'malformed',
  // EthereumStratum/2.0.0: 2xx accepted with a note, 3xx login, 4xx bad, 5xx the pool's own trouble.
  202: 'stale',
  404: 'stale',
  406: 'low-difficulty',
};

const ACCEPTED: Answer = { outcome: 'accepted', text: '' };

function textOf(value: unknown): string {
  if (typeof value !== 'string') return '';
  return value
    .slice(0, LONGEST_TEXT)
    .replace(/[^ -~\u00a0-\u{10ffff}]+/gu, ' ')
    .trim();
}

function codeOf(value: unknown): number | null {
  if (typeof value === 'number') return value;
  // CKB sends codes as strings.
  return typeof value === 'string' && /^-?\d{1,6}$/.test(value) ? Number(value) : null;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function classify(code: number | null, text: string): Outcome {
  for (const [outcome, pattern] of TEXTS) if (pattern.test(text)) return outcome;
  if (code === null) return 'other';
  const known = Object.hasOwn(CODES, code) ? CODES[code] : undefined;
  if (known !== undefined) return known;
  if (code >= 200 && code < 300) return 'accepted';
  if (code >= 300 && code < 400) return 'unauthorised';
  return code >= 400 && code < 500 ? 'malformed' : 'other';
}

/** Code and words of an error: [code, words, trace], [code, words], {code, message}, words, or a bare code. */
function errorParts(error: unknown): { code: number | null; text: string } {
  if (Array.isArray(error)) {
    const items: unknown[] = error;
    const text = textOf(items.find((item) => typeof item === 'string' && codeOf(item) === null));
    return { code: codeOf(items[0]), text };
  }
  if (isRecord(error)) {
    const words = [error.message, error.reason, error.error, error.description, error.msg].map(textOf);
    return { code: codeOf(error.code), text: words.find((text) => text !== '') ?? '' };
  }
  const code = codeOf(error);
  return { code, text: code === null ? textOf(error) : '' };
}

function isNoError(error: unknown): boolean {
  if (error === null || error === undefined || error === false || error === 0 || error === '') return true;
  return typeof error === 'object' && Object.keys(error).length === 0;
}

const UNKNOWN_METHOD =
  /(?:unknown|unsupported|undefined|invalid|unrecogni[sz]ed|no such) (?:rpc )?(?:method|command|procedure|function)|(?:method|command|procedure|function)\b.{0,80}\b(?:not found|not supported|unknown|does(?: not|n't) exist|not available|not implemented)|parse error/i;
/** JSON-RPC 2.0, 5.1: parse error, invalid request, method not found. */
const UNKNOWN_CODES: ReadonlySet<number> = new Set([-32700, -32600, -32601]);

/** True for an error that says that the server does not know the method, or could not read the call. */
export function deniesMethod(error: unknown): boolean {
  if (isNoError(error)) return false;
  const { code, text } = errorParts(error);
  return (code !== null && UNKNOWN_CODES.has(code)) || UNKNOWN_METHOD.test(text);
}

/** A string result is good news ('ok', 'blockfound - …', a worker token) unless it says otherwise (BIP 22). */
function classifyWords(words: string): Answer {
  // What nearly all answers with words say.
  if (words === 'OK') return ACCEPTED;
  const text = textOf(words);
  const outcome = classify(null, text);
  const isRefusal =
    outcome !== 'other' || /^(?:rejected|inconclusive|invalid|bad|error|fail|false|no\b)/i.test(text);
  return isRefusal ? { outcome, text } : { ...ACCEPTED, text: /^(?:ok|true)$/i.test(text) ? '' : text };
}

/**
 * Outcome of an answer by its `result` and `error` members, as parsed. No error and a `result` of true, null, nothing at
 * all, 'ok', {"status":"OK"} or ["true"] is accepted; false without words is 'other'.
 */
export function classifyAnswer(result: unknown, error: unknown): Answer {
  if (!isNoError(error)) {
    const { code, text } = errorParts(error);
    return { outcome: classify(code, text), text };
  }
  if (result === false) return { outcome: 'other', text: '' };
  if (typeof result === 'string') return classifyWords(result);
  if (Array.isArray(result)) {
    // Conflux: ["true"] or ["false", words].
    const [code, words]: unknown[] = result;
    // kaspa-stratum-bridge of 2022 refuses in `result`: [21, "Job not found", null].
    if (typeof code === 'number' && code >= 20 && textOf(words) !== '')
      return { outcome: classify(code, textOf(words)), text: textOf(words) };
    if (code !== false && code !== 'false') return ACCEPTED;
    return { outcome: classify(null, textOf(words)), text: textOf(words) };
  }
  if (isRecord(result)) {
    if (!isNoError(result.error)) return classifyAnswer(null, result.error);
    if (result.result === false)
      return { outcome: classify(null, textOf(result.message)), text: textOf(result.message) };
    return typeof result.status === 'string' ? classifyWords(result.status) : ACCEPTED;
  }
  return ACCEPTED;
}
