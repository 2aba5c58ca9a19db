/**
 * Coins by ticker: the names that people, pools and host names write instead, and the algorithm that they were mined
 * with, by date (days of the network upgrades, UTC). A null algorithm means that none can be named: the coin has several
 * at once, or had some of which no date is known, or its mining ended. Algorithm ids are those of algorithm-table.ts.
 */

interface CoinEra {
  readonly algorithm: string | null;
  /** Begin of the next era, us since 1970; infinity for the last one. */
  readonly untilUs: number;
}

export interface Coin {
  readonly ticker: string;
  /** In lower case, beside the ticker. */
  readonly names: readonly string[];
  /** Oldest first. */
  readonly eras: readonly CoinEra[];
}

/** Ticker, names, then 'algorithm<day' for each era, the day being the first of the next one; '-' is null. */
const ROWS: readonly (readonly [ticker: string, names: string, eras: string])[] = [
  ['AE', 'aeternity', 'cuckoocycle'],
  ['AEON', '', '-'],
  ['AION', '', 'equihash210_9'],
  ['AIPG', '', 'kawpow'],
  ['AIX', 'astrix', 'astrixhash'],
  ['AKA', 'akroma', 'ethash'],
  ['ALEO', '', 'aleo-puzzle'],
  ['ALPH', 'alephium', 'blake3-alephium'],
  ['ARQ', 'arqma', 'rx/arq'],
  ['BC2', '', 'sha256d'],
  ['BCH', 'bitcoincash', 'sha256d'],
  ['BCN', 'bytecoin', '-'],
  ['BEAM', '', 'equihash150_5<2019-08-15 beamhash2<2020-06-28 beamhash3'],
  ['BSV', '', 'sha256d'],
  ['BTC', 'bitcoin', 'sha256d'],
  ['BTCP', '', 'equihash'],
  ['BTCZ', '', 'equihash<2018-08-01 equihash144_5'],
  ['BTG', 'bitcoingold', 'equihash<2018-07-03 equihash144_5'],
  ['BTX', '', 'matmul'],
  ['CCX', 'conceal', '-'],
  ['CFX', 'conflux', 'octopus'],
  ['CKB', 'nervos', 'eaglesong'],
  ['CLO', 'callisto', 'ethash'],
  ['CLORE', '', 'kawpow'],
  ['CTXC', 'cortex', 'cuckaroo30'],
  ['DASH', '', 'x11'],
  ['DCR', 'decred', 'blake256<2023-08-29 blake3'],
  ['DERO', '', '-'],
  ['DGB', 'digibyte', '-'],
  ['DNX', 'dynex', 'dynexsolve'],
  ['DOGE', 'dogecoin', 'scrypt'],
  ['DUCO', 'duino', 'duco-s1'],
  ['EGEM', '', 'ethash'],
  ['EPIC', 'epiccash', '-'],
  ['ERG', 'ergo', 'autolykos2'],
  ['ETC', 'ethereumclassic etchash', 'ethash<2020-11-28 etchash'],
  ['ETH', 'ethereum', 'ethash<2022-09-15 -'],
  ['ETHF', 'etf', 'ethash'],
  ['ETHO', 'ether1', 'ethash'],
  ['ETHW', 'ethereumpow', 'ethash'],
  ['ETN', 'electroneum', '-'],
  ['ETP', 'metaverse', 'ethash'],
  ['EVR', 'evrmore', 'evrprogpow'],
  ['EXP', 'expanse', 'ethash'],
  ['FB', 'fractal', 'sha256d'],
  ['FIRO', '', 'firopow'],
  ['FLUX', 'zel', 'equihash125_4'],
  ['GRIN', 'grin29 grin31 grin32', '-<2021-01-15 cuckatoo32'],
  ['GRS', 'groestlcoin', 'groestl'],
  ['HNS', 'handshake', 'hns'],
  ['HTN', 'hoosat', 'hoohash'],
  ['HUSH', '', 'equihash'],
  ['IRON', 'ironfish', 'blake3<2024-04-19 fishhash'],
  ['KAS', 'kaspa', 'kheavyhash'],
  ['KDA', 'kadena', 'blake2s-kadena'],
  ['KLS', 'karlsen', 'karlsenhash<2024-09-12 karlsenhashv2'],
  ['KMD', 'komodo', 'equihash'],
  ['LBC', 'lbry', 'lbry'],
  ['LTC', 'litecoin', 'scrypt'],
  ['LTZ', '', 'equihash144_5'],
  ['MEWC', '', 'kawpow'],
  ['MOAC', '', 'ethash'],
  ['MONA', '', 'lyra2rev2'],
  ['MUSIC', '', 'ethash'],
  ['MWC', '', '-'],
  ['NEOX', 'neoxa', 'kawpow'],
  ['NEXA', '', 'nexapow'],
  ['NIM', 'nimiq', 'argon2d-nim'],
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
  ['SC', 'siacoin', 'blake2b'],
  ['SDR', 'sedra', 'kheavyhash'],
  ['SERO', '', 'progpow_sero'],
  ['SHAI', 'shaicoin', 'shaihive'],
  ['SIGNA', 'signum burst', 'signum-plots'],
  ['SPR', 'spectre', 'spectrex'],
  ['TON', 'toncoin', 'ton<2022-06-28 -'],
  ['TRTL', 'turtle turtlecoin', '-'],
  ['TUBE', '', 'cn-heavy/tube'],
  ['UBQ', 'ubiq', 'ubqhash'],
  ['VRSC', 'verus veruscoin', 'verushash'],
  ['VTC', 'vertcoin', 'lyra2rev2<2019-02-01 lyra2rev3<2021-02-28 verthash'],
  ['WALA', 'waglayla', 'walahash'],
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
  ['XSG', '', 'equihash144_5'],
  ['XTM', 'tari', '-'],
  ['XZC', 'zcoin', 'lyra2z<2018-12-10 mtp<2021-10-26 firopow'],
  ['YDA', 'yadacoin', 'rx/yada'],
  ['YEC', 'ycash', 'equihash<2020-06-03 equihash192_7'],
  ['ZANO', '', 'progpow_zano'],
  ['ZCL', '', '-'],
  ['ZEC', 'zcash', 'equihash'],
  ['ZEN', 'horizen', 'equihash'],
  ['ZEPH', 'zephyr', 'rx/0'],
  ['ZIL', 'zilliqa', 'ethash'],
];

function coinOf([ticker, names, eras]: (typeof ROWS)[number]): Coin {
  return {
    ticker,
    names: names === '' ? [] : names.split(' '),
    eras: eras.split(' ').map((era) => {
      const [algorithm, day] = era.split('<');
      return {
        algorithm: algorithm === '-' ? null : algorithm,
        untilUs: day === undefined ? Number.POSITIVE_INFINITY : Date.parse(day) * 1000,
      };
    }),
  };
}

export const COINS: readonly Coin[] = ROWS.map(coinOf);
