'use client';
import encode from 'qr';

/** A text as a QR code, drawn here: nothing is asked for elsewhere. Dark on light in both themes, as cameras need it. */
export function QrCode({ text, label }: { text: string; label: string }) {
  // With the quiet zone of four modules that ISO/IEC 18004 asks for.
  const rows = encode(text, 'raw', { ecc: 'medium', border: 4 });
  const path = rows.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : []))).join('');
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${rows.length} ${rows.length}`}
      shapeRendering="crispEdges"
      className="size-52 rounded-md border bg-white"
    >
      <path d={path} className="fill-black" />
    </svg>
  );
}
