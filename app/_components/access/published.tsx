'use client';
import { type ComponentProps, type ReactNode, createContext, use } from 'react';

const BaseContext = createContext('');

/** Where the public addresses of the workspace begin on this server: nowhere else for the default one. */
export function PublishedAt({ workspaceUrl, children }: { workspaceUrl: string; children: ReactNode }) {
  return <BaseContext value={new URL(workspaceUrl).pathname.replace(/\/$/, '')}>{children}</BaseContext>;
}

/** A link to what the workspace publishes for anybody: keys, its log, its trusted root. */
export function Published({ path, ...props }: Omit<ComponentProps<'a'>, 'href'> & { path: string }) {
  return <a {...props} href={`${use(BaseContext)}${path}`} />;
}
