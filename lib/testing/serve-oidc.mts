import { startIdentityProvider } from './identity-provider';

// An identity provider on loopback, until it is stopped: prints its issuer. It sends browsers back to the address that is given; who signs in as olu+team is Olu of that group.
// node --import tsx lib/testing/serve-oidc.mts http://127.0.0.1:7325/api/auth/oidc/callback
const [redirectUri = ''] = process.argv.slice(2);
const provider = await startIdentityProvider(redirectUri);
process.stdout.write(`${provider.issuer}\n`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void provider.stop());
