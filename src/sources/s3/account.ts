/**
 * Who asks for objects, and where: environment and profiles as the tools of AWS read them (docs.aws.amazon.com/sdkref, "Shared
 * config and credentials files"). Left out: single sign-on, roles to assume and processes that print credentials; a profile that
 * needs one of these is refused with the command that turns it into environment variables.
 */
import { homedir } from 'node:os';
import path from 'node:path';
import { textOfAnswer } from '../../answer.ts';
import { codeOf, fail } from '../../errors.ts';
import { readGiven } from '../../given-file.ts';
import { Secret } from '../../secret.ts';

export interface S3Settings {
  /** AWS_… and HOME. */
  readonly env: NodeJS.ProcessEnv;
  /** True if the metadata service of the machine may be asked. */
  readonly asksMachine?: boolean;
}

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: Secret;
  readonly sessionToken?: Secret;
}

export interface Account {
  readonly region: string;
  /** The server, if it is not Amazon's. */
  readonly endpoint: URL | null;
  /** True if the bucket stands in the path, false if it stands in the name of the host; null: as the server needs it. */
  readonly isPathStyle: boolean | null;
  /** Read anew each time, as sessions end; null: requests are not signed. Throws USAGE, or INPUT_UNREADABLE for the machine's. */
  readonly credentials: () => Promise<Credentials | null>;
}

type Profile = ReadonlyMap<string, string>;

const MOST_FILE_BYTES = 1 << 20;
const HANDED_OUT = 'sso_session sso_start_url role_arn credential_process web_identity_token_file'.split(' ');

/** Throws USAGE for settings that make no sense. */
export async function accountOf({ env, asksMachine = false }: S3Settings): Promise<Account> {
  const profile = await profileOf(env);
  const region = env.AWS_REGION || env.AWS_DEFAULT_REGION || profile.get('region') || 'us-east-1';
  const endpoint = env.AWS_ENDPOINT_URL_S3 || env.AWS_ENDPOINT_URL || profile.get('endpoint_url') || '';
  const style = profile.get('s3.addressing_style');
  return {
    region,
    endpoint: endpoint === '' ? null : serverOf(endpoint),
    isPathStyle: style === 'path' ? true : style === 'virtual' ? false : null,
    credentials: async () => {
      const given = pairOf(
        env.AWS_ACCESS_KEY_ID,
        env.AWS_SECRET_ACCESS_KEY,
        env.AWS_SESSION_TOKEN,
        'environment',
      );
      return (
        given ?? fromProfile(await profileOf(env), env) ?? (asksMachine ? machineCredentials(env) : null)
      );
    },
  };
}

function serverOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url !== null && /^https?:$/.test(url.protocol) && url.username + url.password + url.search === '')
    return url;
  return fail('USAGE', 'the address of the object store is not http://host or https://host', {
    where: 'AWS_ENDPOINT_URL',
    hint: 'Write https://host:port; user and password do not belong in it.',
  });
}

function pairOf(
  accessKeyId: string | undefined,
  secretAccessKey: string | undefined,
  sessionToken: string | undefined,
  where: string,
): Credentials | null {
  if (!accessKeyId && !secretAccessKey) return null;
  if (accessKeyId && secretAccessKey)
    return {
      accessKeyId,
      secretAccessKey: new Secret(secretAccessKey),
      ...(sessionToken && { sessionToken: new Secret(sessionToken) }),
    };
  return fail('USAGE', 'of the access key and its secret only one is given', { where });
}

function fromProfile(profile: Profile, env: NodeJS.ProcessEnv): Credentials | null {
  const where = `profile ${nameOf(env)}`;
  const [id, secret] = [profile.get('aws_access_key_id'), profile.get('aws_secret_access_key')];
  const given = pairOf(id, secret, profile.get('aws_session_token'), where);
  const other = HANDED_OUT.find((key) => profile.has(key));
  if (given !== null || other === undefined) return given;
  return fail('USAGE', `the profile has no access key but ${other}, which is not followed`, {
    where,
    hint: `Run: eval "$(aws configure export-credentials --profile ${nameOf(env)} --format env)"`,
  });
}

const nameOf = (env: NodeJS.ProcessEnv): string => env.AWS_PROFILE || env.AWS_DEFAULT_PROFILE || 'default';

/** What both files say of the profile; the file of credentials has the last word. */
async function profileOf(env: NodeJS.ProcessEnv): Promise<Profile> {
  const folder = path.join(env.HOME || homedir(), '.aws');
  const name = nameOf(env);
  const config = await sectionsOf(env.AWS_CONFIG_FILE || path.join(folder, 'config'));
  const secrets = await sectionsOf(env.AWS_SHARED_CREDENTIALS_FILE || path.join(folder, 'credentials'));
  const found = [config.get(`profile ${name}`) ?? config.get(name), secrets.get(name)];
  if (name !== 'default' && found.every((section) => section === undefined)) {
    fail('USAGE', `there is no profile '${name}'`, {
      where: 'AWS_PROFILE',
      hint: `The profiles are in ${folder}.`,
    });
  }
  return new Map(found.flatMap((section) => [...(section ?? [])]));
}

/** Sections of a file by name; indented lines belong to the key above them, as `key.name`. No file: none. */
async function sectionsOf(file: string): Promise<Map<string, Map<string, string>>> {
  const sections = new Map<string, Map<string, string>>();
  let section = new Map<string, string>();
  let above = '';
  for (const line of (await textOf(file)).split(/\r?\n/)) {
    const head = /^\[\s*(.+?)\s*\]/.exec(line)?.[1];
    if (head !== undefined) {
      const name = head.replace(/\s+/g, ' ').replaceAll('"', '');
      section = sections.get(name) ?? new Map();
      sections.set(name, section);
      continue;
    }
    const [, indent = '', key = '', value = ''] = /^(\s*)([^#;\s=][^=]*?)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (key === '') continue;
    if (indent === '') above = key;
    section.set(indent === '' ? key : `${above}.${key}`, value);
  }
  return sections;
}

async function textOf(file: string): Promise<string> {
  try {
    return (await readGiven(file, MOST_FILE_BYTES)).toString();
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return '';
    return fail('FILE_UNREADABLE', 'the file of profiles cannot be read', { where: file, cause });
  }
}

const SERVICE = 'http://169.254.169.254';
const PATIENCE_MS = 3000;
const MOST_ANSWER_BYTES = 64 * 1024;
const ROLES = '/latest/meta-data/iam/security-credentials/';

/**
 * Credentials of the machine's own role, from the metadata service of EC2 (version 2: a token first), which other clouds offer
 * alike. Asked only if the operator says so: whoever answers at this address would be believed. Throws INPUT_UNREADABLE if the
 * machine has no role, or nobody answers.
 */
async function machineCredentials(env: NodeJS.ProcessEnv): Promise<Credentials> {
  const server = (env.AWS_EC2_METADATA_SERVICE_ENDPOINT || SERVICE).replace(/\/$/, '');
  const ask = async (place: string, method: string, headers: Record<string, string>): Promise<string> => {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const answer = await fetch(`${server}${place}`, { method, headers, signal, redirect: 'error' });
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    return answer.body === null ? '' : textOfAnswer(answer.body, MOST_ANSWER_BYTES);
  };
  try {
    const token = await ask('/latest/api/token', 'PUT', { 'x-aws-ec2-metadata-token-ttl-seconds': '300' });
    const headers = { 'x-aws-ec2-metadata-token': token };
    const [role = ''] = (await ask(ROLES, 'GET', headers)).split('\n');
    const { AccessKeyId, SecretAccessKey, Token } = JSON.parse(
      await ask(`${ROLES}${encodeURIComponent(role.trim())}`, 'GET', headers),
    );
    const words = [AccessKeyId, SecretAccessKey, Token];
    if (!words.every((word) => typeof word === 'string' && word !== ''))
      throw new Error('no credentials in the answer');
    return {
      accessKeyId: AccessKeyId,
      secretAccessKey: new Secret(SecretAccessKey),
      sessionToken: new Secret(Token),
    };
  } catch {
    // What was thrown may hold what was answered.
    return fail('INPUT_UNREADABLE', 'the metadata service of this machine gives no credentials', {
      where: server,
      hint: 'Give the machine a role, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY and leave --instance-role away.',
    });
  }
}
