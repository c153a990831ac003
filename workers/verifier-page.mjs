// Plain JavaScript, as install.mjs.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import tailwind from '@tailwindcss/postcss';
import { build } from 'esbuild';
import postcss from 'postcss';
import { ROOT } from './install.mjs';

const BUILT = path.join(ROOT, '.next');
const at = (/** @type {string} */ file) => path.join(ROOT, file);

/** Builds the verifier page, which needs nothing but itself, and the one that fetches what checks when it is first used. */
export async function buildVerifierPage() {
  const { whole, served, code } = await verifierPages();
  mkdirSync(BUILT, { recursive: true });
  writeFileSync(path.join(BUILT, 'verifier.html'), whole);
  writeFileSync(path.join(BUILT, 'verifier-served.html'), served);
  writeFileSync(path.join(BUILT, 'verifier-code.js'), code);
}

/** @returns {Promise<{ whole: string, served: string, code: string }>} the page as one file, the page as it is served, and the code that one fetches */
export async function verifierPages() {
  const worker = await workerScript();
  const code = `globalThis.sealtrailVerifierCode=${JSON.stringify(worker)};`;
  const place = {
    address: `/verify/code.js?sha256=${createHash('sha256').update(code).digest('hex')}`,
    integrity: digest(code),
  };
  const style = await styles();
  const [whole, served] = await Promise.all([
    bundle('app/verify/_components/main.tsx', { plugins: [workerCode(worker), withoutNext()] }),
    bundle('app/verify/_components/served.tsx', {
      plugins: [withoutNext()],
      define: { VERIFIER_CODE: JSON.stringify(place) },
    }),
  ]);
  return {
    whole: pageOf(whole, style, [digest(whole)]),
    served: pageOf(served, style, [digest(served), place.integrity]),
    code,
  };
}

/** @param {string} script @param {string} style @param {readonly string[]} scripts digests of those that may run @returns {string} */
function pageOf(script, style, scripts) {
  const policy = [
    "default-src 'none'",
    `script-src ${scripts.map((allowed) => `'${allowed}'`).join(' ')} 'wasm-unsafe-eval'`,
    `style-src '${digest(style)}'`,
    'worker-src blob:',
    'img-src data:',
    'font-src data:',
    "connect-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const icon = `data:image/svg+xml;base64,${readFileSync(at('app/icon.svg')).toString('base64')}`;
  // Written as browsers write a page out again, so that a page that saves itself saves these bytes.
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><meta name="referrer" content="no-referrer">',
    `<title>Sealtrail verifier</title><link rel="icon" href="${icon}"><style>${style}</style></head>`,
    `<body><main></main><script>${script}</script></body></html>`,
  ].join('');
}

/** @returns {Promise<string>} what the page's worker runs */
export function workerScript() {
  return bundle('lib/verify/page/worker.ts');
}

/** @param {string} entry @param {Pick<import('esbuild').BuildOptions, 'plugins' | 'define'>} options */
async function bundle(entry, { plugins, define } = {}) {
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: [entry],
    bundle: true,
    write: false,
    minify: true,
    platform: 'browser',
    format: 'iife',
    target: ['chrome117', 'firefox119', 'safari17.4'],
    jsx: 'automatic',
    charset: 'ascii',
    legalComments: 'none',
    logLevel: 'silent',
    define: { 'process.env.NODE_ENV': '"production"', ...define },
    // Node's modules as far as the Sigstore library asks for them.
    alias: {
      crypto: at('lib/verify/page/node/crypto.ts'),
      'node:crypto': at('lib/verify/page/node/crypto.ts'),
      util: at('lib/verify/page/node/util.ts'),
      buffer: at('node_modules/buffer/index.js'),
    },
    ...(plugins && { plugins }),
  });
  const code = outputFiles[0]?.text ?? '';
  // What ends or changes the meaning of a script element inside of it.
  if (/<\/script|<!--/i.test(code)) throw new Error(`${entry}: the code cannot stand in a page`);
  return code.trim();
}

/** @param {string} code @returns {import('esbuild').Plugin} the worker's code as a text in the page's */
function workerCode(code) {
  return {
    name: 'worker-code',
    setup(plugins) {
      plugins.onResolve({ filter: /^verifier-worker-code$/ }, () => ({ path: 'worker', namespace: 'worker-code' }));
      plugins.onLoad({ filter: /.*/, namespace: 'worker-code' }, () => ({ contents: code, loader: 'text' }));
    },
  };
}

/** @returns {import('esbuild').Plugin} components that the console links with have no need of its router here */
function withoutNext() {
  return {
    name: 'without-next',
    setup(plugins) {
      plugins.onResolve({ filter: /^next\// }, ({ path: name }) => ({
        path: name,
        namespace: 'without-next',
        sideEffects: false,
      }));
      plugins.onLoad({ filter: /.*/, namespace: 'without-next' }, () => ({
        contents:
          'const none = () => { throw new Error("no router in this page"); }; export { none as default, none as useLinkStatus };',
      }));
    },
  };
}

async function styles() {
  const globals = readFileSync(at('app/globals.css'), 'utf8');
  const face = (/** @type {string} */ name, /** @type {string} */ file) => {
    const font = readFileSync(at(`node_modules/@fontsource-variable/${file}`)).toString('base64');
    return `@font-face{font-family:'${name}';font-weight:100 900;font-display:block;src:url(data:font/woff2;base64,${font}) format('woff2')}`;
  };
  const input = [
    globals.replace("@import 'tailwindcss';", "@import 'tailwindcss' source(none);"),
    "@source './verify/_components';",
    "@source './_components/{ui/{button,card,hash},verdict/verdict-mark,verdict/icons,frame/mark}.tsx';",
    "@source './_components/ui/button-class.ts';",
    ":root{--font-geist:'Geist';--font-geist-mono:'Geist Mono'}",
  ].join('\n');
  const { css } = await postcss([tailwind({ base: ROOT, optimize: { minify: true } })]).process(input, {
    from: at('app/globals.css'),
  });
  const fonts = [
    face('Geist', 'geist/files/geist-latin-wght-normal.woff2'),
    face('Geist Mono', 'geist-mono/files/geist-mono-latin-wght-normal.woff2'),
  ];
  return `${fonts.join('')}${css.trim()}`;
}

/** @param {string} text as a Content Security Policy names it */
function digest(text) {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
