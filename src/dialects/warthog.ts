/**
 * Warthog's Stratum, as its node speaks it (src/node/api/stratum/stratum_server.cpp): the handshake of Stratum v1, jobs of
 * seven parts that the node names by a hash and pools as they like, and shares without a user. Its proof of work joins two hashes, and what a unit of
 * its difficulty takes of each no source states: shares are counted, and no rate is made of them.
 */
import { form } from './form.ts';
import { family } from './mining-family.ts';

export const warthog = family({
  id: 'warthog',
  title: 'Warthog Stratum',
  reference: 'warthog-network/Warthog src/node/api/stratum/stratum_server.cpp',
  checked: '2026-11',
  unpriced: 'no source states what a unit of difficulty takes of its two hashes',
  serves: 'Warthog',
  algorithm: 'warthog',
  coin: 'WART',
  detail: 'jobs of Warthog',
  // Job, previous hash, prefix of the merkle tree, version, target, time, clean.
  job: form('jobId previous=hex64 hex2..4096 hex8 hex8 hex8 bool'),
  // Job, extranonce2, time, nonce.
  share: form('jobId=name hex2..32 hex8 nonce=hex8', { name: /^.+$/s }),
  shareTells: 'possible',
});
