/**
 * The size of a share on the wire, as TCP payload: the number of bytes is divided by it. Shapes of the messages are
 * those of docs/protocols.md 1.5 to 1.26, with accounts of 34 to 110 signs; 2.8 kB of an Equihash share is its solution.
 * Bounds hold shares in the clear and inside TLS records (4.4: 22 to 34 bytes more).
 */
import type { ShareForm } from '../../statements/en/power.ts';

export interface Span {
  readonly low: number;
  readonly central: number;
  readonly high: number;
}

const TLS_RECORD = 34;

interface SizeRule {
  readonly algorithms: RegExp;
  /** Payload of one share in the clear, bytes. */
  readonly low: number;
  readonly central: number;
  readonly high: number;
  readonly form: ShareForm;
}

/** The first that fits counts; the last fits everything. */
const RULES: readonly SizeRule[] = [
  {
    algorithms: /^(?:equihash|equihash200_9)$/,
    low: 2790,
    central: 2860,
    high: 2990,
    form: 'solution-1344',
  },
  {
    algorithms: /^equihash144/,
    low: 300,
    central: 380,
    high: 480,
    form: 'solution-100',
  },
  {
    algorithms: /^equihash/,
    low: 200,
    central: 300,
    high: 480,
    form: 'short-solution',
  },
  {
    algorithms: /^(?:rx\/|cn|argon2|panthera|randomx|kawpow|firopow|meowpow|evrprogpow|progpow)/,
    low: 165,
    central: 240,
    high: 360,
    form: 'nonce-and-hash',
  },
  {
    algorithms: /^(?:ethash|etchash|ubqhash|ethashb3)$/,
    low: 95,
    central: 210,
    high: 360,
    form: 'nonce-and-mix',
  },
  {
    algorithms: /^sha256/,
    low: 62,
    central: 150,
    high: 260,
    form: 'short-fields-or-v2',
  },
  { algorithms: /^/, low: 90, central: 160, high: 330, form: 'short-fields' },
];

/** Payload bytes of one share of an algorithm, with what it holds. */
export function shareSize(algorithm: string): Span & { readonly form: ShareForm } {
  const rule = RULES.find(({ algorithms }) => algorithms.test(algorithm)) ?? RULES[RULES.length - 1];
  return { low: rule.low, central: rule.central, high: rule.high + TLS_RECORD, form: rule.form };
}
