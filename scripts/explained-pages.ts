// docs/transforms.md and docs/messages.md, made of what the sources and the goldens say.
import { listTransforms } from '../src/index.ts';
import type { explained, Messages } from './explained.ts';

type All = ReturnType<typeof explained>;

export function transformsPage({ transforms, skips }: All): string {
  const parts = listTransforms().map(({ id, title, rationale, optIn }) => {
    const one = transforms[id];
    if (!one) return '';
    const ids = Object.entries(skips).filter(([, skip]) => skip.transforms.includes(id));
    return [
      `## ${id}`,
      `**${title}.**${optIn ? ' Runs only where `--only` names it.' : ''} ${rationale}`,
      `- Before: \`${one.before}\`\n- After: \`${one.after}\``,
      ...(one.example === '' ? [] : [`\`\`\`diff\n${one.example}\`\`\``]),
      `- Safe because: ${one.safe}${one.skipped === undefined ? '' : `\n- Left, with a reason, when: ${one.skipped}`}\n- Not looked at when: ${one.untouched}`,
      ...(ids.length === 0 ? [] : [`Reasons: ${ids.map(([skip]) => `[${skip}](messages.md#${skip})`).join(', ')}.`]),
    ].join('\n\n');
  });
  return `# Transforms

In the order in which they run. \`dockerfile-mod explain ID\` prints the same. A comment \`# dockerfile-mod: skip=ID\` in a Dockerfile switches one off there, \`skip\` in [the configuration](configuration.md) for more.

Each change is \`safe\`, \`review\` or \`risky\`; which levels make it stands in [the README](../README.md#levels), and how it is decided in [how-it-decides.md](how-it-decides.md).

${parts.join('\n\n')}
`;
}

export function messagesPage({ skips, messages }: All): string {
  const skipped = [...messages.skipped].map(([id, { texts }]) => {
    const { transforms = [], allow = [], nothing } = skips[id] ?? {};
    const advice = nothing === undefined ? allow.map((one) => `To allow it: ${one}`).join(' ') : `Nothing allows it: ${nothing}.`;
    return [`### ${id}`, `Of ${transforms.join(', ')}.${advice === '' ? '' : ` ${advice}`}`, block(texts)].join('\n\n');
  });
  return `# Messages

What a run says of a Dockerfile, by id, as it stands in the goldens of this repository. Ids are stable. \`dockerfile-mod explain ID\` prints one of them.

## Why something was left

${skipped.join('\n\n')}

## Notes

${sections(messages.note)}

## Why something was changed

${sections(messages.applied)}
`;
}

const sections = (said: Messages['note']): string =>
  [...said].map(([id, { texts }]) => [`### ${id}`, block(texts)].join('\n\n')).join('\n\n');

/** Plain text: what stands in messages is no Markdown. */
const block = (texts: ReadonlySet<string>): string => `\`\`\`text\n${[...texts].sort().join('\n')}\n\`\`\``;
