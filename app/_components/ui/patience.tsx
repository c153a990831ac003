import { clsx } from 'clsx';

/**
 * Beside what is on the way, the page shown unless it is another: shows itself when that takes long, with a way to ask for it again. It needs no JavaScript:
 * what is read ahead of a page brings none.
 */
export function Patience({ href = '', className }: { href?: string; className?: string }) {
  return (
    <p role="status" className={clsx('patience mt-3 flex flex-wrap items-center gap-x-3 text-muted', className)}>
      This takes longer than it should. It is still waited for.
      <a href={href} className="link inline-flex min-h-6 items-center">
        Try again
      </a>
    </p>
  );
}
