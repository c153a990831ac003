import { handler } from '@/app/_server/handler';
import { AppError } from '@/lib/core/errors';

/** Every path that is no route, in the words of the API. */
const nothing = handler({ access: 'public', summary: 'Not found.', path: null }, async ({ request }) => {
  throw new AppError(
    'NOT_FOUND',
    `${request.method} ${new URL(request.url).pathname} is no route of this API; /docs/api lists them`,
  );
});

export const GET = nothing;
export const POST = nothing;
export const PUT = nothing;
export const PATCH = nothing;
export const DELETE = nothing;
