const root = import.meta.dirname;

/** @type {import('next').NextConfig} */
export default {
  poweredByHeader: false,
  reactStrictMode: true,
  // workers/web.ts does: Next's own would hold back rows and events that stream.
  compress: false,
  // `npm test` checks types; an installation without the development packages could not.
  typescript: { ignoreBuildErrors: true },
  // Elastic's clients know a host and no path: what only they ask for goes to their route, the overview stays with browsers.
  rewrites: async () => ({
    beforeFiles: [
      {
        source: '/',
        has: [{ type: 'header', key: 'accept', value: '.*application/(vnd\\.elasticsearch\\+)?json.*' }],
        destination: '/elastic',
      },
      { source: '/_bulk', destination: '/elastic/_bulk' },
      {
        source:
          '/:api(_license|_xpack|_cluster|_nodes|_cat|_ilm|_ingest|_index_template|_component_template|_template|_data_stream|_alias)/:rest*',
        destination: '/elastic/:api/:rest*',
      },
      { source: '/:index/_bulk', destination: '/elastic/:index/_bulk' },
    ],
    afterFiles: [],
    fallback: [],
  }),
  // While the server cannot be reached a page that was asked for waits for it, instead of leaving the one that is shown for the browser's own.
  experimental: { useOffline: true },
  // The title is part of what is awaited, for everybody: sent after it, a page that is shown anew has none until it comes.
  htmlLimitedBots: /.*/,
  turbopack: { root },
  outputFileTracingRoot: root,
  // Loaded by Node as they are: they read their own files, or two copies would not know each other.
  serverExternalPackages: [
    'pg',
    'pg-boss',
    'pino',
    'kysely',
    '@clickhouse/client',
    'hash-wasm',
    'better-auth',
    '@better-auth/api-key',
    '@better-auth/core',
    'openid-client',
    '@simplewebauthn/server',
    '@sigstore/sign',
    '@sigstore/tuf',
    'koffi',
    'pdfkit',
  ],
};
