// Room: cli/. Mode check: an annotation for each Dockerfile that would change, the diffs in log and summary.
import { posix } from 'node:path';
import { code, fenced, prose } from '../../report/neutral.ts';
import { visibleLines } from '../../report/visible.ts';
import type { ResultDocument } from '../../report/schema.ts';
import { run } from '../run.ts';
import type { ExitCode, World } from '../world.ts';
import { annotate, printPlain, setOutput, summarise } from './commands.ts';
import type { Inputs } from './inputs.ts';

type FileResult = ResultDocument['files'][number];

/** Runs `dockerfile-mod --check` and tells what it found. 1 when something would change, unless that is allowed. */
export async function check(inputs: Inputs, world: World): Promise<ExitCode> {
  let out = '';
  const stdout = { write: (text: string) => (out += text) };
  let err = '';
  const stderr = {
    write: (text: string) => {
      err += text;
      return world.stderr.write(text);
    },
  };
  const status = await run(['--check', '--format=json', ...inputs.refactor, '--', ...inputs.paths], { ...world, stdout, stderr });
  if (out === '') {
    annotate(world, 'error', 'dockerfile-mod', err.split('\n')[0] ?? '');
    return status;
  }
  const { files }: ResultDocument = JSON.parse(out);
  for (const file of files) tell(file, inputs, world);
  const changed = files.filter((file) => file.changed);
  setOutput(world, 'changed', String(changed.length));
  summarise(world, [`## Dockerfiles: ${changed.length} of ${files.length} would change`, ...changed.map(summaryOf)]);
  if (files.some((file) => file.error)) return 2;
  return changed.length > 0 && inputs.failOnChange === 'yes' ? 1 : 0;
}

function tell(file: FileResult, inputs: Inputs, world: World): void {
  // Annotations name files from the workspace's root.
  const path = posix.join(inputs.workingDirectory, file.path);
  if (file.error) {
    const { message, line, column } = file.error;
    annotate(world, 'error', 'Not a Dockerfile that can be read', message, { file: path, line, column });
  }
  if (!file.changed) return;
  const ids = file.applied.map((one) => one.transform).join(', ');
  const line = Number(/^@@ -(\d+)/m.exec(file.diff)?.[1] ?? 1);
  annotate(world, 'warning', 'dockerfile-mod would change this', `${ids}; npx dockerfile-mod ${file.path}`, {
    file: path,
    line: Math.max(1, line),
  });
  printPlain(world, visibleLines(file.diff));
}

function summaryOf(file: FileResult): string {
  const applied = file.applied.map((one) => `- ${code(one.transform)} (${one.safety}): ${prose(one.why)}`);
  const diff = `<details>\n<summary>The diff</summary>\n\n${fenced(file.diff, 'diff')}\n\n</details>`;
  return [`### ${code(file.path)}`, applied.join('\n'), diff].join('\n\n');
}
