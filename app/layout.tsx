import './globals.css';
import type { Metadata, Viewport } from 'next';
import localFont from 'next/font/local';
import { cookies, headers } from 'next/headers';
import { NuqsAdapter } from 'nuqs/adapters/next/app';
import type { ReactNode } from 'react';
import { EARLY_CLICKS } from './_components/early/early-clicks';
import { isZone } from './_components/format/instant';
import { RibbonPatterns } from './_components/ribbon/patterns';
import { THEME_COOKIE, ZONE_COOKIE, parseTheme } from './_components/theme/cookies';
import { ZoneProvider } from './_components/time/zone';
import { Toasts } from './_components/ui/toasts';

const sans = localFont({
  src: '../node_modules/@fontsource-variable/geist/files/geist-latin-wght-normal.woff2',
  variable: '--font-geist',
  weight: '100 900',
});
const mono = localFont({
  src: '../node_modules/@fontsource-variable/geist-mono/files/geist-mono-latin-wght-normal.woff2',
  variable: '--font-geist-mono',
  weight: '100 900',
});

export const metadata: Metadata = {
  title: { default: 'Sealtrail', template: '%s · Sealtrail' },
  description: 'Verification, triage and signed attestation of AI-agent audit logs',
};

export const viewport: Viewport = {
  colorScheme: 'light dark',
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#f8f6f3' },
    { media: '(prefers-color-scheme: dark)', color: '#131110' },
  ],
};

export default async function RootLayout({ children }: { children: ReactNode }) {
  const jar = await cookies();
  const nonce = /'nonce-([^']+)'/.exec((await headers()).get('content-security-policy') ?? '')?.[1];
  const theme = parseTheme(jar.get(THEME_COOKIE)?.value);
  const zone = jar.get(ZONE_COOKIE)?.value ?? 'UTC';
  return (
    <html lang="en" data-theme={theme === 'system' ? undefined : theme} className={`${sans.variable} ${mono.variable}`}>
      <head>
        {/* browsers show no nonce to scripts of a page: what was sent and what is found differ */}
        <script nonce={nonce} suppressHydrationWarning dangerouslySetInnerHTML={{ __html: EARLY_CLICKS }} />
      </head>
      <body>
        <NuqsAdapter>
          <ZoneProvider zone={isZone(zone) ? zone : 'UTC'} renderedAt={Date.now()}>
            <RibbonPatterns />
            {children}
            <Toasts />
          </ZoneProvider>
        </NuqsAdapter>
      </body>
    </html>
  );
}
