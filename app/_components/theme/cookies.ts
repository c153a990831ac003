export const THEME_COOKIE = 'sealtrail-theme';
export const ZONE_COOKIE = 'sealtrail-zone';
export const RAIL_COOKIE = 'sealtrail-rail';
const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

export function parseTheme(value: string | undefined): Theme {
  return THEMES.find((theme) => theme === value) ?? 'system';
}
