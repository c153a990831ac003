import { type OcsfMapping, apiCall, crudOf } from '../../ocsf/classes';

/** What of a knowledge base is managed; other events of it are calls. */
const ENTITIES = new Set(['claim', 'entity', 'kb', 'page', 'proposal', 'relation', 'source']);

/** Events are dotted: what is managed, and what was done to it; of proposals, what is proposed stands between. */
export const vouchOcsf: OcsfMapping = {
  isReviewed: true,
  classify(event) {
    const [first = '', second = '', third] = event.kind.split('.');
    if (!ENTITIES.has(first)) return apiCall(event);
    const entity = first === 'proposal' && third !== undefined ? second : first;
    return { class: 'entity', activity: crudOf(event.kind), word: event.kind, entity };
  },
};
