import 'server-only';
import type { BetterAuthPlugin } from 'better-auth';
import { createAuthEndpoint } from 'better-auth/api';
import { setSessionCookie } from 'better-auth/cookies';
import * as z from 'zod';

/**
 * What better-auth does for a sign-in through the provider: it counts requests of an address, as of every other way in, and makes sessions and their
 * cookies. The rest is done beside it.
 */
export const oidcEndpoints = {
  id: 'sealtrail-oidc',
  endpoints: {
    countOidcSignIn: createAuthEndpoint('/oidc/sign-in', { method: 'GET' }, async (call) => call.json(null)),
    countOidcCallback: createAuthEndpoint('/oidc/callback', { method: 'GET' }, async (call) => call.json(null)),
    /** Has no path: nobody comes to it but our own code. */
    openSession: createAuthEndpoint({ method: 'POST', body: z.object({ personId: z.string() }) }, async (call) => {
      const { internalAdapter } = call.context;
      const user = await internalAdapter.findUserById(call.body.personId);
      if (!user) throw new Error('a session is opened for a person who is there');
      await setSessionCookie(call, { user, session: await internalAdapter.createSession(user.id) }, false);
      return call.json(null);
    }),
  },
} satisfies BetterAuthPlugin;
