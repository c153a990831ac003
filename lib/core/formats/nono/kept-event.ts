import { isObject } from '../read-line';
import { EVENTS, REQUESTS, type Shape } from './event';

type Tagged = { tag: string; shapes: Readonly<Record<string, Shape>> };

/** Levels of lists in a value, far fewer than `MAX_EVENT_DEPTH`. */
const MAX_LISTS = 32;

/**
 * Whether `nonoEventText` writes an event as it stands, given that `JSON.stringify` does: every member is where it is declared, none is missing, and none stands
 * there that is left out. True of what nono writes; of the rest it says nothing.
 */
export function isKeptEvent(event: unknown): boolean {
  return isTagged(event, { tag: 'type', shapes: EVENTS });
}

function isTagged(value: unknown, { tag, shapes }: Tagged): boolean {
  if (!isObject(value) || Object.keys(value)[0] !== tag) return false;
  const type = value[tag];
  const shape = typeof type === 'string' && Object.hasOwn(shapes, type) ? shapes[type] : undefined;
  return shape !== undefined && isStruct(value, shape, 1);
}

/** Of the members from `first` on. */
function isStruct(value: unknown, shape: Shape, first = 0): boolean {
  if (!isObject(value)) return false;
  const keys = Object.keys(value);
  let at = first;
  for (const [name, presence, of] of shape) {
    if (keys[at] !== name) {
      if (presence === 'omitted' || presence === 'omitted-empty') continue;
      return false;
    }
    at += 1;
    const member = value[name];
    if (member === null ? presence !== 'nullable' : !isMember(name, member, of)) return false;
    if (presence === 'omitted-empty' && Array.isArray(member) && member.length === 0) return false;
  }
  return at === keys.length;
}

function isMember(name: string, value: unknown, of: Shape | undefined): boolean {
  if (of === undefined)
    return name === 'request' ? isTagged(value, { tag: 'capability_type', shapes: REQUESTS }) : isPlain(value);
  return Array.isArray(value) ? value.every((item) => isStruct(item, of)) : isStruct(value, of);
}

function isPlain(value: unknown, depth = 0): boolean {
  if (typeof value === 'string' || typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isSafeInteger(value);
  if (Array.isArray(value)) return depth < MAX_LISTS && value.every((item) => isPlain(item, depth + 1));
  return isObject(value) && isStruct(value, DENIED);
}

const DENIED: Shape = [['Denied', 'always', [['reason', 'always']]]];
