/**
 * Coins by ticker: the words that host names use for them, and the algorithm that they were mined with, by date
 * (days of the hard forks, UTC). A null algorithm means that none can be named: the coin has several at once, or
 * its mining ended. Algorithm ids are those of the audit; CryptoNote variants have XMRig's names.
 */

export interface CoinEra {
  readonly algorithm: string | null;
  /** First day on which the next era holds, 'YYYY-MM-DD'; null for the last one. */
  readonly until: string | null;
}

export interface Coin {
  readonly ticker: string;
  readonly words: readonly string[];
  readonly eras: readonly CoinEra[];
}

/** Ticker, words beside the ticker, then 'algorithm<day' for each era; '-' is null. */
const ROWS: readonly (readonly [string, string, string])[] = [
  ['AE', 'aeternity', 'cuckoocycle'],
  ['AEON', '', '-'],
  ['AIPG', '', 'kawpow'],
  ['AION', '', 'equihash-210-9'],
  ['AKA', 'akroma', 'ethash'],
  ['ALPH', 'alephium', 'blake3-alephium'],
  ['ARQ', 'arqma', 'rx/arq'],
  ['BC2', '', 'sha256d'],
  ['BCH', 'bitcoincash', 'sha256d'],
  ['BCN', 'bytecoin', '-'],
  ['BEAM', '', 'beamhash1<2019-08-15 beamhash2<2020-06-28 beamhash3'],
  ['BSV', '', 'sha256d'],
  ['BTC', 'bitcoin', 'sha256d'],
  ['BTCP', '', 'equihash-200-9'],
  ['BTCZ', '', 'equihash-200-9<2018-08-01 equihash-144-5'],
  ['BTG', '', 'equihash-200-9<2018-07-03 equihash-144-5'],
  ['CCX', 'conceal', '-'],
  ['CFX', 'conflux', 'octopus'],
  ['CKB', 'nervos', 'eaglesong'],
  ['CLO', 'callisto', 'ethash'],
  ['CLORE', '', 'kawpow'],
  ['CTXC', 'cortex', 'cortex'],
  ['DASH', '', 'x11'],
  ['DCR', 'decred', 'blake256-14<2023-08-29 blake3-decred'],
  ['DERO', '', '-'],
  ['DGB', 'digibyte', '-'],
  ['DNX', 'dynex', 'dynexsolve'],
  ['DOGE', 'dogecoin', 'scrypt'],
  ['DUCO', 'duino', 'duco-s1'],
  ['ERG', 'ergo', 'autolykos<2021-02-02 autolykos2'],
  ['ETC', 'etchash', 'ethash<2020-11-28 etchash'],
  ['ETH', 'ethereum', 'ethash<2022-09-15 -'],
  ['ETHF', 'etf', 'ethash'],
  ['ETHO', 'ether1', 'ethash'],
  ['ETHW', '', 'ethash'],
  ['ETN', 'electroneum', '-'],
  ['ETP', 'metaverse', 'ethash'],
  ['EVR', 'evrmore', 'evrprogpow'],
  ['EXP', 'expanse', 'ethash'],
  ['FB', 'fractal', 'sha256d'],
  ['FIRO', '', 'firopow'],
  ['FLUX', 'zel', 'equihash-125-4'],
  ['GRIN', 'grin29 grin31 grin32', '-<2021-01-15 cuckatoo32'],
  ['GRS', 'groestlcoin', 'groestl'],
  ['HNS', 'handshake', 'handshake'],
  ['HTN', 'hoosat', 'hoohash'],
  ['HUSH', '', 'equihash-200-9'],
  ['IRON', 'ironfish', 'blake3-ironfish<2024-04-19 fishhash'],
  ['KAS', 'kaspa', 'kheavyhash'],
  ['KDA', 'kadena', 'blake2s-kadena'],
  ['KLS', 'karlsen', 'karlsenhash<2024-09-12 karlsenhashv2'],
  ['KMD', 'komodo', 'equihash-200-9'],
  ['LTC', 'litecoin', 'scrypt'],
  ['LTZ', '', 'equihash-144-5'],
  ['MONA', '', 'lyra2rev2'],
  ['MOAC', '', 'ethash'],
  ['MUSIC', '', 'ethash'],
  ['MWC', '', '-'],
  ['NEOX', 'neoxa', 'kawpow'],
  ['NEXA', '', 'nexapow'],
  ['NIM', 'nimiq', 'argon2d-nimiq'],
  ['NMC', 'namecoin', 'sha256d'],
  ['NXL', 'nexellia', 'nxlhash'],
  ['OCTA', '', 'ethash'],
  ['PASC', '', '-'],
  ['PIRL', '', 'ethash'],
  ['PPC', 'peercoin', 'sha256d'],
  ['PRL', 'pearl', 'pearlhash'],
  ['PYI', 'pyrin', 'pyrinhash'],
  ['QRL', '', 'cn/1<2020-01-01 rx/0'],
  ['QUAI', '', '-'],
  ['RTM', 'raptoreum', 'ghostrider'],
  ['RVN', 'ravencoin', 'x16r<2019-10-01 x16rv2<2020-05-06 kawpow'],
  ['RXD', 'radiant', 'sha512256d'],
  ['SAL', 'salvium', 'rx/0'],
  ['SC', 'siacoin', 'blake2b-sia'],
  ['SDR', 'sedra', 'kheavyhash'],
  ['SERO', '', 'progpow-sero'],
  ['SPR', 'spectre', 'spectrex'],
  ['TRTL', 'turtle turtlecoin', '-'],
  ['UBQ', 'ubiq', 'ubqhash'],
  ['VRSC', 'verus veruscoin', 'verushash'],
  ['VTC', 'vertcoin', 'lyra2rev2<2019-02-01 lyra2rev3<2020-12-05 verthash'],
  ['WART', 'warthog', 'warthog'],
  ['WOW', 'wownero', '-<2019-06-14 rx/wow'],
  ['XCH', 'chia', 'chia-plots'],
  ['XDAG', '', 'rx/0'],
  ['XEC', 'ecash', 'sha256d'],
  ['XEL', 'xelis', '-'],
  ['XHV', 'haven', '-'],
  ['XMC', '', '-'],
  ['XMR', 'monero mro', 'cn/0<2018-04-06 cn/1<2018-10-18 cn/2<2019-03-09 cn/r<2019-11-30 rx/0'],
  ['XNA', 'neurai', 'kawpow'],
  ['XTM', 'tari', '-'],
  ['XZC', 'zcoin', 'lyra2z<2018-12-10 mtp<2021-10-26 firopow'],
  ['YEC', 'ycash', 'equihash-200-9<2020-06-03 equihash-192-7'],
  ['ZANO', '', 'progpow-zano'],
  ['ZCL', '', '-'],
  ['ZEC', 'zcash', 'equihash-200-9'],
  ['ZEN', 'horizen', 'equihash-200-9'],
  ['ZEPH', 'zephyr', 'rx/0'],
  ['ZIL', 'zilliqa', 'ethash'],
];

export const COINS: ReadonlyMap<string, Coin> = new Map(ROWS.map((row) => [row[0], coinOf(row)]));

const BY_WORD: ReadonlyMap<string, string> = new Map(
  [...COINS.values()].flatMap((coin) =>
    [coin.ticker.toLowerCase(), ...coin.words].map((word) => [word, coin.ticker]),
  ),
);

function coinOf([ticker, words, eras]: readonly [string, string, string]): Coin {
  return {
    ticker,
    words: words === '' ? [] : words.split(' '),
    eras: eras.split(' ').map((era) => {
      const [algorithm = '-', until = null] = era.split('<');
      return { algorithm: algorithm === '-' ? null : algorithm, until };
    }),
  };
}

/** Ticker that a lower-case word of a host name stands for ('xmr', 'monero'), else null. */
export function coinOfWord(word: string): string | null {
  return BY_WORD.get(word) ?? null;
}

/** Algorithm of a coin at a time (us since 1970), or null where the coin is unknown or has no single one. */
export function algorithmOfCoin(ticker: string, timeUs: number): string | null {
  const day = Number.isFinite(timeUs) && Math.abs(timeUs) < 8.64e18 ? dayOf(timeUs) : null;
  for (const era of COINS.get(ticker)?.eras ?? []) {
    if (era.until === null || (day !== null && day < era.until)) return era.algorithm;
  }
  return null;
}

function dayOf(timeUs: number): string {
  return new Date(timeUs / 1000).toISOString().slice(0, 10);
}

/** Words that host names of multi-algorithm pools use, beside the ids themselves. */
const ALGORITHM_WORDS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    alephium: 'blake3-alephium',
    autolykos: 'autolykos2',
    autolykos2: 'autolykos2',
    beamhash: 'beamhash3',
    beamhash3: 'beamhash3',
    beamv3: 'beamhash3',
    daggerhashimoto: 'ethash',
    eaglesong: 'eaglesong',
    equihash: 'equihash-200-9',
    equihash125: 'equihash-125-4',
    equihash1254: 'equihash-125-4',
    equihash144: 'equihash-144-5',
    equihash1445: 'equihash-144-5',
    equihash192: 'equihash-192-7',
    etchash: 'etchash',
    ethash: 'ethash',
    fishhash: 'fishhash',
    ghostrider: 'ghostrider',
    karlsenhash: 'karlsenhash',
    kawpow: 'kawpow',
    kheavyhash: 'kheavyhash',
    kp: 'kawpow',
    lyra2rev2: 'lyra2rev2',
    lyra2z: 'lyra2z',
    neoscrypt: 'neoscrypt',
    nexapow: 'nexapow',
    octopus: 'octopus',
    quark: 'quark',
    qubit: 'qubit',
    randomx: 'rx/0',
    randomxmonero: 'rx/0',
    rx: 'rx/0',
    scrypt: 'scrypt',
    sha256: 'sha256d',
    sha256asicboost: 'sha256d',
    sha256d: 'sha256d',
    skein: 'skein',
    verushash: 'verushash',
    verthash: 'verthash',
    x11: 'x11',
    x16r: 'x16r',
    x16rv2: 'x16rv2',
    zelhash: 'equihash-125-4',
    zhash: 'equihash-144-5',
  }),
);

/** Algorithm that a lower-case word of a host name stands for ('kawpow', 'daggerhashimoto'), else null. */
export function algorithmOfWord(word: string): string | null {
  return ALGORITHM_WORDS.get(word) ?? null;
}
