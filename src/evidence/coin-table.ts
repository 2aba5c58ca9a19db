/**
 * Which algorithm a coin is mined with, and since when: a chain that changed its algorithm has one row an era. Coins
 * with several algorithms at a time (DGB, XVG, QUAI, XTM …) are left out on purpose: their name proves none.
 */

export interface CoinEra {
  readonly algorithm: string;
  /** Begin of the era, us since 1970; 0 for the first that matters. */
  readonly sinceUs: number;
}

function since(date: string, algorithm: string): CoinEra {
  return { algorithm, sinceUs: Date.parse(`${date}T00:00:00Z`) * 1000 };
}

const ONE_ALGORITHM: Readonly<Record<string, string>> = {
  sha256d: 'BTC BCH BSV XEC BC2 FB NMC PPC',
  scrypt: 'LTC DOGE',
  x11: 'DASH',
  ethash: 'ETH ETHW ETHF CLO EXP ETHO PIRL MUSIC OCTA EGEM',
  ubqhash: 'UBQ',
  kawpow: 'XNA CLORE NEOX AIPG MEWC',
  firopow: 'FIRO',
  evrprogpow: 'EVR',
  progpow_zano: 'ZANO',
  progpow_sero: 'SERO',
  kheavyhash: 'KAS SDR',
  pyrinhash: 'PYI',
  hoohash: 'HTN',
  'blake3-alephium': 'ALPH',
  autolykos2: 'ERG',
  octopus: 'CFX',
  fishhash: 'IRON',
  eaglesong: 'CKB',
  hns: 'HNS',
  'blake2s-kadena': 'KDA',
  blake2b: 'SC',
  astrobwt: 'DERO',
  nexapow: 'NEXA',
  verushash: 'VRSC',
  dynexsolve: 'DNX',
  ghostrider: 'RTM',
  sha512256d: 'RXD',
  'rx/0': 'ZEPH SAL QRL',
  'rx/wow': 'WOW',
  'rx/arq': 'ARQ',
  'cn-heavy/xhv': 'XHV',
  'cn-heavy/tube': 'TUBE',
  equihash: 'ZEC ZEN ZCL KMD HUSH',
  equihash144_5: 'BTG BTCZ LTZ XSG',
  equihash125_4: 'FLUX ZEL',
  equihash192_7: 'YEC',
  beamhash3: 'BEAM',
  cuckatoo32: 'GRIN',
  cuckatoo31: 'MWC',
  cuckoocycle: 'AE',
  groestl: 'GRS',
  'argon2d-nim': 'NIM',
};

/** Eras by ticker, oldest first. */
export const COIN_ERAS: ReadonlyMap<string, readonly CoinEra[]> = new Map([
  ...Object.entries(ONE_ALGORITHM).flatMap(([algorithm, tickers]) =>
    tickers.split(' ').map((ticker): [string, readonly CoinEra[]] => [ticker, [{ algorithm, sinceUs: 0 }]]),
  ),
  // Dates of the network upgrades.
  [
    'XMR',
    [
      { algorithm: 'cn/0', sinceUs: 0 },
      since('2018-04-06', 'cn/1'),
      since('2018-10-18', 'cn/2'),
      since('2019-03-09', 'cn/r'),
      since('2019-11-30', 'rx/0'),
    ],
  ],
  ['RVN', [{ algorithm: 'x16r', sinceUs: 0 }, since('2019-10-01', 'x16rv2'), since('2020-05-06', 'kawpow')]],
  ['ETC', [{ algorithm: 'ethash', sinceUs: 0 }, since('2020-11-28', 'etchash')]],
  ['DCR', [{ algorithm: 'blake256', sinceUs: 0 }, since('2023-08-29', 'blake3')]],
  ['VTC', [{ algorithm: 'lyra2rev3', sinceUs: 0 }, since('2021-02-28', 'verthash')]],
]);

/** Names that pools and people write instead of tickers, in lower case. */
export const COIN_NAMES: Readonly<Record<string, string>> = {
  bitcoin: 'BTC',
  bitcoincash: 'BCH',
  litecoin: 'LTC',
  dogecoin: 'DOGE',
  monero: 'XMR',
  ethereum: 'ETH',
  ethereumclassic: 'ETC',
  ethereumpow: 'ETHW',
  ravencoin: 'RVN',
  zcash: 'ZEC',
  horizen: 'ZEN',
  bitcoingold: 'BTG',
  kaspa: 'KAS',
  ergo: 'ERG',
  alephium: 'ALPH',
  conflux: 'CFX',
  nervos: 'CKB',
  handshake: 'HNS',
  kadena: 'KDA',
  siacoin: 'SC',
  vertcoin: 'VTC',
  raptoreum: 'RTM',
  wownero: 'WOW',
  zephyr: 'ZEPH',
  salvium: 'SAL',
  ironfish: 'IRON',
  neurai: 'XNA',
  radiant: 'RXD',
  verus: 'VRSC',
  dynex: 'DNX',
};
