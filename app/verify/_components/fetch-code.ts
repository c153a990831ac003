declare global {
  /** What the fetched script leaves: the code of the worker, as a text. */
  var sealtrailVerifierCode: string | undefined;
}

/** The code of the worker. The policy of the page lets it in by its SHA-256 and nothing else. @throws Error when it does not come, or is another one. */
export async function fetchCode({ address, integrity }: { address: string; integrity: string }): Promise<string> {
  const script = document.createElement('script');
  script.src = address;
  script.integrity = integrity;
  const ended = new Promise<void>((resolve, reject) => {
    script.addEventListener('load', () => resolve());
    script.addEventListener('error', () =>
      reject(new Error(`${address} did not come, or is not what this page names`)),
    );
  });
  document.head.append(script);
  try {
    await ended;
  } finally {
    script.remove();
  }
  const code = globalThis.sealtrailVerifierCode;
  if (code === undefined) throw new Error(`${address} holds no code`);
  return code;
}
