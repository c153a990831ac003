'use client';
import { Toast } from '@base-ui/react/toast';
import { X } from 'lucide-react';
import { useEffect } from 'react';

const manager = Toast.createToastManager();
export type ToastManager = typeof manager;

/** What was said and not yet read. `onReady` is called once it can be added to. */
export function ToastList({ onReady }: { onReady: (manager: ToastManager) => void }) {
  return (
    <Toast.Provider toastManager={manager} limit={3}>
      <Toast.Portal>
        <Toast.Viewport className="no-print fixed bottom-20 left-1/2 z-60 flex w-[min(24rem,calc(100vw-2rem))] -translate-x-1/2 flex-col gap-2 md:bottom-4">
          <Items />
        </Toast.Viewport>
      </Toast.Portal>
      <Ready onReady={onReady} />
    </Toast.Provider>
  );
}

/** Runs behind the provider, which listens to the manager by then. */
function Ready({ onReady }: { onReady: (manager: ToastManager) => void }) {
  useEffect(() => {
    const later = setTimeout(() => onReady(manager));
    return () => clearTimeout(later);
  }, [onReady]);
  return null;
}

function Items() {
  return Toast.useToastManager().toasts.map((item) => (
    <Toast.Root
      key={item.id}
      toast={item}
      aria-hidden={false}
      className="popup data-[limited]:hidden data-[type=error]:border-v-tampered/50"
      swipeDirection={['right', 'down']}
    >
      <Toast.Content className="flex items-center gap-3 py-2 pr-2 pl-3">
        <div className="min-w-0 flex-1">
          <Toast.Title className="font-medium" />
          <Toast.Description className="mt-0.5 text-xs text-muted [overflow-wrap:anywhere]" />
        </div>
        <Toast.Action className="h-7 rounded-md border px-2 text-xs font-medium hover:bg-hover" />
        <Toast.Close
          aria-label="Dismiss"
          aria-hidden={false}
          className="grid size-7 shrink-0 place-items-center rounded-md text-faint hover:bg-hover hover:text-ink"
        >
          <X size={14} aria-hidden />
        </Toast.Close>
      </Toast.Content>
    </Toast.Root>
  ));
}
