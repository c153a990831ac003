import 'server-only';
import type { Context } from '../context';
import { Preference, type PreferenceName } from '../schemas/preferences';
import type { Actor } from './actor';

/** As everybody sees it. */
const USUAL: Preference = { columns: null };

/** How a person likes to see something; as everybody does what was never chosen, or of which something is no more. */
export async function preferenceOf({ db }: Context, personId: string, name: PreferenceName): Promise<Preference> {
  const row = await db
    .selectFrom('preferences')
    .select('value')
    .where('person_id', '=', personId)
    .where('name', '=', name)
    .executeTakeFirst();
  return Preference.safeParse(row?.value).data ?? USUAL;
}

/** Keeps how a person likes to see something, in place of what was kept before. */
export async function setPreference(
  { db, now }: Context,
  { actor, name, value }: { actor: Actor; name: PreferenceName; value: Preference },
): Promise<Preference> {
  const kept = { value: JSON.stringify(value), updated_at: now() };
  await db
    .insertInto('preferences')
    .values({ person_id: actor.id, name, ...kept })
    .onConflict((conflict) => conflict.columns(['person_id', 'name']).doUpdateSet(kept))
    .execute();
  return value;
}
