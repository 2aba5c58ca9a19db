/**
 * Miner software by the name it gives itself (docs/protocols.md 1.3): who made the message, on what kind of machine, and
 * the algorithm if the program or the machine has one only. The user can set any name, so it is a sign, not a
 * proof. Matching is by whole words, without case.
 */

type VendorClass = 'cpu' | 'gpu' | 'asic' | 'proxy' | 'marketplace' | 'unknown';

export interface Agent {
  /** Name of the program in its usual spelling; the text before version or blank if it is not known. */
  readonly software: string;
  readonly version: string | null;
  readonly vendorClass: VendorClass;
  readonly algorithm: string | null;
}

interface Program {
  /** Usual spelling; its lower case is what is looked for, with the other spellings. */
  readonly name: string;
  readonly vendorClass: VendorClass;
  readonly algorithm: string | null;
  readonly spellings: readonly string[];
}

const LONGEST_AGENT = 256;

function programs(vendorClass: VendorClass, rows: readonly string[]): Program[] {
  return rows.map((row) => {
    const [names = '', algorithm] = row.split(' = ');
    const [name = '', ...others] = names.split(' | ');
    return {
      name,
      vendorClass,
      algorithm: algorithm ?? null,
      spellings: [name, ...others].map((word) => word.toLowerCase()),
    };
  });
}

/** Rows: name | other spelling = its one algorithm. */
const PROGRAMS: readonly Program[] = [
  ...programs('proxy', [
    'xmrig-proxy',
    'xmr-node-proxy',
    'stratum-proxy | stratum_proxy',
    'farm-proxy | braiins-farm-proxy | bosfarmproxy',
    'ckproxy',
    'BTCAgent | btccom-agent | btc-agent',
    'ckpool',
    'eth-proxy',
    'deepMiner = cn/1',
    'p2pool = rx/0',
  ]),
  ...programs('marketplace', ['NiceHash', 'MiningRigRentals | MRR']),
  ...programs('gpu', ['xmrig-nvidia', 'xmrig-amd', 'xmr-stak-nvidia', 'xmr-stak-amd']),
  ...programs('cpu', [
    'XMRig',
    'xmr-stak | xmr-stak-cpu | xmr-stak-rx',
    'cpuminer-opt',
    'cpuminer-multi',
    'cpuminer | minerd',
    'SRBMiner-MULTI | SRBMiner',
    'hellminer = verushash',
    'nheqminer | nheqminer_luckpool',
    'tnn-miner',
    'DeroHE | dero-miner = astrobwt',
    'AstroMiner = astrobwt',
    'lukMiner',
    'claymore-cpu',
  ]),
  ...programs('gpu', [
    'kawpowminer = kawpow',
    'etcminer = etchash',
    'nsfminer = ethash',
    'ethminer = ethash',
    'PhoenixMiner = ethash',
    'NBMiner',
    'GMiner',
    'lolMiner',
    'BzMiner',
    'Rigel',
    'Bminer',
    'T-Rex | trex',
    'TeamRedMiner | TRM',
    'miniZ',
    'WildRig | WildRig-Multi',
    'OneZeroMiner',
    'EWBF | zmp = equihash',
    'Claymore',
    'ccminer',
    'sgminer',
    'CryptoDredge',
    'z-enemy',
    'grin-miner = cuckatoo32',
    'cfxmine = octopus',
    'optiminer = equihash',
    'dstm = equihash',
    'FunakoshiMiner = equihash',
    'lpminer',
    'TT-Miner',
    'Quai-GPU-Miner',
  ]),
  ...programs('asic', [
    'bosminer | bosminer-plus-tuner | bOS | Braiins = sha256d',
    'bitaxe | ESP-Miner | NerdAxe | NerdQAxe | NerdQAxe++ = sha256d',
    'NerdMiner = sha256d',
    'LUXminer = sha256d',
    'btminer | whatsminer = sha256d',
    'bmminer',
    'Antminer',
    'BFGMiner',
    'cgminer',
    'Avalon | AvalonMiner = sha256d',
    'vnish',
    'epic-miner | PowerPlay-BM',
    'IceRiverMiner | IceRiver',
    'Goldshell',
    'intelminer',
    'innominer | Innosilicon',
  ]),
];

/** Antminer series by the letters of the model: the machine computes one algorithm. */
const ANTMINER_SERIES: Readonly<Record<string, string>> = {
  s: 'sha256d',
  t: 'sha256d',
  l: 'scrypt',
  d: 'x11',
  z: 'equihash',
  k: 'eaglesong',
  ks: 'kheavyhash',
  ka: 'blake2s-kadena',
  hs: 'hns',
  x: 'rx/0',
  al: 'blake3-alephium',
};

function isWordCharacter(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 97 && code <= 122);
}

/** Where `word` stands in `text` as a word of its own (a version may follow at once: 'name6', 'namev2'); −1 if not. */
function wordAt(text: string, word: string): number {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    const end = at + word.length;
    const opens = at === 0 || !isWordCharacter(text.charCodeAt(at - 1));
    const closes =
      end === text.length || !isWordCharacter(text.charCodeAt(end)) || /^v?\d/.test(text.slice(end, end + 2));
    if (opens && closes) return at;
  }
  return -1;
}

/** The program that is named first; of several at one place the one with the longest name. */
function firstNamed(lower: string): { program: Program; end: number } | null {
  let best: { program: Program; at: number; end: number } | null = null;
  for (const program of PROGRAMS) {
    for (const word of program.spellings) {
      const at = wordAt(lower, word);
      if (at < 0) continue;
      const end = at + word.length;
      if (best === null || at < best.at || (at === best.at && end > best.end)) best = { program, at, end };
    }
  }
  return best;
}

/** Version after the name: digits and dots, with a suffix such as 'beta' or '-nicehash'. */
function versionAfter(text: string): string | null {
  return /^[\s/_(-]{0,3}v?(\d[0-9a-z.+-]{0,31})/i.exec(text)?.[1]?.replace(/[.+-]+$/, '') ?? null;
}

function antminerAlgorithm(lower: string): string | null {
  const series = /antminer[\s_-]{0,2}([a-z]{1,2})\d/.exec(lower)?.[1];
  return series !== undefined && Object.hasOwn(ANTMINER_SERIES, series)
    ? (ANTMINER_SERIES[series] ?? null)
    : null;
}

/**
 * Who an agent string names. Null for an empty text; software that is not known is returned with class 'unknown'. Only
 * the first 256 characters are looked at.
 */
export function identifyAgent(text: string): Agent | null {
  const shown = text
    .slice(0, LONGEST_AGENT)
    .replace(/[^ -~\u00a0-\u{10ffff}]+/gu, ' ')
    .trim();
  if (shown === '') return null;
  const lower = shown.toLowerCase();
  // Lower case can change the length of exotic letters; then only the lower-case text has the right offsets.
  const source = lower.length === shown.length ? shown : lower;
  const found = firstNamed(lower);
  if (found !== null) {
    return {
      software: found.program.name,
      version: versionAfter(source.slice(found.end)),
      vendorClass: found.program.vendorClass,
      algorithm: found.program.algorithm ?? antminerAlgorithm(lower),
    };
  }
  const name = /^[^\s/(]+/.exec(source)?.[0] ?? source;
  return {
    software: name,
    version: versionAfter(source.slice(name.length)),
    vendorClass: 'unknown',
    algorithm: null,
  };
}
