const root = import.meta.dirname;

/** @type {import('next').NextConfig} */
export default {
  poweredByHeader: false,
  reactStrictMode: true,
  // Bodies and answers stream; a gzip in between would hold rows back. A proxy in front compresses better.
  compress: false,
  // `npm test` checks types; an installation without the development packages could not.
  typescript: { ignoreBuildErrors: true },
  turbopack: { root },
  outputFileTracingRoot: root,
  // Loaded by Node as they are: they read their own files, or two copies would not know each other.
  serverExternalPackages: ['pg', 'pg-boss', 'pino', 'kysely', '@clickhouse/client', 'hash-wasm', 'better-auth', '@better-auth/api-key', '@better-auth/core'],
};
