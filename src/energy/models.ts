/** Models that miners name in agents and workers ('Antminer S19 Pro', 's9_07') to their rows of the hardware table. */
import { HARDWARE, type HardwareRow } from './hardware.ts';

/** Most specific first: 'S19 Pro' before 'S19'. */
const MODELS: readonly (readonly [pattern: RegExp, device: string])[] = [
  [/s19j[\W_]*pro/i, 'Antminer S19j Pro'],
  [/s19[\W_]*pro/i, 'Antminer S19 Pro'],
  [/s19[\W_]*xp/i, 'Antminer S19 XP'],
  [/s23[\W_]*hyd/i, 'Antminer S23 Hyd'],
  [/(?:^|[^a-z0-9])s23(?![a-z0-9])/i, 'Antminer S23'],
  [/a(?:valon)?[\W_]*a?16[\W_]*xp/i, 'Avalon A16XP'],
  [/avalon[\W_]*a?16(?!\d)/i, 'Avalon A16'],
  [/s21[\W_]*pro/i, 'Antminer S21 Pro'],
  [/s21\+/i, 'Antminer S21+'],
  [/s17e/i, 'Antminer S17e'],
  [/(?:^|[^a-z0-9])s19(?![a-z0-9])/i, 'Antminer S19'],
  [/(?:^|[^a-z0-9])s21(?![a-z0-9])/i, 'Antminer S21'],
  [/(?:^|[^a-z0-9])s9(?:i|j|k|se)?(?![a-z0-9])/i, 'Antminer S9'],
  [/(?:^|[^a-z0-9])s7(?![a-z0-9])/i, 'Antminer S7'],
  [/m30s\+\+/i, 'Whatsminer M30S++'],
  [/m30s(?!\+)/i, 'Whatsminer M30S'],
  [/m31s/i, 'Whatsminer M31S'],
  [/m21s/i, 'Whatsminer M21S'],
  [/m20s/i, 'Whatsminer M20S'],
  [/(?:^|[^a-z0-9])m50(?![a-z0-9])/i, 'Whatsminer M50'],
  [/(?:^|[^a-z0-9])m66(?![a-z0-9])/i, 'Whatsminer M66'],
  [/avalon[\W_a-z]*1066/i, 'Avalon 1066'],
  [/avalon[\W_a-z]*1246/i, 'Avalon 1246'],
  [/(?:^|[^a-z0-9])l3\+/i, 'Antminer L3+'],
  [/(?:^|[^a-z0-9])l7(?![a-z0-9])/i, 'Antminer L7'],
  [/(?:^|[^a-z0-9])l9(?![a-z0-9])/i, 'Antminer L9'],
  [/(?:^|[^a-z0-9])e9(?![a-z0-9])/i, 'Antminer E9'],
  [/x16-?p/i, 'Jasminer X16-P'],
  [/(?:^|[^a-z0-9])z15(?![a-z0-9])/i, 'Antminer Z15'],
  [/(?:^|[^a-z0-9])ks5[\W_]*pro/i, 'Antminer KS5 Pro'],
  [/(?:^|[^a-z0-9])ks3(?![a-z0-9])/i, 'Antminer KS3'],
  [/(?:^|[^a-z0-9])d9(?![a-z0-9])/i, 'Antminer D9'],
  [/(?:^|[^a-z0-9])k7(?![a-z0-9])/i, 'Antminer K7'],
];

/** More words than any host has use for. */
const MAX_TEXTS = 256;

/**
 * The one model that the words name, if it computes the family; null if none or several are named, for then one
 * speaks for machines it is not.
 */
export function modelNamed(texts: readonly string[], family: string | null): HardwareRow | null {
  const named = new Set<HardwareRow>();
  for (const text of texts.slice(0, MAX_TEXTS)) {
    const device = MODELS.find(([pattern]) => pattern.test(text.slice(0, 200)))?.[1];
    const row = HARDWARE.find((known) => known.device === device && known.family === family);
    if (row !== undefined) named.add(row);
  }
  return named.size === 1 ? ([...named][0] ?? null) : null;
}
