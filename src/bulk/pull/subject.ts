// Room: bulk/. The first line of a pull request and of its commit: short, and without a word of the repository that a forge would follow.
import { isChanged } from '../../report/types.ts';
import { visible } from '../../report/visible.ts';
import type { CampaignOptions } from '../options.ts';
import type { PlannedRepo } from '../types.ts';
import { plainText } from '../../report/neutral.ts';
import { fill } from './template.ts';

/** Characters of a title of ours: git's habit is 72. */
const maxTitle = 72;
/** GitHub and GitLab take 255 or 256. */
const maxOwnTitle = 250;

/** The title: the owner's template (`{{repository}}`, `{{dockerfiles}}`, `{{transforms}}`, `{{campaign}}`), or ours. Throws TemplateError. */
export function titleOf(options: CampaignOptions, planned: PlannedRepo): string {
  const { title } = options.pull;
  const changed = planned.reports.filter(isChanged);
  const ids = transformsOf(planned);
  const what = changed.length === 1 ? 'the Dockerfile' : `${changed.length} Dockerfiles`;
  if (title === undefined) return fitting(`Refactor ${what}`, ids);
  const values = {
    repository: plainText(planned.ref ? `${planned.ref.owner}/${planned.ref.name}` : planned.repo),
    dockerfiles: what,
    transforms: ids.join(', '),
    campaign: options.id,
  };
  return visible(fill(title, values).replace(/\s+/g, ' ').trim().slice(0, maxOwnTitle));
}

/** The commit's message: subject, what was applied to which file, and the sign-off where it is asked for. Throws TemplateError. */
export function commitMessageOf(options: CampaignOptions, planned: PlannedRepo, title: string): string {
  const { commitMessage, signOff, author } = options.pull;
  const lines = planned.reports
    .filter(isChanged)
    .slice(0, 50)
    .map(
      (report) => `- ${plainText(report.patchPath)}: ${(report.result?.applied ?? []).map((one) => plainText(one.transform)).join(', ')}`,
    );
  const own = `${title}\n\n${lines.join('\n')}\n`;
  const values = { title, transforms: transformsOf(planned).join(', '), campaign: options.id };
  const message = commitMessage === undefined ? own : `${fill(commitMessage, values).trimEnd()}\n`;
  return signOff === 'yes' && author ? `${message}\nSigned-off-by: ${oneLine(author.name)} <${oneLine(author.email)}>\n` : message;
}

const oneLine = (text: string): string => visible(text.replace(/[\s<>]+/g, ' ').trim());

function transformsOf(planned: PlannedRepo): string[] {
  return [
    ...new Set(planned.reports.filter(isChanged).flatMap((report) => report.result?.applied.map((one) => plainText(one.transform)) ?? [])),
  ];
}

/** `Refactor the Dockerfile (multi-stage, base-slim, +2)`: as many names as there is room for. */
function fitting(start: string, ids: readonly string[]): string {
  for (let shown = ids.length; shown > 0; shown -= 1) {
    const rest = ids.length - shown;
    const title = `${start} (${[...ids.slice(0, shown), ...(rest > 0 ? [`+${rest}`] : [])].join(', ')})`;
    if (title.length <= maxTitle) return title;
  }
  return start;
}
