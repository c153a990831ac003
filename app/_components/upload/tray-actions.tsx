import { Pause, Play, RotateCw, X } from 'lucide-react';
import { TrayButton } from './tray-button';
import { type Upload, isHeld, isSettled } from './upload';

export type TrayDoings = {
  onResume: (upload: Upload) => void;
  onPause: (upload: Upload) => void;
  onRemove: (upload: Upload) => void;
};

/** What can be done with a file just now. One that is whole on the server can be neither held nor given up. */
export function TrayActions({ upload, onResume, onPause, onRemove }: TrayDoings & { upload: Upload }) {
  const { name, phase, fingerprint } = upload;
  const inParts = fingerprint !== null;
  return (
    <>
      {inParts && phase === 'sending' && (
        <TrayButton label={`Pause ${name}`} onClick={() => onPause(upload)} icon={<Pause size={14} aria-hidden />} />
      )}
      {phase === 'paused' && (
        <TrayButton
          label={`Go on with ${name}`}
          onClick={() => onResume(upload)}
          icon={<Play size={14} aria-hidden />}
        />
      )}
      {phase === 'failed' && (
        <TrayButton
          label={`Try ${name} again`}
          onClick={() => onResume(upload)}
          icon={<RotateCw size={14} aria-hidden />}
        />
      )}
      {!(inParts && phase === 'storing') && (
        <TrayButton label={removal(upload)} onClick={() => onRemove(upload)} icon={<X size={14} aria-hidden />} />
      )}
    </>
  );
}

function removal(upload: Upload): string {
  if (isHeld(upload) || (upload.phase === 'failed' && upload.fingerprint !== null && upload.sentBytes > 0))
    return `Give up ${upload.name}`;
  return isSettled(upload) ? `Dismiss ${upload.name}` : `Stop ${upload.name}`;
}
