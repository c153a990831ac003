import seeds from '@sigstore/tuf/seeds.json';

/** The trusted root of Sigstore's public instance as the packages this page was built from carry it. */
export const PUBLIC_ROOT: unknown = JSON.parse(
  atob(seeds['https://tuf-repo-cdn.sigstore.dev'].targets['trusted_root.json']),
);
