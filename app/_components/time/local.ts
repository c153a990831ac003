const DAY_MS = 86_400_000;

const clocks = new Map<string, Intl.DateTimeFormat>();

function clockOf(zone: string): Intl.DateTimeFormat {
  const known = clocks.get(zone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('sv-SE', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  });
  clocks.set(zone, made);
  return made;
}

/** What the clocks of a zone show at an instant, as a form writes it: `2026-05-11T08:00:05`. */
export function localOf(at: string | number, zone: string): string {
  return clockOf(zone).format(new Date(at)).replace(' ', 'T');
}

/** How far the clocks of a zone are before UTC at an instant, in milliseconds. */
function offsetAt(ms: number, zone: string): number {
  const whole = Math.floor(ms / 1000) * 1000;
  return Date.parse(`${localOf(whole, zone)}Z`) - whole;
}

/**
 * What a clock of a zone showed, `2026-05-11T08:00` with or without seconds, as instants: one; two where clocks went back over it; none where
 * they went forward past it. Null for a text that is no such time.
 */
export function readLocal(
  text: string,
  zone: string,
): { kind: 'time'; earliest: string; latest: string } | { kind: 'gap' } | null {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?$/.test(text)) return null;
  const asUtc = Date.parse(`${text}Z`);
  if (Number.isNaN(asUtc)) return null;
  // no zone changes its clocks twice within two days
  const offsets = new Set([offsetAt(asUtc - DAY_MS, zone), offsetAt(asUtc + DAY_MS, zone)]);
  const times = [...offsets]
    .map((offset) => asUtc - offset)
    .filter((ms) => ms + offsetAt(ms, zone) === asUtc)
    .toSorted((a, b) => a - b);
  const [earliest, latest = earliest] = times;
  if (earliest === undefined || latest === undefined) return { kind: 'gap' };
  return { kind: 'time', earliest: new Date(earliest).toISOString(), latest: new Date(latest).toISOString() };
}
