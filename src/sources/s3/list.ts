/** The objects that an address stands for, page by page (ListObjectsV2), as inputs. */

import { textOfAnswer } from '../../answer.ts';
import { fail } from '../../errors.ts';
import { percentDecoded } from '../../secret.ts';
import type { SourceRef } from '../byte-source.ts';
import { openStage } from '../open.ts';
import { accountOf, type S3Settings } from './account.ts';
import { childrenOf, textIn, xmlRoot } from './answer.ts';
import { S3Client, S3Failure } from './client.ts';
import { type ObjectLocation, parseObjectUrl } from './location.ts';
import { ObjectStage, type ObjectVersion } from './object-stage.ts';

/** How objects are asked for. */
export interface ObjectAccess extends S3Settings {
  readonly signal: AbortSignal;
  /** Hears why a request is sent again, or an object not read. */
  readonly tell: (message: string) => void;
}

const MOST_OBJECTS = 1_000_000;
/** Empty pages are allowed, and must end. */
const MOST_PAGES = 20_000;
const MOST_PAGE_BYTES = 16 * 1024 * 1024;

/** Throws USAGE for an address or settings that make no sense, INPUT_UNREADABLE if the bucket cannot be listed. */
export async function objectsAt(input: string, access: ObjectAccess): Promise<SourceRef[]> {
  const location = parseObjectUrl(input);
  const client = new S3Client(await accountOf(access), location.bucket, access.signal, access.tell);
  const objects = await listed(client, location).catch((error: unknown) => refuse(error, input, client));
  return objects.map((object) => ({
    path: `s3://${location.bucket}/${object.key}`,
    size: object.size,
    isPipe: false,
    isFound: object.key !== location.prefix,
    version: `${object.etag} ${object.size}`,
    open: async (options) => openStage(new ObjectStage(client, object, access.tell), options),
  }));
}

async function listed(client: S3Client, { prefix }: ObjectLocation): Promise<ObjectVersion[]> {
  const objects: ObjectVersion[] = [];
  let token = '';
  for (let pages = 1; !client.isStopped; pages++) {
    const query: Record<string, string> = { 'list-type': '2', 'encoding-type': 'url', prefix };
    if (token !== '') query['continuation-token'] = token;
    const text = await client.get(
      () => ({ key: '', query }),
      (answer) => textOfAnswer(answer, MOST_PAGE_BYTES),
    );
    const page = xmlRoot(text);
    if (page?.name !== 'ListBucketResult') throw new S3Failure('the answer is no list of objects');
    const isEncoded = textIn(page, 'EncodingType') === 'url';
    for (const row of childrenOf(page, 'Contents')) {
      const [name, size] = [textIn(row, 'Key'), Number(textIn(row, 'Size'))];
      const key = isEncoded ? percentDecoded(name.replaceAll('+', ' ')) : name;
      // Such as consoles make for folders.
      if (size === 0 && key.endsWith('/')) continue;
      objects.push({ key, size, etag: textIn(row, 'ETag') });
    }
    // A whole key sorts before those that only begin with it.
    if (objects[0]?.key === prefix) return objects.slice(0, 1);
    const next = textIn(page, 'NextContinuationToken');
    if (textIn(page, 'IsTruncated') !== 'true') break;
    if (next === '' || next === token) throw new S3Failure('the list of objects does not go on');
    token = next;
    if (objects.length > MOST_OBJECTS || pages > MOST_PAGES)
      fail('USAGE', `more than ${MOST_OBJECTS} objects`, {
        where: `s3://${client.bucket}/${prefix}`,
        hint: 'Give a longer prefix, for example one day.',
      });
  }
  return objects;
}

const PERMISSIONS =
  'These credentials may not list the bucket: they need s3:ListBucket, and s3:GetObject on its objects.';
const KEYS = 'Check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or the profile.';
const SERVER = 'Check AWS_ENDPOINT_URL, and that this machine reaches it.';
const REGION = 'Set AWS_REGION to the region of the bucket.';
const HINTS: Readonly<Record<string, string>> = {
  AccessDenied: PERMISSIONS,
  AllAccessDisabled: PERMISSIONS,
  Forbidden: PERMISSIONS,
  NoSuchBucket: 'Check the name of the bucket; of another store than Amazon, AWS_ENDPOINT_URL as well.',
  InvalidAccessKeyId: KEYS,
  SignatureDoesNotMatch: KEYS,
  InvalidSignature: KEYS,
  ExpiredToken: 'The session has ended: sign in again.',
  InvalidToken: 'The session token is not valid: sign in again.',
  RequestTimeTooSkewed: 'The clock of this machine is wrong: set it.',
  PermanentRedirect: REGION,
  TemporaryRedirect: REGION,
  AuthorizationHeaderMalformed: REGION,
  SecondLevelDomainForbidden:
    'This store wants the bucket in the name of the host: s3.addressing_style = virtual in the profile.',
};
const UNSIGNED =
  'No credentials were found, so nothing was signed: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE; --instance-role asks the machine.';

async function refuse(error: unknown, where: string, client: S3Client): Promise<never> {
  if (!(error instanceof S3Failure)) throw error;
  const isBarred = error.status === 401 || error.status === 403;
  const hint =
    isBarred && !(await client.isSigned())
      ? UNSIGNED
      : (HINTS[error.code] ?? (error.status === 0 ? SERVER : undefined));
  return fail('INPUT_UNREADABLE', `the objects cannot be listed: ${error.message}`, { where, hint });
}
