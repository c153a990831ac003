'use client';
import { Upload } from 'lucide-react';
import { useHasRole } from '../access/role';
import { Button } from '../ui/button';
import { useUploads } from './provider';

/** Opens the file picker; files can as well be dropped anywhere. */
export function UploadButton({
  look = 'primary',
  label = 'Upload logs',
}: {
  look?: 'primary' | 'plain';
  label?: string;
}) {
  const { choose } = useUploads();
  if (!useHasRole('ingest')) return null;
  return (
    <Button look={look} onClick={choose}>
      <Upload size={14} aria-hidden />
      {label}
    </Button>
  );
}
