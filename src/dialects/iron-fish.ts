/**
 * Iron Fish's Stratum (docs/reference/protocols.md 1.19): methods of the `mining.` namespace whose content is an object `body`, and
 * answers that are calls of their own (`mining.subscribed`, `mining.submitted`). Some pools answer no share at all.
 */
import { classifyAnswer } from '../evidence/outcome.ts';
import type { JsonObject } from '../framing/message.ts';
import { jsonText } from '../json.ts';
import { form } from './form.ts';
import { grammar, REQUEST, SERVICE } from './grammar.ts';
import { isPlain, objectOf, textOf } from './shape.ts';
import type { OpenShare, Sink } from './sink.ts';

const OPEN_LIMIT = 1024;
const KINDS = { id: (value: unknown) => (typeof value === 'number' ? String(value) : null) };
const jobOf = form('miningRequestId:jobId=id header:hex100..2000', KINDS);
const shareOf = form('miningRequestId:jobId=id randomness:nonce=hex16', KINDS);
const targetOf = form('target:hashes=target');

export const ironFish = grammar({
  id: 'iron-fish',
  title: 'Iron Fish Stratum',
  reference: 'ironfish stratum messages, NiceHash FishHash, docs/reference/protocols.md 1.19',
  serves: 'Iron Fish',
  framing: 'json-lines',
  // Shares without an answer, by id of the message.
  own: () => new Map<string, OpenShare>(),
  takes: (message) => isPlain(message) && message.kind === 'call',
  paramsOf: ({ method, body }) => objectOf(body.body) ?? (method === 'mining.wait_for_work' ? body : null),
  rows: {
    'mining.subscribe': {
      certain: form('publicAddress:text'),
      read: ({ method }, session, _, params) => {
        const { publicAddress, name, agent } = objectOf(params) ?? {};
        session.authorize(method, publicAddress, textOf(name));
        session.agent(agent);
      },
    },
    'mining.subscribed': {
      certain: form('clientId:jobId xn:hex0..16'),
      read: (_, session) => session.admit(),
    },
    'mining.set_target': {
      certain: form('target:hex64'),
      read: (_, session, __, params) => {
        const { hashes = null } = targetOf(params) ?? {};
        if (hashes !== null) session.difficulty(hashes);
      },
    },
    'mining.notify': {
      certain: jobOf,
      read: (_, session, __, params) => session.work(jobOf(params), 'fishhash', 'IRON', 'jobs of Iron Fish'),
    },
    'mining.submit': {
      certain: shareOf,
      read: (call, session, open, params) => {
        const share = shareOf(params);
        if (share === null) return;
        const number = session.share(call, share);
        if (call.id !== undefined && open.size < OPEN_LIMIT) open.set(call.id, number);
      },
    },
    'mining.submitted': {
      certain: form('result:bool'),
      read: (_, session, open, params) => submitted(objectOf(params) ?? {}, session, open),
    },
    'mining.disconnect': {
      possible: form('reason:string'),
      read: (_, session, __, params) => {
        const { reason, message } = objectOf(params) ?? {};
        session.refuse(textOf(reason) ?? textOf(message) ?? '');
      },
    },
    'mining.get_status': { read: REQUEST },
    'mining.status': { read: SERVICE },
    'mining.wait_for_work': { read: SERVICE },
  },
});

function submitted({ id, result, message }: JsonObject, session: Sink, open: Map<string, OpenShare>): void {
  if (typeof result !== 'boolean') return;
  const key = jsonText(id) ?? '';
  const share = open.get(key);
  open.delete(key);
  if (share === undefined) return;
  const words = textOf(message);
  const { outcome, text } = classifyAnswer(result, words === null ? null : { message: words });
  session.outcome(share, outcome, text);
}
