'use client';
import { useEffect, useState } from 'react';
import { api } from '@/app/_components/api/client';
import { sayError } from '@/app/_components/api/request-error';
import { RuleCheck } from '@/lib/schemas/browser/rules';
import type { RuleCheck as Check } from '@/lib/schemas/rules';

const AFTER_MS = 400;

/** What the server says of a text: `of` is the text it is about. */
export type Checked = { of: string; check: Check | null; failure: string | null };

/** Asks what a text would be as a rule, once it is not written any more. */
export function useCheck(yaml: string): Checked {
  const [checked, setChecked] = useState<Checked>({ of: '', check: null, failure: null });
  useEffect(() => {
    const wanted = new AbortController();
    const timer = setTimeout(() => {
      api(RuleCheck, '/api/v1/rules/check', { method: 'POST', body: { yaml }, signal: wanted.signal }).then(
        (check) => setChecked({ of: yaml, check, failure: null }),
        (error: unknown) => {
          if (!wanted.signal.aborted) setChecked({ of: yaml, check: null, failure: sayError(error) });
        },
      );
    }, AFTER_MS);
    return () => {
      clearTimeout(timer);
      wanted.abort();
    };
  }, [yaml]);
  return checked;
}
