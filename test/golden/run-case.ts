// One run of the tool over a golden's input, as its options say: for the golden tests, and for the builds of both texts.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { diskTree } from '../../src/context/disk.ts';
import { readConfig } from '../../src/checkout/config/read.ts';
import { refactor, type Options, type ProjectContext, type Refactored } from '../../src/index.ts';
import type { Golden, Settings } from './format.ts';
import { imageFactsOf } from './image-facts.ts';

/** What came of the input of a case. */
export interface Ran {
  result: Refactored;
  /** Without facts of the image, which are of one text alone. */
  context: ProjectContext;
  /** The same with them, where the case has some: for this text of the Dockerfile. */
  seen(source: string): ProjectContext;
  options: Partial<Options>;
  path: string;
}

/** Refactors the input of a case, written to a directory, with what its options and its facts of the image say. */
export function runCase(input: string, { settings, imageFacts }: Golden): Ran {
  const { dockerfile = 'Dockerfile', context = '', mirrors = [], replacements = [], ...asked }: Settings = settings;
  delete asked.folder;
  const config = readConfig(`{ mirrors: { ${mirrors.join(', ')} }, replacements: { ${replacements.join(', ')} } }`, []);
  if (config.problems[0]) throw new Error(`${input}: ${config.problems[0].message}`);
  const options = asked as Partial<Options>;
  const source = readFileSync(join(input, dockerfile), 'utf8');
  const relative = context === '' ? dockerfile : dockerfile.slice(context.length + 1);
  const project: ProjectContext = {
    tree: diskTree(join(input, context)),
    dockerfilePath: relative,
    contextCertain: true,
    repository: { tree: diskTree(input), contextPath: context },
    mirrors: config.config.mirrors.map(({ value }) => value),
    replacements: config.config.replacements.map(({ value }) => value),
  };
  const seen = (text: string): ProjectContext =>
    imageFacts === undefined ? project : { ...project, image: imageFactsOf(imageFacts, text) };
  const result = refactor(source, seen(source), options);
  if (!result.ok) throw new Error(`${input}: ${result.error.line}: ${result.error.message}`);
  return { result, context: project, seen, options, path: dockerfile };
}
