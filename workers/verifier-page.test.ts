import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { bringsOwnPolicy } from './web/security-headers';
import { verifierPage } from './verifier-page.mjs';

const html = await verifierPage();
const policy = /<meta http-equiv="Content-Security-Policy" content="([^"]+)">/.exec(html)?.[1] ?? '';
const element = (name: string) => html.slice(html.indexOf(`<${name}>`) + name.length + 2, html.indexOf(`</${name}>`));
const digest = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

it('allows exactly the script and the style that are in it, and no traffic', () => {
  expect(policy.split('; ')).toEqual([
    "default-src 'none'",
    `script-src ${digest(element('script'))} 'wasm-unsafe-eval'`,
    `style-src ${digest(element('style'))}`,
    'worker-src blob:',
    'img-src data:',
    'font-src data:',
    "connect-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ]);
  expect(bringsOwnPolicy('/verify')).toBe(true);
});

it('is one script and one style, and refers to nothing outside of itself', () => {
  const markup = html.replace(element('script'), '').replace(element('style'), '');
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
  expect([...element('style').matchAll(/@import|url\((?!["']?data:).{0,40}/g)].map(String)).toEqual([]);
});

it('holds no code that fetches, sends, or runs text', () => {
  const script = element('script');
  expect(script.length).toBeGreaterThan(500_000);
  const ways =
    /\bfetch\(|XMLHttpRequest|WebSocket|EventSource|sendBeacon|importScripts|RTCPeerConnection|WebTransport|\bimport\(|\beval\(|\bnew Function\b|\brequire\(/g;
  expect([...script.matchAll(ways)].map(({ index }) => script.slice(index - 40, index + 40))).toEqual([]);
});

it('is the same for the same sources', async () => {
  expect(await verifierPage()).toBe(html);
});
