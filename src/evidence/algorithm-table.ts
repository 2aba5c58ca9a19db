/**
 * The algorithms that pools serve: unit of the rate, worth of one unit of Stratum difficulty in hashes
 * (docs/protocols.md 5.3: H1 = 2^32 / factor), other names. If pool and miner programs disagree on the factor the
 * whole range stands, with the value that most of them use. Ids are XMRig's where it has the algorithm; the
 * pool catalogue uses the same.
 */

export type RateUnit = 'H/s' | 'Sol/s' | 'graphs/s';

export interface Algorithm {
  readonly id: string;
  readonly unit: RateUnit;
  /** Algorithms that one kind of machine computes in much the same way. */
  readonly family: string;
  /** Expected hashes per unit of Stratum v1 difficulty; null if pools send targets or hashes outright. */
  readonly hashesPerUnit: number | null;
  /** The same by those who disagree, lowest and highest. */
  readonly disputed?: { readonly low: number; readonly high: number; readonly note: string };
  /** Other spellings, compared without case, blanks and the signs - _ / . */
  readonly aliases: readonly string[];
}

const FACTOR_1 = 2 ** 32;
const FACTOR_128 = 2 ** 25;
const FACTOR_256 = 2 ** 24;
const FACTOR_4096 = 2 ** 20;
const FACTOR_65536 = 2 ** 16;

function hashes(family: string, perUnit: number | null, rows: Readonly<Record<string, string>>): Algorithm[] {
  return Object.entries(rows).map(([id, aliases]) => ({
    id,
    unit: 'H/s',
    family,
    hashesPerUnit: perUnit,
    aliases: aliases === '' ? [] : aliases.split(' '),
  }));
}

function others(family: string, unit: RateUnit, rows: Readonly<Record<string, string>>): Algorithm[] {
  return hashes(family, null, rows).map((row) => ({ ...row, unit }));
}

const DISPUTED: Algorithm[] = [
  {
    id: 'neoscrypt',
    unit: 'H/s',
    family: 'scrypt',
    hashesPerUnit: FACTOR_65536,
    disputed: {
      low: FACTOR_65536,
      high: 2 ** 27,
      note: 'cpuminer-opt and miningcore divide by 65536, node-stratum-pool by 32',
    },
    aliases: ['neoscrypt-xaya'],
  },
  {
    id: 'x16rv2',
    unit: 'H/s',
    family: 'x-chain',
    hashesPerUnit: FACTOR_256,
    disputed: { low: FACTOR_4096, high: FACTOR_256, note: 'cpuminer-opt divides by 256, miningcore by 4096' },
    aliases: [],
  },
  {
    id: 'keccak',
    unit: 'H/s',
    family: 'keccak',
    hashesPerUnit: FACTOR_256,
    disputed: {
      low: FACTOR_256,
      high: FACTOR_128,
      note: 'node-stratum-pool divides by 256, cpuminer-opt by 128',
    },
    aliases: [],
  },
  {
    id: 'groestl',
    unit: 'H/s',
    family: 'groestl',
    hashesPerUnit: FACTOR_256,
    disputed: {
      low: FACTOR_4096,
      high: FACTOR_1,
      note: 'node-stratum-pool divides by 256, miningcore by 4096, cpuminer-opt by 1',
    },
    aliases: ['groestlcoin'],
  },
];

export const ALGORITHMS: readonly Algorithm[] = [
  ...hashes('sha256d', FACTOR_1, {
    sha256d: 'sha256 sha-256 sha-256d sha2 sha sha256asicboost sha-25 dsha256',
    sha512256d: 'sha512/256d radiant sha512_256d_radiant',
  }),
  ...hashes('sha256d', null, { sha256dt: 'novo', sha256t: '', sha256csm: '' }),
  ...hashes('x-chain', FACTOR_1, {
    x11: '',
    x13: 'marucoin',
    x15: 'bitblock',
    x17: '',
    c11: '',
    qubit: '',
    skein: 'skeincoin skein-sha',
    nist5: '',
    quark: '',
    sha1: '',
    heavyhash: 'obtc',
    blake2s: '',
  }),
  ...hashes('x-chain', FACTOR_256, {
    x16r: '',
    x16rt: '',
    x16s: '',
    x20r: '',
    x21s: '',
    xevan: '',
    timetravel: '',
    timetravel10: 'bitcore',
    bmw512: '',
    lbry: '',
  }),
  ...hashes('lyra2', FACTOR_256, {
    lyra2rev2: 'lyra2v2 lyra2re2 lyra2-rev2',
    lyra2rev3: 'lyra2v3 lyra2re3',
    lyra2z: '',
    allium: '',
  }),
  ...hashes('lyra2', FACTOR_128, { lyra2re: '' }),
  ...hashes('verthash', FACTOR_256, { verthash: '' }),
  ...hashes('blake', FACTOR_256, { blake: 'blake14r blakecoin blake256r8', fugue: '' }),
  // Decred's scale is not stated by any source at hand.
  ...hashes('blake', null, { blake256: 'blake256r14 decred' }),
  ...hashes('keccak', FACTOR_256, { keccakc: '' }),
  ...hashes('keccak', null, { sha3d: '', sha3x: '' }),
  ...hashes('groestl', null, { 'myr-gr': 'myriadgroestl myriadcoin-groestl' }),
  ...hashes('scrypt', FACTOR_65536, { scrypt: '', 'scrypt-n': 'scryptn nscrypt', 'scrypt-jane': '' }),
  ...hashes('yespower', FACTOR_65536, {
    yespower: '',
    yespowerr16: '',
    yespowerltncg: '',
    yespowertide: '',
    yespowerurx: '',
    yespowermgpc: '',
    yespoweric: '',
    yespowersugar: '',
    power2b: '',
    yescrypt: '',
    yescryptr8: '',
    yescryptr16: '',
    yescryptr32: 'yescrypt32',
  }),
  ...hashes('argon2', FACTOR_65536, { argon2d: 'argon2d-dyn argon2ddyn argon2d500 argon2d_dynamic' }),
  ...hashes('x-chain', FACTOR_65536, { hmq1725: '', jha: '' }),
  ...hashes('m7m', FACTOR_65536, { m7m: '' }),
  ...hashes('ghostrider', FACTOR_65536, { ghostrider: 'gr ghostrider/rtm' }),
  ...DISPUTED,

  ...hashes('ethash', FACTOR_1, {
    ethash: 'daggerhashimoto dagger ethhash eth ethereum',
    etchash: '',
    ubqhash: '',
    ethashb3: 'rethereum',
  }),
  ...hashes('progpow', FACTOR_1, {
    kawpow: '',
    firopow: '',
    progpow: '',
    progpow_zano: 'progpowz zano',
    progpow_quai: '',
    progpow_sero: '',
    progpow_veil: '',
    progpow_telestai: '',
    evrprogpow: '',
    meowpow: '',
  }),
  ...hashes('kheavyhash', FACTOR_1, {
    kheavyhash: 'kaspa kheavy',
    karlsenhash: 'karlsen',
    karlsenhashv2: '',
    pyrinhash: 'pyrin',
    pyrinhashv2: '',
    nxlhash: 'nexellia',
    hoohash: 'hoohashv11 hoosat',
    astrixhash: 'astrix',
    walahash: 'waglayla',
  }),
  // A hash also picks one of 16 chains, so that difficulty 1 stands for 16 · 2^30 of them.
  ...hashes('blake3', 2 ** 34, { 'blake3-alephium': 'blake3alph alephium' }),

  ...hashes('autolykos', null, { autolykos2: 'autolykos autolykosv2 ergo' }),
  ...hashes('octopus', null, { octopus: 'conflux' }),
  ...hashes('fishhash', null, { fishhash: 'ironfish' }),
  ...hashes('blake3', null, { blake3: 'blake3_ironfish blake3-dcr blake3_decred' }),
  ...hashes('eaglesong', null, { eaglesong: 'ckb nervos' }),
  ...hashes('handshake', null, { hns: 'handshake' }),
  // Difficulty is the work itself.
  ...hashes('xelishash', 1, { xelishash: 'xelis', xelishashv2: 'xel/v2', xelishashv3: 'xel/v3' }),
  ...hashes('blake', null, { 'blake2s-kadena': 'kadena', blake2b: 'sia sc' }),
  ...hashes('astrobwt', null, { astrobwt: 'astrobwt/v2 dero', spectrex: 'spectre' }),
  ...hashes('nexapow', null, { nexapow: 'nexa' }),
  ...hashes('verushash', null, { verushash: 'verus' }),
  ...hashes('dynexsolve', null, { dynexsolve: 'dynex' }),
  ...hashes('minotaurx', null, { minotaurx: 'minotaur' }),
  ...hashes('mtp', null, { mtp: '' }),
  ...hashes('pearlhash', null, { pearlhash: '' }),
  ...hashes('warthog', null, { warthog: 'janushash' }),
  ...hashes('matmul', null, { matmul: 'btx' }),
  ...hashes('shaihive', null, { shaihive: 'shai shaicoin' }),
  ...hashes('ton', null, { ton: 'toncoin sha256-ton' }),
  ...hashes('signum', null, { 'signum-plots': 'poc2 burst signum' }),
  ...hashes('aleo', null, { 'aleo-puzzle': 'aleo' }),
  ...hashes('duco', null, { 'duco-s1': '' }),
  ...hashes('chia', null, { 'chia-plots': '' }),
  ...hashes('argon2', null, {
    'argon2/chukwa': 'chukwa trtl_chukwa',
    'argon2/chukwav2': 'chukwav2 chukwa_v2 argon2-chukwa2',
    'argon2/ninja': 'argon2/wrkz chukwa/ninja argon2id_ninja',
    'argon2d-nim': 'nimiq',
  }),
  ...hashes('randomx', null, {
    'rx/0': 'randomx/0 randomx rx rx/monero randomxmonero random-x',
    'rx/2': 'randomx/2 rx/v2',
    'rx/wow': 'randomx/wow randomwow rx/wownero',
    'rx/arq': 'randomx/arq randomarq rx/arqma',
    'rx/graft': 'randomx/graft randomgrft',
    'rx/sfx': 'randomx/sfx randomscash rx/safex',
    'rx/yada': 'randomx/yada',
    'rx/keva': 'randomx/keva randomkeva',
    'rx/loki': 'randomx/loki randomxl',
    'rx/epic': 'randomepic',
    'rx/xla': 'panthera defyx',
    'rx/xdag': 'randomx/xdag',
  }),
  ...hashes('cryptonight', null, {
    'cn/0': 'cryptonight/0 cryptonight cn cryptonight-v0',
    'cn/1': 'cryptonight/1 cryptonight-monerov7 cryptonight_v7 cryptonightv7 cnv7',
    'cn/2': 'cryptonight/2 cryptonight-monerov8 cryptonight_v8 cryptonightv8 cnv8',
    'cn/r': 'cryptonight/r cryptonight_r cryptonightr cn/4',
    'cn/fast': 'cryptonight/fast cn/msr cryptonight/msr',
    'cn/half': 'cryptonight/half',
    'cn/xao': 'cryptonight/xao',
    'cn/rto': 'cryptonight/rto',
    'cn/rwz': 'cryptonight/rwz cryptonightreversewaltz',
    'cn/zls': 'cryptonight/zls',
    'cn/double': 'cryptonight/double',
    'cn/ccx': 'cryptonight/ccx cn/conceal',
    'cn/gpu': 'cryptonight/gpu cryptonight-gpu',
    'cn/wow': 'cryptonight/wow',
    'cn/upx2': 'cryptonight/upx2',
    'cn-lite/0': 'cryptonight-lite/0 cryptonight-lite cn-lite',
    'cn-lite/1': 'cryptonight-lite/1',
    'cn-heavy/0': 'cryptonight-heavy/0 cryptonight-heavy cn-heavy cryptonightheavy',
    'cn-heavy/tube': 'cryptonight-heavy/tube',
    'cn-heavy/xhv': 'cryptonight-heavy/xhv cryptonight-haven',
    'cn-pico':
      'cn-pico/0 cryptonight-pico cryptonight-pico/trtl cryptonight-turtle cn-pico/trtl cn/trtl cn-trtl',
    'cn-pico/tlo': 'cryptonight-pico/tlo cryptonight-talleo',
  }),

  ...others('equihash', 'Sol/s', {
    equihash: 'equihash200_9 equihash-200-9 200_9 zcash',
    equihash144_5: 'equihash144 144_5 zhash auto144_5',
    equihash192_7: 'equihash192 192_7 auto192_7',
    equihash125_4: 'equihash125 125_4 zelhash',
    equihash210_9: 'equihash210 aion',
    equihash150_5: 'beam-i beamhash1',
    beamhash2: 'beamhashii beam-ii beamv2',
    beamhash3: 'beamhashiii beam3 beam-iii beamv3 beam',
  }),
  ...others('cuckoo', 'graphs/s', {
    cuckoocycle: 'cuckoo',
    cuckaroo29: 'grincuckaroo29 cuckaroo c29',
    cuckarood29: 'cuckarood cuckaroo29d',
    cuckaroom29: 'cuckaroom cuckaroo29m grin-c29m',
    cuckaroo29z: 'cuckarooz29 c29z',
    cuckaroo29s: 'cuckaroo_swap',
    cuckaroo29b: '',
    cuckaroo29bfc: 'cuckaroo29-bfc bfc',
    cuckaroo30: 'cortex c30ctx',
    cuckatoo31: 'grincuckatoo31 c31 mwc-c31 cuckatoo31_grin',
    cuckatoo32: 'grincuckatoo32 cuckatoo c32 grin',
  }),
];
