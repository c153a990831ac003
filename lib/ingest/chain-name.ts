import 'server-only';
import * as z from 'zod';
import type { Context } from '../context';
import { AppError } from '../core/errors';

/** The name of the chain a sender means by its id or its name. @throws AppError NOT_FOUND for an id no chain has. */
export async function chainName(ctx: Context, idOrName: string): Promise<string> {
  if (!z.uuid().safeParse(idOrName).success) return idOrName;
  const chain = await ctx.db.selectFrom('chains').select('name').where('id', '=', idOrName).executeTakeFirst();
  if (!chain) throw new AppError('NOT_FOUND', 'no chain has this id', { chainId: idOrName });
  return chain.name;
}
