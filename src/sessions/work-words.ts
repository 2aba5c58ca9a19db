/**
 * Is a message that no dialect knows perhaps about work? It then was framed, and nobody read it: what it is of stays open. In
 * doubt it may be.
 */
import type { Message } from '../framing/message.ts';
import { isObject } from '../json.ts';

/** Names of members that speak of jobs, shares, rates and blocks, in lower case without '_'. */
const NAMES = new Set([
  ...[
    'jobid',
    'workid',
    'seedhash',
    'headerhash',
    'powhash',
    'mixhash',
    'blob',
    'extranonce',
    'nonce',
    'xnonce',
  ],
  ...[
    'target',
    'difficulty',
    'nbits',
    'prevhash',
    'previousblockhash',
    'parenthash',
    'merkle',
    'merklebranch',
  ],
  ...[
    'coinbase',
    'coinbasetxn',
    'blocktemplate',
    'hashrate',
    'hashrates',
    'khs',
    'hsunits',
    'hashesperminute',
  ],
]);
const METHODS = /min(?:e|ing)|work|template|candidate|submit|job|share|hashrate/i;
/** How deep members are looked at, and how many of a message. */
const MOST_DEPTH = 4;
const MOST_MEMBERS = 200;

export function mayBeOfWork(message: Message): boolean {
  switch (message.kind) {
    case 'call':
      return METHODS.test(message.method) || namesWork(message.body);
    case 'reply':
    case 'datum':
      return namesWork(message.body);
    case 'visit':
      return false;
    default:
      return true;
  }
}

function namesWork(body: unknown): boolean {
  let members = 0;
  const visit = (value: unknown, depth: number): boolean => {
    if (depth > MOST_DEPTH || members > MOST_MEMBERS) return false;
    if (Array.isArray(value)) return value.slice(0, MOST_MEMBERS).some((each) => visit(each, depth + 1));
    if (!isObject(value)) return false;
    return Object.entries(value).some(([name, each]) => {
      members++;
      const plain = name.toLowerCase().replaceAll('_', '');
      return NAMES.has(plain) || /hashrate|miner/.test(plain) || visit(each, depth + 1);
    });
  };
  return visit(body, 0);
}
