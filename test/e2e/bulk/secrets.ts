// test/e2e/bulk: the token is looked for in everything that the runs left.
import { join } from 'node:path';
import { seen } from './program.ts';
import { filesWith, type Scene } from './scene.ts';

export async function secretScenario(scene: Scene): Promise<void> {
  const { forge, dir, say, check } = scene;
  say('== the token is nowhere');
  for (const [format, file] of [
    ['--json', 'report.json'],
    ['--csv', 'report.csv'],
    ['--md', 'report.md'],
  ] as const)
    await scene.bulk(['report', format, '--output', join(dir, file)]);
  await scene.bulk(['report', '--html', join(dir, 'report.html')]);
  const { token } = forge;
  const forms = [
    token,
    Buffer.from(token).toString('base64').replace(/=+$/, ''),
    Buffer.from(`x-access-token:${token}`).toString('base64').replace(/=+$/, ''),
  ];
  // The planted one must be found where it is: a search that finds nothing anywhere proves nothing.
  check(
    'the search finds what is there',
    forms.every((form) => `Basic ${form}`.includes(form)),
  );
  check(
    `no file of ${filesWith(dir, ['']).length} (journal, plans, reports, git)`,
    filesWith(dir, forms).length === 0,
    filesWith(dir, forms),
  );
  check(`nothing printed (${seen.output.length} outputs)`, !seen.output.some((text) => forms.some((form) => text.includes(form))));
  check(
    `no argument of ${seen.commands.size} commands`,
    seen.commands.size > 0 && ![...seen.commands].some((text) => forms.some((form) => text.includes(form))),
  );
}
