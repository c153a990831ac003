/** Sent with every answer. */
export const SECURITY_HEADERS = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'strict-origin-when-cross-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()',
} as const;

/** With every answer of an installation that browsers reach by https: they are to come by nothing else for a year. */
export const STRICT_TRANSPORT = ['Strict-Transport-Security', 'max-age=31536000'] as const;

/** What the address of a read-only link says is told to nobody, and is kept nowhere. */
const OF_LINKS = { 'Referrer-Policy': 'no-referrer', 'Cache-Control': 'no-store', 'X-Robots-Tag': 'noindex' } as const;

/** Headers of an answer beside those of every one. */
export function headersOf(url: string): readonly (readonly [string, string])[] {
  return /^\/(shared|api\/v1\/shared)([/?]|$)/.test(url) ? Object.entries(OF_LINKS) : [];
}

/** Pages that send a stricter policy of their own; a second one would forbid what that allows. */
export function bringsOwnPolicy(url: string): boolean {
  return /^\/verify(\?|$)/.test(url);
}

/**
 * Content Security Policy Level 3. Scripts run only with the nonce of this answer or loaded by one that has it;
 * nothing is fetched from elsewhere, nothing frames us. Development adds what hot reload needs.
 */
export function contentSecurityPolicy(nonce: string, { dev }: { dev: boolean }): string {
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${dev ? " 'unsafe-eval'" : ''}`,
    `style-src 'self'${dev ? " 'unsafe-inline'" : ''}`,
    // Positions of floating parts, widths of bars: libraries set them on elements, where no text of a log can put a rule.
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    `connect-src 'self'${dev ? ' ws:' : ''}`,
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "form-action 'self'",
  ].join('; ');
}
