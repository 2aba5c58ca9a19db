/** UUIDs by name (RFC 9562 section 5.5, version 5): the same audit gives the same ones, so that it is taken in once. */
import { createHash } from 'node:crypto';

export function uuidOf(name: string, namespace: string): string {
  const hash = createHash('sha1')
    .update(Buffer.from(namespace.replaceAll('-', ''), 'hex'))
    .update(name)
    .digest()
    .subarray(0, 16);
  hash.writeUInt8((hash.readUInt8(6) & 0x0f) | 0x50, 6);
  hash.writeUInt8((hash.readUInt8(8) & 0x3f) | 0x80, 8);
  return hash.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** Namespace of what is ours. */
export const OWN_UUIDS = '2f4c1a5e-6d0b-5c39-9b1e-7a54d2f08c61';
