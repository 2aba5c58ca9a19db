/**
 * Conflux's Stratum (Octopus, docs/reference/protocols.md 1.16): a node's job is [job, hash, boundary], a pool's has the height in
 * second place; every part is 0x hex. Answers are ["true"] or ["false", words].
 */
import { wordOf } from '../json.ts';
import { form, oneOf } from './form.ts';
import { family } from './mining-family.ts';

export const conflux = family({
  id: 'conflux',
  title: 'Conflux Stratum',
  reference: 'conflux-doc stratum, NiceHash Octopus, docs/reference/protocols.md 1.16',
  serves: 'Conflux',
  algorithm: 'octopus',
  coin: 'CFX',
  detail: 'jobs of Conflux',
  job: oneOf(
    form('jobId 0xhex64 hashes=0xboundary'),
    form('jobId height 0xhex64 hashes=0xboundary', {
      height: (value) => /^\d{1,12}$/.test(wordOf(value)) || null,
    }),
  ),
  // Worker, job, nonce, hash of the job.
  share: form('user jobId=string nonce=number 0xhex64', { number: /^0x([0-9a-fA-F]{1,64})$/ }),
  shareTells: 'certain',
});
