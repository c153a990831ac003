import type { NormalisedEvent } from '../event/fields';

/** github.com/ocsf/ocsf-schema: the first version in which the profile `ai_operation` applies to every class here. */
export const OCSF_VERSION = '1.9.0-dev';
/** `host` is what gives classes of the network their actor. */
export const OCSF_PROFILES = ['ai_operation', 'host', 'security_control'] as const;

const UNKNOWN_ACTIVITY = 0;
const OTHER_ACTIVITY = 99;

const CATEGORY_NAMES = {
  1: 'System Activity',
  3: 'Identity & Access Management',
  4: 'Network Activity',
  6: 'Application Activity',
} as const;

export const CRUD = { create: 1, read: 2, update: 3, delete: 4 } as const;

/** The classes an event can be of, each with the activities used of it, by their ids in OCSF. */
export const CLASSES = {
  file: {
    category: 1,
    number: 1,
    name: 'File System Activity',
    activities: { 1: 'Create', 2: 'Read', 3: 'Update', 4: 'Delete', 14: 'Open' },
  },
  process: { category: 1, number: 7, name: 'Process Activity', activities: { 1: 'Launch', 2: 'Terminate' } },
  entity: {
    category: 3,
    number: 4,
    name: 'Entity Management',
    activities: { 1: 'Create', 2: 'Read', 3: 'Update', 4: 'Delete', 10: 'Activate' },
  },
  network: { category: 4, number: 1, name: 'Network Activity', activities: { 1: 'Open', 4: 'Fail', 5: 'Refuse' } },
  http: {
    category: 4,
    number: 2,
    name: 'HTTP Activity',
    activities: {
      1: 'Connect',
      2: 'Delete',
      3: 'Get',
      4: 'Head',
      5: 'Options',
      6: 'Post',
      7: 'Put',
      8: 'Trace',
      9: 'Patch',
    },
  },
  api: {
    category: 6,
    number: 3,
    name: 'API Activity',
    activities: { 1: 'Create', 2: 'Read', 3: 'Update', 4: 'Delete' },
  },
} as const satisfies Record<
  string,
  {
    category: keyof typeof CATEGORY_NAMES;
    number: number;
    name: string;
    activities: Readonly<Record<number, string>>;
  }
>;
export type OcsfClass = keyof typeof CLASSES;

/** What an event is, in OCSF's words. */
export type Classified = {
  readonly class: OcsfClass;
  readonly activity: number;
  /** The writer's own for what was done: the name of an activity OCSF has no id for, the operation of a call, the method of a request. */
  readonly word: string;
  /** What is managed, of an entity: `policy`, or the writer's own word. */
  readonly entity?: string;
};

/** How a format's records are mapped. */
export type OcsfMapping = {
  classify(event: NormalisedEvent): Classified;
  /** Who acts may be a person as well as an agent, and what is decided are proposals that somebody reviews. */
  readonly isReviewed?: boolean;
};

/** A call of the tool, or of what the kind of the record is called. */
export function apiCall({ tool, kind }: NormalisedEvent): Classified {
  const word = tool || kind;
  return { class: 'api', activity: crudOf(word), word };
}

/** A request by a method of HTTP, whatever method. */
export function httpRequest(method: string): Classified {
  return { class: 'http', activity: activityOfMethod(method), word: method };
}

/** A connection, by what was decided of it. */
export function connection({ decision }: NormalisedEvent): Classified {
  const activity = decision === 'allow' ? 1 : decision === 'deny' ? 5 : decision === 'error' ? 4 : OTHER_ACTIVITY;
  return { class: 'network', activity, word: decision };
}

/** The attributes of classification, all of which follow from the class and the activity. */
export function classification({ class: id, activity, word }: Classified) {
  const { category, number, name, activities } = CLASSES[id];
  const captions: Readonly<Record<number, string>> = { ...activities, [UNKNOWN_ACTIVITY]: 'Unknown' };
  const activityName = captions[activity] ?? (word || 'Other');
  const uid = category * 1000 + number;
  return {
    category_uid: category,
    category_name: CATEGORY_NAMES[category],
    class_uid: uid,
    class_name: name,
    activity_id: activity,
    activity_name: activityName,
    type_uid: uid * 100 + activity,
    type_name: `${name}: ${captions[activity] ?? 'Other'}`,
  };
}

/** First words of what tools and events are called, by what they do to their object. */
const VERBS: Readonly<Record<keyof typeof CRUD, readonly string[]>> = {
  create: ['add', 'create', 'init', 'insert', 'mkdir', 'new', 'register'],
  read: [
    'cat',
    'fetch',
    'find',
    'get',
    'glob',
    'grep',
    'list',
    'load',
    'ls',
    'query',
    'read',
    'search',
    'show',
    'view',
  ],
  update: ['append', 'edit', 'modify', 'patch', 'put', 'replace', 'set', 'update', 'write'],
  delete: ['delete', 'drop', 'purge', 'remove', 'rm', 'unlink'],
};
const BY_VERB = new Map(
  Object.entries(VERBS).flatMap(
    ([activity, words]) => words.map((word): [string, number] => [word, CRUD[activity as keyof typeof CRUD]]), // keys of VERBS
  ),
);

/** Create, read, update or delete, by the first word of a name that says so (`todo_write`, `readFile`, `claim.create`); else another activity. */
export function crudOf(name: string): number {
  const words = name
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/);
  for (const word of words) {
    const activity = BY_VERB.get(word);
    if (activity !== undefined) return activity;
  }
  return OTHER_ACTIVITY;
}

/** The activity of a method of HTTP; unknown for one that is none. */
function activityOfMethod(method: string): number {
  const found = Object.entries(CLASSES.http.activities).find(([, name]) => name.toUpperCase() === method.toUpperCase());
  return found ? Number(found[0]) : UNKNOWN_ACTIVITY;
}
