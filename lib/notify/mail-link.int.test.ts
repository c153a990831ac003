import { text } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { linkOf } from '../access/links';
import { testActor, testPerson } from '../testing/actor';
import { type TestInstallation, startInstallation } from '../testing/installation';
import { invite, resetPassword } from './mail-link';

const received: { to: string[]; source: string }[] = [];
let server: SMTPServer;
let installation: TestInstallation;
beforeAll(async () => {
  server = new SMTPServer({
    disabledCommands: ['STARTTLS', 'AUTH'],
    onData: (stream, { envelope }, done) =>
      void text(stream).then((source) => {
        received.push({ to: envelope.rcptTo.map(({ address }) => address), source });
        done();
      }),
  });
  const listening = server.listen(0, '127.0.0.1');
  await new Promise<void>((resolve) => listening.once('listening', resolve));
  const address = listening.address();
  if (address === null || typeof address === 'string') throw new Error('the server listens on no port');
  installation = await startInstallation({
    SEALTRAIL_SMTP_URL: `smtp://127.0.0.1:${address.port}?tls=none`,
    SEALTRAIL_SMTP_FROM: 'sealtrail@example.org',
  });
}, 120_000);
afterAll(async () => {
  await installation?.stop();
}, 60_000);

const plain = () => (received.at(-1)?.source ?? '').replaceAll('=\r\n', '').replaceAll('=3D', '=');

it('links are mailed to whom they are for, and good whether or not the mail arrives', async () => {
  const { ctx } = installation;
  const actor = testActor('ada@example.org');
  const invited = await invite(ctx, { email: 'olu@example.org', role: 'auditor', actor });
  expect([invited.mail, received.at(-1)?.to]).toEqual(['sent', ['olu@example.org']]);
  expect(plain()).toContain(`\r\n${invited.url}\r\n`);
  const ben = {
    name: 'Ben',
    email: 'ben@example.org',
    password: 'correct horse battery staple',
    role: 'analyst',
  } as const;
  const { id: personId } = await testPerson(ctx, ben);
  const reset = await resetPassword(ctx, { personId, actor });
  expect([reset.mail, received.at(-1)?.to]).toEqual(['sent', ['ben@example.org']]);
  expect(plain()).toContain(`\r\n${reset.url}\r\n`);

  await new Promise<void>((resolve) => server.close(() => resolve()));
  const unsent = await invite(ctx, { email: 'uma@example.org', role: 'analyst', actor });
  expect(unsent).toMatchObject({ mail: 'failed', mailFailure: 'it could not be reached (ESOCKET)' });
  expect(await linkOf(ctx, new URL(unsent.url).searchParams.get('token') ?? '')).toMatchObject({ role: 'analyst' });
});
