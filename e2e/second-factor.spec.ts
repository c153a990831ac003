import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { base32 } from '@better-auth/utils/base32';
import { createOTP } from '@better-auth/utils/otp';
import { type Browser, type CDPSession, type Page, expect, test } from '@playwright/test';
import { violationsOf } from './accessible';
import { toRun } from './commands/listed';
import { ADMIN, sealtrailOn } from './installation';
import { type Launched, launch } from './launch';
import { NARROW } from './narrow';

/** An installation of its own: what is asked of everybody is asked of nobody else's tests. */
let dataDir = '';
let sealtrail: Launched;
/** Where browsers make passkeys: they make none for the number of a machine. */
let home = '';

test.describe.configure({ mode: 'serial' });
test.beforeAll(async () => {
  test.setTimeout(240_000);
  dataDir = mkdtempSync(path.join(tmpdir(), 'sealtrail-second-factor-'));
  sealtrail = await launch({
    SEALTRAIL_DATA_DIR: dataDir,
    SEALTRAIL_ADMIN_EMAIL: ADMIN.email,
    SEALTRAIL_ADMIN_PASSWORD: ADMIN.password,
  });
  home = sealtrail.url.replace('127.0.0.1', 'localhost');
});
test.afterAll(async () => {
  await sealtrail?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

async function somebody(browser: Browser, isNarrow: boolean, baseURL = home): Promise<Page> {
  const context = await browser.newContext({
    baseURL,
    storageState: { cookies: [], origins: [] },
    ...(isNarrow ? NARROW : { viewport: { width: 1440, height: 900 } }),
  });
  return context.newPage();
}

async function typePassword(page: Page, email = ADMIN.email, password = ADMIN.password): Promise<void> {
  await page.goto('/sign-in');
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

const STEP_MS = 30_000;
const used = new Set<string>();
/** A code of the app that was not used yet: waits for the next one where it was. */
async function codeOf(secret: string): Promise<string> {
  const otp = createOTP(new TextDecoder().decode(base32.decode(secret)));
  for (;;) {
    const code = await otp.hotp(Math.floor(Date.now() / STEP_MS));
    if (!used.has(code)) {
      used.add(code);
      return code;
    }
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
}

/** Sets an app up where the page asks for it: its secret, and the recovery codes. */
async function setUpApp(page: Page, password: string): Promise<{ secret: string; codes: string[] }> {
  await page.locator('input[name="password"]').fill(password);
  await page.getByRole('button', { name: 'Go on' }).click();
  await expect(page.getByRole('img', { name: /^QR code/ })).toBeVisible();
  expect(await violationsOf(page)).toEqual([]);
  const shown = await page.getByText(/^([A-Z2-7]{1,4} ){5,}[A-Z2-7]{1,4}$/).innerText();
  const secret = shown.replaceAll(' ', '');
  await page.getByLabel('Code of the app').fill('000000');
  await page.getByRole('button', { name: 'Turn on' }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'wrong' })).toBeVisible();
  await page.getByLabel('Code of the app').fill(await codeOf(secret));
  await page.getByRole('button', { name: 'Turn on' }).click();
  const codes = (await page.getByLabel('Command', { exact: true }).innerText()).trim().split(/\s+/);
  expect(codes).toHaveLength(10);
  expect(await violationsOf(page)).toEqual([]);
  await page.getByRole('button', { name: 'I have kept them' }).click();
  return { secret, codes };
}

const WIDTHS = [
  ['wide', ''],
  ['narrow', ' @mobile'],
] as const;
const isIn = (page: Page) => expect(page.getByRole('navigation').first()).toBeVisible();

for (const [width, tag] of WIDTHS)
  test(`an app is set up, asked for at sign-in, and turned off again${tag}`, async ({ browser }) => {
    test.setTimeout(240_000);
    const page = await somebody(browser, width === 'narrow');
    await typePassword(page);
    await isIn(page);
    await page.goto('/settings/you');
    await page.getByRole('button', { name: 'Set up an app…' }).click();
    const { secret, codes } = await setUpApp(page, ADMIN.password);
    await expect(page.getByText('10 of 10 recovery codes are left')).toBeVisible();
    expect(await violationsOf(page)).toEqual([]);

    const other = await somebody(browser, width === 'narrow');
    await typePassword(other);
    await expect(other.getByRole('heading', { name: 'Code of your app' })).toBeVisible();
    expect(await violationsOf(other)).toEqual([]);
    // Nothing opens before the code.
    expect((await other.request.get('/api/v1/chains')).status()).toBe(401);
    await other.getByLabel('Code').fill('000000');
    await other.getByRole('button', { name: 'Sign in' }).click();
    await expect(other.getByRole('alert').filter({ hasText: 'This code is wrong' })).toBeVisible();
    await other.getByLabel('Code').fill(await codeOf(secret));
    await other.getByRole('button', { name: 'Sign in' }).click();
    await isIn(other);

    const third = await somebody(browser, width === 'narrow');
    await typePassword(third);
    await third.getByRole('link', { name: 'Use a recovery code' }).click();
    await expect(third.getByRole('heading', { name: 'Recovery code' })).toBeVisible();
    expect(await violationsOf(third)).toEqual([]);
    await third.getByLabel('Recovery code').fill(codes[0] ?? '');
    await third.getByRole('button', { name: 'Sign in' }).click();
    await isIn(third);

    await page.reload();
    await expect(page.getByText('9 of 10 recovery codes are left')).toBeVisible();
    await page.getByRole('button', { name: 'Turn off…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Your password').fill(ADMIN.password);
    await dialog.getByLabel('Code of the app, or a recovery code').fill(codes[0] ?? '');
    await dialog.getByRole('button', { name: 'Turn off' }).click();
    await expect(dialog.getByRole('alert').filter({ hasText: 'wrong' })).toBeVisible();
    await dialog.getByLabel('Code of the app, or a recovery code').fill(codes[1] ?? '');
    await dialog.getByRole('button', { name: 'Turn off' }).click();
    await expect(page.getByRole('button', { name: 'Set up an app…' })).toBeVisible();
  });

/** An authenticator of this page that verifies whoever is there, and what it keeps. */
async function addAuthenticator(page: Page): Promise<{ cdp: CDPSession; authenticatorId: string }> {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('WebAuthn.enable');
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return { cdp, authenticatorId };
}

async function signOut(page: Page): Promise<void> {
  await page.context().clearCookies();
  await page.goto('/sign-in');
}
const passkeyButton = (page: Page) => page.getByRole('button', { name: 'Sign in with a passkey' });

for (const [width, tag] of WIDTHS)
  test(`a passkey is made, signs in, and not once it was copied, replayed or answered to another origin${tag}`, async ({
    browser,
  }) => {
    test.setTimeout(240_000);
    const page = await somebody(browser, width === 'narrow');
    const { cdp, authenticatorId } = await addAuthenticator(page);
    await typePassword(page);
    await isIn(page);
    await page.goto('/settings/you');
    await page.getByRole('button', { name: 'Add a passkey…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('What to call it').fill(`laptop, ${width}`);
    await dialog.getByLabel('Your password').fill(ADMIN.password);
    expect(await violationsOf(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Make a passkey' }).click();
    const codes = (await dialog.getByLabel('Command', { exact: true }).innerText()).trim().split(/\s+/);
    await dialog.getByRole('button', { name: 'I have kept them' }).click();
    const row = page
      .getByRole('table', { name: 'Passkeys' })
      .getByRole('row')
      .filter({ hasText: `laptop, ${width}` });
    await expect(row).toContainText('never');
    expect(await violationsOf(page)).toEqual([]);

    // It signs in with nothing typed; a password alone does not.
    await signOut(page);
    expect(await violationsOf(page)).toEqual([]);
    const sent = page.waitForRequest((request) => request.url().endsWith('/api/v1/sign-in/passkey'));
    const asked = page.waitForResponse((response) => response.url().endsWith('/passkey/begin'));
    await passkeyButton(page).click();
    const [request, begun] = [await sent, await asked];
    await isIn(page);
    const stranger = await somebody(browser, width === 'narrow');
    await typePassword(stranger);
    await expect(stranger.getByRole('heading', { name: 'Your passkey' })).toBeVisible();
    expect(await violationsOf(stranger)).toEqual([]);

    // What was signed, sent again by the browser that was asked.
    const kept = (await begun.headersArray())
      .filter(({ name }) => name.toLowerCase() === 'set-cookie')
      .map(({ value }) => value.split(';')[0])
      .join('; ');
    const again = await fetch(`${home}/api/v1/sign-in/passkey`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie: kept },
      body: request.postData() ?? '',
    });
    expect([kept.startsWith('sealtrail.passkey='), again.status, again.headers.getSetCookie()]).toEqual([
      true,
      403,
      [],
    ]);

    // The same authenticator and relying party, at another origin.
    const elsewhere = createServer((_, answer) =>
      answer.setHeader('Content-Type', 'text/html').end('<title>x</title>'),
    );
    await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
    const address = elsewhere.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const options = await fetch(`${home}/api/v1/sign-in/passkey/begin`, { method: 'POST', body: '{}' });
    const { challenge } = (await options.json()) as { challenge: string }; // an API of ours
    await page.goto(`http://localhost:${port}`);
    const response = await page.evaluate(async (asking) => {
      const bytes = Uint8Array.from(atob(asking.replaceAll('-', '+').replaceAll('_', '/')), (sign) =>
        sign.charCodeAt(0),
      );
      const given = await navigator.credentials.get({
        publicKey: { challenge: bytes, rpId: 'localhost', userVerification: 'required' },
      });
      return (given as PublicKeyCredential).toJSON(); // what `publicKey` gives
    }, challenge);
    elsewhere.close();
    const phished = await fetch(`${home}/api/v1/sign-in/passkey`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        cookie: options.headers
          .getSetCookie()
          .map((line) => line.split(';')[0])
          .join('; '),
      },
      body: JSON.stringify({ response }),
    });
    expect([phished.status, phished.headers.getSetCookie()]).toEqual([403, []]);
    // By its number the machine has none, and says where they are.
    await page.goto(`${sealtrail.url}/sign-in`);
    await expect(page.getByText('open this page there')).toBeVisible();
    await expect(passkeyButton(page)).toHaveCount(0);

    // A copy that has counted less.
    const { credentials } = await cdp.send('WebAuthn.getCredentials', { authenticatorId });
    const [credential] = credentials;
    if (!credential) throw new Error('the authenticator has no passkey');
    await cdp.send('WebAuthn.removeCredential', { authenticatorId, credentialId: credential.credentialId });
    await cdp.send('WebAuthn.addCredential', { authenticatorId, credential: { ...credential, signCount: 0 } });
    await signOut(page);
    await passkeyButton(page).click();
    await expect(page.getByRole('alert').filter({ hasText: 'there is a copy of it' })).toBeVisible();

    // With a recovery code they come in, see that, and remove it.
    await stranger.getByRole('link', { name: 'Use a recovery code' }).click();
    await stranger.getByLabel('Recovery code').fill(codes[0] ?? '');
    await stranger.getByRole('button', { name: 'Sign in', exact: true }).click();
    await isIn(stranger);
    await stranger.goto('/settings/you');
    await expect(stranger.getByRole('table', { name: 'Passkeys' })).toContainText('there is a copy of it');
    expect(await violationsOf(stranger)).toEqual([]);
    await stranger.getByRole('button', { name: `Remove passkey laptop, ${width}` }).click();
    const removal = stranger.getByRole('dialog');
    await removal.getByLabel('Your password').fill(ADMIN.password);
    await removal.getByLabel('A recovery code').fill(codes[1] ?? '');
    await removal.getByRole('button', { name: 'Remove', exact: true }).click();
    await expect(stranger.getByRole('table', { name: 'Passkeys' })).toHaveCount(0);
  });

for (const [width, tag] of WIDTHS)
  test(`where everybody has to have one, who has none is led to set it up; an administrator takes a lost one away${tag}`, async ({
    browser,
  }) => {
    test.setTimeout(240_000);
    const isNarrow = width === 'narrow';
    const admin = await somebody(browser, isNarrow);
    await typePassword(admin);
    await isIn(admin);
    const [email, password] = [`olu-${width}@example.org`, 'a sentence of an auditor'];
    const invited = await admin.request.post('/api/v1/invitations', {
      headers: { origin: home },
      data: { email, role: 'auditor' },
    });
    const { url } = (await invited.json()) as { url: string }; // an API of ours
    const olu = await somebody(browser, isNarrow);
    const { authenticatorId, cdp } = await addAuthenticator(olu);
    await olu.goto(`${home}${new URL(url).pathname}${new URL(url).search}`);
    await olu.getByLabel('Your name').fill(`Olu ${width}`);
    await olu.getByLabel('Password').fill(password);
    await olu.getByRole('button', { name: 'Join' }).click();
    await isIn(olu);

    // Who requires it has one.
    await admin.goto('/settings/people');
    await admin.getByRole('button', { name: 'Require it of everybody' }).click();
    await expect(admin.getByText('Set up a second factor of your own first', { exact: false })).toBeVisible();
    await admin.goto('/settings/you');
    await admin.getByRole('button', { name: 'Set up an app…' }).click();
    const { codes } = await setUpApp(admin, ADMIN.password);
    await admin.goto('/settings/people');
    await admin.getByRole('button', { name: 'Require it of everybody' }).click();
    await expect(admin.getByRole('button', { name: 'Require it no more' })).toBeVisible();
    expect(await violationsOf(admin)).toEqual([]);

    const refused = await olu.request.get('/api/v1/chains');
    expect([refused.status(), ((await refused.json()) as { code: string }).code]).toEqual([
      403,
      'SECOND_FACTOR_REQUIRED',
    ]);
    await olu.goto('/findings');
    await expect(olu).toHaveURL('/enrol');
    await expect(olu.getByRole('heading', { name: 'Set up a second factor' })).toBeVisible();
    expect(await violationsOf(olu)).toEqual([]);
    await olu.getByRole('button', { name: 'Passkey', exact: true }).click();
    await olu.getByLabel('What to call it').fill('phone');
    await olu.getByLabel('Your password').fill(password);
    await olu.getByRole('button', { name: 'Make a passkey' }).click();
    await olu.getByRole('button', { name: 'I have kept them' }).click();
    await isIn(olu);

    // Lost.
    await admin.goto('/settings/people');
    const row = admin.getByRole('table', { name: 'People' }).getByRole('row').filter({ hasText: email });
    await expect(row).toContainText('with a second factor');
    await row.getByRole('button', { name: `More for Olu ${width}` }).click();
    await admin.getByRole('menuitem', { name: 'Take the second factor away' }).click();
    await expect(admin.getByText('tell them yourself', { exact: false }).first()).toBeVisible();
    await expect(row).not.toContainText('with a second factor');
    await olu.goto('/findings');
    await expect(olu.getByRole('heading', { name: 'Sign in' })).toBeVisible();
    await passkeyButton(olu).click();
    await expect(olu.getByRole('alert').filter({ hasText: 'lets nobody in here' })).toBeVisible();
    await cdp.send('WebAuthn.clearCredentials', { authenticatorId });
    await typePassword(olu, email, password);
    await expect(olu).toHaveURL('/enrol');
    await olu.getByRole('button', { name: 'Authenticator app' }).click();
    await setUpApp(olu, password);
    await isIn(olu);
    await olu.goto('/settings/you');
    await expect(olu.getByText('Everybody has to have one here.')).toBeVisible();

    await admin.getByRole('button', { name: 'Require it no more' }).click();
    await expect(admin.getByRole('button', { name: 'Require it of everybody' })).toBeVisible();
    await admin.request.post('/api/v1/me/second-factor/app/remove', {
      headers: { origin: home },
      data: { password: ADMIN.password, code: codes[0] },
    });
  });

test('whom no other administrator can help is let in by whoever is at the machine', async ({ browser }) => {
  const page = await somebody(browser, false);
  await typePassword(page);
  await isIn(page);
  await page.goto('/settings/you');
  await page.getByRole('button', { name: 'Set up an app…' }).click();
  await setUpApp(page, ADMIN.password);
  const commands = toRun('secondFactor');
  const [command, again] = ['docs/access.md', 'docs/cli.md'].map((file) =>
    commands.take(file, 'sealtrail person').replace('<e-mail>', ADMIN.email).split(' ').slice(1),
  );
  expect(await sealtrailOn(dataDir, ...(command ?? []))).toBe(
    `Administrator has no second factor any more, and is signed out everywhere.`,
  );
  await expect(sealtrailOn(dataDir, ...(again ?? []))).rejects.toThrow('this person has no second factor');
  await page.goto('/findings');
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  await typePassword(page);
  await isIn(page);
  await page.goto('/settings/you');
  await expect(page.getByText('command line took your second factor away', { exact: false })).toBeVisible();
  expect(commands.left()).toEqual([]);
});
