/**
 * A pool's answer to a share, in any form, as one of a few outcomes: text first, code
 * second, because pools send stale codes with low-difficulty texts (docs/reference/protocols.md 1.4). The pool's words are kept,
 * bounded and without control characters.
 */

import shareAnswers from '../../data/share-answers.tsv?raw';
import { isObject } from '../json.ts';
import { oneOf, optional, pattern, table, words } from '../schema/table.ts';
import { OUTCOMES, type Outcome } from './fact.ts';
import { printable } from './shared-text.ts';

export interface Answer {
  readonly outcome: Outcome;
  /** The pool's own words, at most 200 characters; '' if it gave none. */
  readonly text: string;
}

const LONGEST_TEXT = 200;

const ROWS = table('share-answers.tsv', shareAnswers, {
  outcome: oneOf(...OUTCOMES),
  words: optional(pattern),
  codes: words,
})();
const OF_CODE = new Map(ROWS.flatMap(({ outcome, codes }) => codes.map((code) => [code, outcome])));

const ACCEPTED: Answer = { outcome: 'accepted', text: '' };

function textOf(value: unknown): string {
  return typeof value === 'string' ? printable(value, LONGEST_TEXT) : '';
}

function codeOf(value: unknown): number | null {
  if (typeof value === 'number') return value;
  // CKB sends codes as strings.
  return typeof value === 'string' && /^-?\d{1,6}$/.test(value) ? Number(value) : null;
}

function classify(code: number | null, text: string): Outcome {
  const said = ROWS.find((row) => row.words?.test(text));
  if (said !== undefined || code === null) return said?.outcome ?? 'other';
  return OF_CODE.get(String(code)) ?? OF_CODE.get(`${Math.floor(code / 100)}xx`) ?? 'other';
}

/** Code and words of an error: [code, words, trace], [code, words], {code, message}, words, or a bare code. */
function errorParts(error: unknown): { code: number | null; text: string } {
  if (Array.isArray(error)) {
    const items: unknown[] = error;
    const text = textOf(items.find((item) => typeof item === 'string' && codeOf(item) === null));
    return { code: codeOf(items[0]), text };
  }
  if (isObject(error)) {
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
    const text = textOf(words);
    if (typeof code === 'number' && code >= 20 && text !== '') return { outcome: classify(code, text), text };
    return code === false || code === 'false' ? { outcome: classify(null, text), text } : ACCEPTED;
  }
  if (isObject(result)) {
    if (!isNoError(result.error)) return classifyAnswer(null, result.error);
    const text = textOf(result.message);
    if (result.result === false) return { outcome: classify(null, text), text };
    return typeof result.status === 'string' ? classifyWords(result.status) : ACCEPTED;
  }
  return ACCEPTED;
}
