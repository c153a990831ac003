'use client';
import { Printer } from 'lucide-react';
import { Button } from '@/app/_components/ui/button';

export function PrintButton() {
  return (
    <Button className="no-print" onClick={() => window.print()}>
      <Printer size={14} aria-hidden />
      Print or save as PDF
    </Button>
  );
}
