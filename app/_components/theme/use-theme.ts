'use client';
import { useEffect, useState } from 'react';
import { THEME_COOKIE, type Theme, parseTheme } from './cookies';

/** The chosen theme and its setter. The choice stands on `<html data-theme>` and in a cookie the server reads. */
export function useTheme(): [Theme, (theme: Theme) => void] {
  const [theme, setTheme] = useState<Theme>('system');
  useEffect(() => setTheme(parseTheme(document.documentElement.dataset['theme'])), []);
  return [
    theme,
    (next) => {
      document.cookie = `${THEME_COOKIE}=${next}; path=/; max-age=31536000; samesite=lax`;
      if (next === 'system') delete document.documentElement.dataset['theme'];
      else document.documentElement.dataset['theme'] = next;
      setTheme(next);
    },
  ];
}
