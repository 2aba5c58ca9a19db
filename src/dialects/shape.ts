/**
 * Guards for the shapes that pool messages have: recognition goes by type, digits and arity, never by substrings.
 */

import type { JsonObject, Message } from '../framing/message.ts';
import { isObject } from '../json.ts';

const HEX = /^[0-9a-fA-F]*$/;

/** Hex digits without 0x: exactly `digits`, or an even number of them up to `most` if that is given. */
export function isHex(value: unknown, digits: number, most = digits): value is string {
  if (typeof value !== 'string' || value.length < digits || value.length > most) return false;
  return (digits === most || value.length % 2 === 0) && HEX.test(value);
}

/** Digits of `0x` hex (or of bare hex where `bare` allows it), lower case; null if there are not `digits`. */
export function hexDigits(value: unknown, digits: number, bare = false): string | null {
  if (typeof value !== 'string') return null;
  const text = value.startsWith('0x') ? value.slice(2) : bare ? value : '';
  return isHex(text, digits) ? text.toLowerCase() : null;
}

/** Edges of a cycle of the Cuckoo family. */
export const CYCLE = 42;
/** Fewest digits of a boundary: with 48 a share is worth 2^64 hashes, more than any pool asks for. */
const LEAST_BOUNDARY = 48;

/**
 * Digits of a boundary of 256 bits in `0x` hex (or in bare hex where `bare` allows it), padded to 64: some pools leave
 * its leading zeros out, and miners fill them in again. Null for anything else.
 */
export function boundaryDigits(value: unknown, bare = false): string | null {
  if (typeof value !== 'string') return null;
  const text = value.startsWith('0x') ? value.slice(2) : bare ? value : '';
  if (text.length < LEAST_BOUNDARY || text.length > 64 || !HEX.test(text)) return null;
  return text.toLowerCase().padStart(64, '0');
}

/** A 0x number of at most 256 bits as a double; null for anything else. */
export function hexNumber(value: unknown): number | null {
  if (typeof value !== 'string' || !/^0x[0-9a-fA-F]{1,64}$/.test(value)) return null;
  return Number(BigInt(value));
}

/** A whole number from 0 on. */
export function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/** The parameters where they are an array, else null. */
export function listOf(value: unknown): readonly unknown[] | null {
  return Array.isArray(value) ? value : null;
}

/** Parameters that may be anything or left out, as long as they are a list. */
export function isListOrNothing(params: unknown): boolean {
  return params === undefined || listOf(params) !== null;
}

/** No parameters. */
export function isNothing(params: unknown): boolean {
  return params === undefined || listOf(params)?.length === 0;
}

/** True of a cycle of the Cuckoo family: its edges, each above the one before. */
export function isCycle(value: unknown): boolean {
  const edges = listOf(value);
  const ascends = edges?.every((edge, at) => isCount(edge) && (at === 0 || edge > Number(edges[at - 1])));
  return edges?.length === CYCLE && ascends === true;
}

/** The parameters where they are an array of `least` to `most` strings, else null. */
export function stringsOf(value: unknown, least: number, most: number): readonly string[] | null {
  const list = listOf(value);
  if (list === null || list.length < least || list.length > most) return null;
  return list.every((item): item is string => typeof item === 'string') ? list : null;
}

export function objectOf(value: unknown): JsonObject | null {
  return isObject(value) ? value : null;
}

/** A text of 1 to 512 characters, trimmed; null for anything else. */
export function textOf(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  const text = value.trim();
  return text !== '' && text.length <= 512 ? text : null;
}

/** A job id as text: pools send strings, a few send integers. */
export function jobIdOf(value: unknown): string | null {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? String(value) : null;
  return typeof value === 'string' && value.length <= 256 ? value : null;
}

/**
 * A positive number, also if it was sent as a string (sloppy pools, cpuminer-opt). Infinity is one beyond a double:
 * a difficulty that no hash can meet is none that was not sent.
 */
export function positiveNumber(value: unknown): number | null {
  const number = typeof value === 'string' && /^[0-9.eE+-]{1,40}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && number > 0 ? number : null;
}

/** A TCP port as number or text; 0 if it is none. */
export function portOf(value: unknown): number {
  const port = typeof value === 'string' && /^\d{1,5}$/.test(value) ? Number(value) : value;
  return typeof port === 'number' && Number.isInteger(port) && port > 0 && port < 65_536 ? port : 0;
}

/** True for messages of a stream, plain or within a WebSocket or the like, as opposed to HTTP requests and responses. */
export function isPlain(message: Message): boolean {
  return message.http === undefined || isWebSocket(message) || message.http.isConversation === true;
}

/** True for messages out of a WebSocket. */
export function isWebSocket(message: Message): boolean {
  return message.http?.status === 101 && message.kind !== 'visit';
}

/** True for requests over HTTP, and for replies to calls in them: a pool without HTTP answers with a bare line. */
export function isOverHttp(message: Message): boolean {
  return (message.kind === 'reply' ? (message.call ?? message).http : message.http) !== undefined;
}

/** A header field of the HTTP message, '' if absent. */
export function headerOf(message: Message, name: string): string {
  return message.http?.headers.get(name) ?? '';
}

/** User of HTTP Basic credentials (RFC 7617), null if there is none. The password is not even decoded apart. */
export function basicUser(message: Message): string | null {
  const match = /^basic\s+([A-Za-z0-9+/=]{1,2048})$/i.exec(headerOf(message, 'authorization'));
  if (match === null) return null;
  const credentials = Buffer.from(match[1], 'base64').toString('utf8');
  const colon = credentials.indexOf(':');
  return colon < 1 ? null : textOf(credentials.slice(0, colon));
}

export interface PoolAddress {
  readonly host: string;
  readonly port: number;
}

/** `stratum+tcp://pool.example:3333`, with or without the scheme. */
export function poolOf(url: unknown): PoolAddress | null {
  const match = /^(?:[a-z0-9+]{1,24}:\/\/)?([\w.-]{1,253}):(\d{1,5})(?:[/#]|$)/i.exec(textOf(url) ?? '');
  return match === null ? null : poolAt(match[1], portOf(match[2]));
}

export function poolAt(host: string, port: number): PoolAddress | null {
  return port === 0 ? null : { host: host.toLowerCase(), port };
}
