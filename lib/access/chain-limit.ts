import { AppError } from '../core/errors';
import { OWN_CHAIN } from '../core/own-chain';
import { type Actor, CARRIER, actorKey } from './actor';

/** Whether a chain of this name is one of those listed: by its name, or by the beginning of it before a `*` at the end. Names are compared as they are kept. */
function isListed(chains: readonly string[], name: string): boolean {
  return chains.some((each) => (each.endsWith('*') ? name.startsWith(each.slice(0, -1)) : name === each));
}

type Limited = Pick<Actor, 'chains'>;
type Writing = Pick<Actor, 'chains' | 'kind' | 'id'>;

/** Every verb that writes to a chain asks this with its name as it is kept, not as somebody sent it. @throws AppError FORBIDDEN. */
export function requireChainAllowed({ chains, ...actor }: Writing, name: string): void {
  if (name === OWN_CHAIN.name && actorKey(actor) !== actorKey(CARRIER))
    throw new AppError('FORBIDDEN', `chain "${name}" is what is done here: nobody but Sealtrail writes to it`, {
      chain: name,
    });
  if (chains === null || isListed(chains, name)) return;
  throw new AppError('FORBIDDEN', `this token may not write to chain "${name}": it is for ${chains.join(', ')}`, {
    chain: name,
  });
}

/** For what concerns more than one chain that can be named. @throws AppError FORBIDDEN. */
export function requireEveryChain({ chains }: Limited): void {
  if (chains !== null)
    throw new AppError('FORBIDDEN', `this concerns more than the chains this token is for: ${chains.join(', ')}`);
}
