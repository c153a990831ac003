import * as z from 'zod';
import { handler } from '@/app/_server/handler';
import { getKey } from '@/lib/attest/keys';

/** A hint may hold slashes, sent encoded or as they are. */
const Params = z.object({
  file: z
    .array(z.string())
    .transform((parts, issues) => {
      try {
        return decodeURIComponent(parts.join('/'));
      } catch {
        issues.addIssue({ code: 'custom', message: 'is not encoded as a URL is' });
        return z.NEVER;
      }
    })
    .pipe(z.string().regex(/^[\w:+/=-]{1,200}\.pem$/, 'must be <key hint>.pem'))
    .transform((file) => file.slice(0, -'.pem'.length))
    .meta({ json: { type: 'string', description: 'The hint of a key, and `.pem`.' } }),
});

/** A public key, for anyone: a bundle can be checked without an account here. */
export const GET = handler(
  {
    summary: 'A public key, in use or retired, as `<key hint>.pem`.',
    access: 'public',
    answers: { 200: { is: 'The key.', types: ['application/x-pem-file'] } },
    params: Params,
  },
  async ({ ctx, params }) => {
    const { publicKeyPem } = await getKey(ctx, { hint: params.file });
    return new Response(publicKeyPem, {
      headers: {
        'Content-Type': 'application/x-pem-file',
        'Content-Disposition': 'attachment; filename="sealtrail.pem"',
      },
    });
  },
);
