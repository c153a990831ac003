import { spawn } from 'node:child_process';

/**
 * A shell that waits for its input to end, which it does when the supervisor is gone, whatever became of it. Then it asks every process it was told of
 * to leave, PostgreSQL among them, and after 15 s kills those that did not with all they started.
 */
const SCRIPT = `
children=
while read -r verb pid; do
  kept=
  for child in $children; do [ "$child" = "$pid" ] || kept="$kept $child"; done
  children=$kept
  [ "$verb" = add ] && children="$children $pid"
done
for child in $children; do kill -CONT "$child" 2>/dev/null; kill -INT "$child" 2>/dev/null; done
waited=0
while [ $waited -lt 15 ]; do
  left=
  for child in $children; do kill -0 "$child" 2>/dev/null && left="$left $child"; done
  [ -z "$left" ] && exit 0
  sleep 1
  waited=$((waited + 1))
done
for child in $left; do kill -KILL -"$child" 2>/dev/null || kill -KILL "$child" 2>/dev/null; done
`;

export type Reaper = { add(pid: number): void; drop(pid: number): void };

/** Starts one for this process; it ends with it. */
export function startReaper(): Reaper {
  // A group of its own: what a terminal sends to ours does not reach it.
  const shell = spawn('sh', ['-c', SCRIPT], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  // Without it everything works but for what a kill leaves behind, which the next start ends.
  shell.on('error', () => undefined);
  shell.stdin.on('error', () => undefined);
  shell.unref();
  const tell = (verb: 'add' | 'drop', pid: number) => void shell.stdin.write(`${verb} ${pid}\n`);
  return { add: (pid) => tell('add', pid), drop: (pid) => tell('drop', pid) };
}
