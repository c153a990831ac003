import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { bringsOwnPolicy } from './web/security-headers';
import { verifierPages } from './verifier-page.mjs';

const { whole, served, code } = await verifierPages();
const policyOf = (html: string) =>
  /<meta http-equiv="Content-Security-Policy" content="([^"]+)">/.exec(html)?.[1] ?? '';
const within = (html: string, name: string) =>
  html.slice(html.indexOf(`<${name}>`) + name.length + 2, html.indexOf(`</${name}>`));
const element = (name: string) => within(whole, name);
const digest = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

it.each([
  ['as one file', whole, []],
  ['as it is served', served, [digest(code)]],
])('%s allows exactly the scripts and the style it names, and no traffic', (_, html, fetched) => {
  expect(policyOf(html).split('; ')).toEqual([
    "default-src 'none'",
    `script-src ${[digest(within(html, 'script')), ...fetched].join(' ')} 'wasm-unsafe-eval'`,
    `style-src ${digest(within(html, 'style'))}`,
    'worker-src blob:',
    'img-src data:',
    'font-src data:',
    "connect-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ]);
  expect(bringsOwnPolicy('/verify')).toBe(true);
});

it.each([
  ['as one file', whole],
  ['as it is served', served],
])('%s is one script and one style, and its markup refers to nothing outside of itself', (_, html) => {
  const markup = html.replace(within(html, 'script'), '').replace(within(html, 'style'), '');
  expect([...markup.matchAll(/<([a-z]+)[\s>]/g)].map(([, name]) => name)).toEqual([
    'html',
    'head',
    'meta',
    'meta',
    'meta',
    'meta',
    'meta',
    'title',
    'link',
    'style',
    'body',
    'main',
    'script',
  ]);
  expect(html).toContain('<link rel="icon" href="data:');
  expect([...within(html, 'style').matchAll(/@import|url\((?!["']?data:).{0,40}/g)].map(String)).toEqual([]);
});

it('holds no code that fetches, sends, or runs text', () => {
  const script = element('script');
  expect(script.length).toBeGreaterThan(500_000);
  const ways =
    /\bfetch\(|XMLHttpRequest|WebSocket|EventSource|sendBeacon|importScripts|RTCPeerConnection|WebTransport|\bimport\(|\beval\(|\bnew Function\b|\brequire\(/g;
  expect([...script.matchAll(ways)].map(({ index }) => script.slice(index - 40, index + 40))).toEqual([]);
});

it('as it is served holds nothing of what checks, and names what it fetches by its SHA-256', () => {
  const script = within(served, 'script');
  const sha256 = createHash('sha256').update(code).digest('hex');
  expect(script).toContain(`/verify/code.js?sha256=${sha256}`);
  expect(code.length).toBeGreaterThan(500_000);
  expect(gzipSync(script).length).toBeLessThan(100_000);
  expect(script).not.toContain('in-toto.io');
});

it('is the same for the same sources', async () => {
  expect(await verifierPages()).toEqual({ whole, served, code });
});
