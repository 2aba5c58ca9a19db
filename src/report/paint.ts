/** Colours of a terminal, which mean the verdict and nothing else. */
import type { Verdict } from '../audit/audit.ts';
import type { ReportOptions } from './format.ts';

/** Puts printed text into a colour or weight, by the code of the terminal. */
export type Paint = (code: string, printed: string) => string;

export const VERDICT_COLORS: Readonly<Record<Verdict, string>> = {
  confirmed: '1;31',
  probable: '31',
  suspected: '33',
  attempted: '36',
  listed: '2',
};

export function painter({ color }: ReportOptions): Paint {
  return (code, printed) => (color ? `\u001b[${code}m${printed}\u001b[0m` : printed);
}
