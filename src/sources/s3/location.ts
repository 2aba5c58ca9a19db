/** The address of objects: `s3://bucket/prefix`. A key stands in it as it is: nothing is percent-encoded, no sign is a wildcard. */
import { fail } from '../../errors.ts';

export interface ObjectLocation {
  readonly bucket: string;
  /** What the keys begin with, or a whole key. */
  readonly prefix: string;
}

export function isObjectUrl(input: string): boolean {
  return input.startsWith('s3://');
}

/** Throws USAGE if the bucket cannot be one. */
export function parseObjectUrl(input: string): ObjectLocation {
  const [, bucket = '', prefix = ''] = /^s3:\/\/([^/]*)\/?(.*)$/s.exec(input) ?? [];
  // Amazon's rules for names, and the capitals that other stores allow.
  if (/^[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]$/i.test(bucket)) return { bucket, prefix };
  // What was typed may hold a password.
  return fail('USAGE', 'this is not the address of objects', {
    where: 's3://',
    hint: 'Write s3://bucket/prefix, without user and password; AWS_ENDPOINT_URL names the server.',
  });
}
