/** Digests against real servers on the loopback: SMTP, HTTP, and a program in the place of sendmail. */
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import path from 'node:path';
import { SMTPServer } from 'smtp-server';
import { describe, expect, it } from 'vitest';
import { sendDigest } from '../../src/alerts/send.ts';
import { parseSendTarget, parseSmtpUrl } from '../../src/alerts/send-target.ts';
import { Secret } from '../../src/secret.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const DIGEST = {
  subject: 'Mining, night of 2026-11-24: 1 new',
  text: 'Physik:\n- new: 192.0.2.1 <!channel> @all [x](javascript:1) `rm`\n.\nÄ\n',
  more: (lines: number) => `and ${lines} more`,
  severity: 'warning' as const,
  isOver: false,
  time: '2026-11-24T08:00:00.000Z',
  alerts: [],
  events: null,
  night: { schema: 'minesweep.night/1' },
};
const MAIL = { smtpUrl: null, from: 'minesweep@example.org' };

async function mailbox(accept = true) {
  const mails: string[] = [];
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    authOptional: true,
    onAuth: ({ username, password }, _session, done) =>
      username === 'u' && password === 'p' ? done(null, { user: 'u' }) : done(new Error('no')),
    onRcptTo: (_address, _session, done) => done(accept ? null : new Error('nobody of this name')),
    onData: (stream, session, done) => {
      let text = '';
      stream.on('data', (chunk) => {
        text += String(chunk);
      });
      stream.on('end', () => {
        mails.push(`${session.envelope.rcptTo.map(({ address }) => address).join()}\n${text}`);
        done();
      });
    },
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.server.address() as AddressInfo;
  return { mails, port, close: () => new Promise<void>((done) => server.close(done)) };
}

describe('a mail', () => {
  it('reaches an SMTP server, with a password if the address has one', async () => {
    const { mails, port, close } = await mailbox();
    for (const login of ['', 'u:p@'])
      await sendDigest(parseSendTarget('mail:noc@example.org', '--send'), DIGEST, {
        ...MAIL,
        smtpUrl: new Secret(`smtp://${login}127.0.0.1:${port}`),
      });
    await close();
    expect(mails).toHaveLength(2);
    expect(mails[0]).toContain('noc@example.org\n');
    expect(mails[0]).toContain('Subject: Mining, night of 2026-11-24: 1 new');
    expect(mails[0]).toContain('From: minesweep@example.org');
    expect(mails[0]).toContain('Auto-Submitted: auto-generated');
    expect(mails[0]).toContain('192.0.2.1');
  });

  it('that nobody takes is an error', async () => {
    const { port, close } = await mailbox(false);
    await expect(
      sendDigest(parseSendTarget('mail:noc@example.org', '--send'), DIGEST, {
        ...MAIL,
        smtpUrl: new Secret(`smtp://127.0.0.1:${port}`),
      }),
    ).rejects.toThrow();
    await close();
    await expect(
      sendDigest(parseSendTarget('mail:noc@example.org', '--send'), DIGEST, {
        ...MAIL,
        smtpUrl: new Secret(`smtp://127.0.0.1:${port}`),
      }),
    ).rejects.toThrow('ECONNREFUSED');
  });

  it('waits for no server that says nothing, and has a sender', async () => {
    const silent = createTcpServer(() => undefined);
    await new Promise<void>((ready) => silent.listen(0, '127.0.0.1', ready));
    const { port: deaf } = silent.address() as AddressInfo;
    const slow = { smtpUrl: new Secret(`smtp://127.0.0.1:${deaf}`), from: null, timeoutMs: 100 };
    await expect(sendDigest(parseSendTarget('mail:noc@example.org', '--send'), DIGEST, slow)).rejects.toThrow(
      /greeting|timeout/i,
    );
    silent.close();
    const { mails, port, close } = await mailbox();
    await sendDigest(parseSendTarget('mail:noc@example.org', '--send'), DIGEST, {
      smtpUrl: new Secret(`smtp://127.0.0.1:${port}`),
      from: null,
    });
    await close();
    expect(mails[0]).toMatch(/^From: minesweep@/m);
  });

  it.each([
    ['a line without end', 'x'.repeat(4096), 0],
    ['an answer without end', `${'220-hello\r\n'.repeat(400)}`, 0],
    ['an answer to its name that never ends, a line now and then', '250-x\r\n', 50],
  ])('does not follow a server with %s', async (_, text, pauseMs) => {
    const server = createTcpServer((socket) => {
      let isOpen = true;
      const say = (): void => {
        if (!isOpen) return;
        if (pauseMs > 0) {
          socket.write(text);
          setTimeout(say, pauseMs);
        } else if (socket.write(text)) setImmediate(say);
        else socket.once('drain', say);
      };
      socket
        .on('error', () => undefined)
        .on('close', () => {
          isOpen = false;
        });
      if (pauseMs > 0) socket.write('220 hello\r\n');
      say();
    });
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    const { port } = server.address() as AddressInfo;
    const mail = { smtpUrl: new Secret(`smtp://127.0.0.1:${port}`), from: null, timeoutMs: 300 };
    const beganMs = performance.now();
    await expect(
      sendDigest(parseSendTarget('mail:noc@example.org', '--send'), DIGEST, mail),
    ).rejects.toThrow();
    expect(performance.now() - beganMs).toBeLessThan(5000);
    await new Promise((done) => server.close(done));
  });

  it('goes through sendmail if no server is named', async () => {
    const program = path.join(folder, 'sendmail');
    const box = path.join(folder, 'box');
    writeFileSync(program, `#!/bin/sh\n{ echo "$@"; cat; } > "${box}"\n`);
    chmodSync(program, 0o755);
    await sendDigest(parseSendTarget('mail:root', '--send'), DIGEST, {
      ...MAIL,
      sendmail: [path.join(folder, 'nowhere'), program],
    });
    const [words = '', ...mail] = readFileSync(box, 'utf8').split('\n');
    expect(words).toMatch(/-i\b.* root@localhost$/);
    expect(mail.join('\n')).toContain('Subject: Mining, night of 2026-11-24: 1 new\n');
    writeFileSync(program, '#!/bin/sh\ncat > /dev/null; exit 75\n');
    await expect(
      sendDigest(parseSendTarget('mail:root', '--send'), DIGEST, {
        ...MAIL,
        sendmail: [path.join(folder, 'nowhere'), program],
      }),
    ).rejects.toThrow();
  });
});

describe('a webhook', () => {
  async function posted(status: number, headers: Record<string, string> = {}, digest = DIGEST) {
    const bodies: string[] = [];
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => {
        body += String(chunk);
      });
      request.on('end', () => {
        bodies.push(`${request.method} ${request.url} ${request.headers['content-type']} ${body}`);
        response.writeHead(status, headers).end();
      });
    });
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    const { port } = server.address() as AddressInfo;
    const error = await sendDigest(
      parseSendTarget(`webhook:http://127.0.0.1:${port}/hook/secret`, '--send'),
      digest,
      MAIL,
    ).then(
      () => null,
      (cause: Error) => cause.message,
    );
    await new Promise((done) => server.close(done));
    return { bodies, error };
  }

  it('gets text that mentions and links nothing, and the night', async () => {
    const { bodies, error } = await posted(200);
    expect(error).toBeNull();
    const [, head, body = ''] = /^(POST \S+ \S+) (.*)$/s.exec(bodies[0] ?? '') ?? [];
    expect(head).toBe('POST /hook/secret application/json');
    const { text, night } = JSON.parse(body);
    expect(night).toEqual(DIGEST.night);
    expect(text).toContain('192.0.2.1');
    expect(text.replaceAll('```', '')).not.toMatch(/[<>&`@[\]]/);
  });

  it('gets as many whole lines as chats take, and the number of the others', async () => {
    const text = Array.from({ length: 900 }, (_, i) => `- ${i}: ${'宿'.repeat(20)}\n`).join('');
    const { bodies } = await posted(200, {}, { ...DIGEST, text });
    const { text: shown } = JSON.parse(bodies[0]?.slice(bodies[0].indexOf('{')) ?? '');
    expect(Buffer.byteLength(shown)).toBeLessThan(13_000);
    const lines: string[] = shown.split('\n').slice(2, -1);
    expect(lines.pop()).toBe(`and ${900 - lines.length} more`);
    expect(lines.every((line) => line.endsWith(`: ${'宿'.repeat(20)}`))).toBe(true);
  });

  it('that refuses, or sends on to another place, is an error', async () => {
    expect((await posted(404)).error).toBe('the webhook answered 404');
    expect((await posted(302, { location: 'http://127.0.0.1:9/' })).error).toContain('could not be reached');
  });

  it('is shown in logs without its secret', () => {
    const { id } = parseSendTarget('webhook:https://hooks.example.org/T0/B0/secret?x=1', '--send');
    expect(id).toMatch(/^webhook:https:\/\/hooks\.example\.org#[0-9a-f]{8}$/);
  });
});

it('targets are words of one of two kinds', () => {
  for (const word of ['mail:noc@example.org', 'mail:root', 'webhook:https://chat.example.org/hooks/x'])
    expect(word).toContain(parseSendTarget(word, '--send').place.reveal());
  for (const word of [
    'noc@example.org',
    'mail:',
    'mail:a@b, c@d',
    'mail:-oops x',
    'mail:-oQ',
    'mail:-oQ@x',
    'webhook:file:///etc/passwd',
    'webhook:x',
  ])
    expect(() => parseSendTarget(word, '--send')).toThrow('nobody to send to');
});

it('a mail server that is none is told before anything is read, without its password', () => {
  expect(parseSmtpUrl('smtps://u:p@mail.example.org')?.reveal()).toBe('smtps://u:p@mail.example.org');
  expect([parseSmtpUrl(undefined), parseSmtpUrl('')]).toEqual([null, null]);
  for (const url of ['mail.example.org', 'https://u:secret@x', 'smtp://'])
    expect(() => parseSmtpUrl(url)).toThrow(/^(?!.*secret).*not the address of a mail server/);
});
