'use client';
import { Radio } from 'lucide-react';
import { Button } from '@/app/_components/ui/button';

/** Whether records come in as they arrive. */
export function LiveButton({ live, onChange }: { live: boolean; onChange: (live: boolean) => void }) {
  return (
    <Button aria-pressed={live} onClick={() => onChange(!live)} className="aria-pressed:bg-chosen">
      <Radio size={14} aria-hidden className={live ? 'text-v-verified' : 'text-faint'} />
      Live
    </Button>
  );
}
