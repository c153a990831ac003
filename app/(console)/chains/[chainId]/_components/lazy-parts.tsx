'use client';
import { type ComponentProps, lazy } from 'react';
import type { PolicyDialog as Policy } from '@/app/_components/attestation/policy-dialog';
import type { RetryButton as Retry } from '@/app/_components/stuck/retry-button';
import type { AddSidecarButton as AddSidecar } from './add-sidecar-button';
import type { ShipperSetupTabs as Setups } from './connect/shipper-setup';
import type { RecordsTab as Records } from './records-tab';
import type { RepairDialog as Repair } from './repair-dialog';
import type { SetAsideButton as SetAside } from './set-aside-button';
import type { SignPartDialog as SignPart } from './sign-part-dialog';

// What one view of a chain has and the others do without, each in a part of its own.

const LoadedRecords = lazy(() => import('./records-tab').then((loaded) => ({ default: loaded.RecordsTab })));
const LoadedSetups = lazy(() => import('./connect/shipper-setup').then((at) => ({ default: at.ShipperSetupTabs })));
const LoadedPolicy = lazy(() =>
  import('@/app/_components/attestation/policy-dialog').then((loaded) => ({ default: loaded.PolicyDialog })),
);
const LoadedRetry = lazy(() =>
  import('@/app/_components/stuck/retry-button').then((loaded) => ({ default: loaded.RetryButton })),
);
const LoadedSignPart = lazy(() => import('./sign-part-dialog').then((at) => ({ default: at.SignPartDialog })));
const LoadedRepair = lazy(() => import('./repair-dialog').then((loaded) => ({ default: loaded.RepairDialog })));
const LoadedAddSidecar = lazy(() => import('./add-sidecar-button').then((at) => ({ default: at.AddSidecarButton })));
const LoadedSetAside = lazy(() => import('./set-aside-button').then((at) => ({ default: at.SetAsideButton })));

export function RecordsTab(props: ComponentProps<typeof Records>) {
  return <LoadedRecords {...props} />;
}

export function RetryButton(props: ComponentProps<typeof Retry>) {
  return <LoadedRetry {...props} />;
}

export function ShipperSetupTabs(props: ComponentProps<typeof Setups>) {
  return <LoadedSetups {...props} />;
}

export function PolicyDialog(props: ComponentProps<typeof Policy>) {
  return <LoadedPolicy {...props} />;
}

export function SignPartDialog(props: ComponentProps<typeof SignPart>) {
  return <LoadedSignPart {...props} />;
}

export function RepairDialog(props: ComponentProps<typeof Repair>) {
  return <LoadedRepair {...props} />;
}

export function AddSidecarButton(props: ComponentProps<typeof AddSidecar>) {
  return <LoadedAddSidecar {...props} />;
}

export function SetAsideButton(props: ComponentProps<typeof SetAside>) {
  return <LoadedSetAside {...props} />;
}
