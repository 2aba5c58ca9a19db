/** Coins and algorithms named by the words of host names. The facts about both are in `evidence/`. */
import { algorithmNamed, coinNamed } from '../evidence/algorithm.ts';

/** Ticker that a lower-case word of a host name stands for ('xmr', 'monero'), else null. */
export function coinOfWord(word: string): string | null {
  return coinNamed(word)?.ticker ?? null;
}

/**
 * Words that multi-algorithm pools have in their host names. Other names of algorithms say no more there than their
 * coin does, by date ('eth', 'zcash'), or too little ('sha', 'beam').
 */
const ALGORITHM_WORDS = new Set(
  (
    'alephium autolykos autolykos2 beamhash3 beamv3 daggerhashimoto eaglesong equihash equihash125 equihash1254 ' +
    'equihash144 equihash1445 equihash192 etchash ethash fishhash ghostrider karlsenhash kawpow kheavyhash lyra2rev2 ' +
    'lyra2z neoscrypt nexapow octopus quark qubit randomx randomxmonero rx scrypt sha256 sha256asicboost sha256d skein ' +
    'verushash verthash x11 x16r x16rv2 zelhash zhash'
  ).split(' '),
);
/** Words that name an algorithm nowhere else. */
const OWN_WORDS: ReadonlyMap<string, string> = new Map([
  ['beamhash', 'beamhash3'],
  ['kp', 'kawpow'],
]);

/** Algorithm that a lower-case word of a host name stands for ('kawpow', 'daggerhashimoto'), else null. */
export function algorithmOfWord(word: string): string | null {
  if (ALGORITHM_WORDS.has(word)) return algorithmNamed(word)?.id ?? null;
  return OWN_WORDS.get(word) ?? null;
}
