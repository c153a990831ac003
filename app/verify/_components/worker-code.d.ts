/** The worker's code, bundled: the build puts it here. */
declare module 'verifier-worker-code' {
  const code: string;
  export default code;
}
