/**
 * Credentials of the machine's own role, from the metadata service of EC2 (version 2: a token first), which other clouds offer
 * alike. Asked only if the operator says so: whoever answers at this address would be believed.
 */
import { fail } from '../../errors.ts';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

const SERVICE = 'http://169.254.169.254';
const PATIENCE_MS = 3000;
const ROLES = '/latest/meta-data/iam/security-credentials/';

/** Throws INPUT_UNREADABLE if the machine has no role, or nobody answers. */
export async function machineCredentials(env: NodeJS.ProcessEnv): Promise<Credentials> {
  const server = (env.AWS_EC2_METADATA_SERVICE_ENDPOINT || SERVICE).replace(/\/$/, '');
  const ask = async (place: string, method: string, headers: Record<string, string>): Promise<string> => {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const answer = await fetch(`${server}${place}`, { method, headers, signal, redirect: 'error' });
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    return answer.text();
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
    return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: Token };
  } catch {
    // What was thrown may hold what was answered.
    return fail('INPUT_UNREADABLE', 'the metadata service of this machine gives no credentials', {
      where: server,
      hint: 'Give the machine a role, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY and leave --instance-role away.',
    });
  }
}
