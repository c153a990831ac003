const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

export type Refusal = { status: number; title: string; detail: string };

/** Why a request is answered before any route sees it: a method nothing here speaks, or a path that is no text. Null when it is neither. */
export function refusalOf(method: string, url: string): Refusal | null {
  if (!METHODS.includes(method))
    return {
      status: 405,
      title: 'This method is not used here',
      detail: `${method} is not one of ${METHODS.join(', ')}`,
    };
  const [path = ''] = url.split(/[?#]/);
  if (decoded(path)?.includes('\0') === false) return null;
  return {
    status: 400,
    title: 'The request is not valid',
    detail: 'the path must be UTF-8 text without NUL, encoded as a URL is',
  };
}

/** The refusal as RFC 9457 problem+json, with its headers. */
export function refusalAnswer({ status, title, detail }: Refusal): { headers: Record<string, string>; body: string } {
  const code = status === 405 ? 'METHOD_NOT_ALLOWED' : 'BAD_REQUEST';
  const body = JSON.stringify({
    type: `https://sealtrail.dev/problems/${code.toLowerCase().replaceAll('_', '-')}`,
    title,
    status,
    detail,
    code,
  });
  return {
    headers: {
      'Content-Type': 'application/problem+json',
      'Content-Length': String(Buffer.byteLength(body)),
      Connection: 'close',
      ...(status === 405 && { Allow: METHODS.join(', ') }),
    },
    body,
  };
}

function decoded(path: string): string | null {
  try {
    return decodeURIComponent(path);
  } catch {
    return null;
  }
}
