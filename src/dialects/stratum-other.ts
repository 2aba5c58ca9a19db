/**
 * A Stratum of the `mining.` namespace whose jobs and shares have a shape that no other dialect here knows: a coin's own
 * form, or a new one. Nobody is certain of it, so the verdict stays below confirmed; logins, jobs, shares and answers are
 * counted, and neither algorithm nor work is told. Shapes that a dialect knows are left to that one.
 */
import type { Call, Reply } from '../framing/message.ts';
import type { Dialect, Recognition } from './dialect.ts';
import { PlainReader, recogniser } from './plain.ts';
import { jobIdOf, listOf, objectOf, stringsOf } from './shape.ts';
import type { Sink } from './sink.ts';

/** Parts of a job, of a share. */
const MOST_PARTS = 32;

export const stratumOther: Dialect = {
  id: 'stratum-other',
  title: 'Stratum of an unknown form',
  reference: 'the `mining.` namespace of docs/protocols.md 1.5',
  unpriced: 'nothing is known of the form',
  serves: 'Coins whose jobs no dialect here knows',
  framing: 'json-lines',
  methods: ['mining.authorize', 'mining.notify', 'mining.submit'],
  recognise: recogniser(recogniseCall),
  reader: () => new OtherSession(),
};

function recogniseCall(call: Call): Recognition {
  const isOwn =
    (call.method === 'mining.authorize' && stringsOf(call.params, 1, 4) !== null) ||
    (call.method === 'mining.notify' && jobOf(call) !== null) ||
    (call.method === 'mining.submit' && shareOf(call) !== null);
  return isOwn ? 'possible' : 'foreign';
}

/** A hash, a header or a seed: 20 bytes and more in hex or base64. */
const DIGEST = /^(?:0x)?(?:[0-9a-fA-F]{40,}|[A-Za-z0-9+/_-]{40,}={0,2})$/;
/** A nonce. */
const FOUND = /^(?:0x)?[0-9a-fA-F]{8,}$/;

/** A job is named first, or under a name of its own, and holds something that is to be hashed. */
function jobOf({ params }: Call): string | null {
  const named = objectOf(params);
  const parts = named === null ? listOf(params) : Object.values(named);
  const id = named === null ? parts?.[0] : (named.job_id ?? named.jobId ?? named.id);
  if (parts === null || parts.length < 2 || parts.length > MOST_PARTS) return null;
  const inner = parts.flatMap((part) => listOf(part) ?? Object.values(objectOf(part) ?? { part }));
  return inner.some((part) => typeof part === 'string' && DIGEST.test(part)) ? jobIdOf(id) : null;
}

interface OtherShare {
  readonly jobId: string | null;
  readonly user: unknown;
}

/** User and job first, or names of their own; and what was found. */
function shareOf({ params }: Call): OtherShare | null {
  const named = objectOf(params);
  const parts = named === null ? listOf(params) : Object.values(named);
  if (parts === null || parts.length < 3 || parts.length > MOST_PARTS) return null;
  const found = named === null ? parts.slice(2) : parts;
  if (!found.some((part) => typeof part === 'string' && FOUND.test(part))) return null;
  if (named !== null) return { jobId: jobIdOf(named.job_id ?? named.jobId ?? named.id), user: null };
  return { jobId: jobIdOf(parts[1]), user: parts[0] };
}

class OtherSession extends PlainReader {
  protected readCall(call: Call, session: Sink): void {
    const { method, params } = call;
    const [first] = listOf(params) ?? [];
    switch (method) {
      case 'mining.subscribe':
        session.request(method);
        session.agent(first);
        return;
      case 'mining.authorize':
        session.authorize(method, first);
        return;
      case 'mining.notify': {
        const jobId = jobOf(call);
        if (jobId !== null) session.job(jobId, null);
        return;
      }
      case 'mining.submit': {
        const share = shareOf(call);
        if (share !== null) session.share(call, share);
        return;
      }
      default:
        if (/^mining\.set_/.test(method)) session.service(method);
    }
  }

  protected readReply(reply: Reply, session: Sink): void {
    const method = reply.call?.method ?? '';
    if (method === 'mining.submit') session.answer(reply);
    else if (method === 'mining.authorize') session.admission(reply);
    else if (method === 'mining.subscribe') session.service(method);
  }
}
