'use client';
import { type ReactNode, createContext, use } from 'react';
import { type NeedName, type Role, hasRoleFor } from '@/lib/schemas/roles';

const RoleContext = createContext<Role>('auditor');

/** The role of the person who is signed in, for what is offered below. The server decides: this only keeps what it would refuse from being shown. */
export function RoleGiven({ role, children }: { role: Role; children: ReactNode }) {
  return <RoleContext value={role}>{children}</RoleContext>;
}

/** Whether the person signed in has the role for something. */
export function useHasRole(need: NeedName): boolean {
  return hasRoleFor(use(RoleContext), need);
}

/** What is offered to those alone who may do it. */
export function Only({ need, children }: { need: NeedName; children: ReactNode }) {
  return useHasRole(need) ? children : null;
}
