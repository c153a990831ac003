import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/browser';
import { api } from '@/app/_components/api/client';
import { sayError } from '@/app/_components/api/request-error';

/** Has the browser make a passkey, and registers it. Gives recovery codes with the first second factor. Throws what `sayPasskey` has words for. */
export async function addPasskey(name: string, password: string): Promise<readonly string[] | null> {
  const [{ startRegistration }, { AddedPasskey, PasskeyOptions }] = await Promise.all([
    import('@simplewebauthn/browser'),
    import('@/lib/schemas/second-factor'),
  ]);
  const options = await api(PasskeyOptions, '/api/v1/me/passkeys/begin', { method: 'POST', body: { password } });
  const response = await startRegistration({
    optionsJSON: options as unknown as PublicKeyCredentialCreationOptionsJSON, // as our server made them
  });
  const { recoveryCodes } = await api(AddedPasskey, '/api/v1/me/passkeys', {
    method: 'POST',
    body: { name, response },
  });
  return recoveryCodes;
}

/** Signs in by whichever passkey of this site the person chooses, and goes on to `to`. Throws what `sayPasskey` has words for. */
export async function signInWithPasskey(to: string): Promise<'leaving'> {
  const [{ startAuthentication }, { PasskeyOptions }] = await Promise.all([
    import('@simplewebauthn/browser'),
    import('@/lib/schemas/second-factor'),
  ]);
  const options = await api(PasskeyOptions, '/api/v1/sign-in/passkey/begin', { method: 'POST', body: {} });
  const response = await startAuthentication({
    optionsJSON: options as unknown as PublicKeyCredentialRequestOptionsJSON, // as our server made them
  });
  await api(null, '/api/v1/sign-in/passkey', { method: 'POST', body: { response } });
  window.location.assign(to);
  return 'leaving';
}

/** By the names browsers give their refusals: WebAuthn Level 3 section 5.1. */
const WORDS: Record<string, string> = {
  NotAllowedError:
    'The browser was not given a passkey: it was cancelled, took too long, or there is none for this site.',
  AbortError: 'The browser was not given a passkey: it was cancelled.',
  InvalidStateError: 'This device or password manager has a passkey for this account already.',
  SecurityError:
    'The browser makes no passkeys for this address: that takes https and the name of a host, or localhost.',
};

export function sayPasskey(cause: unknown): string {
  return (cause instanceof Error && WORDS[cause.name]) || sayError(cause);
}
