import * as z from 'zod';
import { handler } from '@/app/_server/handler';
import { preferenceOf, setPreference } from '@/lib/access/preferences';
import { Preference, PreferenceName } from '@/lib/schemas/preferences';

const params = z.object({ name: PreferenceName });

export const GET = handler(
  { summary: 'How the person who asks likes to see something.', access: 'person', params, response: Preference },
  ({ ctx, actor, params }) => preferenceOf(ctx, actor.id, params.name),
);

export const PUT = handler(
  {
    summary: 'Keeps how the person who asks likes to see something, wherever they sign in.',
    access: 'person',
    params,
    body: Preference,
    response: Preference,
  },
  ({ ctx, actor, params, body }) => setPreference(ctx, { actor, name: params.name, value: body }),
);
