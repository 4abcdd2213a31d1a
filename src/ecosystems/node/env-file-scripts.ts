// Room: ecosystems/node. Scripts of package.json that load an environment file: node --env-file, env-cmd, dotenv-cli.
import type { SourceHit } from '../types.ts';
import type { NodeScript } from './types.ts';

/** A hit for each script that does. Sources: nodejs.org/api/cli.html#--env-fileconfig, the README of env-cmd and of dotenv-cli. */
export function envFileHits(scripts: Iterable<NodeScript>, manifestPath: string): SourceHit[] {
  return [...scripts].flatMap((script) => {
    if (script.text.length > 20_000) return [];
    const option = /--env-file(?:-if-exists)?[= ]\s{0,10}([\w./-]{1,200})/.exec(script.text)?.[1];
    const wrapper =
      /(?:^|[\s&|;])(?:env-cmd|dotenv|dotenvx|dotenv-flow)\s/.test(` ${script.text}`) || /dotenv(?:-flow)?\/config/.test(script.text);
    const file = option ?? (wrapper ? (/\s-[ef]\s{1,10}([\w./-]{1,200})/.exec(script.text)?.[1] ?? '.env') : undefined);
    return file === undefined
      ? []
      : [
          {
            file: manifestPath,
            line: script.line,
            kind: 'env-file' as const,
            literal: file,
            text: `${script.name}: ${script.text.slice(0, 200)}`,
          },
        ];
  });
}
