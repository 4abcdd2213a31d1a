// A page of the site for each transform, skip and note: what `dockerfile-mod explain ID` prints, of the same data.
import { listTransforms } from '../../src/index.ts';
import explained from '../../src/cli/explained.json' with { type: 'json' };
import type { Explained } from '../../src/cli/explained-types.ts';

const { transforms, skips, notes }: Explained = explained;

/** For VitePress: the ids, each with its page's text. */
export default {
  paths: () =>
    [...new Set([...Object.keys(transforms), ...Object.keys(skips), ...Object.keys(notes)])].map((id) => ({
      params: { id },
      content: [`# ${id}`, ...transformPart(id), ...skipPart(id), ...notePart(id)].join('\n\n'),
    })),
};

/** Pages of the site: they are not in the repository, so links begin with a slash. */
const linked = (ids: readonly string[]): string => ids.map((id) => `[${id}](/ids/${id})`).join(', ');
const block = (lines: readonly string[]): string => `\`\`\`text\n${lines.join('\n')}\n\`\`\``;

function transformPart(id: string): string[] {
  const one = transforms[id];
  const info = listTransforms().find((transform) => transform.id === id);
  if (!one || !info) return [];
  const reasons = Object.keys(skips).filter((skip) => skips[skip]?.transforms.includes(id));
  return [
    `A transform. **${info.title}.**${info.optIn ? ' It runs only where `--only` names it.' : ''} ${info.rationale}`,
    `- Before: \`${one.before}\`\n- After: \`${one.after}\``,
    ...(one.example === '' ? [] : [`\`\`\`diff\n${one.example}\`\`\``]),
    `- Safe because: ${one.safe}`,
    ...(one.skipped === undefined ? [] : [`- Left, with a reason, when: ${one.skipped}`]),
    `- Not looked at when: ${one.untouched}`,
    `- Switched off by \`# dockerfile-mod: skip=${id}\` in a Dockerfile, by \`--skip ${id}\`, or in [the configuration](/configuration)`,
    ...(reasons.length === 0 ? [] : [`Reasons for which something is left: ${linked(reasons)}.`]),
  ];
}

function skipPart(id: string): string[] {
  const one = skips[id];
  if (!one) return [];
  return [
    `Why ${linked(one.transforms)} left something as it was. It says, for example:`,
    block(one.says),
    ...(one.nothing === undefined ? one.allow.map((allow) => `To allow it: ${allow}`) : [`Nothing allows it: ${one.nothing}.`]),
    `[All messages](/messages#${id})`,
  ];
}

function notePart(id: string): string[] {
  const one = notes[id];
  return one ? [`A note of ${one.transforms.join(', ')}. It says, for example:`, block(one.says)] : [];
}
