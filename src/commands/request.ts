/** What several commands are asked to do alike, out of the settings. */
import { fail } from '../errors.ts';
import { Networks } from '../networks.ts';
import { storePassword } from '../stores/clickhouse/location.ts';
import type { CommandContext } from './command.ts';
import {
  ALLOW,
  ASN_DB,
  ASSUME,
  BLOCKS,
  CITY_DB,
  COLUMNS,
  COVERAGE_THRESHOLD,
  INPUT_FORMAT,
  INPUT_TZ,
  INSTANCE_ROLE,
  JOBS,
  LEASES,
  LIMIT,
  LOCAL,
  MALWARE,
  MODEL,
  NAMES,
  OWNERS,
  POOLS,
  POOLS_AGE,
  POWER_PER_ADDRESS,
  PUE,
  STORE_PASSWORD_FILE,
  TRUST_EXPORTER,
  TRUST_TUNNEL,
} from './options.ts';

/** What the hosts of any audit are judged by. Throws USAGE for a value that its option does not take. */
export async function judgedBy({ settings }: CommandContext) {
  const local = settings.read(LOCAL);
  await Networks.parse(local, settings.sourceOf(LOCAL).where);
  return {
    local,
    poolFiles: settings.read(POOLS),
    ownersFile: settings.read(OWNERS),
    asnDb: settings.read(ASN_DB),
    cityDb: settings.read(CITY_DB),
    malwareFiles: settings.read(MALWARE),
    pue: settings.read(PUE),
    wattsPerAddress: settings.read(POWER_PER_ADDRESS),
    model: settings.read(MODEL),
    assume: settings.read(ASSUME),
  };
}

/** The time that results state, if it is to be the same in every run (reproducible-builds.org). Throws USAGE. */
export function generatedAt(env: NodeJS.ProcessEnv): { generatedMs?: number } {
  const { SOURCE_DATE_EPOCH: seconds = '' } = env;
  if (seconds === '') return {};
  if (/^\d{1,11}$/.test(seconds)) return { generatedMs: Number(seconds) * 1000 };
  return fail('USAGE', `'${seconds}' is not a number of seconds since 1970`, { where: 'SOURCE_DATE_EPOCH' });
}

/** What scan and watch are asked for alike. Throws USAGE, as above. */
export async function requestOf(context: CommandContext) {
  const { settings, env } = context;
  for (const option of [TRUST_TUNNEL, TRUST_EXPORTER])
    await Networks.parse(settings.read(option), settings.sourceOf(option).where);
  return {
    ...(await judgedBy(context)),
    trustTunnels: settings.read(TRUST_TUNNEL),
    trustExporters: settings.read(TRUST_EXPORTER),
    lookUpMaxAgeUs: settings.read(POOLS_AGE) * 86_400e6,
    allowFile: settings.read(ALLOW),
    nameFiles: settings.read(NAMES),
    leaseFiles: settings.read(LEASES),
    blockFiles: settings.read(BLOCKS),
    inputFormat: settings.read(INPUT_FORMAT),
    coverageThreshold: settings.read(COVERAGE_THRESHOLD),
    columns: settings.read(COLUMNS),
    timeZone: settings.read(INPUT_TZ),
    jobs: settings.read(JOBS),
    limits: settings.read(LIMIT),
    ...generatedAt(env),
    objects: { env, asksMachine: settings.read(INSTANCE_ROLE) },
    storePassword: storePassword(env, settings.read(STORE_PASSWORD_FILE)),
  };
}
