import {
  Archive,
  CalendarClock,
  ClipboardCheck,
  FileText,
  FolderOpen,
  History,
  LayoutDashboard,
  Link2,
  ListFilter,
  type LucideIcon,
  ScrollText,
  Settings2,
  Siren,
  Stamp,
} from 'lucide-react';
import type { NeedName } from '@/lib/schemas/roles';

export type Place = {
  href: string;
  label: string;
  icon: LucideIcon;
  /** On a narrow screen it is reached from another place. */
  isWide?: true;
  /** Who does not have the role for this is not shown it. */
  need?: NeedName;
};

/** The pages of the console, in the order of the rail. */
export const PLACES: readonly Place[] = [
  { href: '/', label: 'Overview', icon: LayoutDashboard },
  { href: '/chains', label: 'Chains', icon: Link2 },
  { href: '/events', label: 'Events', icon: ScrollText },
  { href: '/findings', label: 'Findings', icon: Siren },
  { href: '/cases', label: 'Cases', icon: FolderOpen, isWide: true },
  { href: '/rules', label: 'Rules', icon: ListFilter, isWide: true },
  { href: '/attestations', label: 'Attestations', icon: Stamp },
  { href: '/reports', label: 'Report', icon: FileText },
  { href: '/activity', label: 'Activity', icon: History, isWide: true, need: 'activity' },
];
/** Pages within those, which are reached from them and found by their names. */
export const WITHIN: readonly Place[] = [
  { href: '/reports/controls', label: 'Control evidence', icon: ClipboardCheck },
  { href: '/reports/definitions', label: 'Saved reports', icon: CalendarClock },
  { href: '/reports/runs', label: 'Kept reports', icon: Archive },
];
export const SETTINGS: Place = { href: '/settings', label: 'Settings', icon: Settings2 };

/** True when `pathname` is the place or lies under it. */
export function isAt(place: Place, pathname: string): boolean {
  return place.href === '/' ? pathname === '/' : pathname === place.href || pathname.startsWith(`${place.href}/`);
}
