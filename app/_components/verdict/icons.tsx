import type { SVGProps } from 'react';

type IconProps = SVGProps<SVGSVGElement> & { size?: number };

const SEAL =
  'M3.85 8.62a4 4 0 0 1 4.78-4.77 4 4 0 0 1 6.74 0 4 4 0 0 1 4.78 4.78 4 4 0 0 1 0 6.74 4 4 0 0 1-4.77 4.78 4 4 0 0 1-6.75 0 4 4 0 0 1-4.78-4.77 4 4 0 0 1 0-6.76Z';

function Icon({ size = 16, children, ...props }: IconProps) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={2}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden
      {...props}
    >
      {children}
    </svg>
  );
}

/** A check in a seal. */
export function SealCheck(props: IconProps) {
  return (
    <Icon {...props}>
      <path d={SEAL} />
      <path d="m9 12 2 2 4-4" />
    </Icon>
  );
}

/** A seal with a crack through it. */
export function SealCracked(props: IconProps) {
  return (
    <Icon {...props}>
      <path d={SEAL} />
      <path d="m13.5 2.6-3 5.4 3.6 2.6-3.2 3.6 2.4 2.6-1.6 4.4" />
    </Icon>
  );
}

/** A seal, filled: signed. */
export function SealSolid(props: IconProps) {
  return (
    <Icon {...props} strokeWidth={0}>
      <path d={SEAL} fill="currentColor" />
      <path d="m8.6 12 2.4 2.4 4.4-4.6" strokeWidth={2.2} stroke="var(--color-surface)" />
    </Icon>
  );
}

/** A page torn across. */
export function TornPage(props: IconProps) {
  return (
    <Icon {...props}>
      <path d="M5 11V4a1 1 0 0 1 1-1h8l5 5v3" />
      <path d="M14 3v5h5" />
      <path d="m5 11 2.4 2 2.3-2 2.3 2 2.3-2 2.4 2 2.3-2" />
      <path d="m5 16 2.4 2 2.3-2 2.3 2 2.3-2 2.4 2 2.3-2v4a1 1 0 0 1-1 1H6a1 1 0 0 1-1-1Z" />
    </Icon>
  );
}

/** A line with a piece missing. */
export function BrokenLine(props: IconProps) {
  return (
    <Icon {...props}>
      <path d="M2 12h6" />
      <path d="M16 12h6" />
      <path d="M8 7v10" />
      <path d="M16 7v10" />
    </Icon>
  );
}
