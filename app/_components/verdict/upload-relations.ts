import type { UploadRelation } from '@/lib/schemas/uploads';

/** How an upload related to what was held, to stand before the name of the chain. */
export const RELATION_TO_CHAIN: Record<UploadRelation, string> = {
  new: 'new chain',
  identical: 'the same bytes as before in chain',
  extends: 'extends chain',
  continues: 'continues chain',
  shorter: 'shorter than before, in chain',
  forks: 'forks off chain',
  rewrites: 'rewrites the history of chain',
  replaces: 'replaces what was in chain',
};

/** The same, to stand by itself. */
export const RELATION_LABEL: Record<UploadRelation, string> = {
  new: 'the first of the chain',
  identical: 'the same bytes again',
  extends: 'extended the chain',
  continues: 'continued the chain',
  shorter: 'was shorter than what was seen',
  forks: 'forked off the chain',
  rewrites: 'rewrote its history',
  replaces: 'replaced what was there',
};
