import type { NormalisedEvent } from '../../event/fields';
import { type Classified, type OcsfMapping, apiCall, connection, httpRequest } from '../../ocsf/classes';

const LAUNCH = 1;
const TERMINATE = 2;
const OPEN_FILE = 14;
const WEB_ADDRESS = /^https?:\/\//i;

/** By the kind of event, and of capability; what names nothing that was acted on is a call. */
export const nonoOcsf: OcsfMapping = {
  classify(event) {
    const { kind, target, protocol } = event;
    if (kind === 'session_started') return { class: 'process', activity: LAUNCH, word: kind };
    if (kind === 'session_ended') return { class: 'process', activity: TERMINATE, word: kind };
    if (target === '') return apiCall(event);
    switch (kind) {
      case 'command_policy':
        return { class: 'process', activity: LAUNCH, word: kind };
      case 'url_open':
        return WEB_ADDRESS.test(target) ? httpRequest(protocol) : apiCall(event);
      case 'network':
        return protocol === '' ? connection(event) : httpRequest(protocol);
      case 'capability_decision':
        return capability(event);
      default:
        return apiCall(event);
    }
  },
};

function capability(event: NormalisedEvent): Classified {
  const { tool, kind, protocol } = event;
  switch (tool) {
    case 'capability':
      return { class: 'file', activity: OPEN_FILE, word: kind };
    case 'command':
      return { class: 'process', activity: LAUNCH, word: kind };
    case 'network':
      return connection(event);
    case 'endpoint':
      return httpRequest(protocol);
    default:
      return apiCall(event);
  }
}
