/**
 * Shaicoin's pool protocol over WebSocket (shaipot and its pools): `{"type":"job"}` with header and target, `submit` with
 * the miner's address, a nonce and the path through the graph that is its proof, and `accepted` or `rejected`. There is no
 * login: each share names the address.
 */
import { form } from './form.ts';
import { grammar } from './grammar.ts';
import { isWebSocket, textOf } from './shape.ts';
import { ACCEPTED } from './sink.ts';

/** The header is without its nonce and path. */
const jobOf = form('type:job job_id:jobId data:hex120..400 target:hashes=target', { job: /^job$/ });
const shareOf = form('type:submit miner_id:user=text nonce:nonce=hex2..64 job_id:jobId path:hex64..20000', {
  submit: /^submit$/,
});

export const shaicoin = grammar({
  id: 'shaicoin',
  title: 'Shaicoin pool protocol',
  reference: 'shaicoin/shaipot, shaicoin pool mining_service.js',
  checked: '2026-11',
  serves: 'Shaicoin',
  framing: 'websocket',
  own: () => null,
  takes: isWebSocket,
  others: {
    datum: {
      certain: ({ body }) => jobOf(body) ?? shareOf(body),
      read: (message, session) => {
        const { body } = message;
        const [share, text] = [shareOf(body), textOf(body.message) ?? ''];
        if (session.work(jobOf(body), 'shaihive', 'SHAI', 'jobs of Shaicoin')) return;
        if (share !== null) session.shareInOrder(message, share);
        else if (body.type === 'accepted') session.nextOutcome(ACCEPTED);
        else if (body.type === 'rejected')
          session.nextOutcome({ outcome: /job id/i.test(text) ? 'stale' : 'other', text });
      },
    },
  },
});
