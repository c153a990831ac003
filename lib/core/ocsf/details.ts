import type { EventRecord } from '../event/fields';
import type { Classified, OcsfClass } from './classes';

/** Attributes of one class, and the fields of the event that are in them whole. */
export type Details = { readonly attributes: object; readonly mapped: readonly (keyof EventRecord)[] };

const UNKNOWN_TYPE = { type_id: 0, type: 'Unknown' } as const;
const POLICY = { type_id: 5, type: 'Policy' } as const;
const OTHER_TYPE_ID = 99;
const MAX_STATUS = 999;
/** Whose methods OCSF lists; others are no value of `http_method`. */
const METHODS = new Set(['CONNECT', 'DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT', 'TRACE']);
const ADDRESS = /^(?:([a-z][a-z0-9+.-]*):\/\/)?(?:[^/?#@]*@)?([^/:?#]*)(?::(\d{1,5}))?([/?#].*)?$/is;

/** What the class of an event asks for beside what every class has. */
export function detailsOf(event: EventRecord, classified: Classified): Details {
  return DETAILS[classified.class](event, classified);
}

const DETAILS: Readonly<Record<OcsfClass, (event: EventRecord, classified: Classified) => Details>> = {
  file: (event) => ({
    attributes: { device: device(event), file: { name: baseName(event.target), path: event.target, type_id: 0 } },
    mapped: ['target'],
  }),
  process: (event) => ({
    attributes: {
      device: device(event),
      process: { uid: processId(event), ...stated('cmd_line', event.target) },
    },
    mapped: ['target'],
  }),
  entity: (event, { entity = event.kind }) => ({ attributes: { entity: managed(event, entity) }, mapped: ['target'] }),
  network: (event) => ({
    attributes: { src_endpoint: source(event), dst_endpoint: destination(event) },
    mapped: ['target', 'host'],
  }),
  http: (event, { word }) => {
    const method = word.toUpperCase();
    const url = address(event);
    return {
      attributes: {
        src_endpoint: source(event),
        ...(event.host ? { dst_endpoint: destination(event) } : {}),
        http_request: {
          ...(METHODS.has(method) ? { http_method: method } : {}),
          ...stated('uid', event.runId),
          url,
        },
        ...(event.upstreamStatus > 0 && event.upstreamStatus <= MAX_STATUS
          ? { http_response: { code: event.upstreamStatus } }
          : {}),
      },
      mapped: ['target', 'runId', 'host'],
    };
  },
  api: (event, { word }) => ({
    attributes: {
      src_endpoint: source(event),
      api: {
        operation: word || 'Unknown',
        ...(event.protocol ? { service: { name: event.protocol } } : {}),
        ...(event.runId ? { request: { uid: event.runId } } : {}),
      },
      ...(event.target ? { resources: [{ name: event.target, role_id: 1, role: 'Target' }] } : {}),
    },
    mapped: ['target', 'tool', 'runId', 'protocol'],
  }),
};

/** `{ [name]: value }`, or nothing where the record does not say. */
export function stated<Name extends string>(name: Name, value: string): Partial<Record<Name, string>> {
  return value === '' ? {} : ({ [name]: value } as Partial<Record<Name, string>>); // a computed key is typed as any text
}

/** Records do not state the machine: it stands under the id of the chain that was written on it. */
function device({ chainId }: EventRecord) {
  return { ...UNKNOWN_TYPE, uid: chainId };
}

/** Who made the call, by name: records do not state addresses of agents. */
function source({ agent, format }: EventRecord) {
  return { svc_name: agent || format };
}

/** The process of a session stands under the id of its chain, the process of one command under its record. */
function processId({ kind, chainId, ordinal }: EventRecord): string {
  return kind.startsWith('session_') ? chainId : `${chainId}/${ordinal}`;
}

function managed({ target }: EventRecord, type: string) {
  const name = target || type || 'Unknown';
  if (type === 'policy') return { ...POLICY, name, policy: { name } };
  return { type_id: OTHER_TYPE_ID, type: type || 'Unknown', ...(target ? { uid: target } : { name }) };
}

function destination({ target, host }: EventRecord) {
  const [, , , port] = ADDRESS.exec(target) ?? [];
  const isPort = port !== undefined && Number(port) <= 65_535;
  return host ? { hostname: host, ...(isPort ? { port: Number(port) } : {}) } : { name: target };
}

function address({ target, host }: EventRecord) {
  const [, scheme = '', named = '', , path = ''] = ADDRESS.exec(target) ?? [];
  return {
    ...(named || !path ? { url_string: target } : { path: target }),
    ...stated('scheme', scheme),
    ...stated('hostname', host),
  };
}

function baseName(path: string): string {
  return (
    path
      .replace(/[/\\]+$/, '')
      .split(/[/\\]/)
      .at(-1) || path
  );
}
