import { type OcsfMapping, apiCall, crudOf, httpRequest } from '../../ocsf/classes';

const LAUNCH = 1;
const WEB_ADDRESS = /^https?:\/\//i;

/** By the family of the tool, as policies name them; what names nothing that was acted on is a call. */
export const agentFenceOcsf: OcsfMapping = {
  classify(event) {
    const { tool, target } = event;
    const [family = '', verb = ''] = tool.split('.');
    if (target === '') return apiCall(event);
    if (family === 'filesystem') return { class: 'file', activity: crudOf(verb), word: tool };
    if (family === 'shell') return { class: 'process', activity: LAUNCH, word: tool };
    return family === 'http' && WEB_ADDRESS.test(target) ? httpRequest(verb) : apiCall(event);
  },
};
