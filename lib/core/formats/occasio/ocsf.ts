import { type OcsfMapping, apiCall } from '../../ocsf/classes';

const ACTIVATE = 10;

/** Records of calls and requests, and of the policy that is in force from there on. */
export const occasioOcsf: OcsfMapping = {
  classify: (event) =>
    event.kind === 'policy_loaded'
      ? { class: 'entity', activity: ACTIVATE, word: event.kind, entity: 'policy' }
      : apiCall(event),
};
