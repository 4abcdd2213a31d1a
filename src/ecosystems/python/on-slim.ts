// Room: ecosystems/python. What installs of Python packages need on the slim image, which has no compiler.
import type { SlimNeeds } from '../../base/slim-needs.ts';
import { suiteOf } from '../../base/suite.ts';
import type { Subject } from '../../facts/subject.ts';
import type { Evidence } from '../../facts/types.ts';
import type { RunReading } from '../../facts/reading.ts';
import { installsOf } from '../../installs/sites.ts';
import { refusal, type Refusal } from '../../refusal.ts';
import { applicationAt } from './application.ts';
import { bareReader, pythonReader } from './facts.ts';
import { fromSource } from './from-source.ts';
import { mediaTypes } from './media-types.ts';
import { anyPipInstall, toolInstall } from './pip-command.ts';
import { poetryInstall } from './poetry-command.ts';
import { groupsOf } from './poetry-groups.ts';
import { compilingPackage, pythonPackages } from './runtime.ts';
import { seenCompiling, seenPackages } from './seen-packages.ts';

/** The packages of Debian that the installed packages need; refuses where one may compile. */
export function pythonOnSlim(subject: Subject): SlimNeeds | Refusal {
  const found: SlimNeeds = { packages: [], evidence: [] };
  for (const run of subject.final.runs) {
    const needed = packagesOf(subject, run);
    if (!Array.isArray(needed)) return onSlimAsSeen(subject) ?? needed;
    found.packages.push(...needed);
  }
  const project = applicationAt(subject, '');
  const types = project && mediaTypes(project, subject.project.tree, suiteOf(subject.final.base));
  found.packages.push(...(types?.packages ?? []));
  found.evidence.push(...(types?.evidence ?? []));
  return found;
}

/** Nothing was compiled in the image as it was built, and the libraries are known that its packages are linked with. */
function onSlimAsSeen({ project, final }: Subject): SlimNeeds | undefined {
  const image = project.image?.facts;
  const read = project.read(pythonReader, '');
  if (!read || seenCompiling(image) !== 'nothing' || fromSource(final)) return undefined;
  const seen = seenPackages(read, image, suiteOf(final.base));
  return seen && { packages: [...seen.told, ...seen.linked], evidence: [compiledElsewhere, ...seen.evidence] };
}
const compiledElsewhere = { file: 'Dockerfile', says: 'image: every package was installed as a wheel that was made elsewhere' };

function packagesOf(subject: Subject, run: RunReading): string[] | Refusal {
  const at = run.instruction.start;
  const { tag } = subject.final.base;
  const suite = suiteOf(subject.final.base);
  const found: string[] = [];
  const installs = installsOf(subject.final, run, subject);
  const unread = run.parts.find(
    (p) => p.manager?.ecosystem === 'python' && ['install', 'build'].includes(p.kind) && !installs.some((i) => i.part === p),
  );
  if (unread) return refusal('needs-compiler', `What \`${unread.command.words.map((w) => w.raw).join(' ')}\` installs is not known`, at);
  for (const install of installs) {
    if (install.manager.ecosystem !== 'python') continue;
    const project = install.dir === undefined ? subject.project.read(pythonReader, '') : subject.project.read(bareReader, install.dir);
    if (!project) return refusal('needs-compiler', 'The list of packages is not in the context', at);
    const poetry = poetryInstall(install.part.command);
    const source = poetry
      ? { lock: 'poetry' as const, groups: groupsOf(project, poetry), extras: poetry.extras }
      : { requirements: install.files };
    const needs = pythonPackages(project, source, tag.version, {
      named: anyPipInstall(install.part.command)?.named,
      suite,
      built: fromSource(subject.final),
    });
    if ('skip' in needs) return untold(needs, at);
    const compiles = compilingPackage(project, source, tag.version, { named: anyPipInstall(install.part.command)?.named, suite });
    if (compiles) return compiled(compiles, at);
    found.push(...needs.debian);
  }
  const named = run.parts.flatMap((p) => (p.kind === 'install-named' ? (anyPipInstall(p.command)?.named ?? toolInstall(p.command)) : []));
  if (named.length === 0) return found;
  const project = subject.project.read(pythonReader, '');
  if (!project) return refusal('needs-compiler', `${named[0]} may compile from source`, at, { evidence: [] });
  const needs = pythonPackages(project, { requirements: [] }, tag.version, { named, suite, built: fromSource(subject.final) });
  if ('skip' in needs) return untold(needs, at);
  const compiles = compilingPackage(project, { requirements: [] }, tag.version, { named, suite });
  return compiles ? compiled(compiles, at) : [...found, ...needs.debian];
}
const untold = ({ message, evidence, allow }: { message: string; evidence: Evidence[]; allow?: string }, at: number): Refusal =>
  refusal('needs-compiler', message, at, { evidence, ...(allow === undefined ? {} : { allow }) });
const compiled = ({ name, evidence }: { name: string; evidence: Evidence[] }, at: number): Refusal =>
  refusal('needs-compiler', `${name} is compiled when it is installed, and the slim image has no compiler`, at, { evidence });
