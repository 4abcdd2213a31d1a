// Room: caches/. Caches that the container reads when it runs: they must not be mounts.
import type { PackageManager } from '../ecosystems/types.ts';
import { installsOf } from '../installs/sites.ts';
import type { RunReading, StageReading } from '../facts/reading.ts';
import type { Subject } from '../facts/subject.ts';
import { runCommand } from '../runtime/run-command.ts';
import { refusal, type Refusal } from '../transform.ts';

/** The final stage starts the package manager's own run command, which reads its cache (`go run`, `cargo run`, `npx -y`). */
export function readAtRuntime(subject: Subject, reading: StageReading, run: RunReading, manager: PackageManager): Refusal | undefined {
  if (reading !== subject.final || !['go', 'cargo'].includes(manager.id)) return undefined;
  const command = runCommand(subject);
  const starts = 'value' in command && command.value.program === manager.programs[0];
  return starts ? refusal('cache-read-at-runtime', `The package cache is read at run time (\`${manager.programs[0]} ${'value' in command ? (command.value.args[0] ?? '') : ''}\`)`, run.instruction.start) : undefined;
}

/** Yarn's Plug'n'Play loads packages out of the cache itself. Source: yarnpkg.com, "Plug'n'Play"; `nodeLinker` in .yarnrc.yml. */
export function pnpRuntime(subject: Subject, reading: StageReading, run: RunReading, manager: PackageManager): Refusal | undefined {
  if (manager.id !== 'yarn') return undefined;
  const dir = installsOf(reading, run, subject)[0]?.dir ?? '';
  const { tree } = subject.project;
  const settings = tree.read([dir, '.yarnrc.yml'].filter(Boolean).join('/'));
  const berry = settings.kind === 'text' || (subject.project.node(dir)?.packageManager ?? '').startsWith('yarn@') && !(subject.project.node(dir)?.packageManager ?? '').startsWith('yarn@1');
  const linked = settings.kind === 'text' && /^\s*nodeLinker:\s*["']?(node-modules|pnpm)\b/m.test(settings.text);
  return berry && !linked ? refusal('pnp-cache-is-runtime', 'The package cache is read at run time (Yarn Plug\'n\'Play)', run.instruction.start, { allow: 'Set nodeLinker: node-modules in .yarnrc.yml.' }) : undefined;
}
